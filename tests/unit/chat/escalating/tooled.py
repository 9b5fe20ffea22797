"""A chat whose tools the test writes, and a provider on loopback that calls them: all else is the program's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tests.fakes.backend import ScriptedBackend
from tests.fakes.cloud_servers import KEY, CloudServer, Exchange
from tests.fakes.turn_tools import Doing, FakeTools
from tests.fakes.workbench import FakeWorkbench
from workbench.assembly.escalating import Speaking, build_escalations
from workbench.chat.attaching.request import Pictures
from workbench.chat.escalating.escalation import Draft, Mode, Preview
from workbench.chat.escalating.store import EscalationStore
from workbench.chat.events import ConsentWaits
from workbench.chat.grounding.grounding import Grounding
from workbench.chat.service import ChatService
from workbench.chat.tooling.port import Limits
from workbench.chat.tree import Node
from workbench.clock import SystemClock
from workbench.cloud.protocols.client import ProviderClient
from workbench.cloud.provider import Dialect, Price
from workbench.cloud.spending.money import CallState, Entry
from workbench.consents.consent import Consent, ConsentKind, Scope
from workbench.jobs import Job, quiet_job
from workbench.messages import Finish, ToolResult
from workbench.tools.tool import ToolSpec

Said = str | Sequence[tuple[str, Mapping[str, Any]]]
"""What the provider answers: words, or the calls that it wants."""
_OPENAI_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")
PROVIDERS = {Dialect.OPENAI: "openrouter", Dialect.ANTHROPIC: "anthropic"}


def saying(said: Said) -> Any:
    def do(exchange: Exchange) -> None:
        server = exchange.server
        server.text, server.calls = (said, ()) if isinstance(said, str) else ("", said)
        exchange.answer()

    return do


@dataclass
class Tooled:
    """``tools``: each with what it does."""

    home: Path
    dialect: Dialect
    tools: FakeTools
    server: CloudServer
    news: list[Any] = field(default_factory=list)
    provider: str = ""

    def __post_init__(self) -> None:
        self.workbench = wb = FakeWorkbench(self.home, ScriptedBackend("A local answer."))
        self.provider = self.provider or PROVIDERS[self.dialect]
        self.model = f"{self.provider}/model-one"
        wb.cloud.switch(on=True)
        wb.change_setting("cloud.addresses", {self.provider: self.server.base_url})
        wb.change_setting("cloud.tools", value=True)
        wb.cloud.login(self.provider, KEY)
        wb.cloud.set_price(self.model, Price(150_000, 600_000))
        counts = ("input_tokens", "output_tokens") if self.dialect is Dialect.ANTHROPIC else _OPENAI_COUNTS
        self.server.usage = dict(zip(counts, (400, 30, 430), strict=False))
        self.store, self.ledger, self.consents = wb.store, wb.ledger, wb.consents
        self.kept = EscalationStore(wb.database, SystemClock())
        self.open()

    def open(self) -> None:
        """As a program that starts finds it."""
        wb = self.workbench
        self.chat = ChatService(
            wb.store, wb.route, wb.bus, SystemClock(), wb._options, wb.model_options.complete, projects=wb.projects,
            pictures=Pictures(wb.attachments.image), grounds=Grounding(lambda: wb.documents, wb.servers.stranger),
            tools=self.tools, consents=wb.consents,
        )  # fmt: skip
        around = SimpleNamespace(
            store=wb.store, forget=lambda _id: None, projects=wb.projects, chat=self.chat, route=wb.route,
            pictures=Pictures(wb.attachments.image), counts=lambda: wb.counts,
        )  # fmt: skip
        self.escalations = build_escalations(
            wb._base, cast("Any", around), wb.cloud, wb.ledger, wb.consents, cast("Any", lambda: wb.documents),
            wb.change_setting, Speaking(ProviderClient),
        )  # fmt: skip

    def will_say(self, *said: Said) -> None:
        """One for each request; the last one again and again."""
        self.server.faults[:] = [saying(one) for one in said]

    def job(self) -> Job:
        return Job(report=lambda event: self.news.append(event.payload))

    def asked(self, text: str = "How much is 2 and 3?") -> Node:
        """The local answer."""
        return self.chat.send(None, text, quiet_job())

    def draft(self, local: Node, mode: Mode = Mode.QUESTION, *, tools: bool | None = None) -> Draft:
        return self.escalations.draft(local.id, quiet_job(), self.model, mode, tools)

    def accepted(self, local: Node, scope: Scope = Scope.ONCE) -> Consent:
        proposed = self.escalations.propose(self.escalations.preview(self.draft(local)))
        return self.consents.accept(proposed.id, scope)

    def sent(self, local: Node, scope: Scope = Scope.ONCE) -> Node:
        return self.escalations.send(self.accepted(local, scope).id, self.job())

    def waiting(self, kind: ConsentKind = ConsentKind.CLOUD) -> Consent:
        """The one that waits, and was told."""
        (consent,) = (one for one in self.consents.list() if one.question.kind is kind)
        assert [one.consent.id for one in self.news if isinstance(one, ConsentWaits)][-1] == consent.id
        return consent

    def let(self, kind: ConsentKind = ConsentKind.CLOUD, scope: Scope = Scope.ONCE) -> Consent:
        return self.consents.accept(self.waiting(kind).id, scope)

    def results(self, answer: Node) -> list[ToolResult]:
        """As they are stored."""
        return [part for part in self.store.node(answer.id)[1].message.parts if isinstance(part, ToolResult)]

    def bodies(self) -> list[bytes]:
        return [asked.body for asked in self.server.questions]

    def told(self, number: int = -1) -> dict[str, Any]:
        return dict(json.loads(self.bodies()[number]))

    def entries(self) -> list[Entry]:
        """Oldest first."""
        return list(reversed(self.ledger.entries()))

    def check(self, answer: Node) -> None:
        """What holds of every answer: each body was shown, each call is settled, and counts for this answer."""
        previews: Sequence[Preview] = self.kept.of_answer(answer.id)
        assert [one.outgoing.body for one in previews] == self.bodies()
        assert all(entry.state is CallState.SETTLED for entry in self.entries())
        turn = self.store.node(answer.id)[1].turn
        assert turn is not None
        summed = self.ledger.of_turn(turn.id)
        assert summed is not None
        assert summed.cost_micros == sum(entry.cost_micros for entry in self.entries())
        assert self.escalations.requests_of(turn.id) == len(self.bodies())


def finish_of(node: Node) -> Finish | None:
    return node.turn.finish if node.turn else None


def tooled(
    home: Path,
    dialect: Dialect,
    server: CloudServer,
    tools: dict[ToolSpec, Doing],
    limits: Limits | None = None,
    provider: str = "",
) -> Tooled:
    return Tooled(home, dialect, FakeTools(tools, limits or Limits()), server, provider=provider)
