"""How long the first token of a prompt takes that was not read before."""

from __future__ import annotations

import pytest

from workbench.engine.backend import cold_seconds
from workbench.messages import Finish, Finished, Timings, Usage


@pytest.mark.parametrize(
    ("tokens", "cached", "speed", "told"),
    [
        (1000, 0, 400.0, 1.4),  # as it was measured
        (1000, 100, 400.0, 1.4),
        (1000, 600, 400.0, 2.5),  # at the speed of the 400 that were read
        (1000, 990, 400.0, 0.0),  # ten tokens tell nothing
        (1000, 600, None, 0.0),
        (None, None, None, 1.4),
    ],
)
def test_what_was_read_before_does_not_count(
    tokens: int | None, cached: int | None, speed: float | None, told: float
) -> None:
    finished = Finished(Finish.LENGTH, Usage(tokens, cached, 1), Timings(None, speed))
    assert cold_seconds(1.4, finished) == pytest.approx(told)
