"""The functions that an expression may call. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Final

from workbench.tools.builtin.calculating import numbers
from workbench.tools.builtin.calculating.numbers import PRECISE, decimal, rounded
from workbench.tools.builtin.calculating.values import MOST_BITS, CalculationError, Number, Work

_COST: Final = 40_000  # of a series, as bits
_LARGEST_ANGLE: Final = 10**20
_NOTHING: Final = Decimal(10) ** -45

Function = Callable[[Sequence[Number], Work], Number]


def call(name: str, arguments: Sequence[Number], work: Work) -> Number:
    """Raises `CalculationError` for a wrong number of arguments, and for what has no value."""
    function, least, most = FUNCTIONS[name]
    if not least <= len(arguments) <= most:
        wanted = f"{least}" if least == most else f"{least} or more" if most > 99 else f"{least} to {most}"
        raise CalculationError(f"{name} takes {wanted} numbers, not {len(arguments)}.")
    with localcontext(PRECISE):
        return function(arguments, work)


_SCALES: Final = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
}


def factorial(of: Number, work: Work) -> Number:
    """Raises `CalculationError` for what has none, or one that is too large."""
    count = _whole(of, "A factorial")
    if count < 0:
        raise CalculationError("Only whole numbers from 0 have a factorial.")
    bits = math.lgamma(min(count, 10**9) + 1) / math.log(2)
    if bits > MOST_BITS:
        raise numbers.too_large(bits * math.log10(2))
    work.spend(int(bits))
    return numbers.of_int(math.factorial(count))


@lru_cache(maxsize=1)
def pi() -> Decimal:
    """Machin's formula."""
    with localcontext(PRECISE):
        return 16 * _arctan(Decimal(1) / 5) - 4 * _arctan(Decimal(1) / 239)


def constant(name: str) -> Number | None:
    """None for one that is not known."""
    with localcontext(PRECISE):
        match name:
            case "pi" | "π":
                return rounded(pi())
            case "tau" | "τ":
                return rounded(2 * pi())
            case "e":
                return rounded(Decimal(1).exp())
            case _:
                scale = _SCALES.get(name.lower())
                return None if scale is None else numbers.of_int(scale)


def _whole(number: Number, what: str) -> int:
    if number.value.denominator != 1:
        raise CalculationError(f"{what} needs whole numbers.")
    return number.value.numerator


def _is_small(term: Decimal, total: Decimal) -> bool:
    return not term or term.adjusted() < total.adjusted() - PRECISE.prec - 2


def _arctan(value: Decimal) -> Decimal:
    halved = 0
    while abs(value) > Decimal("0.1"):
        value, halved = value / (1 + (1 + value * value).sqrt()), halved + 1
    total = power = value
    square, count = value * value, 1
    while not _is_small(power, total):
        power, count = -power * square, count + 2
        total += power / count
    return total * Decimal(2) ** halved


def _sine(angle: Decimal) -> Decimal:
    rest = angle - (angle / (2 * pi())).to_integral_value() * 2 * pi()
    total = term = rest
    count = 1
    while not _is_small(term, total):
        term, count = -term * rest * rest / ((count + 1) * (count + 2)), count + 2
        total += term
    return Decimal(0) if abs(total) < _NOTHING else total


def _angle(number: Number, work: Work) -> Decimal:
    if abs(number.value) > _LARGEST_ANGLE:
        raise CalculationError("This angle is too large.")
    work.spend(_COST)
    if number.value and number.exact:
        work.note("angles are in radians; write sin(30 deg) for degrees")
    return decimal(number.value)


def _sin(given: Sequence[Number], work: Work) -> Number:
    return given[0] if not given[0].value else rounded(_sine(_angle(given[0], work)))


def _cos(given: Sequence[Number], work: Work) -> Number:
    if not given[0].value:
        return numbers.of_int(1)
    return rounded(_sine(_angle(given[0], work) + pi() / 2))


def _tan(given: Sequence[Number], work: Work) -> Number:
    below = _cos(given, work)
    if not below.value:
        raise CalculationError("The tangent of this angle is not a number.")
    return numbers.divide(_sin(given, work), below, work)


def _asin(given: Sequence[Number], work: Work) -> Number:
    value = given[0].value
    if abs(value) > 1:
        raise CalculationError("Only numbers from -1 to 1 have an arc sine or arc cosine.")
    work.spend(_COST)
    if abs(value) == 1:
        return rounded(pi() / 2 * int(value))
    found = decimal(value)
    return rounded(_arctan(found / (1 - found * found).sqrt()))


def _acos(given: Sequence[Number], work: Work) -> Number:
    return rounded(pi() / 2 - decimal(_asin(given, work).value))


def _atan(given: Sequence[Number], work: Work) -> Number:
    work.spend(_COST)
    return given[0] if not given[0].value else rounded(_arctan(decimal(given[0].value)))


def _exp(given: Sequence[Number], work: Work) -> Number:
    if not given[0].value:
        return numbers.of_int(1)
    if abs(given[0].value) > 100_000:
        raise numbers.too_large(math.copysign(43_429, given[0].value))
    work.spend(_COST)
    return rounded(decimal(given[0].value).exp())


def _ln(given: Sequence[Number], work: Work) -> Number:
    if given[0].value <= 0:
        raise CalculationError("Only numbers above zero have a logarithm.")
    work.spend(_COST)
    return numbers.of_int(0) if given[0].value == 1 else rounded(decimal(given[0].value).ln())


def _log(given: Sequence[Number], work: Work) -> Number:
    """Of a base, 10 where none is given."""
    base = given[1] if len(given) > 1 else numbers.of_int(10)
    if len(given) == 1:
        work.note("log is of base 10; ln is the natural one")
    if base.value <= 0 or base.value == 1:
        raise CalculationError("The base of a logarithm is above zero, and not 1.")
    found = numbers.divide(_ln(given[:1], work), _ln([base], work), work)
    near = Fraction(round(found.value))
    small = given[0].exact and base.exact and abs(near) <= 1_000 and abs(base.value) <= 10**6
    return Number(near) if small and base.value**near.numerator == given[0].value else found


def _rounded_to(given: Sequence[Number], work: Work) -> Number:
    """Halves away from zero, as people round."""
    places = _whole(given[1], "Rounding") if len(given) > 1 else 0
    if abs(places) > 1_000:
        raise CalculationError("A number is rounded to at most 1,000 places.")
    scale = Fraction(10) ** places
    scaled = abs(given[0].value) * scale
    found = Fraction(math.floor(scaled + Fraction(1, 2))) / scale
    return numbers.checked(-found if given[0].value < 0 else found, work, exact=True)


def _mean(given: Sequence[Number], work: Work) -> Number:
    return numbers.divide(_sum(given, work), numbers.of_int(len(given)), work)


def _sum(given: Sequence[Number], work: Work) -> Number:
    total = given[0]
    for one in given[1:]:
        total = numbers.add(total, one, work)
    return total


def _median(given: Sequence[Number], work: Work) -> Number:
    ranked, middle = sorted(given, key=lambda one: one.value), len(given) // 2
    return ranked[middle] if len(given) % 2 else _mean(ranked[middle - 1 : middle + 1], work)


def _variance(given: Sequence[Number], work: Work) -> Number:
    mean = _mean(given, work)
    apart = [numbers.subtract(one, mean, work) for one in given]
    squares = [numbers.multiply(one, one, work) for one in apart]
    work.note("variance and stdev are of a sample (divided by n - 1)")
    return numbers.divide(_sum(squares, work), numbers.of_int(len(given) - 1), work)


def _chosen(given: Sequence[Number], work: Work) -> Number:
    many, few = (_whole(one, "A choice") for one in given)
    if not 0 <= few <= many or many > 1_000_000:
        raise CalculationError("Choices are of 0 to n out of n, at most 1,000,000.")
    few = min(few, many - few)
    if few * max(1, many).bit_length() > MOST_BITS:
        raise CalculationError("The result has too many digits to be written out.")
    work.spend(few * max(1, many).bit_length())
    return numbers.of_int(math.comb(many, few))


def _arranged(given: Sequence[Number], work: Work) -> Number:
    few = Number(given[1].value)
    return numbers.multiply(_chosen(given, work), factorial(few, work), work)


def _of_whole(function: Callable[..., int]) -> Function:
    def called(given: Sequence[Number], work: Work) -> Number:
        return numbers.checked(Fraction(function(*(_whole(one, "This") for one in given))), work, exact=True)

    return called


def _part(function: Callable[[Fraction], int]) -> Function:
    return lambda given, _work: numbers.of_int(function(given[0].value))


def _root(given: Sequence[Number], work: Work) -> Number:
    return numbers.root(given[0], given[1], work)


def _root_of(degree: int) -> Function:
    return lambda given, work: numbers.root(numbers.of_int(degree), given[0], work)


_MANY: Final = 1_000
FUNCTIONS: Final[Mapping[str, tuple[Function, int, int]]] = {
    "sqrt": (_root_of(2), 1, 1),
    "cbrt": (_root_of(3), 1, 1),
    "root": (_root, 2, 2),
    "pow": (lambda given, work: numbers.power(given[0], given[1], work), 2, 2),
    "exp": (_exp, 1, 1),
    "ln": (_ln, 1, 1),
    "log": (_log, 1, 2),
    "natural_log": (lambda given, work: (_log if len(given) > 1 else _ln)(given, work), 1, 2),
    "log_10": (lambda given, work: _log([given[0], numbers.of_int(10)], work), 1, 1),
    "log10": (lambda given, work: _log([given[0], numbers.of_int(10)], work), 1, 1),
    "log2": (lambda given, work: _log([given[0], numbers.of_int(2)], work), 1, 1),
    "sin": (_sin, 1, 1),
    "cos": (_cos, 1, 1),
    "tan": (_tan, 1, 1),
    "asin": (_asin, 1, 1),
    "acos": (_acos, 1, 1),
    "atan": (_atan, 1, 1),
    "arcsin": (_asin, 1, 1),
    "arccos": (_acos, 1, 1),
    "arctan": (_atan, 1, 1),
    "abs": (lambda given, _work: Number(abs(given[0].value), given[0].exact), 1, 1),
    "sign": (_part(lambda value: (value > 0) - (value < 0)), 1, 1),
    "floor": (_part(math.floor), 1, 1),
    "ceil": (_part(math.ceil), 1, 1),
    "trunc": (_part(math.trunc), 1, 1),
    "round": (_rounded_to, 1, 2),
    "mod": (lambda given, work: numbers.remainder(given[0], given[1], work), 2, 2),
    "min": (lambda given, _work: min(given, key=lambda one: one.value), 1, _MANY),
    "max": (lambda given, _work: max(given, key=lambda one: one.value), 1, _MANY),
    "sum": (_sum, 1, _MANY),
    "mean": (_mean, 1, _MANY),
    "average": (_mean, 1, _MANY),
    "median": (_median, 1, _MANY),
    "variance": (_variance, 2, _MANY),
    "stdev": (lambda given, work: numbers.root(numbers.of_int(2), _variance(given, work), work), 2, _MANY),
    "gcd": (_of_whole(math.gcd), 1, _MANY),
    "lcm": (_of_whole(math.lcm), 1, 20),
    "factorial": (lambda given, work: factorial(given[0], work), 1, 1),
    "comb": (_chosen, 2, 2),
    "choose": (_chosen, 2, 2),
    "ncr": (_chosen, 2, 2),
    "perm": (_arranged, 2, 2),
    "npr": (_arranged, 2, 2),
}
"""Name: function, fewest and most arguments."""
