"""Which counts are none: fewer tokens than came, more than there can be."""

from __future__ import annotations

import pytest

from tests.unit.cloud.spending.place import PRICE
from workbench.cloud.provider import Billed
from workbench.cloud.spending.money import Bounds, CallState, Entry, Purpose
from workbench.cloud.spending.service import settled

CALL = Entry("1", 0.0, "own", "m", Purpose.ESCALATION, CallState.RESERVED, 5000, 5000, price=PRICE)
BOUNDS = Bounds(Billed(100, None, None, 250), Billed(10_000, None, None, 16_000))
OURS = Billed(400, None, None, 1000)


@pytest.mark.parametrize(
    ("told", "state", "cost"),
    [
        (Billed(400, None, None, 500), CallState.SETTLED, 360),
        (Billed(100, None, None, 250), CallState.SETTLED, 165),
        (Billed(0, None, None, 0), CallState.ESTIMATED, 660),
        (Billed(400, None, None, 249), CallState.ESTIMATED, 660),
        (Billed(1000, None, None, 0), CallState.ESTIMATED, 750),  # the larger of each
        (Billed(0, None, None, 0, cost_micros=0), CallState.ESTIMATED, 660),
        (Billed(0, None, None, 0, cost_micros=30), CallState.SETTLED, 30),
        (Billed(400, None, None, 500, cost_micros=0), CallState.SETTLED, 0),
        (Billed(10_000, None, None, 16_000), CallState.SETTLED, 11_100),
        (Billed(10_001, None, None, 500), CallState.ASSUMED, 5000),
        (Billed(400, None, None, 16_001), CallState.ASSUMED, 5000),
        (Billed(400, None, None, 500, cost_micros=11_101), CallState.ASSUMED, 5000),
    ],
)
def test_within_bounds_it_is_a_count(told: Billed, state: CallState, cost: int) -> None:
    ending = settled(CALL, told, OURS, "", BOUNDS)
    assert (ending.state, ending.cost_micros) == (state, cost)
    assert bool(ending.error) == (state is CallState.ASSUMED)


def test_less_than_came_is_the_most_where_our_own_count_is_none() -> None:
    ending = settled(CALL, Billed(400, None, None, 0), None, "cut", BOUNDS)
    assert (ending.state, ending.cost_micros, ending.error) == (CallState.ASSUMED, 5000, "cut")
