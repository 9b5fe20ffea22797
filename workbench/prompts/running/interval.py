"""How much a share of so few tells. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """``passed`` of ``asked``. ``low`` and ``high``: Wilson's interval, in which the true share lies 95 times in 100."""

    passed: int
    asked: int

    @property
    def low(self) -> float:
        return _wilson(self.passed, self.asked)[0]

    @property
    def high(self) -> float:
        return _wilson(self.passed, self.asked)[1]

    @property
    def words(self) -> str:
        return f"{self.passed} of {self.asked}"


def compared(now: Share, before: Share) -> str:
    """``better``, ``worse``, or ``cannot be told apart``: by Newcombe's interval of the difference, at 95 %."""
    if not now.asked or not before.asked:
        return CANNOT_TELL
    one, other = now.passed / now.asked, before.passed / before.asked
    difference = one - other
    low = difference - math.hypot(one - now.low, before.high - other)
    high = difference + math.hypot(now.high - one, other - before.low)
    if low > 0:
        return "better"
    return "worse" if high < 0 else CANNOT_TELL


CANNOT_TELL = "cannot be told apart"


def _wilson(passed: int, asked: int) -> tuple[float, float]:
    if not asked:
        return 0.0, 1.0
    share, squared = passed / asked, Z95 * Z95
    centre = (share + squared / (2 * asked)) / (1 + squared / asked)
    half = Z95 * math.sqrt(share * (1 - share) / asked + squared / (4 * asked * asked)) / (1 + squared / asked)
    return max(0.0, centre - half), min(1.0, centre + half)
