"""Whether an answer passes: the checks that a case can have. Pure, and quick whatever a pattern or an answer is."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workbench.checks.pattern import Pattern, PatternCostError
from workbench.checks.schema import check_schema, problem
from workbench.errors import UsageError


class CheckKind(StrEnum):
    """``reference``: an answer of the person's own to compare with; ``judgement``: what the person will look for."""

    CONTAINS = "contains"
    REGEX = "regex"
    SCHEMA = "schema"
    NUMBER = "number"
    REFERENCE = "reference"
    JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True)
class Result:
    """``passed`` None: only a person can tell. ``why``: a sentence."""

    passed: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class Check:
    """``expected``: the words, pattern, JSON schema, number, answer or question of judgement. ``tolerance``: how far a
    number may be off. Made by `make_check`, which refuses what cannot be checked."""

    kind: CheckKind
    expected: str
    tolerance: float = 0.0

    def passes(self, answer: str) -> Result:
        """Never raises, and never takes long."""
        return _PASSES[self.kind](self, answer)


def make_check(kind: CheckKind, expected: str, tolerance: float = 0.0) -> Check:
    """Raises `UsageError` for what is empty or wrong: a pattern, a schema, a number."""
    if not expected.strip() and kind is not CheckKind.JUDGEMENT:
        raise UsageError("The check needs something to look for.", hint=f"Give the {_NAMES[kind]}.")
    if kind is CheckKind.REGEX:
        Pattern(expected)
    elif kind is CheckKind.SCHEMA:
        check_schema(_schema(expected))
    elif kind is CheckKind.NUMBER:
        _expected_number(expected)
    if not 0 <= tolerance < math.inf:
        raise UsageError("The tolerance must be a number from 0.", hint="0 means exactly.")
    return Check(kind, expected if kind is CheckKind.REGEX else expected.strip(), tolerance)


_NAMES = {
    CheckKind.CONTAINS: "words that the answer must contain",
    CheckKind.REGEX: "pattern that must match",
    CheckKind.SCHEMA: "JSON schema that the answer must keep to",
    CheckKind.NUMBER: "number that the answer must end with",
    CheckKind.REFERENCE: "answer to compare with",
    CheckKind.JUDGEMENT: "question to judge by",
}


def _contains(check: Check, answer: str) -> Result:
    found = _plain(check.expected) in _plain(answer)
    return Result(found, "The answer contains the words." if found else "The answer does not contain the words.")


def _regex(check: Check, answer: str) -> Result:
    try:
        found = Pattern(check.expected).found_in(answer)
    except PatternCostError:
        return Result(None, "The answer is too long for this pattern.")
    except UsageError as error:
        return Result(None, error.message)
    return Result(found, "The pattern matches." if found else "The pattern matches nowhere.")


def _keeps_to_schema(check: Check, answer: str) -> Result:
    try:
        schema = _schema(check.expected)
        check_schema(schema)
    except UsageError as error:
        return Result(None, error.message)
    try:
        value = json.loads(_json_of(answer), parse_constant=_no_constant)
        wrong = problem(schema, value)
    except PatternCostError:
        return Result(None, "The answer is too large for this schema.")
    except (ValueError, RecursionError):
        return _failed("The answer is no JSON.")
    return Result(wrong is None, "The answer keeps to the schema." if wrong is None else f"{_capital(wrong)}.")


def _has_number(check: Check, answer: str) -> Result:
    """The last number of an answer is what it says: those before are how it came to it."""
    last = _last_number(answer)
    if last is None:
        return _failed("There is no number in the answer.")
    expected = _expected_number(check.expected)
    near = any(
        abs(value - expected) <= check.tolerance or math.isclose(value, expected, rel_tol=1e-12) for value in last[1]
    )
    return Result(near, f"The last number of the answer is {last[0]}.")


def _is_reference(check: Check, answer: str) -> Result:
    if _plain(answer).rstrip(".!") == _plain(check.expected).rstrip(".!"):
        return Result(passed=True, why="The answer is the same as yours.")
    return Result(None, "The answer is worded differently from yours: you decide whether it says the same.")


def _judged(check: Check, _answer: str) -> Result:
    return Result(None, f"You decide: {check.expected}" if check.expected else "You decide.")


_PASSES: dict[CheckKind, Callable[[Check, str], Result]] = {
    CheckKind.CONTAINS: _contains,
    CheckKind.REGEX: _regex,
    CheckKind.SCHEMA: _keeps_to_schema,
    CheckKind.NUMBER: _has_number,
    CheckKind.REFERENCE: _is_reference,
    CheckKind.JUDGEMENT: _judged,
}


def _failed(why: str) -> Result:
    return Result(passed=False, why=why)


def _plain(text: str) -> str:
    """As it is compared: without regard to case, white space, and how accents are written."""
    return " ".join(unicodedata.normalize("NFC", text.casefold()).split())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# JSON -----------------------------------------------------------------------------------------------------------------

_FENCE = re.compile(r"^```[^\n`]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _json_of(answer: str) -> str:
    """The answer, or the only block of code in it."""
    blocks = _FENCE.findall(answer)
    return blocks[0] if len(blocks) == 1 else answer


def _schema(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"The schema is no JSON: {error}.", hint="A JSON schema is an object in braces.") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


# Numbers --------------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[-−+]?\d[\d.,'\u00a0\u202f_]*(?:[eE][-+]?\d{1,3})?")
MOST_DIGITS = 60


def _last_number(text: str) -> tuple[str, tuple[float, ...]] | None:
    """The last number as it is written, and what it can mean: 1,234 is a thousand to some and one to others."""
    for found in reversed(list(_NUMBER.finditer(text))):
        written = found.group().rstrip(".,'_\u00a0\u202f")
        if len(written) <= MOST_DIGITS and (values := tuple(_values(written, found.start(), text))):
            return written, values
    return None


def _values(written: str, start: int, text: str) -> Iterator[float]:
    plain = written.replace("−", "-").replace("'", "").replace("_", "").replace("\u00a0", "").replace("\u202f", "")
    if plain[0] in "+-" and start > 0 and text[start - 1].isalnum():
        plain = plain[1:]  # the hyphen of a word
    for point, comma in ((".", ","), (",", ".")):
        if plain.count(point) <= 1:
            try:
                yield float(plain.replace(comma, "").replace(point, "."))
            except ValueError:
                continue


def _expected_number(text: str) -> float:
    try:
        value = float(text.strip().replace("−", "-"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{text.strip()!r} is no number.", hint="Write it with a point, for example 12.5.")
    return value
