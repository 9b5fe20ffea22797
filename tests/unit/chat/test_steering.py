"""Branches, deleted messages, forks and drafts, over a real database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.app import build
from workbench.chat.asking.options import Options
from workbench.chat.service import ChatService
from workbench.chat.steering.branches import fork_title, outline
from workbench.chat.steering.drafts import NOT_BEGUN, Draft
from workbench.chat.store import BIN_DAYS, ConversationStore
from workbench.chat.tree import alternatives, branch
from workbench.chat.turn_rows import Outcome
from workbench.db import Database, MemoryDatabase
from workbench.errors import ModelError, StorageError, UsageError
from workbench.events import Bus, Changed, Topic
from workbench.jobs import quiet_job
from workbench.messages import Attachment, Effort, Finish, Id, Role, Text, UsedPrompt, assistant, user
from workbench.paths import Paths


class Hours:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 1_790_000_000.0

    def now(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds


class World:
    def __init__(self, path: Path) -> None:
        self.clock, self.bus = Hours(), Bus()
        self.forgotten: list[Id] = []
        self.news: list[Changed] = []
        self.bus.subscribe(self.news.append)
        self.database = Database(path / "workbench.db", migrations.workbench, backups=path)
        self.store = ConversationStore(self.database, self.clock)
        self.backend = ScriptedBackend("An answer.")
        self.chat = ChatService(
            self.store, ScriptedRoute(self.backend), self.bus, self.clock, forget=self.forgotten.append
        )

    def say(self, conversation: Id | None, text: str) -> tuple[Id, Id, Id]:
        """Conversation, question and answer."""
        answer = self.chat.send(conversation, text, quiet_job())
        conversation = conversation or self.chat.list()[0].id
        assert answer.parent_id
        return conversation, answer.parent_id, answer.id

    def shown(self, conversation: Id) -> list[str]:
        return [node.message.text for node in branch(self.chat.open(conversation))]

    def ids(self, conversation: Id) -> list[Id]:
        return [node.id for node in branch(self.chat.open(conversation))]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.database.close()


def test_a_branch_that_was_left_comes_back_where_the_person_was(world: World) -> None:
    chat, first, answer = world.say(None, "one")
    _, second, _ = world.say(chat, "two")
    _, third, _ = world.say(chat, "three")
    world.chat.edit(third, "three again", quiet_job())
    world.chat.show_branch(third)  # not the newest below "two"
    before = world.ids(chat)
    other = world.chat.edit(first, "one again", quiet_job())
    assert world.shown(chat) == ["one again", "An answer."]
    world.chat.show_branch(first)
    assert world.ids(chat) == before
    world.chat.show_branch(other.parent_id or "")
    assert world.shown(chat) == ["one again", "An answer."]
    world.chat.show_branch(answer)
    assert world.ids(chat) == before
    assert second in before


def test_without_a_memory_the_newest_end_of_a_branch_comes_into_view(world: World) -> None:
    chat = world.store.create("made elsewhere")
    question = world.store.append(chat, None, user("q"))
    old = world.store.append(chat, question.id, assistant("old"))
    below = world.store.append(chat, old.id, user("below"))
    newest = world.store.append(chat, old.id, user("newest below"))
    new = world.store.append(chat, question.id, assistant("new"))
    world.chat.show_branch(old.id)
    assert world.ids(chat) == [question.id, old.id, newest.id]
    world.chat.show_branch(below.id)
    world.chat.show_branch(new.id)
    world.chat.show_branch(old.id)
    assert world.ids(chat)[-1] == below.id


def test_the_alternatives_of_the_branch_in_view(world: World) -> None:
    chat, first, answer = world.say(None, "one")
    again = world.chat.regenerate(answer, quiet_job())
    assert alternatives(world.chat.open(chat)) == {again.id: (answer, again.id)}
    world.chat.show_branch(answer)
    assert alternatives(world.chat.open(chat)) == {answer: (answer, again.id)}
    world.chat.edit(first, "other", quiet_job())
    shown = alternatives(world.chat.open(chat))
    assert [len(others) for others in shown.values()] == [2]


def test_showing_a_branch_changes_no_order_of_the_chats_and_is_told(world: World) -> None:
    chat, _, answer = world.say(None, "one")
    world.chat.regenerate(answer, quiet_job())
    before = world.chat.open(chat).updated_at
    world.clock.seconds += 60
    world.news.clear()
    world.chat.show_branch(answer)
    assert world.chat.open(chat).updated_at == before
    assert [news.topics for news in world.news] == [frozenset({Topic.CHATS})]


def test_any_answer_is_regenerated_with_another_model(world: World) -> None:
    chat, _, first = world.say(None, "one")
    world.say(chat, "two")
    again = world.chat.regenerate(first, quiet_job(), Options(model="other-model"))
    assert again.turn is not None
    assert again.turn.model == "other-model"
    assert world.shown(chat) == ["one", "An answer."]
    world.chat.show_branch(first)
    assert len(world.ids(chat)) == 4


# Deleting ---------------------------------------------------------------------------------------------------------------


def test_a_deleted_message_leaves_what_stands_below_it(world: World) -> None:
    chat, first, answer = world.say(None, "one")
    world.say(chat, "two")
    before = world.ids(chat)
    assert world.chat.delete_message(answer) == chat
    assert world.shown(chat) == ["one", "two", "An answer."]
    assert world.forgotten == [chat]
    assert branch(world.chat.open(chat))[1].parent_id == first
    assert world.chat.list()[0].messages == 3
    world.chat.restore_message(answer)
    assert world.ids(chat) == before


@pytest.mark.parametrize("place", range(4))
def test_deleting_and_undoing_gives_back_the_same_chat(world: World, place: int) -> None:
    chat, *_ = world.say(None, "one")
    world.say(chat, "two")
    before = world.chat.open(chat)
    gone = world.ids(chat)[place]
    world.chat.delete_message(gone)
    assert gone not in world.ids(chat)
    assert len(world.ids(chat)) == 3
    world.chat.restore_message(gone)
    after = world.chat.open(chat)
    assert (after.nodes, after.tip_id) == (before.nodes, before.tip_id)


def test_where_an_answer_is_deleted_its_alternative_comes_into_view(world: World) -> None:
    chat, _, answer = world.say(None, "one")
    _, _, below = world.say(chat, "two")
    again = world.chat.regenerate(answer, quiet_job())
    world.chat.delete_message(again.id)
    assert world.ids(chat)[-1] == below
    world.chat.restore_message(again.id)
    assert world.ids(chat)[-1] == again.id


def test_what_was_said_after_a_deletion_stays_when_it_is_undone(world: World) -> None:
    chat, _, answer = world.say(None, "one")
    world.chat.delete_message(answer)
    world.say(chat, "instead")
    world.chat.restore_message(answer)
    assert world.shown(chat) == ["one", "An answer."]
    texts = {node.message.text for node in world.chat.open(chat).nodes}
    assert "instead" in texts


def test_a_chat_can_lose_all_of_its_messages(world: World) -> None:
    chat, first, answer = world.say(None, "one")
    world.chat.delete_message(first)
    assert world.shown(chat) == ["An answer."]
    world.chat.delete_message(answer)
    assert world.chat.open(chat).nodes == ()
    world.say(chat, "again")
    assert world.shown(chat) == ["again", "An answer."]


def test_the_model_is_sent_no_answer_before_the_first_question(world: World) -> None:
    """Templates refuse that."""
    chat, first, _ = world.say(None, "one")
    world.chat.delete_message(first)
    world.say(chat, "two")
    roles = [message.role for message in world.backend.requests[-1].messages]
    assert roles == [Role.USER, Role.ASSISTANT, Role.USER]


def test_a_message_that_is_being_written_is_neither_deleted_nor_forked(world: World) -> None:
    chat = world.store.create("running")
    _, answer, _ = world.store.begin_turn(chat, None, user("q"), model="m", backend="engine")
    for act in (world.chat.delete_message, world.chat.fork):
        with pytest.raises(UsageError, match="still being written"):
            act(answer.id)
    assert len(world.ids(chat)) == 2


@pytest.mark.parametrize("act", ["delete_message", "show_branch", "fork"])
def test_a_message_that_is_not_there_is_told(world: World, act: str) -> None:
    _, _, answer = world.say(None, "one")
    world.chat.delete_message(answer)
    with pytest.raises(UsageError, match="was deleted"):
        getattr(world.chat, act)(answer)
    with pytest.raises(UsageError, match="no message"):
        getattr(world.chat, act)("unknown")
    world.chat.restore_message(answer)
    with pytest.raises(UsageError, match="no deleted message"):
        world.chat.restore_message(answer)


def test_the_bin_forgets_messages_for_good_and_keeps_what_hung_on_them(world: World) -> None:
    chat, first, answer = world.say(None, "one")
    _, second, _ = world.say(chat, "two")
    world.chat.delete_message(answer)
    world.chat.delete_message(second)
    before = world.chat.open(chat)
    world.chat.recover()
    assert world.database.row("SELECT count(*) FROM messages")[0] == 4  # type: ignore[index]
    world.clock.seconds += (BIN_DAYS + 1) * 86400
    world.chat.recover()
    after = world.chat.open(chat)
    assert (after.nodes, after.tip_id) == (before.nodes, before.tip_id)
    assert world.database.row("SELECT count(*) FROM messages")[0] == 2  # type: ignore[index]
    assert world.database.rows("PRAGMA foreign_key_check") == []
    with pytest.raises(UsageError):
        world.chat.restore_message(answer)
    assert first in world.ids(chat)


# Forks ------------------------------------------------------------------------------------------------------------------


def test_a_fork_is_a_chat_of_its_own_with_the_branch_up_to_there(world: World) -> None:
    chat, _, answer = world.say(None, "one")
    world.say(chat, "two")
    fork = world.chat.fork(answer)
    assert world.shown(fork) == ["one", "An answer."]
    assert world.chat.open(fork).title == "one (2)"
    copied, kept = branch(world.chat.open(fork))[1], world.chat.open(chat).nodes[1]
    assert copied.turn is not None
    assert kept.turn is not None
    assert copied.turn.id != kept.turn.id
    assert (copied.message, copied.turn.usage, copied.created_at) == (kept.message, kept.turn.usage, kept.created_at)
    world.say(fork, "elsewhere")
    assert world.shown(chat) == ["one", "An answer.", "two", "An answer."]
    assert world.database.rows("PRAGMA foreign_key_check") == []
    assert world.chat.open(world.chat.fork(answer)).title == "one (3)"


@pytest.mark.parametrize(
    ("title", "taken", "expected"),
    [
        ("Soup", (), "Soup (2)"),
        ("Soup", ("Soup (2)",), "Soup (3)"),
        ("Soup (2)", ("Soup (2)",), "Soup (3)"),
        ("Soup (hot)", (), "Soup (hot) (2)"),
        ("", (), " (2)"),
    ],
)
def test_titles_of_forks(title: str, taken: tuple[str, ...], expected: str) -> None:
    assert fork_title(title, taken) == expected


def test_the_outline_is_deep_only_where_there_are_branches(world: World) -> None:
    chat, _, answer = world.say(None, "one")
    world.say(chat, "two")
    world.chat.regenerate(answer, quiet_job())
    world.say(chat, "three")
    shown = [(depth, node.message.text) for depth, node in outline(world.chat.open(chat))]
    assert shown == [
        (0, "one"), (1, "An answer."), (1, "two"), (1, "An answer."), (1, "An answer."), (1, "three"), (1, "An answer."),
    ]  # fmt: skip


# Drafts -----------------------------------------------------------------------------------------------------------------


def test_drafts_are_kept_for_each_chat_and_forgotten_when_empty(world: World, tmp_path: Path) -> None:
    chat, *_ = world.say(None, "one")
    file = Attachment("notes.txt", "text/plain", 4, "0" * 64, "text", tokens=1)
    world.chat.keep_draft(chat, Draft("half a \ud800thought", (file,)))
    world.chat.keep_draft(NOT_BEGUN, Draft("a new chat"))
    used = UsedPrompt("p1", "mail", "Reply", 3, "Be kind.", effort=Effort.LOW, schema={"a": 1})
    newer = Draft("a newer chat", prompt=used)
    world.chat.keep_draft(NOT_BEGUN, newer)
    again = World(tmp_path)
    assert again.chat.drafts() == {chat: Draft("half a ?thought", (file,)), NOT_BEGUN: newer}
    again.chat.keep_draft(chat, Draft())
    assert again.chat.drafts() == {NOT_BEGUN: newer}
    again.database.close()


def test_the_draft_of_a_chat_goes_with_it(world: World) -> None:
    chat, *_ = world.say(None, "one")
    world.chat.keep_draft(chat, Draft("text"))
    world.chat.delete(chat)
    assert world.chat.drafts() == {}
    world.chat.restore(chat)
    assert world.chat.drafts() == {chat: Draft("text")}
    world.chat.delete(chat)
    world.clock.seconds += (BIN_DAYS + 1) * 86400
    world.chat.recover()
    assert world.database.rows("SELECT * FROM drafts") == []


# Temporary chats --------------------------------------------------------------------------------------------------------


def test_a_temporary_chat_is_a_chat_and_nothing_of_it_is_written(tmp_path: Path) -> None:
    forgotten: list[Id] = []
    told: list[Changed] = []
    bus = Bus()
    bus.subscribe(told.append)
    database = MemoryDatabase(migrations.workbench)
    route, store = ScriptedRoute(ScriptedBackend("a secret answer")), ConversationStore(database, Hours())
    chat = ChatService(store, route, bus, Hours(), forget=forgotten.append, keeps=False)
    before = sorted(tmp_path.rglob("*"))
    answer = chat.send(None, "a secret question", quiet_job())
    (summary,) = chat.list()
    assert forgotten == [summary.id]  # the engine keeps no state of it
    chat.regenerate(answer.id, quiet_job())
    chat.show_branch(answer.id)
    assert [node.message.text for node in branch(chat.open(summary.id))] == ["a secret question", "a secret answer"]
    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(lambda number: chat.send(summary.id, f"q{number}", quiet_job()), range(8)))
    assert len(chat.open(summary.id).nodes) == 3 + 2 * len(asked)
    assert sorted(tmp_path.rglob("*")) == before
    assert database.rows("PRAGMA database_list")[0]["file"] == ""
    database.close()
    with pytest.raises(StorageError):
        chat.open(summary.id)


def test_a_real_program_writes_nothing_of_a_temporary_chat(tmp_path: Path) -> None:
    workbench = build(Paths(tmp_path / "home"))
    try:
        chat = workbench.temporary_chat()
        with pytest.raises(ModelError):
            chat.send(None, "a secret question", quiet_job())
        conversation = chat._store.create("a secret title")
        chat._store.append(conversation, None, user("a secret question"))
        assert workbench.chat.list() == ()
    finally:
        workbench.close()
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"CREATE TABLE" in written
    assert b"secret" not in written


def test_who_writes_in_a_chat_that_was_thrown_away_meanwhile_takes_it_out_of_the_bin(world: World) -> None:
    chat, question, _ = world.say(None, "one")
    world.store.delete(chat)  # in another window
    world.clock.seconds += (BIN_DAYS - 1) * 86400
    world.chat.send(chat, "two", quiet_job())
    world.clock.seconds += 2 * 86400
    assert world.store.empty_bin() == 0
    assert [one.id for one in world.chat.list()] == [chat]
    assert world.shown(chat) == ["one", "An answer.", "two", "An answer."]
    world.store.delete(chat)
    world.chat.edit(question, "one again", quiet_job())
    assert [one.id for one in world.chat.list()] == [chat]


def test_an_answer_that_ends_after_its_chat_was_thrown_away_leaves_it_there(world: World) -> None:
    chat = world.store.create("Chat")
    _asked, node, turn = world.store.begin_turn(chat, None, user("q"), model="m", backend="b")
    world.store.delete(chat)
    world.store.finish_turn(turn.id, node.id, (Text("a"),), Outcome(Finish.STOP))
    assert world.chat.list() == ()
