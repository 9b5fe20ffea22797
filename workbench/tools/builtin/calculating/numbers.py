"""Arithmetic that stays exact as long as it can, and small. Pure."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from typing import Final

from workbench.tools.builtin.calculating.values import MOST_BITS, MOST_EXPONENT, CalculationError, Number, Work

DIGITS: Final = 50  # that what cannot be exact is rounded to
PRECISE: Final = Context(prec=DIGITS + 15, rounding=ROUND_HALF_EVEN, Emax=999_999, Emin=-999_999, traps=[])
_MOST_ROOT: Final = 64
_MOST_BITS_OF_A_ROOT: Final = 4_096
_LOG10_OF_2: Final = math.log10(2)


def of_int(value: int) -> Number:
    return Number(Fraction(value))


def decimal(value: Fraction) -> Decimal:
    """Rounded to a few digits more than are kept."""
    return PRECISE.divide(Decimal(value.numerator), Decimal(value.denominator))


def rounded(value: Decimal) -> Number:
    """As what is not exact is kept. Raises `CalculationError` for what is not a number or too large."""
    if not value.is_finite():
        raise CalculationError("The result is not a number, or too large.")
    kept = Context(prec=DIGITS).plus(value)
    if kept and abs(kept.adjusted()) > MOST_EXPONENT:
        raise too_large(kept.adjusted())
    return Number(Fraction(kept), exact=False)


def too_large(digits: float) -> CalculationError:
    if digits < 0:
        return CalculationError("The result is too near to zero to be written out.")
    return CalculationError(f"The result has about {digits:,.0f} digits: too many to be written out.")


def checked(value: Fraction, work: Work, *, exact: bool) -> Number:
    """Raises `CalculationError` for a value that is too large."""
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    work.spend(bits)
    if not exact:
        return rounded(decimal(value))
    if bits > MOST_BITS:
        raise too_large(bits * _LOG10_OF_2)
    return Number(value)


def add(one: Number, other: Number, work: Work) -> Number:
    return checked(one.value + other.value, work, exact=one.exact and other.exact)


def subtract(one: Number, other: Number, work: Work) -> Number:
    return checked(one.value - other.value, work, exact=one.exact and other.exact)


def multiply(one: Number, other: Number, work: Work) -> Number:
    return checked(one.value * other.value, work, exact=one.exact and other.exact)


def divide(one: Number, other: Number, work: Work) -> Number:
    """Raises `CalculationError` for a division by zero."""
    if not other.value:
        raise CalculationError("Nothing can be divided by zero.")
    return checked(one.value / other.value, work, exact=one.exact and other.exact)


def whole_parts(one: Number, other: Number, work: Work) -> Number:
    """How often ``other`` fits into ``one``, rounded down."""
    return of_int(math.floor(divide(one, other, work).value))


def remainder(one: Number, other: Number, work: Work) -> Number:
    """What is left, with the sign of ``other``."""
    return subtract(one, multiply(whole_parts(one, other, work), other, work), work)


# Powers and roots -----------------------------------------------------------------------------------------------------


def power(base: Number, exponent: Number, work: Work) -> Number:
    """Exact where it can be. Raises `CalculationError` for what is no real number, and for what is too large."""
    if exponent.value.denominator == 1 and exponent.exact:
        return _whole_power(base, exponent.value.numerator, work)
    if base.value < 0:
        raise CalculationError("A negative number has no real power of this kind; write root(3, -8) for a real root.")
    if not base.value:
        return _of_zero(exponent.value)
    if exponent.exact and base.exact and exponent.value.denominator <= _MOST_ROOT:
        found = exact_root(base.value, exponent.value.denominator)
        if found is not None:
            return _whole_power(Number(found), exponent.value.numerator, work)
    return _rounded_power(base, exponent.value, work)


def _whole_power(base: Number, exponent: int, work: Work) -> Number:
    if not base.value:
        return _of_zero(Fraction(exponent))
    if abs(base.value) == 1:
        return Number(base.value ** (exponent % 2), base.exact)
    bits = max(base.value.numerator.bit_length(), base.value.denominator.bit_length())
    if base.exact and bits * abs(exponent) <= MOST_BITS:
        work.spend(bits * abs(exponent))
        return Number(base.value**exponent)
    found = _rounded_power(Number(abs(base.value)), Fraction(exponent), work)
    return Number(-found.value, exact=False) if base.value < 0 and exponent % 2 else found


def _of_zero(exponent: Fraction) -> Number:
    if exponent < 0:
        raise CalculationError("Nothing can be divided by zero.")
    return of_int(0 if exponent else 1)


def _rounded_power(base: Number, exponent: Fraction, work: Work) -> Number:
    """Of a positive base."""
    value = base.value
    if exponent.numerator.bit_length() - exponent.denominator.bit_length() > 200:
        raise CalculationError("The result is too large, or too near to zero, to be written out.")
    size = (math.log10(value.numerator) - math.log10(value.denominator)) * float(exponent)
    if abs(size) > MOST_EXPONENT:
        raise too_large(size)
    work.spend(20_000)
    with localcontext(PRECISE):
        return rounded((decimal(value).ln() * decimal(exponent)).exp())


def root(degree: Number, of: Number, work: Work) -> Number:
    """The real root. Raises `CalculationError` where there is none."""
    count = degree.value
    if count.denominator != 1 or not 1 <= count <= 1_000:
        raise CalculationError("The degree of a root is a whole number from 1 to 1,000.")
    if of.value >= 0:
        return power(of, Number(1 / count), work)
    if count.numerator % 2 == 0:
        raise CalculationError("A negative number has no real root of an even degree.")
    found = power(Number(-of.value, of.exact), Number(1 / count), work)
    return Number(-found.value, found.exact)


def exact_root(value: Fraction, degree: int) -> Fraction | None:
    """None where it is no fraction."""
    above, below = _whole_root(value.numerator, degree), _whole_root(value.denominator, degree)
    return None if above is None or below is None else Fraction(above, below)


def _whole_root(value: int, degree: int) -> int | None:
    if degree == 1 or value <= 1:
        return value
    if degree == 2:
        found = math.isqrt(value)
        return found if found * found == value else None
    if value.bit_length() > _MOST_BITS_OF_A_ROOT:
        return None
    low, high = 1, 1 << (value.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**degree <= value else (low, middle - 1)
    return low if low**degree == value else None
