"""Several at once, and ends in between: in threads and in processes of their own."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.cloud.spending.place import MODEL, Place
from workbench.cloud.provider import Billed
from workbench.cloud.spending.money import CallState, CapKind, OverCapError, Purpose
from workbench.ownership import this_process

MANY = 8
NEAR = 1_980_000  # 99 % of the usual cap of a day


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = Place(tmp_path / "workbench.db")
    yield found
    found.database.close()


def start(what: str, place: Place, micros: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "tests.unit.cloud.spending.place", what, str(place.database.path), str(micros)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def nearly_spent(place: Place) -> None:
    for micros in (500_000, 500_000, 500_000, NEAR - 1_500_000):
        place.paid(micros)


@pytest.mark.parametrize(("micros", "fit"), [(20_000, 1), (6000, 3), (20_001, 0)])
def test_eight_threads_at_99_percent_of_a_cap_never_pass_it(place: Place, micros: int, fit: int) -> None:
    nearly_spent(place)
    begin, passed = threading.Barrier(MANY), list[str]()

    def ask() -> None:
        ledger = place.opened()
        begin.wait()
        try:
            while True:
                passed.append(ledger.reserve(MODEL, micros, Purpose.ESCALATION))
        except OverCapError:
            pass

    threads = [threading.Thread(target=ask) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == fit
    assert place.total == NEAR + fit * micros <= 2_000_000


def test_eight_processes_at_99_percent_of_a_cap_never_pass_it(place: Place) -> None:
    nearly_spent(place)
    others = [start("reserve", place, 1500) for _ in range(MANY)]
    try:
        assert [line(other) for other in others] == ["ready"] * MANY
        for other in others:
            go(other)
        counts = [int(line(other)) for other in others]
        assert sum(counts) == 13  # of 20 000 that are left
        assert place.total == NEAR + 13 * 1500
        assert place.ledger.recover() == 0  # they live
    finally:
        for other in others:
            other.communicate("end\n")
    still_open = sum(count // 2 for count in counts)
    assert place.ledger.recover() == still_open  # and now they do not
    assert place.total == NEAR + 13 * 1500


def test_what_a_killed_process_left_open_is_assumed_at_its_most(place: Place) -> None:
    own = place.call(10)
    process = start("die", place, 300_000)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    (left,) = (entry for entry in place.ledger.entries() if entry.id != own)
    assert (left.state, left.cost_micros) == (CallState.RESERVED, 300_000)  # it counts before anybody looks
    assert place.ledger.recover() == 1
    assumed = place.ledger.entries()[0]
    assert (assumed.id, assumed.state, assumed.cost_micros) == (left.id, CallState.ASSUMED, 300_000)
    assert assumed.error
    assert assumed.ended_at is not None
    assert place.ledger.recover() == 0
    assert place.ledger.settle(left.id, Billed(cost_micros=1)) == assumed  # too late
    states = {entry.id: entry.state for entry in place.ledger.entries()}
    assert states[own] is CallState.RESERVED


def test_a_number_of_a_process_that_is_used_again_is_not_mistaken(place: Place) -> None:
    call = place.call(10)
    with place.database.write() as tx:
        process = this_process().partition("@")[0]
        tx.execute("UPDATE cloud_calls SET owner = ?", (f"{process}@1.00",))
    assert place.ledger.recover() == 1
    assert place.ledger.settle(call, None).state is CallState.ASSUMED


def test_of_many_that_settle_the_same_call_one_wins(place: Place) -> None:
    for _ in range(5):
        call = place.call(1000)
        begin = threading.Barrier(MANY)
        told = list[int]()

        def end(cost: int, call: str = call, begin: threading.Barrier = begin, told: list[int] = told) -> None:
            begin.wait()
            told.append(place.ledger.settle(call, Billed(cost_micros=cost)).cost_micros)

        threads = [threading.Thread(target=end, args=(cost,)) for cost in range(MANY)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(told)) == 1


def test_a_request_that_fits_alone_waits_for_nobodys_money(place: Place) -> None:
    """A reservation that turns out cheaper frees the rest at once."""
    place.ledger.set_cap(CapKind.DAY, 500_000)
    call = place.call(500_000)
    with pytest.raises(OverCapError):
        place.call(1)
    place.ledger.settle(call, Billed(cost_micros=1000))
    assert place.ledger.remaining("groq").micros == 499_000
