"""What is remembered reaches the model that a person lets it reach, and what was told is kept with the turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.chat.asking.knowing import Knowing
from workbench.chat.asking.options import Options
from workbench.chat.events import TurnStarted
from workbench.chat.projects.service import ProjectService
from workbench.chat.projects.store import ProjectStore
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.chat.tree import Conversation, Turn
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.events import Bus
from workbench.jobs import Job, quiet_job
from workbench.memory.memory import NOTHING_REMEMBERED, AboutMe
from workbench.memory.service import MemoryService
from workbench.memory.store import MemoryStore
from workbench.messages import Role


@dataclass
class World:
    memory: MemoryService
    chat: ChatService
    scripted: ScriptedBackend
    projects: ProjectService
    database: Database
    settings: list[Options] = field(default_factory=lambda: [Options(system="Be kind.")])
    strangers: set[str] = field(default_factory=set)

    def ask(self, chat: str | None = None, **options: object) -> Conversation:
        self.chat.send(chat, "Hello?", quiet_job(), replace(Options(), **options))  # type: ignore[arg-type]
        return self.chat.open(chat or self.chat.list()[0].id)

    def said_first(self) -> str:
        first = self.scripted.requests[-1].messages[0]
        return first.text if first.role is Role.SYSTEM else ""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
    bus, clock, scripted = Bus(), SystemClock(), ScriptedBackend("Yes.")
    strangers, settings = set[str](), [Options(system="Be kind.")]
    projects = ProjectService(
        ProjectStore(database), bus, clock, lambda _model: "", lambda _path, _cancel: pytest.fail("nothing is read")
    )
    memory = MemoryService(MemoryStore(database, clock), bus, lambda: {one.id: one.name for one in projects.list()})

    def stranger(model: str) -> str:
        return f"{model} (1.2.3.4:80)" if model in strangers else ""

    chat = ChatService(
        ConversationStore(database, clock),
        ScriptedRoute(scripted),
        bus,
        clock,
        lambda: settings[0],
        projects=projects,
        memory=Knowing(lambda: memory, stranger),
    )
    yield World(memory, chat, scripted, projects, database, settings, strangers)
    database.close()


def last_turn(chat: Conversation) -> Turn:
    turn = chat.nodes[-1].turn
    assert turn is not None
    return turn


def test_where_nothing_is_remembered_nothing_changes(world: World) -> None:
    chat = world.ask()
    assert world.said_first() == "Be kind."
    assert last_turn(chat).memory == NOTHING_REMEMBERED
    assert world.database.rows("SELECT memory FROM turns")[0][0] == "{}"
    world.settings[0] = Options()
    world.ask()
    assert [message.role for message in world.scripted.requests[-1].messages] == [Role.USER]


def test_what_is_remembered_is_told_and_what_was_told_is_kept(world: World) -> None:
    world.memory.write_texts(AboutMe("I am Ada.", "Briefly."))
    fact = world.memory.add("Has a cat")
    events: list[object] = []
    world.chat.send(None, "Hello?", Job(report=lambda event: events.append(event.payload)))
    said = world.said_first()
    assert said.startswith("Be kind.\n\n")
    assert [said.index(text) for text in ("I am Ada.", "Briefly.", "- Has a cat")] == sorted(
        said.index(text) for text in ("I am Ada.", "Briefly.", "- Has a cat")
    )
    started = next(event for event in events if isinstance(event, TurnStarted))
    assert started.answer.turn is not None
    assert started.answer.turn.memory.facts == (fact,)
    chat = world.chat.open(world.chat.list()[0].id)
    world.memory.change(fact.id, "Has a dog")
    told = last_turn(world.chat.open(chat.id)).memory
    assert (told.own, told.facts) == (AboutMe("I am Ada.", "Briefly."), (fact,))


@pytest.mark.parametrize("off", ["question", "settings", "chat", "project"])
def test_each_switch_keeps_it_from_being_told(world: World, off: str) -> None:
    world.memory.add("Has a cat")
    project = world.projects.create("Thesis")
    chat = world.ask(project_id=project.id)
    assert "Has a cat" in world.said_first()
    options = {"memory": False} if off == "question" else {}
    if off == "settings":
        world.settings[0] = Options(system="Be kind.", memory=False)
    if off == "chat":
        with world.database.write() as tx:
            tx.execute("UPDATE conversations SET memory = 0")
    if off == "project":
        world.projects.change(project.id, {"memory": False})
    chat = world.ask(chat.id, **options)
    assert world.said_first() == "Be kind."
    assert last_turn(chat).memory == NOTHING_REMEMBERED
    world.ask(chat.id, memory=True)
    assert "Has a cat" in world.said_first()


def test_another_machine_hears_it_only_when_it_is_the_persons(world: World) -> None:
    world.memory.add("Has a cat")
    world.strangers.add("far-model")
    chat = world.ask(model="far-model")
    assert world.said_first() == "Be kind."
    turn = last_turn(chat)
    assert turn.memory == NOTHING_REMEMBERED
    assert turn.note == "What is remembered of you was not sent: far-model (1.2.3.4:80) is not marked as yours."
    world.strangers.clear()
    chat = world.ask(chat.id, model="far-model")
    assert "Has a cat" in world.said_first()
    assert last_turn(chat).note == ""
    world.memory.remove(world.memory.facts()[0].id)
    world.strangers.add("far-model")
    assert last_turn(world.ask(chat.id, model="far-model")).note == ""


def test_a_projects_facts_are_told_in_it_only(world: World) -> None:
    project = world.projects.create("Secret", {"private": True})
    world.memory.add("Plans a trip", project.id)
    chat = world.ask(project_id=project.id)
    assert "Plans a trip" in world.said_first()
    world.ask()
    assert "Plans a trip" not in world.said_first()
    world.projects.move(chat.id, None)
    world.ask(chat.id)
    assert "Plans a trip" not in world.said_first()


def test_a_fact_of_this_chat_leaves_its_beginning_as_it_was_read(world: World) -> None:
    world.memory.add("Has a cat")
    chat = world.ask()
    before = world.said_first()
    world.memory.add("Lives in Berlin", conversation_id=chat.id, message_id=chat.nodes[-1].id)
    chat = world.ask(chat.id)
    assert world.said_first() == before
    world.chat.regenerate(chat.nodes[1].id, quiet_job())  # in a branch that does not say it
    assert "Lives in Berlin" in world.said_first()
    world.ask()
    assert "Lives in Berlin" in world.said_first()


def test_the_context_meter_counts_it(world: World) -> None:
    chat = world.ask()
    without = world.chat.measure(chat.id, "And?", quiet_job().cancel).tokens
    world.memory.add("Has a cat that likes to sleep in the sun")
    with_it = world.chat.measure(chat.id, "And?", quiet_job().cancel).tokens
    assert without is not None
    assert with_it is not None
    assert with_it > without
    assert world.chat.measure(chat.id, "And?", quiet_job().cancel, Options(memory=False)).tokens == without


def test_what_another_version_wrote_is_no_reason_to_fail(world: World) -> None:
    chat = world.ask()
    for odd in ('{"facts": 3}', "[]", "{", '{"own": {"mood": "good"}}', '"text"'):
        with world.database.write() as tx:
            tx.execute("UPDATE turns SET memory = ?", (odd,))
        assert last_turn(world.chat.open(chat.id)).memory == NOTHING_REMEMBERED
