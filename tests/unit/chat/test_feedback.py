"""Verdicts and preferences: what is kept, when a preference is certain, and what an export holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.chat.asking.options import Options
from workbench.chat.feedback.feedback import Place, PreferenceKind, Verdict, preferences_shown_by
from workbench.chat.feedback.service import FeedbackService
from workbench.chat.feedback.store import FeedbackStore
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.chat.tree import Node
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import UsageError
from workbench.events import Bus, Topic
from workbench.jobs import quiet_job
from workbench.messages import Finish, Role


@dataclass
class World:
    chat: ChatService
    feedback: FeedbackService
    store: ConversationStore
    database: Database
    topics: list[frozenset[Topic]]

    def ask(self, text: str, below: Node | None = None, model: str = "") -> Node:
        conversation = self.store.conversation_of(below.id) if below else None
        return self.chat.send(conversation, text, quiet_job(), Options(model=model))

    def again(self, answer: Node, model: str = "") -> Node:
        return self.chat.regenerate(answer.id, quiet_job(), Options(model=model))

    @property
    def pairs(self) -> list[tuple[PreferenceKind, str, str]]:
        kept = (one.preference for one in self.feedback.preferred())
        return sorted((one.kind, one.chosen_id, one.rejected_id) for one in kept)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
    bus, clock = Bus(), SystemClock()
    topics: list[frozenset[Topic]] = []
    bus.subscribe(lambda changed: topics.append(changed.topics))
    store = ConversationStore(database, clock)
    feedback = FeedbackService(FeedbackStore(database, clock), bus)
    route = ScriptedRoute(ScriptedBackend("One.", "Two.", "Three.", "Four.", "Five."))
    chat = ChatService(store, route, bus, clock, went_on=feedback.went_on)
    yield World(chat, feedback, store, database, topics)
    database.close()


def test_a_verdict_is_kept_changed_and_removed(world: World) -> None:
    answer = world.ask("Count.")
    world.feedback.judge(answer.id, Verdict.DOWN, " too short ", "One and two.")
    conversation = world.store.conversation_of(answer.id)
    kept = world.feedback.of(conversation)[answer.id]
    assert (kept.verdict, kept.reason, kept.correction) == (Verdict.DOWN, "too short", "One and two.")
    world.feedback.judge(answer.id, Verdict.UP)
    assert [one.feedback.verdict for one in world.feedback.judged()] == [Verdict.UP]
    world.feedback.remove(answer.id)
    assert (world.feedback.judged(), world.feedback.get(answer.id)) == ((), None)
    with pytest.raises(UsageError, match="no feedback"):
        world.feedback.remove(answer.id)
    assert world.topics.count(frozenset({Topic.FEEDBACK})) == 3


def test_only_answers_are_judged(world: World) -> None:
    answer = world.ask("Count.")
    assert answer.parent_id is not None
    with pytest.raises(UsageError, match="Only an answer"):
        world.feedback.judge(answer.parent_id, Verdict.UP)
    with pytest.raises(UsageError, match="no message"):
        world.feedback.judge("nowhere", Verdict.UP)


def test_going_on_below_one_of_two_answers_prefers_it(world: World) -> None:
    first = world.ask("Count.")
    second = world.again(first)
    assert world.pairs == []  # both are there, nothing is certain yet
    world.ask("Go on.", second)
    assert world.pairs == [(PreferenceKind.REGENERATE, second.id, first.id)]
    (shown,) = world.feedback.preferred()
    assert (shown.chosen.text, shown.rejected.text, shown.chosen.prompt) == ("Two.", "One.", "Count.")


def test_a_removed_preference_does_not_come_back(world: World) -> None:
    first = world.ask("Count.")
    going = world.ask("Go on.", world.again(first))
    (shown,) = world.feedback.preferred()
    world.feedback.remove_preference(shown.preference.id)
    world.ask("And on.", going)
    assert going.parent_id is not None
    world.chat.edit(going.parent_id, "Go on, please.", quiet_job())
    chosen = {one for _kind, one, _other in world.pairs}
    assert shown.preference.chosen_id not in chosen


def test_an_edited_question_that_one_goes_on_with_is_preferred(world: World) -> None:
    first = world.ask("Count.")
    assert first.parent_id is not None
    other = world.chat.edit(first.parent_id, "Count to two.", quiet_job())
    world.ask("Go on.", other)
    assert world.pairs == [(PreferenceKind.EDIT, other.parent_id, first.parent_id)]


def test_a_pick_is_a_preference_and_the_last_pick_counts(world: World) -> None:
    first = world.ask("Count.", model="a")
    second = world.again(first, model="b")
    world.feedback.pick(first.id, second.id)
    world.feedback.pick(second.id, first.id)
    assert world.pairs == [(PreferenceKind.COMPARE, second.id, first.id)]
    assert [one.chosen.model for one in world.feedback.preferred()] == ["b"]
    assert first.parent_id is not None
    for wrong in (first.parent_id, second.id, "nowhere"):
        with pytest.raises(UsageError, match="two answers"):
            world.feedback.pick(second.id, wrong)


def test_the_export_holds_what_is_needed_without_the_chats(world: World) -> None:
    first = world.ask("Count.", model="a")
    second = world.again(first, model="b")
    world.feedback.judge(first.id, Verdict.DOWN, "short", "One, two.")
    world.ask("Go on.", second)
    document = world.feedback.document()
    (judged,), (preferred,) = document["feedback"], document["preferences"]
    assert (document["format"], document["version"]) == ("workbench-feedback", 1)
    assert [judged[key] for key in ("verdict", "reason", "correction", "model", "question", "answer")] == [
        "down", "short", "One, two.", "a", "Count.", "One."
    ]  # fmt: skip
    assert (preferred["prompt"], preferred["chosen"]["text"], preferred["rejected"]["text"]) == (
        "Count.",
        "Two.",
        "One.",
    )
    assert world.feedback.remove_all() == 2
    assert world.feedback.document()["feedback"] == world.feedback.document()["preferences"] == []


def test_what_is_said_of_a_deleted_chat_goes_with_it(world: World) -> None:
    answer = world.ask("Count.")
    world.feedback.judge(answer.id, Verdict.UP)
    with world.database.write() as tx:
        tx.execute("UPDATE conversations SET tip_id = NULL")
        tx.execute("DELETE FROM conversations")
    assert world.feedback.judged() == ()


# When it is certain ---------------------------------------------------------------------------------------------------


def _question(name: str, parent: str | None) -> Place:
    return Place(name, parent, Role.USER)


def _answer(name: str, parent: str, finish: Finish | None = Finish.STOP, *, said: bool = True) -> Place:
    return Place(name, parent, Role.ASSISTANT, finish, said)


QUESTION = _question("q", None)
TWO = [QUESTION, _answer("a", "q"), _answer("b", "q")]
WORDED = [QUESTION, _answer("a", "q"), _question("p", None), _answer("c", "p")]


@pytest.mark.parametrize(
    ("places", "asked", "expected"),
    [
        ([*TWO, _question("n", "b")], "n", ["ba"]),
        ([*TWO, _question("m", "a"), _question("n", "b")], "n", []),  # went on below both
        ([*TWO, _question("m", "b"), _question("n", "b")], "n", []),  # not the first below it
        ([QUESTION, _answer("a", "q", Finish.CANCELLED), _answer("b", "q"), _question("n", "b")], "n", []),
        ([QUESTION, _answer("a", "q", None), _answer("b", "q"), _question("n", "b")], "n", []),  # still being written
        ([QUESTION, _answer("a", "q", said=False), _answer("b", "q"), _question("n", "b")], "n", []),
        ([*TWO, _answer("d", "q"), _question("n", "d")], "n", ["da", "db"]),
        ([*WORDED, _question("n", "c")], "n", ["pq"]),
        ([*WORDED, _question("n", "a")], "n", ["qp"]),
        ([*WORDED, _question("m", "a"), _question("n", "c")], "n", []),
        ([QUESTION, _answer("a", "q", Finish.ERROR), *WORDED[2:], _question("n", "c")], "n", []),
        ([QUESTION], "q", []),
    ],
)  # fmt: skip
def test_a_preference_is_kept_only_where_it_is_certain(places: list[Place], asked: str, expected: list[str]) -> None:
    shown = preferences_shown_by(places, asked)
    assert sorted(one.chosen_id + one.rejected_id for one in shown) == expected


def test_an_answer_never_waits_or_fails_for_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.errors import StorageError

    def refuse(*_arguments: object) -> None:
        raise StorageError("The disk is full.")

    first = world.ask("Count.")
    second = world.again(first)
    refused: Callable[..., None] = refuse
    monkeypatch.setattr(FeedbackStore, "prefer", refused)
    assert world.ask("Go on.", second).message.text == "Three."


def test_what_was_removed_is_put_back_as_it_was(world: World) -> None:
    first = world.ask("Question")
    second = world.again(first)
    world.ask("Go on", second)
    judged = world.feedback.judge(first.id, Verdict.DOWN, "why", "better")
    (preferred,) = world.feedback.preferred()
    world.feedback.remove(first.id)
    world.feedback.remove_preference(preferred.preference.id)
    world.feedback.restore(judged)
    world.feedback.restore_preference(preferred.preference)
    assert world.feedback.get(first.id) == judged
    assert world.feedback.preferred() == (preferred,)
    assert Topic.FEEDBACK in world.topics[-1]


def test_what_is_newer_stays_when_something_is_put_back(world: World) -> None:
    first = world.ask("Question")
    second = world.again(first)
    world.feedback.pick(first.id, second.id)
    (preferred,) = world.feedback.preferred()
    judged = world.feedback.judge(first.id, Verdict.DOWN)
    world.feedback.remove(first.id)
    newer = world.feedback.judge(first.id, Verdict.UP)
    world.feedback.restore(judged)
    world.feedback.pick(second.id, first.id)
    world.feedback.restore_preference(preferred.preference)
    assert world.feedback.get(first.id) == newer
    assert [one.preference.chosen_id for one in world.feedback.preferred()] == [second.id]


def test_a_preference_is_put_back_where_its_number_was_given_to_another(world: World) -> None:
    first = world.ask("Question")
    second, third = world.again(first), world.again(first)
    world.feedback.pick(first.id, second.id)
    (preferred,) = world.feedback.preferred()
    world.feedback.remove_preference(preferred.preference.id)
    world.feedback.pick(first.id, third.id)
    world.feedback.restore_preference(preferred.preference)
    kept = [one.preference for one in world.feedback.preferred()]
    assert sorted(one.rejected_id for one in kept) == sorted((second.id, third.id))
    assert preferred.preference.at in [one.at for one in kept]


def test_what_is_gone_is_not_put_back(world: World) -> None:
    first = world.ask("Question")
    second = world.again(first)
    world.feedback.pick(first.id, second.id)
    (preferred,), judged = world.feedback.preferred(), world.feedback.judge(first.id, Verdict.UP)
    with world.database.write() as tx:
        tx.execute("UPDATE conversations SET tip_id = NULL")
        tx.execute("DELETE FROM conversations")
    with pytest.raises(UsageError, match="not there any more"):
        world.feedback.restore(judged)
    with pytest.raises(UsageError, match="not there any more"):
        world.feedback.restore_preference(preferred.preference)
