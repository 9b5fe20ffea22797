"""Amounts of money as a person reads and types them. Exact: text and integers in millionths, never a float. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from workbench.cloud.provider import MILLION
from workbench.errors import UsageError

MOST_MICROS: Final = 1_000_000 * MILLION
"""What a cap may be at most: a million."""

_AMOUNT: Final = re.compile(r"(?:[0-9]{1,12}(?:\.[0-9]*)?|\.[0-9]+)")
_PLACES: Final = 6


def micros_of(text: str) -> int:
    """``0.5`` is 500_000. Raises `UsageError` for what is no plain amount from 0 to a million, or is cut finer than a
    millionth."""
    typed = text.strip().removeprefix("$")
    if not _AMOUNT.fullmatch(typed):
        raise UsageError(f"{text!r} is no amount.", hint="Give it in dollars with a point, for example 2 or 0.50.")
    micros = Decimal(typed) * MILLION
    if micros != micros.to_integral_value():
        raise UsageError(f"{text!r} is too fine: a millionth of a dollar is the least.", hint="Give fewer decimals.")
    if micros > MOST_MICROS:
        raise UsageError(f"{text!r} is too much.", hint="A cap is at most a million dollars.")
    return int(micros)


def plain(micros: int) -> str:
    """Exactly, without a currency, at least two decimals: ``0.50``, ``0.001234``."""
    sign, whole = ("-" if micros < 0 else ""), abs(micros)
    decimals = f"{whole % MILLION:0{_PLACES}d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole // MILLION}.{decimals}"


def words(micros: int) -> str:
    """Exactly: ``$0.001234``."""
    return f"-${plain(-micros)}" if micros < 0 else f"${plain(micros)}"


def short(micros: int) -> str:
    """As short as it is told honestly: cents from a dollar on, below it two digits that count; rounded up."""
    return words(_rounded(micros, up=True))


def short_left(micros: int) -> str:
    """As `short`, rounded down: of what may still be spent."""
    return words(_rounded(micros, up=False))


def _rounded(micros: int, *, up: bool) -> int:
    if micros <= 0:
        return micros
    step = MILLION // 100
    while step > 1 and micros < step * 10 and micros % step:
        step //= 10
    whole, rest = divmod(micros, step)
    return (whole + (1 if up and rest else 0)) * step
