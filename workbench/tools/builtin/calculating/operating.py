"""What operators do with values of each kind. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from workbench.tools.builtin.calculating import dates, functions, measures, numbers
from workbench.tools.builtin.calculating.values import CalculationError, Measure, Moment, Number, Percent, Value, Work

_HUNDREDTH: Final = Number(Fraction(1, 100))
_KEEP_UNITS: Final = frozenset({"abs", "min", "max", "sum", "mean", "average", "median", "round", "floor", "ceil"})


def as_number(value: Value) -> Number:
    """Raises `CalculationError` for what is none."""
    match value:
        case Number():
            return value
        case Percent(number):
            return Number(number.value / 100, number.exact)
        case Measure():
            return measures.plain(value)
        case _:
            raise CalculationError("A number is needed here, not a date.")


def _settled(value: Value) -> Value:
    return as_number(value) if isinstance(value, Percent) else value


def added(one: Value, other: Value, sign: int, work: Work) -> Value:
    """``sign`` -1: subtracted. 150 + 20% is 20% of 150 more."""
    if isinstance(other, Percent) and not isinstance(one, Percent | Moment):
        work.note("a percentage was added to or taken from what stands before it")
        share = numbers.multiply(other.value, _HUNDREDTH, work)
        return added(one, combined("*", one, share, work), sign, work)
    match one, other:
        case Percent(), Percent():
            return Percent(_number_added(one.value, other.value, sign, work))
        case Moment(), _:
            return _to_date(one, other, sign, work)
        case _, Moment() if sign > 0:
            return _to_date(other, one, sign, work)
        case Measure(), Measure():
            return measures.added(one, other, work) if sign > 0 else measures.subtracted(one, other, work)
        case Measure(), _:
            return added(one, measures.measure(as_number(other), measures.unit("dimensionless")), sign, work)
        case _, Measure():
            return added(measures.measure(as_number(one), measures.unit("dimensionless")), other, sign, work)
    return _number_added(as_number(one), as_number(other), sign, work)


def _number_added(one: Number, other: Number, sign: int, work: Work) -> Number:
    return numbers.add(one, other, work) if sign > 0 else numbers.subtract(one, other, work)


def _to_date(one: Moment, other: Value, sign: int, work: Work) -> Value:
    match other:
        case Moment() if sign < 0:
            return dates.apart(one, other, work)
        case Measure():
            return dates.later(one, other, work, sign)
        case Number():
            work.note("a number beside a date was taken for days")
            return dates.later(one, measures.measure(other, measures.unit("day")), work, sign)
        case _:
            raise CalculationError("Only a time, such as 45 days or 3 months, can be added to a date.")


def combined(sign: str, one: Value, other: Value, work: Work) -> Value:
    """``sign``: ``*``, ``/``, ``//`` or ``mod``."""
    one, other = _settled(one), _settled(other)
    if isinstance(one, Measure) or isinstance(other, Measure):
        return _measures_combined(sign, one, other, work)
    return _NUMBERS[sign](as_number(one), as_number(other), work)


_NUMBERS: Final = {
    "*": numbers.multiply,
    "/": numbers.divide,
    "//": numbers.whole_parts,
    "mod": numbers.remainder,
}


def _measures_combined(sign: str, one: Value, other: Value, work: Work) -> Value:
    match sign, one, other:
        case "*", Measure(), Measure():
            return measures.multiplied(one, other, work)
        case "*", Measure(), Number():
            return scaled(one, other, work)
        case "*", Number(), Measure():
            return scaled(other, one, work)
        case "/", Measure(), Measure():
            return measures.divided(one, other, work)
        case "/", Measure(), Number():
            return measures.scaled(one, numbers.divide(numbers.of_int(1), other, work), work)
        case "/", Number(), Measure():
            return measures.shared(one, other, work)
        case _:
            raise CalculationError("This cannot be done with a number that has a unit, or with a date.")


def scaled(one: Measure, factor: Number, work: Work) -> Measure:
    """A unit that stands alone takes the number as its own, so that 20 °C are no product."""
    if one.quantity.magnitude == 1:
        return measures.measure(factor, one.quantity.units)
    return measures.scaled(one, factor, work)


def negated(value: Value) -> Value:
    match value:
        case Number():
            return replace(value, value=-value.value)
        case Percent(number):
            return Percent(replace(number, value=-number.value))
        case Measure():
            return measures.measure(Number(-measures.in_units(value)[0], value.exact), value.quantity.units)
        case _:
            raise CalculationError("A date cannot be negative.")


def raised(base: Value, exponent: Number, work: Work) -> Value:
    if isinstance(base, Measure):
        return measures.raised(base, exponent, work)
    return numbers.power(as_number(base), exponent, work)


def called(name: str, arguments: Sequence[Value], work: Work) -> Value:
    """Some functions leave units as they are: the sum of lengths is a length."""
    first = arguments[0]
    if not isinstance(first, Measure) or name not in _KEEP_UNITS:
        return functions.call(name, [as_number(one) for one in arguments], work)
    own = measures.measure(numbers.of_int(1), first.quantity.units)
    same = [_in(one, own, work) for one in arguments]
    return measures.measure(functions.call(name, same, work), first.quantity.units)


def _in(value: Value, own: Measure, work: Work) -> Number:
    if isinstance(value, Measure):
        found = measures.converted(value, own, work)
        return Number(measures.in_units(found)[0], found.exact)
    return as_number(value)
