"""Titles by the model: which chats get one, what is taken of an answer, and the real small model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.chat.asking.options import Options
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.chat.titling.store import TitleStore
from workbench.chat.titling.titles import ASK, TitleService, clean_title
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import EngineError, ModelError
from workbench.events import Bus, Topic
from workbench.jobs import quiet_job
from workbench.messages import Attachment, Effort, Finish, Finished, Message, ReasoningDelta, Role, Text, TextDelta
from workbench.ports import ChatBackend

QUESTION = "Could you tell me how deep the sea is, on average and at most, please?"


@dataclass
class World:
    chat: ChatService
    titles: TitleService
    store: ConversationStore
    backend: ScriptedBackend
    asked: list[str] = field(default_factory=list)
    topics: list[frozenset[Topic]] = field(default_factory=list)
    wanted: bool = True
    loaded: bool = True

    def ask(self, text: str = QUESTION) -> str:
        return self.store.conversation_of(self.chat.send(None, text, quiet_job()).id)

    def make(self, conversation: str) -> str:
        return self.titles.make(conversation, CancelToken())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
    bus, clock, store = Bus(), SystemClock(), ConversationStore(database, SystemClock())
    backend = ScriptedBackend("**Depth of the Sea**")
    chat = ChatService(store, ScriptedRoute(ScriptedBackend("About 3,700 m.")), bus, clock)

    def ready(model: str) -> ChatBackend | None:
        made.asked.append(model)
        if model == "elsewhere":
            raise ModelError("not here")
        return backend if made.loaded else None

    titles = TitleService(TitleStore(database), store, ready, lambda: made.wanted, lambda: "Be brief.", bus)
    made = World(chat, titles, store, backend)
    bus.subscribe(lambda changed: made.topics.append(changed.topics))
    yield made
    database.close()


def test_a_chat_that_nobody_named_is_named_after_its_first_answer(world: World) -> None:
    conversation = world.ask()
    world.topics.clear()
    assert world.make(conversation) == "Depth of the Sea"
    assert world.chat.open(conversation).title == "Depth of the Sea"
    assert world.topics == [frozenset({Topic.CHATS})]
    (request,) = world.backend.requests
    assert (request.background, request.prefix, request.tools) == (True, conversation, ())
    assert request.max_tokens is not None and request.max_tokens <= 32  # noqa: PT018
    assert [message.text for message in request.messages] == ["Be brief.", QUESTION, "About 3,700 m.", ASK]
    assert world.make(conversation) == ""
    assert len(world.backend.requests) == 1


def test_a_persons_own_title_stays(world: World) -> None:
    conversation = world.ask()
    world.chat.rename(conversation, "My sea")
    assert world.make(conversation) == ""
    world.chat.rename(conversation, QUESTION)
    assert world.make(conversation) == ""
    assert world.backend.requests == []


def test_a_title_given_while_the_model_writes_stays(world: World) -> None:
    conversation = world.ask()

    def rename_then_say() -> object:
        world.chat.rename(conversation, "My sea")
        return TextDelta("Depth of the Sea")

    class Renaming(ScriptedBackend):
        def stream(self, request, cancel):  # type: ignore[no-untyped-def]
            rename_then_say()
            yield from super().stream(request, cancel)

    world.titles._ready = lambda _model: Renaming("Depth of the Sea")
    assert world.make(conversation) == ""
    assert world.chat.open(conversation).title == "My sea"


@pytest.mark.parametrize("why", ["unwanted", "unloaded", "remote"])
def test_nothing_is_asked_where_it_must_not(world: World, why: str) -> None:
    conversation = world.ask()
    world.wanted = why != "unwanted"
    world.loaded = why != "unloaded"
    world.backend.info = replace(world.backend.info, local=why != "remote")
    assert world.make(conversation) == ""
    assert world.backend.requests == []


def test_a_chat_that_another_machine_answered_is_named_by_the_one_loaded_here(world: World) -> None:
    from workbench.chat.asking.options import Options

    answer = world.chat.send(None, QUESTION, quiet_job(), Options(model="elsewhere"))
    assert world.make(world.store.conversation_of(answer.id)) == "Depth of the Sea"
    assert world.asked == ["elsewhere", ""]


def test_the_model_thinks_as_little_as_it_can(world: World) -> None:
    world.backend.info = replace(world.backend.info, efforts=(Effort.LOW, Effort.HIGH), limits_reasoning=True)
    world.backend._answers = [
        [ReasoningDelta("The title could be: Nonsense"), TextDelta("Sea depth"), Finished(Finish.STOP)]
    ]
    assert world.make(world.ask()) == "Sea depth"
    (request,) = world.backend.requests
    assert (request.effort, request.reasoning_tokens) == (Effort.LOW, 200)


def test_a_long_chat_and_one_with_a_file_are_told_in_part(world: World) -> None:
    world.make(world.ask("word " * 3_000))
    file = Attachment("notes.txt", "text/plain", 3, "ab" * 32, "secret words")
    conversation = world.store.create("What is in it?")
    asked = world.store.append(conversation, None, Message(Role.USER, (file, Text("What is in it?"))))
    world.chat.regenerate(world.store.append(conversation, asked.id, Message(Role.ASSISTANT, ())).id, quiet_job())
    world.make(conversation)
    long, with_file = world.backend.requests
    assert len(long.messages[0].text) <= 1_200
    assert (long.prefix, with_file.prefix) == ("", "")
    assert "secret" not in str(with_file.messages)


def test_a_failure_is_quiet(world: World) -> None:
    conversation = world.ask()
    world.backend._answers = [[EngineError("It died.")]]
    assert world.make(conversation) == ""
    assert world.make("nowhere") == ""
    assert world.chat.open(conversation).title.startswith("Could you tell")


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Depth of the sea", "Depth of the sea"),
        ('"Depth of the sea."', "Depth of the sea"),
        ("Title: **“Depth of the sea”**\n\nI chose this because…", "Depth of the sea"),
        ("Here is a title:\n\n# Depth of the sea", "Depth of the sea"),
        ("Titel: „Die Tiefe des Meeres“", "Die Tiefe des Meeres"),
        ("标题：《海的深度》", "海的深度"),
        ("عمق البحر", "عمق البحر"),
        ("What's the sea?", "What's the sea?"),
        ("The sea is on average about three thousand seven hundred metres deep.", ""),
        ("x" * 61, ""),
        ("", ""),
        ("…", ""),
        ("42", ""),
        ("The Deepest Underwater Base: 41, Deepest Underwater Base: 41", ""),
        ("New York, New Jersey", "New York, New Jersey"),
        ("A short title for our conversation", ""),
        ("In the language of my question.", ""),
        ("\u202eevil\x07 name", "evil name"),
    ],
)
def test_what_is_taken_of_an_answer(said: str, title: str) -> None:
    assert clean_title(said) == title


def test_the_real_small_model_names_a_chat(home: Path, starter_model: Path) -> None:
    """Over the real program: nothing is asked before the engine is loaded, and afterwards the title is short."""
    import os

    from workbench.app import build

    models = home / "models"
    models.mkdir(parents=True)
    os.link(starter_model, models / starter_model.name)
    workbench = build()
    try:
        answer = workbench.chat.send(None, "What is the capital of France?", quiet_job(), Options(max_tokens=60))
        (chat,) = workbench.chat.list()
        title = workbench.titles.make(chat.id, CancelToken())
        assert title == "" or (len(title) <= 60 and title == clean_title(title))
        assert workbench.chat.open(chat.id).title == (title or "What is the capital of France?")
        workbench.engine.stop()
        before = workbench.chat.open(chat.id).title
        other = workbench.chat._store.create("What is the sea?")
        assert workbench.titles.make(other, CancelToken()) == ""
        assert (workbench.engine.loaded(), before) == ((), workbench.chat.open(chat.id).title)
        assert answer.message.text
    finally:
        workbench.close()


def test_what_would_take_long_is_left_alone(world: World) -> None:
    conversation = world.ask()  # at 100 tokens a second: a third of one
    assert world.titles.make(conversation, CancelToken(), within=0.2) == ""
    assert not world.backend.requests
    assert world.titles.make(conversation, CancelToken(), within=0.5) == "Depth of the Sea"


def test_a_model_that_thinks_takes_longer(world: World) -> None:
    world.backend.info = replace(world.backend.info, efforts=(Effort.LOW, Effort.HIGH))
    conversation = world.ask()
    assert world.titles.make(conversation, CancelToken(), within=2.0) == ""
    assert world.titles.make(conversation, CancelToken(), within=5.0) == "Depth of the Sea"


def test_an_answer_of_unknown_speed_promises_nothing(world: World) -> None:
    conversation = world.ask()
    with world.store._db.write() as tx:
        tx.execute("UPDATE turns SET generation_tokens_per_second = NULL")
    assert world.titles.make(conversation, CancelToken(), within=2.0) == ""


def test_chats_that_were_begun_elsewhere_are_named_a_few_at_a_time(world: World) -> None:
    chats = [world.ask(f"{QUESTION} ({number})") for number in range(7)]
    assert world.titles.make_others(CancelToken()) == 5
    assert world.titles.make_others(CancelToken()) == 2
    assert world.titles.make_others(CancelToken()) == 0
    assert {world.store.load(chat).title for chat in chats} == {"Depth of the Sea"}


def test_a_chat_that_gets_no_title_is_tried_once(world: World) -> None:
    world.backend._answers = ["?!"]
    world.ask()
    assert world.titles.make_others(CancelToken()) == 0
    assert world.titles.make_others(CancelToken()) == 0
    assert len(world.backend.requests) == 1


def test_without_a_loaded_model_they_wait(world: World) -> None:
    world.loaded = False
    chat = world.ask()
    assert world.titles.make_others(CancelToken()) == 0
    world.loaded = True
    assert world.titles.make_others(CancelToken()) == 1
    assert world.store.load(chat).title == "Depth of the Sea"


def test_one_that_is_still_answered_is_tried_when_it_has_ended(world: World) -> None:
    chat = world.ask()
    (row,) = world.store._db.rows("SELECT id, state, finish FROM turns")
    with world.store._db.write() as tx:
        tx.execute("UPDATE turns SET state = 'running', finish = NULL")
    assert world.titles.make_others(CancelToken()) == 0
    with world.store._db.write() as tx:
        tx.execute("UPDATE turns SET state = ?, finish = ?", (row["state"], row["finish"]))
    assert world.titles.make_others(CancelToken()) == 1
    assert world.store.load(chat).title == "Depth of the Sea"
