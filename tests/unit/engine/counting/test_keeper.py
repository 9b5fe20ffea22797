"""What counts is made once, in a thread of its own, and not waited for where nobody wants to."""

from __future__ import annotations

import threading

import pytest

from tests.patience import until
from workbench.cancel import CancelToken
from workbench.engine.counting.keeper import Keeper
from workbench.errors import Cancelled, EngineError


class Slow:
    """Counts letters once it is let."""

    def __init__(self, cancel: CancelToken) -> None:
        self.let, self.begun = threading.Event(), threading.Event()
        self.closed, self.thread = 0, threading.current_thread()
        self._cancel = cancel

    def count(self, question: str, cancel: CancelToken) -> int:
        assert threading.current_thread() is self.thread
        if question == "slow":
            self.begun.set()
            with cancel.unblocks(self.let.set):
                self.let.wait(30)
            cancel.check()
        if question == "bug":
            raise ValueError("A bug.")
        if question == "wrong":
            raise EngineError("It cannot be counted.")
        return len(question)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def made() -> list[Slow]:
    return []


@pytest.fixture
def keeper(made: list[Slow]) -> Keeper[str]:
    def make(cancel: CancelToken) -> Slow:
        made.append(Slow(cancel))
        return made[-1]

    return Keeper(make)


def test_it_is_made_by_who_waits_and_then_counts_at_once(keeper: Keeper[str], made: list[Slow]) -> None:
    assert keeper.count("one", wait=False) is None
    assert made == []
    assert keeper.count("three", wait=True) == 5
    assert keeper.count("one", wait=False) == 3
    keeper.close()
    assert [one.closed for one in made] == [1]


def test_who_does_not_wait_is_not_held_up_by_another(keeper: Keeper[str], made: list[Slow]) -> None:
    keeper.count("x", wait=True)
    other = threading.Thread(target=lambda: keeper.count("slow", wait=True))
    other.start()
    made[0].begun.wait(30)
    assert keeper.count("one", wait=False) is None
    made[0].let.set()
    other.join()
    assert keeper.count("one", wait=False) == 3
    keeper.close()


def test_after_a_failure_it_is_made_anew(keeper: Keeper[str], made: list[Slow]) -> None:
    with pytest.raises(EngineError, match="cannot be counted"):
        keeper.count("wrong", wait=True)
    assert made[0].closed == 1
    assert keeper.count("two", wait=False) is None
    assert keeper.count("two", wait=True) == 3
    assert len(made) == 2
    keeper.close()


def test_a_bug_is_told_and_nobody_waits_for_ever(keeper: Keeper[str], made: list[Slow]) -> None:
    with pytest.raises(EngineError, match=r"cannot be counted: A bug\."):
        keeper.count("bug", wait=True)
    assert keeper.count("two", wait=True) == 3
    assert len(made) == 2
    keeper.close()


def test_what_cannot_be_made_is_told_to_each_who_asks() -> None:
    def make(_cancel: CancelToken) -> Slow:
        raise EngineError("There is no engine.")

    keeper: Keeper[str] = Keeper(make)
    for _ in range(2):
        with pytest.raises(EngineError, match="no engine"):
            keeper.count("x", wait=True)
    keeper.close()


def test_closing_ends_what_counts_and_who_waits(keeper: Keeper[str], made: list[Slow]) -> None:
    told: list[type[BaseException]] = []

    def ask() -> None:
        try:
            keeper.count("slow", wait=True)
        except Cancelled as error:
            told.append(type(error))

    other = threading.Thread(target=ask)
    other.start()
    until(lambda: bool(made) and made[0].begun.is_set())
    keeper.close()
    other.join()
    assert told == [Cancelled]
    assert made[0].closed == 1
    with pytest.raises(Cancelled):
        keeper.count("x", wait=True)
    keeper.close()


def test_who_waits_may_leave_and_what_was_begun_is_kept(keeper: Keeper[str], made: list[Slow]) -> None:
    cancel, told = CancelToken(), list[type[BaseException]]()

    def ask() -> None:
        try:
            keeper.count("slow", wait=True, cancel=cancel)
        except Cancelled as error:
            told.append(type(error))

    other = threading.Thread(target=ask)
    other.start()
    until(lambda: bool(made) and made[0].begun.is_set())
    cancel.cancel()
    other.join()
    assert told == [Cancelled]
    made[0].let.set()
    assert keeper.count("three", wait=True) == 5
    assert len(made) == 1
    keeper.close()


def test_it_ends_when_nobody_asks(made: list[Slow]) -> None:
    def make(cancel: CancelToken) -> Slow:
        made.append(Slow(cancel))
        return made[-1]

    keeper = Keeper(make, idle_seconds=0.02)
    keeper.count("x", wait=True)
    until(lambda: bool(made[0].closed))
    assert keeper.count("x", wait=True) == 1
    keeper.close()
    assert [one.closed for one in made] == [1, 1]
