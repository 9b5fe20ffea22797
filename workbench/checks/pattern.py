"""Regular expressions whose cost is known: a hostile one cannot hang the program.

Python's own engine goes back and tries again, and needs longer than a life for some patterns; a thread in it cannot be
ended. Here every way through the pattern is followed at once, in steps that are counted. What cannot be followed so is
refused with its name: references to groups, looking ahead and behind. Pure.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.errors import UsageError

MOST_CHARACTERS = 2_000
MOST_INSTRUCTIONS = 5_000
MOST_STEPS = 1_500_000  # a second or two

_sre: Any = importlib.import_module("re._parser")  # the only parser of Python's own syntax; it has no public name

Test = Callable[[str], bool]
Here = Callable[[str, int], bool]


class PatternCostError(Exception):
    """The text is too long for this pattern."""


@dataclass(frozen=True, slots=True)
class _Take:
    """One character that passes ``test``."""

    test: Test


@dataclass(frozen=True, slots=True)
class _Check:
    """A place that passes ``here``: text and position."""

    here: Here


@dataclass(frozen=True, slots=True)
class _Split:
    """Goes on at each of these instructions."""

    ways: tuple[int, ...]


class Pattern:
    """A pattern in Python's syntax. Raises `UsageError` for one that is wrong, too long, or not supported."""

    def __init__(self, source: str) -> None:
        if len(source) > MOST_CHARACTERS:
            raise _refused(f"it is longer than {MOST_CHARACTERS:,} characters")
        try:
            parsed = _sre.parse(source)
        except re.error as error:
            raise _refused(str(error)) from None
        except (RecursionError, OverflowError):
            raise _refused("it is nested too deep") from None
        self._code: list[_Take | _Check | _Split | None] = []
        try:
            self._sequence(parsed, parsed.state.flags)
        except RecursionError:
            raise _refused("it is nested too deep") from None
        self._end = len(self._code)

    def found_in(self, text: str, most_steps: int = MOST_STEPS) -> bool:
        """Whether the pattern matches anywhere. Raises `PatternCostError` after so many steps."""
        steps = 0
        alive: set[int] = set()
        for position in range(len(text) + 1):
            reached = self._reached({*alive, 0}, text, position)
            if self._end in reached:
                return True
            steps += len(reached) + 1
            if steps > most_steps:
                raise PatternCostError
            if position == len(text):
                return False
            character = text[position]
            alive = {
                place + 1 for place in reached if isinstance(one := self._code[place], _Take) and one.test(character)
            }
        return False

    def _reached(self, places: Iterable[int], text: str, position: int) -> set[int]:
        """Where one stands at ``position`` without taking a character."""
        reached: set[int] = set()
        waiting = list(places)
        while waiting:
            place = waiting.pop()
            if place in reached:
                continue
            reached.add(place)
            one = self._code[place] if place < self._end else None
            if isinstance(one, _Split):
                waiting.extend(one.ways)
            elif isinstance(one, _Check) and one.here(text, position):
                waiting.append(place + 1)
        return reached

    # Compiling --------------------------------------------------------------------------------------------------------

    def _add(self, one: _Take | _Check | _Split | None) -> int:
        if len(self._code) >= MOST_INSTRUCTIONS:
            raise _refused("it is too large")
        self._code.append(one)
        return len(self._code) - 1

    def _sequence(self, nodes: Iterable[tuple[Any, Any]], flags: int) -> None:
        for kind, value in nodes:
            self._node(str(kind), value, flags)

    def _node(self, kind: str, value: Any, flags: int) -> None:
        if kind in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            self._add(_Take(_test(kind, value, flags)))
        elif kind == "AT":
            self._add(_Check(_here(str(value), flags)))
        elif kind == "SUBPATTERN":
            _group, added, removed, inside = value
            self._sequence(inside, (flags | added) & ~removed)
        elif kind == "BRANCH":
            self._branch(value[1], flags)
        elif kind in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, inside = value
            self._repeat(least, most, inside, flags)
        else:
            raise _refused(f"{_NAMES.get(kind, kind.lower())} cannot be used here")

    def _branch(self, ways: Sequence[Any], flags: int) -> None:
        split = self._add(None)
        starts, ends = [], []
        for way in ways:
            starts.append(len(self._code))
            self._sequence(way, flags)
            ends.append(self._add(None))
        self._code[split] = _Split(tuple(starts))
        for end in ends:
            self._code[end] = _Split((len(self._code),))

    def _repeat(self, least: int, most: int, inside: Any, flags: int) -> None:
        for _ in range(least):
            before = len(self._code)
            self._sequence(inside, flags)
            if len(self._code) == before:
                return  # nothing, however often
        if most == _sre.MAXREPEAT:
            split = self._add(None)
            self._sequence(inside, flags)
            again = self._add(_Split((split,)))
            self._code[split] = _Split((split + 1, again + 1))
            return
        splits = []
        for _ in range(most - least):
            splits.append(self._add(None))
            self._sequence(inside, flags)
        for split in splits:
            self._code[split] = _Split((split + 1, len(self._code)))


_NAMES = {
    "GROUPREF": "a reference to a group",
    "GROUPREF_EXISTS": "a reference to a group",
    "ASSERT": "looking ahead or behind",
    "ASSERT_NOT": "looking ahead or behind",
    "ATOMIC_GROUP": "an atomic group",
    "POSSESSIVE_REPEAT": "a possessive repeat",
}


def _refused(why: str) -> UsageError:
    return UsageError(
        f"This pattern cannot be used: {why}.", hint="Write it in Python's syntax, as simple as it can be."
    )


def _test(kind: str, value: Any, flags: int) -> Test:
    if kind == "ANY":
        return (lambda _one: True) if flags & re.DOTALL else (lambda one: one != "\n")
    if kind == "IN":
        negated = str(value[0][0]) == "NEGATE"
        tests = [_member(str(name), member, flags) for name, member in value if str(name) != "NEGATE"]
        return _folded(lambda one: any(test(one) for test in tests), flags, negated=negated)
    letter = chr(value)
    return _folded(lambda one: one == letter, flags, negated=kind == "NOT_LITERAL")


def _folded(test: Test, flags: int, *, negated: bool) -> Test:
    """``test`` of a character, in each case of it where case does not count."""
    if not flags & re.IGNORECASE:
        return (lambda one: not test(one)) if negated else test
    return lambda one: (test(one) or test(one.lower()) or test(one.upper())) is not negated


def _member(kind: str, value: Any, flags: int) -> Test:
    if kind == "LITERAL":
        return lambda one: len(one) == 1 and ord(one) == value
    if kind == "RANGE":
        low, high = value
        return lambda one: len(one) == 1 and low <= ord(one) <= high
    name = str(value).removeprefix("CATEGORY_")
    inside = _CATEGORIES[name.removeprefix("NOT_")]
    wanted = not name.startswith("NOT_")
    if flags & re.ASCII:
        return lambda one: (one.isascii() and inside(one)) is wanted
    return lambda one: inside(one) is wanted


def _is_word(one: str) -> bool:
    return one.isalnum() or one == "_"


_CATEGORIES: dict[str, Test] = {"DIGIT": str.isdecimal, "SPACE": str.isspace, "WORD": _is_word}


def _here(kind: str, flags: int) -> Here:
    lines = bool(flags & re.MULTILINE)
    match kind:
        case "AT_BEGINNING" if lines:
            return lambda text, at: at == 0 or text[at - 1] == "\n"
        case "AT_BEGINNING" | "AT_BEGINNING_STRING":
            return lambda _text, at: at == 0
        case "AT_END" if lines:
            return lambda text, at: at == len(text) or text[at] == "\n"
        case "AT_END":
            return lambda text, at: at == len(text) or (at == len(text) - 1 and text[at] == "\n")
        case "AT_END_STRING":
            return lambda text, at: at == len(text)
        case _:
            wanted = kind == "AT_BOUNDARY"
            is_letter = _member("CATEGORY", "CATEGORY_WORD", flags)
            return lambda text, at: _is_boundary(text, at, is_letter) is wanted


def _is_boundary(text: str, at: int, is_letter: Test) -> bool:
    before = at > 0 and is_letter(text[at - 1])
    after = at < len(text) and is_letter(text[at])
    return before is not after
