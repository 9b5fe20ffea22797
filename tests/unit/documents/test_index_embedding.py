"""Vectors in the background: in portions of about half a second, and only while nothing more important goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tests.patience import until
from workbench.cancel import CancelToken
from workbench.documents.indexing.embedding import Embedding, Missing
from workbench.documents.indexing.news import News
from workbench.documents.indexing.portions import FEWEST, FIRST, MOST, WANTED_SECONDS, Portion


class Steady:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> float:
        return self.seconds


class Lacking:
    """So many passages without vectors, each of which takes ``seconds``."""

    def __init__(self, count: int, clock: Steady, seconds: float) -> None:
        self._rows = [(bytes([number % 256]), str(number)) for number in range(count)]
        self._clock = clock
        self._seconds = seconds
        self.portions: list[int] = []

    def missing(self, limit: int) -> Missing:
        return self._rows[:limit]

    def lacking(self) -> int:
        return len(self._rows)

    def embed(self, rows: Missing, _cancel: CancelToken) -> None:
        self.portions.append(len(rows))
        self._clock.seconds += self._seconds * len(rows)
        del self._rows[: len(rows)]

    def finished(self, _cancel: CancelToken) -> None: ...


def embedded(lacking: Lacking, clock: Steady, may: Callable[[], bool] = lambda: True) -> Embedding:
    one = Embedding(lacking, may, lambda: None, clock, News(lambda: None))
    one.start()
    return one


def test_a_portion_grows_and_shrinks_towards_half_a_second() -> None:
    portion = Portion()
    assert portion.count == FIRST
    assert portion.after(FIRST, WANTED_SECONDS) == portion
    assert portion.after(FIRST, 0.0).count == 2 * FIRST
    assert portion.after(FIRST, 100.0).count == FIRST // 2
    assert Portion(FEWEST).after(FEWEST, 100.0).count == FEWEST
    assert Portion(MOST).after(MOST, 0.001).count == MOST
    assert portion.after(4, WANTED_SECONDS / 12).count == 48, "the last of a folder are few, and tell as much"


def test_slow_models_are_given_less_at_once() -> None:
    clock = Steady()
    lacking = Lacking(600, clock, 0.05)
    one = embedded(lacking, clock)
    until(lambda: one.idle)
    one.close()
    assert lacking.portions[:3] == [FIRST, FIRST // 2, int(WANTED_SECONDS / 0.05)]
    assert sum(lacking.portions) == 600


def test_it_begins_when_something_more_important_has_ended() -> None:
    clock, free = Steady(), threading.Event()
    lacking = Lacking(3, clock, 0.01)
    one = embedded(lacking, clock, free.is_set)
    try:
        one.wait(0.05)
        assert not lacking.portions
        free.set()
        one.go_on()
        until(lambda: one.idle)
        assert lacking.portions == [3]
    finally:
        one.close()


def test_it_ends_while_it_waits() -> None:
    clock = Steady()
    lacking = Lacking(3, clock, 0.01)
    one = embedded(lacking, clock, lambda: False)
    one.close()
    assert not lacking.portions
