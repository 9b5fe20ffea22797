"""A result in words: exact where that can be written, else rounded and marked as such. Pure."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from typing import Final

from workbench.tools.builtin.calculating import dates, measures
from workbench.tools.builtin.calculating.numbers import decimal
from workbench.tools.builtin.calculating.values import Measure, Moment, Number, Percent, Value, Words

MOST_DIGITS: Final = 1_000  # of a whole number that is written out
ROUNDED_DIGITS: Final = 15
_MOST_PLACES: Final = 40
_MOST_OF_A_FRACTION: Final = 12
_PLAIN: Final = range(-7, 21)


def told(value: Value) -> str:
    """ "= 42", "= 1/3 ≈ 0.333333333333333", "≈ 1.4142135623731", "= 8.04672 kilometer"."""
    match value:
        case Number():
            return number_told(value)
        case Percent(number):
            part = number_told(Number(number.value / 100, number.exact))
            return f"{number_told(number)}% (as a number {part.removeprefix('= ')})"
        case Measure():
            magnitude, name = measures.in_units(value)
            amount = number_told(Number(magnitude, value.exact), fractions=False)
            return f"{amount} {name.replace('_', ' ')}".rstrip()
        case Moment():
            return f"= {dates.told(value)}"
        case Words(text):
            return f"= {text}"


def number_told(number: Number, *, fractions: bool = True) -> str:
    """``fractions`` False: 1/3 is only rounded."""
    value = number.value
    if not number.exact:
        return f"≈ {_rounded(value)}"
    if value.denominator == 1 and _digits(value.numerator) <= MOST_DIGITS:
        return f"= {value.numerator}"
    if value.denominator == 1:
        return f"≈ {_rounded(value)} ({_digits(value.numerator):,} digits)"
    places = _places(value.denominator)
    if places is not None and places <= _MOST_PLACES and _digits(value.numerator) <= 2 * _MOST_PLACES:
        return f"= {_plain(value, places)}"
    if fractions and max(_digits(value.numerator), _digits(value.denominator)) <= _MOST_OF_A_FRACTION:
        return f"= {value} ≈ {_rounded(value)}"
    return f"≈ {_rounded(value)}"


def _digits(value: int) -> int:
    """How many a whole number has."""
    return 1 if not value else decimal(Fraction(abs(value))).adjusted() + 1


def _places(denominator: int) -> int | None:
    """How many decimal places a fraction has; None: they never end."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def _plain(value: Fraction, places: int) -> str:
    whole = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{whole[:-places]}.{whole[-places:]}"


def _rounded(value: Fraction) -> str:
    found: Decimal = Context(prec=ROUNDED_DIGITS).plus(decimal(value))
    if not found or found.adjusted() in _PLAIN:
        text = f"{found:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits = f"{found:e}".lower()
    mantissa, _, exponent = digits.partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{exponent}"
