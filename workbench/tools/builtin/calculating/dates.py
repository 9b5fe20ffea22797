"""Days and times. Pure."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from workbench.tools.builtin.calculating import measures
from workbench.tools.builtin.calculating.values import CalculationError, Measure, Moment, Number, Words, Work

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY_SECONDS: Final = 86_400
_MOST_DAYS: Final = 4_000_000
_MONTHS_OF: Final = {"month": 1, "year": 12, "decade": 120, "century": 1200}


def later(moment: Moment, by: Measure, work: Work, sign: int = 1) -> Moment:
    """Months and years by the calendar, all else by the clock. Raises `CalculationError` for what is no time."""
    months = _months(by)
    if months is not None:
        return _months_later(moment, sign * months, work)
    seconds = measures.seconds(by)
    if seconds is None:
        raise CalculationError("Only a time, such as 45 days or 3 months, can be added to a date.")
    if abs(seconds) > _MOST_DAYS * _DAY_SECONDS:
        raise CalculationError("This date is too far away.")
    try:
        at = moment.at + timedelta(seconds=sign * float(seconds))
    except OverflowError as error:
        raise CalculationError("This date is too far away.") from error
    return Moment(at, moment.timed or seconds % _DAY_SECONDS != 0)


def apart(one: Moment, other: Moment, work: Work) -> Measure:
    """From ``other`` to ``one``, in days; with times of day in hours."""
    between = one.at - other.at
    seconds = Fraction(between.days * _DAY_SECONDS + between.seconds)
    if one.timed or other.timed:
        return measures.measure(Number(seconds / 3_600), measures.unit("hour"))
    work.note(_told(*sorted((one.at, other.at))))
    return measures.measure(Number(seconds / _DAY_SECONDS), measures.unit("day"))


def whole_between(name: str, one: Moment, other: Moment, work: Work) -> Measure:
    """From ``one`` to ``other`` in this unit; whole months and years by the calendar."""
    months = _MONTHS_OF.get(name)
    if months is None:
        return measures.converted(
            apart(other, one, work), measures.measure(Number(Fraction(1)), measures.unit(name)), work
        )
    work.note(_told(*sorted((one.at, other.at))))
    count = _whole_months(*sorted((one.at, other.at))) // months
    return measures.measure(Number(Fraction(count if other.at >= one.at else -count)), measures.unit(name))


def weekday(moment: Moment) -> Words:
    return Words(_DAYS[moment.at.weekday()])


def week(moment: Moment) -> Words:
    year, number, _day = moment.at.isocalendar()
    return Words(f"{year}-W{number:02}")


def day_of_year(moment: Moment) -> Number:
    return Number(Fraction(moment.at.timetuple().tm_yday))


def told(moment: Moment) -> str:
    """ "2026-04-15 (Wednesday)"."""
    clock = f" {moment.at:%H:%M}" + (f":{moment.at:%S}" if moment.at.second else "") if moment.timed else ""
    return f"{moment.at.year:04}-{moment.at:%m-%d}{clock} ({_DAYS[moment.at.weekday()]})"


def _months(by: Measure) -> int | None:
    """Where it is a whole number of months or years."""
    magnitude, name = measures.in_units(by)
    months = magnitude * _MONTHS_OF.get(name, 0)
    return months.numerator if months and months.denominator == 1 else None


def _months_later(moment: Moment, months: int, work: Work) -> Moment:
    count = moment.at.year * 12 + moment.at.month - 1 + months
    year, month = divmod(count, 12)
    if not 1 <= year <= 9999:
        raise CalculationError("Dates are of the years 1 to 9999.")
    last = calendar.monthrange(year, month + 1)[1]
    if moment.at.day > last:
        work.note("the last day of a shorter month")
    return Moment(moment.at.replace(year=year, month=month + 1, day=min(moment.at.day, last)), moment.timed)


def _whole_months(first: datetime, last: datetime) -> int:
    count = (last.year - first.year) * 12 + last.month - first.month
    early = (last.day, last.time()) < (first.day, first.time())
    at_the_end = last.day == calendar.monthrange(last.year, last.month)[1] and first.day > last.day
    return count - (1 if early and not at_the_end else 0)


def _told(first: datetime, last: datetime) -> str:
    """ "9 months 23 days, or 42 weeks 4 days"."""
    months = _whole_months(first, last)
    since = _months_later(Moment(first), months, Work()).at
    days = (last - since).days
    parts = [_count(months // 12, "year"), _count(months % 12, "month"), _count(days, "day")]
    said = " ".join(part for part in parts if part) or "0 days"
    weeks = (last - first).days
    told = " ".join(part for part in (_count(weeks // 7, "week"), _count(weeks % 7, "day")) if part)
    return f"{said}, or {told}" if weeks >= 14 else said


def _count(count: int, word: str) -> str:
    return "" if not count else f"{count} {word}" if count == 1 else f"{count} {word}s"
