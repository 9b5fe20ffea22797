"""Whether calls and answers are what a case wants. Pure, and deterministic: no model judges another."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.checks.pattern import PatternCostError
from workbench.checks.schema import problem
from workbench.messages import Tool, ToolCall
from workbench.tools.checking.case import Case, Step

NUMBERS_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Read:
    """A call as it was written. ``wrong``: why no tool could be called so; then ``arguments`` are empty."""

    name: str
    arguments: Mapping[str, Any]
    wrong: str = ""


def read(call: ToolCall, tools: Sequence[Tool]) -> Read:
    """Whether such a tool is offered, and its arguments keep to its schema."""
    tool = next((one for one in tools if one.name == call.name), None)
    if tool is None:
        return Read(call.name, {}, f"There is no tool {call.name!r}. Tools: {', '.join(one.name for one in tools)}.")
    try:
        arguments = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        return Read(call.name, {}, "The arguments are no valid JSON.")
    if not isinstance(arguments, dict):
        return Read(call.name, {}, "The arguments are no JSON object.")
    try:
        wrong = problem(tool.parameters, arguments)
    except PatternCostError:
        wrong = "the answer is too large"
    if wrong:
        return Read(call.name, {}, f"{wrong.replace('the answer', 'the arguments', 1)}.")
    return Read(call.name, arguments)


class Steps:
    """Which steps of a case have been made. Not shared between threads."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._open = list(case.steps)
        self._made: list[Step] = []

    def take(self, call: Read) -> Step | None:
        """The step that this call is: an open one, or one that was made before. None: the case wants no such call."""
        found = next((step for step in self._open if self._is(step, call)), None)
        if found is not None:
            self._open.remove(found)
            self._made.append(found)
            return found
        return next((step for step in reversed(self._made) if self._is(step, call)), None)

    @property
    def missing(self) -> tuple[Step, ...]:
        """Where nothing can succeed, a failure must have been met."""
        hopeless = all(step.fails for step in self._case.steps)
        return tuple(step for step in self._open if hopeless or not step.fails)

    def _is(self, step: Step, call: Read) -> bool:
        tool = next(one for one in self._case.tools if one.name == step.tool)
        return step.tool == call.name and fits(step.arguments, call.arguments, tool)


def fits(wanted: Mapping[str, Any], given: Mapping[str, Any], tool: Tool) -> bool:
    """All that is wanted is given; what is given beside it is null, empty or the schema's default."""
    known = tool.parameters.get("properties", {})
    for name, value in given.items():
        if name in wanted:
            continue
        default = known.get(name, {}).get("default")
        if value not in (None, "") and not matches(default, value):
            return False
    return all(_stands(name, value, given, known) for name, value in wanted.items())


def _stands(name: str, wanted: Any, given: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """What is left out is the schema's default."""
    missing = known.get(name, {}).get("default")
    return matches(wanted, given.get(name, missing))


def matches(wanted: Any, given: Any) -> bool:
    """``wanted``: the value itself; or ``{"any": [...]}`` of which one matches; ``{"has": [...]}``: a text with all these
    words; ``{"set": [...]}``: a list of these in any order. Texts are compared without case, accents, punctuation at the
    ends and double spaces; a number only with a number."""
    if isinstance(wanted, dict) and len(wanted) == 1:
        (how, values), *_ = wanted.items()
        if how in _WAYS:
            return _WAYS[how](values, given)
    if isinstance(wanted, dict) and isinstance(given, dict):
        return wanted.keys() == given.keys() and all(matches(value, given[name]) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(given, list):
        return len(wanted) == len(given) and all(map(matches, wanted, given))
    if _is_number(wanted) and _is_number(given):
        return bool(abs(wanted - given) <= NUMBERS_NEAR * max(1, abs(wanted)))
    if isinstance(wanted, str) and isinstance(given, str):
        return plain(wanted) == plain(given)
    return type(wanted) is type(given) and bool(wanted == given)


def _any(values: Any, given: Any) -> bool:
    return any(matches(one, given) for one in values)


def _has(values: Any, given: Any) -> bool:
    return isinstance(given, str) and all(contains(given, one) for one in values)


def _set(values: Any, given: Any) -> bool:
    if not isinstance(given, list) or len(given) != len(values):
        return False
    rest = list(given)
    for one in values:
        found = next((place for place, value in enumerate(rest) if matches(one, value)), None)
        if found is None:
            return False
        rest.pop(found)
    return True


_WAYS = {"any": _any, "has": _has, "set": _set}


def answers(case: Case, text: str) -> str:
    """What is wrong with the text after the calls; empty: nothing."""
    if not text.strip():
        return "It said nothing at the end."
    for words in case.answer:
        if not any(contains(text, one) for one in words):
            return f"Its answer does not say {' or '.join(repr(one) for one in words)}."
    if found := next((one for one in case.never if contains(text, one)), None):
        return f"Its answer says {found!r}."
    return ""


def contains(text: str, words: str) -> bool:
    """Whether ``words`` stand in ``text``: as a text, a number as that number and not as a part of another. Thousands may
    be grouped: 1,240 is 1240."""
    if re.fullmatch(r"-?\d+(?:[.,]\d+)?", words):
        return any(re.search(rf"(?<![\d.,]){re.escape(one)}(?![.,]?\d)", _digits(text)) for one in _written(words))
    bare = plain(words)
    return bare in plain(text) if bare else words in text


def plain(text: str) -> str:
    """Without case, accents, punctuation at the ends, and double spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    return " ".join(bare.replace("’", "'").split()).strip(" .,;:!?\"'“”«»")


def _digits(text: str) -> str:
    """Numbers without the signs between their thousands: comma, point, apostrophe, narrow space."""
    return re.sub(r"(?<=\d)[,.'’\u00a0\u202f ](?=\d{3}(?!\d))", "", text.replace("−", "-"))


def _written(number: str) -> tuple[str, ...]:
    """In the ways that people and models write it; a fraction of three digits reads like thousands."""
    grouped = _digits(number)
    return tuple(dict.fromkeys((number, number.replace(".", ","), number.replace(",", "."), grouped)))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
