"""Prices as providers write them, as exact integers. Pure."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any, Final

from workbench.cloud.provider import MILLION

MOST_MICROS: Final = 100_000 * MILLION
"""Of a million tokens: what is dearer is a mistake, not a price."""
_DIGITS: Final = 60


def micros_of(price: Any, tokens: int) -> int | None:
    """Millionths for a million tokens, of the price for ``tokens`` in whole units: a text or a `Decimal`. Rounded up, so
    that no price is told lower than it is. None for what is no price: negative, not finite, or beyond all reason."""
    amount = _amount(price)
    if amount is None or not amount.is_finite() or amount < 0:
        return None
    if amount and not -_DIGITS < amount.adjusted() < _DIGITS:
        return None
    micros = (amount * MILLION * MILLION / tokens).to_integral_value(rounding=ROUND_CEILING)
    return int(micros) if micros <= MOST_MICROS else None


def _amount(price: Any) -> Decimal | None:
    if isinstance(price, bool) or not isinstance(price, str | int | Decimal):
        return None
    if isinstance(price, str) and (len(price) > _DIGITS or not price.isascii()):
        return None
    try:
        return Decimal(price)
    except InvalidOperation:
        return None
