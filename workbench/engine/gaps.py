"""Notices that this process stood still: the machine slept, its lid was closed, or the process was stopped.

Timers use a clock that stands still while the machine sleeps; this looks at one that goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable

# On Linux `time.monotonic` stands still in sleep, as it does on macOS; these go on. Windows has no other clock.
_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def seconds_since_boot() -> float:
    """Goes on while the machine sleeps, where the system has such a clock, and never jumps."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


class Gaps:
    """``longest_seconds``: two looks that lie further apart had a sleep between them."""

    def __init__(self, longest_seconds: float, clock: Callable[[], float] = seconds_since_boot) -> None:
        self._longest_seconds = longest_seconds
        self._clock = clock
        self._seen = clock()

    def slept(self) -> bool:
        """Whether this process stood still since the last look."""
        before, self._seen = self._seen, self._clock()
        return self._seen - before > self._longest_seconds
