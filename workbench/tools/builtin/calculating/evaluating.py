"""An expression read and calculated in one pass, by recursive descent: no code is made of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from workbench.tools.builtin.calculating import dates, functions, measures, numbers, operating
from workbench.tools.builtin.calculating.cursor import Cursor
from workbench.tools.builtin.calculating.lexing import Token, tokens
from workbench.tools.builtin.calculating.operating import as_number
from workbench.tools.builtin.calculating.values import (
    MOST_DEPTH,
    CalculationError,
    Measure,
    Moment,
    Number,
    Percent,
    Value,
    Words,
    Work,
)

_INTO: Final = ("in", "to", "as", "into", "->")
_STOPS: Final = ("and", "until", "before", "after")
_BASES: Final = {"hex": "x", "hexadecimal": "x", "binary": "b", "bin": "b", "octal": "o", "oct": "o"}
_WORDS: Final = {"plus": "+", "minus": "-", "times": "*", "of": "*", "per": "/", "mod": "mod", "x": "*"}
_OF_DATES: Final[dict[str, Callable[[Moment], Value]]] = {
    "weekday": dates.weekday,
    "week": dates.week,
    "isoweek": dates.week,
    "dayofyear": dates.day_of_year,
}
_MOST_BASE_BITS: Final = 1_024


def calculated(text: str, now: datetime, work: Work) -> Value:
    """``now``: local, without a zone. Raises `CalculationError` for whatever cannot be calculated."""
    return _Reader(tokens(text), now, work).whole()


class _Reader(Cursor):
    def __init__(self, words: tuple[Token, ...], now: datetime, work: Work) -> None:
        super().__init__(words)
        self._now = now
        self._work = work
        self._depth = 0

    def whole(self) -> Value:
        if self._is_over():
            raise CalculationError("There is nothing to calculate.")
        found = self._between() or self._sum()
        if self._is("before", "after"):
            found = self._beside(found)
        while self._took(*_INTO):
            found = self._converted(found)
        if self._is("="):
            raise CalculationError("An equation cannot be solved here: write what is to be calculated.")
        if not self._is_over():
            raise self._lost("An operator is missing")
        return found

    def _is_over(self) -> bool:
        return self._next.kind == "end"

    def _between(self) -> Value | None:
        """ "days between A and B", "days until A", "days since A"."""
        if self._next.kind != "name" or not self._is("between", "until", "since", "from", ahead=1):
            return None
        name = self._take().text.lower().removesuffix("s")
        word = self._take().text.lower()
        first, today = self._moment(), self._today()
        if word in ("between", "from"):
            if not self._took("and", "to", "until"):
                raise self._lost("“and” is missing")
            return dates.whole_between(name, first, self._moment(), self._work)
        pair = (today, first) if word == "until" else (first, today)
        return dates.whole_between(name, *pair, self._work)

    def _beside(self, time: Value) -> Value:
        """ "2 weeks after A"."""
        sign = -1 if self._take().text.lower() == "before" else 1
        if not isinstance(time, Measure):
            raise CalculationError("A time, such as 2 weeks, is missing before “before” or “after”.")
        return dates.later(self._moment(), time, self._work, sign)

    def _moment(self) -> Moment:
        found = self._sum()
        if not isinstance(found, Moment):
            raise CalculationError("A date is missing: write it as 2026-03-31.")
        return found

    def _converted(self, found: Value) -> Value:
        if self._took("%", "percent"):
            return Percent(numbers.multiply(as_number(found), numbers.of_int(100), self._work))
        if self._took("fraction", "decimal", "number", "a"):
            return found
        if self._next.kind == "name" and self._next.text.lower() in _BASES:
            return _in_base(as_number(found), _BASES[self._take().text.lower()])
        target = self._product()
        if not isinstance(target, Measure):
            raise CalculationError("A unit is missing behind “in”, such as km, °C or hours.")
        if isinstance(found, Number | Percent):
            found = measures.measure(as_number(found), measures.unit("dimensionless"))
        if not isinstance(found, Measure):
            raise CalculationError("Only a number with a unit can be converted.")
        return measures.converted(found, target, self._work)

    def _sum(self) -> Value:
        found = self._product()
        while self._is("+", "-", "plus", "minus"):
            sign = self._operator()
            found = operating.added(found, self._product(), 1 if sign == "+" else -1, self._work)
        return found

    def _product(self) -> Value:
        found = self._signed()
        while True:
            if self._is("*", "/", "//", "%", "of", "times", "per", "mod", "x"):
                found = operating.combined(self._operator(), found, self._signed(), self._work)
            elif self._starts_factor():
                found = operating.combined("*", found, self._signed(), self._work)
            else:
                return found

    def _operator(self) -> str:
        word = self._take().text.lower()
        return "mod" if word == "%" else _WORDS.get(word, word)

    def _starts_factor(self) -> bool:
        """Something that is multiplied without a sign: 2(3 + 4), 2 pi."""
        word = self._next
        if word.kind == "name":
            return not self._is_into() and word.text.lower() not in (*_STOPS, "plus", "minus", *_INTO[1:])
        return word.text == "(" or word.text == "√"

    def _is_into(self) -> bool:
        """Whether this “in” asks for a unit; else it is the inch."""
        after = self._after
        asks = after.kind == "name" and after.text.lower() not in _INTO
        return self._is("in") and (asks or after.text == "%" or after.kind == "number")

    def _signed(self) -> Value:
        sign = 1
        while self._is("+", "-"):
            sign = -sign if self._take().text == "-" else sign
        self._depth += 1  # whatever is nested comes by here
        if self._depth > MOST_DEPTH:
            raise CalculationError("This is nested too deep.")
        found = self._power()
        self._depth -= 1
        return found if sign > 0 else operating.negated(found)

    def _power(self) -> Value:
        base = self._postfix()
        if not self._took("^"):
            return base
        return operating.raised(base, as_number(self._signed()), self._work)

    def _postfix(self) -> Value:
        found = self._primary()
        while True:
            if self._took("!"):
                found = functions.factorial(as_number(found), self._work)
            elif self._is("²", "³"):
                found = operating.raised(found, numbers.of_int(2 if self._take().text == "²" else 3), self._work)
            elif self._is_percent():
                self._take()
                found = Percent(as_number(found))
            else:
                return found

    def _is_percent(self) -> bool:
        """Else it is the remainder: something that is divided by follows."""
        if not self._is("%", "percent"):
            return False
        after = self._after
        divides = after.kind == "number" or after.text == "("
        if divides and self._is("%"):
            self._work.note("% was taken for the remainder of a division")
        return self._is("percent") or not divides

    def _primary(self) -> Value:
        word = self._next
        if word.number is not None:
            self._take()
            return self._measured(word.number)
        if word.moment is not None:
            return self._take().moment or word.moment
        if self._took("("):
            found = self._sum()
            self._expect(")")
            return found
        if self._took("√"):
            return functions.call("sqrt", [as_number(self._signed())], self._work)
        if word.kind == "name":
            return self._named()
        raise self._lost("A number is missing")

    def _measured(self, number: Number) -> Value:
        """A number, with the units that follow it at once; 5 ft 3 in are added up."""
        found = self._with_units(number)
        while isinstance(found, Measure) and self._next.number is not None:
            more = self._with_units(self._take().number or number)
            if not isinstance(more, Measure) or not measures.same_kind(found, more):
                raise self._lost("An operator is missing")
            found = measures.added(found, more, self._work)
        return found

    def _with_units(self, number: Number) -> Value:
        found: Value = number
        while self._next.kind == "name" and (unit := self._unit_ahead()) is not None:
            self._take()
            one = measures.measure(numbers.of_int(1), unit)
            power = self._unit_power()
            if power != 1:
                one = measures.raised(one, numbers.of_int(power), self._work)
            found = operating.combined("*", found, one, self._work)
        return found

    def _unit_ahead(self) -> object | None:
        """The unit that a name means behind a number; None where it means something else."""
        word = self._next
        lower = word.text.lower()
        if self._is_into() or (lower in (*_WORDS, *_STOPS, "percent", *_INTO[1:]) and word.text != "in"):
            return None
        if lower in functions.FUNCTIONS and self._after.text == "(":
            return None
        if functions.constant(word.text) is not None:
            return None
        return _unit(word.text)

    def _unit_power(self) -> int:
        """2 of m^2 and m²."""
        if self._is("²", "³"):
            return 2 if self._take().text == "²" else 3
        after = self._after
        if self._is("^") and after.number is not None and after.number.value.denominator == 1:
            self._take()
            self._take()
            return int(after.number.value.numerator)
        return 1

    def _named(self) -> Value:
        word = self._take()
        name = word.text.lower()
        called = self._is("(") or self._is("of")
        if name in _OF_DATES and called:
            return _OF_DATES[name](self._argument_date())
        if name in functions.FUNCTIONS and called:
            return self._called(name)
        if name in ("today", "now", "tomorrow", "yesterday"):
            return self._today(name)
        found = functions.constant(word.text)
        if found is not None:
            return found
        unit = _unit(word.text)
        if unit is None:
            raise CalculationError(f"{word.text[:40]!r} is no unit, function or constant that is known here.")
        return measures.measure(numbers.of_int(1), unit)

    def _argument_date(self) -> Moment:
        if self._took("of"):
            return self._moment()
        self._expect("(")
        found = self._moment()
        self._expect(")")
        return found

    def _called(self, name: str) -> Value:
        if self._took("of"):
            return functions.call(name, [as_number(self._signed())], self._work)
        self._expect("(")
        arguments = [self._sum()]
        while self._took(","):
            arguments.append(self._sum())
        self._expect(")")
        return operating.called(name, arguments, self._work)

    def _today(self, name: str = "today") -> Moment:
        if name == "now":
            return Moment(self._now.replace(microsecond=0), timed=True)
        day = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
        return Moment(day + timedelta(days={"tomorrow": 1, "yesterday": -1}.get(name, 0)))


def _unit(name: str) -> object | None:
    """Also m2 and cm3."""
    found: object | None = measures.unit(name)
    if found is None and name[-1:] in "23" and (bare := measures.unit(name[:-1])) is not None:
        found = bare ** int(name[-1])
    return found


def _in_base(number: Number, letter: str) -> Words:
    value = number.value
    if value.denominator != 1 or value.numerator.bit_length() > _MOST_BASE_BITS:
        raise CalculationError("Only whole numbers of at most 300 digits are written in another base.")
    return Words(f"{value.numerator:#{letter}}")
