"""What an invoice says counts; what was counted first stays, and every sum and cap follows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.cloud.spending.place import MODEL, NOON, Place
from workbench.cloud.provider import Billed
from workbench.cloud.spending.money import By, CallState, CapKind, Correction, OverCapError, Purpose
from workbench.cloud.spending.store import carry_calls
from workbench.errors import UsageError


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = Place(tmp_path / "workbench.db")
    yield found
    found.database.close()


def test_the_newest_correction_counts_and_nothing_is_overwritten(place: Place) -> None:
    call = place.paid(1000, chat="c1")
    place.clock.pass_seconds(60)
    first = place.ledger.correct(call, 1500, "Invoice 7")
    assert first.correction == Correction(NOON + 60, 1000, "Invoice 7")
    place.clock.pass_seconds(60)
    second = place.ledger.correct(call[:8], 1200)
    assert (second.cost_micros, second.correction) == (1200, Correction(NOON + 120, 1000))
    assert (second.state, second.billed, second.at) == (CallState.SETTLED, Billed(), NOON)
    rows = place.database.rows("SELECT cost_micros FROM cloud_corrections ORDER BY at")
    assert [row[0] for row in rows] == [1500, 1200]
    assert place.database.rows("SELECT cost_micros FROM cloud_calls")[0][0] == 1000


def test_the_newest_correction_counts_also_after_the_clock_was_set_back(place: Place) -> None:
    call = place.paid(1000)
    place.ledger.correct(call, 1500)
    place.clock.pass_seconds(-7200)
    assert place.ledger.correct(call, 1200).cost_micros == 1200
    assert place.ledger.entries()[0].cost_micros == 1200


def test_every_sum_follows(place: Place) -> None:
    call = place.paid(1000, chat="c1")
    place.paid(10, chat="c1")
    place.ledger.correct(call, 400_000)
    for by in By:
        assert sum(total.cost_micros for total in place.ledger.totals(by)) == 400_010
        assert sum(total.calls for total in place.ledger.totals(by)) == 2
    place.ledger.set_cap(CapKind.CHAT, 500_000, "c1")
    assert place.ledger.remaining("groq", "c1").micros == 99_990
    with pytest.raises(OverCapError):
        place.call(100_000, chat="c1")
    place.ledger.correct(call, 0)
    assert place.ledger.remaining("groq", "c1").micros == 499_990


def test_what_was_not_charged_and_is_on_the_invoice_counts(place: Place) -> None:
    call = place.call(1000)
    place.ledger.release(call, "It was refused.")
    assert place.ledger.totals(By.MODEL) == ()
    place.ledger.correct(call, 700)
    (total,) = place.ledger.totals(By.MODEL)
    assert (total.calls, total.cost_micros) == (1, 700)


def test_an_answer_is_told_with_what_it_cost_in_truth(place: Place) -> None:
    call = place.ledger.reserve(MODEL, 5000, Purpose.ESCALATION, "c1", "t1")
    place.ledger.settle(call, Billed(cost_micros=900))
    place.ledger.correct(call, 950)
    entry = place.ledger.of_turn("t1")
    assert entry is not None
    assert entry.cost_micros == 950


def test_what_cannot_be_corrected_is_refused(place: Place) -> None:
    going = place.call(1000)
    with pytest.raises(UsageError, match="on its way"):
        place.ledger.correct(going, 10)
    free = place.ledger.handed_off("Claude", "c1")
    with pytest.raises(UsageError, match="own subscription"):
        place.ledger.correct(free.id, 10)
    done = place.paid(1000)
    for micros, words in ((-1, "no cost"), (10**13, "no cost"), (1000, "already")):
        with pytest.raises(UsageError, match=words):
            place.ledger.correct(done, micros)
    for prefix in ("", "zzz"):
        with pytest.raises(UsageError, match="no call"):
            place.ledger.correct(prefix, 10)
    for _more in range(20):
        place.paid(1)
    with pytest.raises(UsageError, match="Several"):
        place.ledger.correct(next(d for d in "0123456789abcdef" if _shared(place, d)), 10)
    assert place.database.rows("SELECT count(*) FROM cloud_corrections")[0][0] == 0


def _shared(place: Place, digit: str) -> bool:
    return sum(one.id.startswith(digit) for one in place.ledger.entries()) > 1


def test_corrections_come_along_where_calls_are_carried(place: Place) -> None:
    call = place.paid(1000)
    place.ledger.correct(call, 1100)
    other = Place(None)
    for _twice in range(2):
        carry_calls(place.database, other.database)
    (entry,) = other.ledger.entries()
    assert (entry.cost_micros, entry.correction) == (1100, Correction(NOON, 1000))
    other.database.close()


def test_everybody_hears_of_it(place: Place) -> None:
    call = place.paid(1000)
    place.heard.clear()
    place.ledger.correct(call, 1)
    assert len(place.heard) == 1
