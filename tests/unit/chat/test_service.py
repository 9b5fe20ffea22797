"""Conversations over a real database and a scripted model."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.backend import Gate, ScriptedBackend, gate
from tests.patience import PATIENCE
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.chat.asking.options import Options
from workbench.chat.events import Preparing, TurnStarted
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore, title_of
from workbench.chat.tree import TurnState, branch, siblings
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import ContextFullError, EngineError, ModelError, StorageError, UsageError
from workbench.events import Bus, Changed
from workbench.jobs import Job, JobEvent, quiet_job
from workbench.messages import (
    ChatRequest,
    Finish,
    Finished,
    Reasoning,
    ReasoningDelta,
    Role,
    Text,
    TextDelta,
    assistant,
    system,
    user,
)
from workbench.ports import ChatBackend


@dataclass
class ScriptedRoute:
    scripted: ScriptedBackend | None
    error: Exception | None = None

    def name(self, model: str) -> str:
        if self.scripted is None:
            raise ModelError("No model is installed.")
        return model or self.scripted.info.model

    def source(self, model: str) -> str:
        return "engine"

    def backend(self, model: str, cancel: CancelToken, progress: Callable[[str], None]) -> ChatBackend:
        progress("Loading fake-model")
        if self.error:
            raise self.error
        assert self.scripted is not None
        return self.scripted

    def ready(self, model: str) -> ChatBackend | None:
        return self.scripted


@dataclass
class World:
    chat: ChatService
    store: ConversationStore
    database: Database
    bus: Bus
    news: list[Any] = field(default_factory=list)

    def job(self) -> Job:
        return Job(report=lambda event: self.news.append(event.payload))


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., World]]:
    opened: list[Database] = []

    def build(scripted: ScriptedBackend | None, error: Exception | None = None, defaults: Options = Options()) -> World:
        database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
        opened.append(database)
        bus, clock = Bus(), SystemClock()
        store = ConversationStore(database, clock)
        chat = ChatService(store, ScriptedRoute(scripted, error), bus, clock, lambda: defaults)
        return World(chat, store, database, bus)

    yield build
    for database in opened:
        database.close()


def test_a_question_and_its_answer_are_kept(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend("The sea is deep."))
    answer = world.chat.send(None, "Tell me about the sea.", world.job())
    assert answer.message == assistant("The sea is deep.")
    (summary,) = world.chat.list()
    conversation = world.chat.open(summary.id)
    assert [node.message.text for node in branch(conversation)] == ["Tell me about the sea.", "The sea is deep."]
    assert (summary.title, summary.messages) == ("Tell me about the sea.", 2)
    kept = branch(conversation)[1].turn
    assert kept is not None
    assert (kept.state, kept.finish, kept.usage.completion_tokens) == (TurnState.ENDED, Finish.STOP, 4)
    assert kept.model == "fake-model"


def test_the_news_of_a_turn_come_in_order(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend([ReasoningDelta("hm"), TextDelta("yes")]))
    world.chat.send(None, "Is it?", world.job())
    kinds = [type(event) for event in world.news]
    assert kinds == [TurnStarted, Preparing, ReasoningDelta, TextDelta, Finished]
    started = world.news[0]
    assert started.question.message == user("Is it?")
    assert started.answer.parent_id == started.question.id
    assert started.answer.turn.state is TurnState.RUNNING


def test_the_model_sees_the_branch_and_the_system_text(make: Callable[..., World]) -> None:
    scripted = ScriptedBackend("One.", "Two.")
    world = make(scripted, defaults=Options(system="Be brief."))
    world.chat.send(None, "First", quiet_job())
    conversation = world.chat.list()[0].id
    world.chat.send(conversation, "Second", quiet_job())
    assert scripted.requests[1].messages == (system("Be brief."), user("First"), assistant("One."), user("Second"))


def test_stopping_keeps_the_partial_answer_and_it_can_go_on(make: Callable[..., World]) -> None:
    door = gate()
    scripted = ScriptedBackend([TextDelta("Once upon"), door, TextDelta(" never")], " a time.")
    world = make(scripted)
    job = world.job()

    def stop_there() -> None:
        door.reached.wait(PATIENCE)
        job.cancel.cancel()

    stopper = threading.Thread(target=stop_there)
    stopper.start()
    answer = world.chat.send(None, "A story", job)
    stopper.join()
    assert answer.turn is not None
    assert (answer.message.text, answer.turn.finish) == ("Once upon", Finish.CANCELLED)
    whole = world.chat.continue_answer(answer.id, world.job())
    assert whole.message == assistant("Once upon a time.")
    assert scripted.requests[-1].messages == (user("A story"), assistant("Once upon"))
    conversation = world.chat.open(world.chat.list()[0].id)
    assert [node.message.text for node in conversation.nodes] == ["A story", "Once upon a time."]
    with pytest.raises(UsageError, match="complete"):
        world.chat.continue_answer(answer.id, quiet_job())


def test_a_dying_engine_is_told_and_the_partial_answer_kept(make: Callable[..., World]) -> None:
    death = EngineError("The engine ran out of memory.", hint="Use a smaller context.")
    world = make(ScriptedBackend([TextDelta("Half an "), death], "answer."))
    with pytest.raises(EngineError, match="out of memory"):
        world.chat.send(None, "Go", quiet_job())
    answer = branch(world.chat.open(world.chat.list()[0].id))[-1]
    assert answer.turn is not None
    assert (answer.message.text, answer.turn.finish) == ("Half an ", Finish.ERROR)
    assert (answer.turn.error, answer.turn.hint) == ("The engine ran out of memory.", "Use a smaller context.")
    assert world.chat.continue_answer(answer.id, quiet_job()).message.text == "Half an answer."


def test_an_engine_that_does_not_start_leaves_the_question_and_the_cause(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend(), error=EngineError("The model file is damaged."))
    with pytest.raises(EngineError):
        world.chat.send(None, "Anyone?", quiet_job())
    question, answer = branch(world.chat.open(world.chat.list()[0].id))
    assert question.message == user("Anyone?")
    assert answer.turn is not None
    assert answer.turn.error == "The model file is damaged."


def test_an_end_that_a_full_disk_refuses_is_kept_until_there_is_room(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend("All of it.", "Next."))

    def fill_up(news: JobEvent) -> None:
        if isinstance(news.payload, TextDelta):
            world.database.read_only = "The disk is full."

    with pytest.raises(StorageError, match="full"):
        world.chat.send(None, "Go", Job(fill_up))
    conversation = world.chat.list()[0].id
    world.chat.save_endings()
    assert branch(world.chat.open(conversation))[-1].message.text == ""
    world.database.read_only = ""
    heard: list[Changed] = []
    world.bus.subscribe(heard.append)
    world.chat.save_endings()
    answer = branch(world.chat.open(conversation))[-1]
    assert answer.turn is not None
    assert (answer.message.text, answer.turn.state, answer.turn.finish) == ("All of it.", TurnState.ENDED, Finish.STOP)
    assert len(heard) == 1
    world.chat.save_endings()
    assert len(heard) == 1


def test_a_bug_in_a_backend_still_ends_the_turn(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend([TextDelta("x"), ZeroDivisionError()]))
    with pytest.raises(ZeroDivisionError):
        world.chat.send(None, "Go", quiet_job())
    answer = branch(world.chat.open(world.chat.list()[0].id))[-1]
    assert answer.turn is not None
    assert (answer.turn.state, answer.turn.finish) == (TurnState.ENDED, Finish.ERROR)


def test_regenerate_and_edit_make_siblings_and_lose_nothing(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend("One.", "Two.", "Three."))
    first = world.chat.send(None, "Count", quiet_job())
    second = world.chat.regenerate(first.id, quiet_job())
    conversation = world.chat.open(world.chat.list()[0].id)
    assert [node.message.text for node in siblings(conversation, second)] == ["One.", "Two."]
    question = conversation.nodes[0]
    third = world.chat.edit(question.id, "Count again", quiet_job())
    conversation = world.chat.open(conversation.id)
    assert [node.message.text for node in branch(conversation)] == ["Count again", "Three."]
    assert conversation.tip_id == third.id
    assert len(conversation.nodes) == 5
    with pytest.raises(UsageError):
        world.chat.edit(first.id, "no", quiet_job())
    with pytest.raises(UsageError):
        world.chat.regenerate(question.id, quiet_job())


def test_a_full_context_is_refused_before_anything_is_sent(make: Callable[..., World]) -> None:
    scripted = ScriptedBackend("x", context_tokens=100)
    world = make(scripted)
    with pytest.raises(ContextFullError):
        world.chat.send(None, "word " * 90, quiet_job())
    assert scripted.requests == []


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_to_send_makes_no_chat(make: Callable[..., World], text: str) -> None:
    world = make(ScriptedBackend())
    with pytest.raises(UsageError):
        world.chat.send(None, text, quiet_job())
    assert world.chat.list() == ()


def test_no_model_makes_no_chat(make: Callable[..., World]) -> None:
    world = make(None)
    with pytest.raises(ModelError):
        world.chat.send(None, "Hello?", quiet_job())
    assert world.chat.list() == ()


def test_delete_can_be_undone(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend("x"))
    world.chat.send(None, "Keep me", quiet_job())
    conversation = world.chat.list()[0].id
    changes: list[Changed] = []
    world.bus.subscribe(changes.append)
    world.chat.delete(conversation)
    assert world.chat.list() == ()
    world.chat.restore(conversation)
    assert [chat.title for chat in world.chat.list()] == ["Keep me"]
    assert len(changes) == 2


def test_the_bin_forgets_after_thirty_days_and_not_before(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend("x"))
    for title in ("old", "young", "kept"):
        world.chat.send(None, title, quiet_job())
    ids = {chat.title: chat.id for chat in world.chat.list()}
    world.chat.delete(ids["old"])
    world.chat.delete(ids["young"])
    with world.database.write() as tx:
        tx.execute("UPDATE conversations SET deleted_at = deleted_at - 31 * 86400 WHERE id = ?", (ids["old"],))
    world.chat.recover()
    world.chat.restore(ids["young"])
    assert {chat.title for chat in world.chat.list()} == {"young", "kept"}
    with pytest.raises(UsageError):
        world.chat.restore(ids["old"])
    assert world.database.rows("SELECT count(*) FROM messages")[0][0] == 4
    assert world.database.rows("PRAGMA foreign_key_check") == []


def test_rename_needs_a_title_and_a_chat(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend("x"))
    world.chat.send(None, "Old", quiet_job())
    conversation = world.chat.list()[0].id
    world.chat.rename(conversation, "  New \n title ")
    assert world.chat.list()[0].title == "New title"
    with pytest.raises(UsageError):
        world.chat.rename(conversation, " ")
    with pytest.raises(UsageError, match="no chat"):
        world.chat.rename("missing", "x")


def test_a_chat_is_found_by_the_beginning_of_its_id(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend("x"))
    world.chat.send(None, "One", quiet_job())
    conversation = world.chat.list()[0].id
    assert world.chat.find(conversation[:6]) == conversation
    for unknown in ("", "zzz", "%", "_"):
        with pytest.raises(UsageError, match="no chat"):
            world.chat.find(unknown)


def test_odd_texts_survive(make: Callable[..., World]) -> None:
    odd = "emoji 🌊, NUL-free, lone \ud800 surrogate, bidi \u202e, combining e\u0301, '; DROP TABLE messages;--"
    world = make(ScriptedBackend(odd))
    world.chat.send(None, odd, quiet_job())
    question, answer = branch(world.chat.open(world.chat.list()[0].id))
    assert question.message.text == odd.replace("\ud800", "?")
    assert answer.message.text == odd.replace("\ud800", "?")


def test_reasoning_is_kept_apart(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend([ReasoningDelta("think "), ReasoningDelta("hard"), TextDelta("So.")]))
    world.chat.send(None, "?", quiet_job())
    parts = branch(world.chat.open(world.chat.list()[0].id))[-1].message.parts
    assert isinstance(parts[0], Reasoning)
    assert (parts[0].text, parts[1]) == ("think hard", Text("So."))


def test_the_meter_counts_the_branch_the_system_text_and_the_draft(make: Callable[..., World]) -> None:
    scripted = ScriptedBackend("Four words are here")
    world = make(scripted, defaults=Options(system="Two words"))
    world.chat.send(None, "One", quiet_job())
    conversation = world.chat.list()[0].id
    use = world.chat.measure(conversation, "three more words", CancelToken())
    expected = (system("Two words"), user("One"), assistant("Four words are here"), user("three more words"))
    assert use.tokens == scripted.count_tokens(ChatRequest(expected), CancelToken())
    assert use.limit == 4096


def test_the_meter_of_an_edited_question_leaves_out_what_it_replaces(make: Callable[..., World]) -> None:
    scripted = ScriptedBackend("An answer of six words here")
    world = make(scripted)
    world.chat.send(None, "First", quiet_job())
    conversation = world.chat.list()[0].id
    world.chat.send(conversation, "Second", quiet_job())
    second = branch(world.chat.open(conversation))[2]
    use = world.chat.measure(conversation, "Second, in other words", CancelToken(), replaces=second.id)
    sent = (user("First"), assistant("An answer of six words here"), user("Second, in other words"))
    assert use.tokens == scripted.count_tokens(ChatRequest(sent), CancelToken())


def test_turns_of_a_killed_process_become_interrupted_with_their_text(
    make: Callable[..., World], tmp_path: Path
) -> None:
    """kill -9 while an answer streams: at most the last second of it is lost."""
    code = f"""
import os, signal, sys, threading, time
from pathlib import Path
from tests.fakes.backend import Pause, ScriptedBackend
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.events import Bus
from workbench.jobs import quiet_job
from workbench.messages import TextDelta
folder = Path({str(tmp_path)!r})
database = Database(folder / "workbench.db", migrations.workbench, backups=folder)
steps = [step for n in range(200) for step in (TextDelta(f"w{{n}} "), Pause(0.02))]
chat = ChatService(ConversationStore(database, SystemClock()), ScriptedRoute(ScriptedBackend(steps)), Bus(), SystemClock())
threading.Timer(2.5, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
chat.send(None, "Talk", quiet_job())
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == -9, ended.stderr
    world = make(ScriptedBackend(" and on."))
    assert world.chat.recover() == 1
    answer = branch(world.chat.open(world.chat.list()[0].id))[-1]
    assert answer.turn is not None
    assert answer.turn.finish is Finish.INTERRUPTED
    assert len(answer.message.text.split()) >= 40
    assert world.database.check() == "ok"
    assert world.chat.continue_answer(answer.id, quiet_job()).message.text.endswith(" and on.")


def test_turns_of_a_living_process_are_left_alone(make: Callable[..., World]) -> None:
    door: Gate = gate()
    world = make(ScriptedBackend([TextDelta("x"), door]))
    thread = threading.Thread(target=lambda: world.chat.send(None, "Go", quiet_job()))
    thread.start()
    door.reached.wait(PATIENCE)
    assert world.chat.recover() == 0
    door.opened.set()
    thread.join()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hello", "Hello"),
        ("  two\nlines  ", "two lines"),
        ("", "New chat"),
        ("word " * 30, "word word word word word word word word word word word word…"),
        ("x" * 100, "x" * 60 + "…"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert title_of(text) == title


def test_roles_are_those_of_the_schema() -> None:
    assert {role.value for role in Role} - {Role.TOOL} == {
        "system",
        "user",
        "assistant",
    }  # results are parts of an answer
