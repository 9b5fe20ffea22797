"""What an effort costs in time: as measured here, else as expected of the model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench import migrations
from workbench.chat.asking.effort_cost import effort_costs
from workbench.chat.store import ConversationStore
from workbench.chat.turn_rows import Outcome
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.messages import Effort, Finish, Timings, user

OFF, LOW, MEDIUM, HIGH, ON = Effort


def test_without_answers_it_is_expected() -> None:
    costs = effort_costs((LOW, MEDIUM, HIGH), {})
    assert [round(cost.times, 1) for cost in costs] == [1.0, 1.7, 4.3]
    assert [cost.seconds for cost in costs] == [None] * 3


def test_a_model_that_thinks_longer_costs_more() -> None:
    usual, long = effort_costs((OFF, ON), {}), effort_costs((OFF, ON), {}, thoughts=3.0)
    assert usual[1].times < long[1].times


def test_answers_here_count_when_there_are_some() -> None:
    costs = effort_costs((LOW, HIGH), {LOW: [2.0, 4.0, 90.0], HIGH: [60.0]})
    assert (costs[0].seconds, costs[0].answers) == (4.0, 3)
    assert (costs[1].seconds, costs[1].answers) == (None, 1)


def test_a_model_without_efforts_costs_nothing_more() -> None:
    assert effort_costs((), {}) == ()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path / "backups")
    yield ConversationStore(database, SystemClock())
    database.close()


def test_only_whole_answers_of_the_model_are_counted(store: ConversationStore) -> None:
    def answered(model: str, effort: str | None, finish: Finish, seconds: float) -> None:
        options = {"effort": effort} if effort else {}
        chat = store.create("A chat")
        _asked, answer, turn = store.begin_turn(chat, None, user("Hi"), model=model, backend="engine", options=options)
        assert turn.effort == (Effort(effort) if effort else None)
        store.finish_turn(turn.id, answer.id, (), Outcome(finish, timings=Timings(total_seconds=seconds)))

    answered("A", "high", Finish.STOP, 3.0)
    answered("A", "high", Finish.CANCELLED, 1.0)
    answered("A", None, Finish.STOP, 2.0)
    answered("B", "high", Finish.STOP, 9.0)
    assert store.answer_seconds("A") == {HIGH: [3.0]}
