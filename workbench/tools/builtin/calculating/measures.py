"""Numbers with units, through pint: exact, as fractions. Nothing of it is imported before a unit is met."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from workbench.tools.builtin.calculating.numbers import checked
from workbench.tools.builtin.calculating.values import CalculationError, Measure, Number, Work

MOST_POWER: Final = 12
_LONGEST: Final = 40
_CURRENCIES: Final = frozenset(
    ("$", "€", "£", "¥", "usd", "eur", "gbp", "jpy", "chf", "cny", "inr", "dollar", "dollars", "euro", "euros", "yen")
)
_MEANT: Final = {
    **dict.fromkeys(("°C", "℃", "C", "celsius", "Celsius"), "degC"),
    **dict.fromkeys(("°F", "℉", "F", "fahrenheit", "Fahrenheit"), "degF"),
    **dict.fromkeys(("w", "wk", "wks"), "week"),
    **dict.fromkeys(("mo", "mos"), "month"),
    **dict.fromkeys(("yr", "yrs"), "year"),
    **dict.fromkeys(("hr", "hrs"), "hour"),
    **dict.fromkeys(("min", "mins"), "minute"),
    **dict.fromkeys(("sec", "secs"), "second"),
    "kmh": "kph",
    "sqm": "meter**2",
    "sqft": "foot**2",
    "cc": "cm**3",
    "floz": "fluid_ounce",
    "°": "degree",
}
"""What people write, where pint means something else or nothing by it."""
_ANGLES: Final = frozenset({"degree", "arcminute", "arcsecond", "grade", "turn"})
_LOCK = Lock()


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint  # a second, once

    return pint.UnitRegistry(non_int_type=Fraction)


def registry() -> Any:
    with _LOCK:
        return _registry()


@lru_cache(maxsize=512)
def unit(name: str) -> Any:
    """The unit of this name, as pint has it; None where there is none. Raises `CalculationError` for money."""
    if name.casefold() in _CURRENCIES:
        raise CalculationError(f"{name} is money: leave the sign out, and give the rate as a number to change it.")
    known = registry()
    for spelled in dict.fromkeys((_MEANT.get(name, name), *_folded(name))):
        if spelled.isascii() or len(spelled) <= _LONGEST:
            try:
                return known.parse_units(spelled)
            except Exception:  # noqa: BLE001, S112 - pint raises what its parser happens to raise
                continue
    return None


def _folded(name: str) -> tuple[str, ...]:
    return (name.lower(),) if len(name) > 3 else ()


def measure(number: Number, units: Any) -> Measure:
    return Measure(registry().Quantity(number.value, units), number.exact)


def multiplied(one: Measure, other: Measure, work: Work) -> Measure | Number:
    return _settled(_done(lambda: one.quantity * other.quantity), one.exact and other.exact, work)


def divided(one: Measure, other: Measure, work: Work) -> Measure | Number:
    if not other.quantity.magnitude:
        raise CalculationError("Nothing can be divided by zero.")
    return _settled(_done(lambda: one.quantity / other.quantity), one.exact and other.exact, work)


def scaled(one: Measure, factor: Number, work: Work) -> Measure:
    return _kept(_done(lambda: one.quantity * factor.value), one.exact and factor.exact, work)


def shared(number: Number, one: Measure, work: Work) -> Measure:
    """A number divided by a measure."""
    if not one.quantity.magnitude:
        raise CalculationError("Nothing can be divided by zero.")
    return _kept(_done(lambda: number.value / one.quantity), one.exact and number.exact, work)


def added(one: Measure, other: Measure, work: Work) -> Measure:
    return _kept(_done(lambda: one.quantity + other.quantity), one.exact and other.exact, work)


def subtracted(one: Measure, other: Measure, work: Work) -> Measure:
    return _kept(_done(lambda: one.quantity - other.quantity), one.exact and other.exact, work)


def raised(one: Measure, exponent: Number, work: Work) -> Measure:
    power = exponent.value
    if power.denominator != 1 or abs(power) > MOST_POWER or (power < 0 and not one.quantity.magnitude):
        raise CalculationError(f"A unit is raised to whole powers up to {MOST_POWER} only.")
    return _kept(_done(lambda: one.quantity**power.numerator), one.exact, work)


def converted(one: Measure, target: Measure, work: Work) -> Measure:
    """In the units of ``target``."""
    return _kept(_done(lambda: one.quantity.to(target.quantity.units)), one.exact, work)


def same_kind(one: Measure, other: Measure) -> bool:
    return bool(one.quantity.check(other.quantity.dimensionality))


def plain(one: Measure) -> Number:
    """A measure without dimension as a number, angles in radians. Raises `CalculationError` for one that has some."""
    angle = any(str(name) in _ANGLES for name, _power in one.quantity.unit_items())
    return Number(_magnitude(_done(lambda: one.quantity.to(""))), one.exact and not angle)


def seconds(one: Measure) -> Fraction | None:
    """None where it is no time."""
    if not one.quantity.check("[time]"):
        return None
    return _magnitude(one.quantity.to("second"))


def in_units(one: Measure) -> tuple[Fraction, str]:
    """Magnitude, and the unit's name."""
    return _magnitude(one.quantity), _named([(str(name), Fraction(power)) for name, power in one.quantity.unit_items()])


def _named(items: Sequence[tuple[str, Fraction]]) -> str:
    """ "kilogram·meter^2/second^2"."""
    above = "·".join(_powered(name, power) for name, power in items if power > 0)
    below = "".join(f"/{_powered(name, -power)}" for name, power in items if power < 0)
    return f"{above or '1'}{below}" if below else above


def _powered(name: str, power: Fraction) -> str:
    return name if power == 1 else f"{name}^{power}"


def _settled(quantity: Any, exact: bool, work: Work) -> Measure | Number:
    """What has no dimension is a number; units of one kind are brought together."""
    if quantity.dimensionless:
        return plain(_kept(quantity, exact, work))
    return _kept(_done(quantity.to_reduced_units), exact, work)


def _kept(quantity: Any, exact: bool, work: Work) -> Measure:
    number = checked(_magnitude(quantity), work, exact=exact)
    return Measure(registry().Quantity(number.value, quantity.units), exact)


def _magnitude(quantity: Any) -> Fraction:
    return Fraction(quantity.magnitude)


def _done(action: Any) -> Any:
    """Raises `CalculationError` for what units do not allow."""
    import pint

    try:
        return action()
    except pint.DimensionalityError as error:
        one, other = _told(error.units1), _told(error.units2)
        raise CalculationError(f"{one} and {other} do not go together.") from error
    except pint.OffsetUnitCalculusError as error:
        raise CalculationError(
            "Temperatures in °C or °F can be converted, not multiplied or added; use kelvin or delta_degC."
        ) from error
    except (pint.PintError, ValueError, OverflowError, ZeroDivisionError, TypeError) as error:
        raise CalculationError("These units cannot be calculated with.", detail=repr(error)) from error


def _told(units: Any) -> str:
    items = registry().Quantity(1, units).unit_items()
    return _named([(str(name), Fraction(power)) for name, power in items]) or "a plain number"
