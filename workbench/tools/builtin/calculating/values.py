"""What expressions are made of, and how large it may become. Pure values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from workbench.errors import ToolError

if TYPE_CHECKING:
    from typing import TypeAlias

MOST_CHARACTERS: Final = 2_000
MOST_DEPTH: Final = 40
MOST_BITS: Final = 32_768  # of a numerator or denominator: nearly 10,000 digits
MOST_WORK: Final = 4_000_000  # bits that are computed with, in all: some hundred milliseconds
MOST_EXPONENT: Final = 9_000  # of ten


class CalculationError(ToolError):
    """It cannot be calculated. Its message tells the model why, and how to write it."""

    default_hint = "The model is told, and may write it in another way."


@dataclass(frozen=True, slots=True)
class Number:
    """``exact`` False: rounded to 50 digits somewhere on the way."""

    value: Fraction
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Percent:
    """``value``: of a hundred."""

    value: Number


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with a unit: a quantity of pint, whose magnitude is a `Fraction`."""

    quantity: Any
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, ``timed``: with a time of day."""

    at: datetime
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A result that is no number: a weekday, a number in another base."""

    text: str


Value: TypeAlias = Number | Percent | Measure | Moment | Words


@dataclass(slots=True)
class Work:
    """What one calculation has cost, and what was understood on the way that could be meant in another way."""

    spent: int = 0
    notes: list[str] = field(default_factory=list)

    def spend(self, bits: int) -> None:
        """Raises `CalculationError` when it becomes too much."""
        self.spent += bits + 64
        if self.spent > MOST_WORK:
            raise CalculationError("This takes too long to calculate.")

    def note(self, words: str) -> None:
        if words not in self.notes:
            self.notes.append(words)
