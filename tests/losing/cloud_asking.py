"""A process that asks a provider whose model calls a tool, and is killed at the moment that the test names."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.fakes.cloud_servers import CloudServer
from tests.fakes.turn_tools import SUM, spec
from tests.unit.chat.escalating.tooled import Tooled, tooled
from workbench.chat.events import ConsentWaits
from workbench.cloud.provider import Dialect
from workbench.consents.consent import Scope
from workbench.jobs import Job, JobEvent
from workbench.messages import TextDelta
from workbench.tools.tool import Call, Harm, Outcome

ADDS = [("add", {"a": 2, "b": 3})]


class Elsewhere(CloudServer):
    """A provider in another process."""

    def __init__(self, base_url: str) -> None:
        super().__init__(Dialect.OPENAI)
        self.address = base_url

    @property
    def base_url(self) -> str:
        return self.address


def world(home: Path, base_url: str, *, acts: bool = False, dies_at_work: bool = False) -> Tooled:
    """Over the files in ``home``. How often the tool was called stands in the file ``notes``, a line each."""

    def add(arguments: Mapping[str, Any], _call: Call) -> Outcome:
        with (home / "notes").open("a", encoding="utf-8") as notes:
            notes.write(f"{arguments['a'] + arguments['b']}\n")
        if dies_at_work:
            _die()
        return Outcome("5")

    tool = spec("add", Harm.WRITE if acts else Harm.READ, SUM)
    return tooled(home, Dialect.OPENAI, Elsewhere(base_url), {tool: add})


def step(home: Path, base_url: str, name: str) -> None:
    """Until it is killed: at work, when the next request is asked about, after a yes to it, and while it is sent."""
    made = world(home, base_url, acts=name in ("may it", "acting"), dies_at_work=name in ("at work", "acting"))
    made.chat.recover()
    if name in ("at work", "asking"):
        consent = made.accepted(made.asked())
        made.escalations.send(consent.id, Job(_die_when_asked))
    elif name == "may it":
        made.sent(made.asked())
        made.consents.accept(made.consents.list()[0].id)
    elif name == "acting":
        made.escalations.resume(made.consents.list(waiting=False)[-1].question.message_id or "", made.job())
    elif name == "accepted":
        made.consents.accept(made.consents.list()[0].id)
    elif name == "allowed":
        made.consents.accept(made.consents.list()[0].id, Scope.CHAT)
    elif name == "sending":
        consent = made.consents.list(waiting=False)[-1]
        made.escalations.send(consent.id, Job(_die_when_said))
    _die()


def _die_when_asked(news: JobEvent) -> None:
    if isinstance(news.payload, ConsentWaits):
        _die()


def _die_when_said(news: JobEvent) -> None:
    if isinstance(news.payload, TextDelta):
        _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
