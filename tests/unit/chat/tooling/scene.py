"""A chat over a real database with a scripted model and tools that the test writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.backend import Answer, ScriptedBackend
from tests.fakes.turn_tools import Doing, FakeTools
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.chat.events import ConsentWaits, ToolEnded, ToolStarted
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.chat.tooling.port import Limits
from workbench.chat.tree import Node, branch
from workbench.clock import SystemClock
from workbench.consents.consent import Consent
from workbench.consents.service import ConsentService
from workbench.db import Database, MemoryDatabase
from workbench.events import Bus
from workbench.jobs import Job
from workbench.messages import Finish, Id, ToolResult
from workbench.tools.tool import ToolSpec


@dataclass
class Scene:
    chat: ChatService
    store: ConversationStore
    database: Database
    consents: ConsentService
    scripted: ScriptedBackend
    tools: FakeTools
    news: list[Any] = field(default_factory=list)

    def job(self) -> Job:
        return Job(report=lambda event: self.news.append(event.payload))

    def ask(self, text: str = "Go") -> Node:
        chats = self.chat.list()
        return self.chat.send(chats[0].id if chats else None, text, self.job())

    @property
    def conversation(self) -> Id:
        return self.chat.list()[0].id

    def answer(self) -> Node:
        """As it is stored."""
        return branch(self.chat.open(self.conversation))[-1]

    def results(self) -> list[ToolResult]:
        return [part for part in self.answer().message.parts if isinstance(part, ToolResult)]

    def waiting(self) -> list[Consent]:
        return [event.consent for event in self.news if isinstance(event, ConsentWaits)]

    def steps(self) -> list[str]:
        """What was told of tools: their names as they begin, and ``!`` before as they end."""
        told = []
        for event in self.news:
            if isinstance(event, ToolStarted):
                told.append(event.call.name)
            elif isinstance(event, ToolEnded):
                told.append(f"!{event.result.name}")
        return told


Make = Callable[..., Scene]


def finish_of(node: Node) -> Finish | None:
    return node.turn.finish if node.turn else None


def open_scene(
    folder: Path,
    *answers: Answer,
    tools: dict[ToolSpec, Doing] | None = None,
    limits: Limits | None = None,
    context_tokens: int = 8192,
    **more: Any,
) -> Scene:
    """The caller closes `Scene.database`."""
    database = Database(folder / "workbench.db", migrations.workbench, backups=folder)
    bus, clock = Bus(), SystemClock()
    store = ConversationStore(database, clock)
    scripted = ScriptedBackend(*answers, context_tokens=context_tokens)
    fake = FakeTools(tools or {}, limits or Limits())
    consents = ConsentService(database, clock, bus, lambda: MemoryDatabase(migrations.workbench))
    chat = ChatService(store, ScriptedRoute(scripted), bus, clock, tools=fake, consents=consents, **more)
    return Scene(chat, store, database, consents, scripted, fake)
