"""A prompt as JSON: what is stored of each version, and what scripts are shown. Lossless and pure.

What says nothing is left out, so that what is stored stays short and a new field needs no change of what is there.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any, Final, TypeVar

from workbench.checks.check import Check, CheckKind
from workbench.errors import UsageError
from workbench.messages import Effort
from workbench.prompts.prompt import Output, OutputKind, Preferences, Prompt, Step, StepCase, Variable, VariableKind

Mapped = dict[str, Any]
Kind = TypeVar("Kind", bound=StrEnum)
One = TypeVar("One")


def to_mapping(prompt: Prompt) -> Mapped:
    """JSON values only. ``title`` and ``name`` are always there."""
    told = {
        "title": prompt.title,
        "name": prompt.name,
        "text": prompt.text,
        "system": prompt.system,
        "variables": [_variable_told(one) for one in prompt.variables],
        "tags": list(prompt.tags),
        "preferences": _preferences_told(prompt.preferences),
        "folders": list(prompt.folders),
        "output": _output_told(prompt.output),
        "notes": prompt.notes,
        "steps": [_step_told(one) for one in prompt.steps],
        "cases": [_case_told(one) for one in prompt.cases],
        "extra": plain(prompt.extra),
    }
    return {key: value for key, value in told.items() if value or key in ("title", "name")}


def from_mapping(told: Mapping[str, Any]) -> Prompt:
    """What `to_mapping` made. Keys that are not known are left out. Raises `UsageError` that names what is wrong."""
    try:
        return _read_prompt(told)
    except _Wrong as wrong:
        raise UsageError(
            f"This is no prompt: the prompt{wrong.place} {wrong.what}.", hint="Correct it where it was written."
        ) from None


def to_text(prompt: Prompt) -> str:
    """JSON that SQLite stores and gives back: lone surrogates become question marks, control characters stay."""
    return clean(json.dumps(to_mapping(prompt), ensure_ascii=False, separators=(",", ":")))


def from_text(text: str) -> Prompt:
    """What `to_text` made."""
    return from_mapping(json.loads(text))


def readable(text: str) -> Prompt | None:
    """What `to_text` made; None for what is damaged, so that one row cannot hide a library."""
    try:
        return from_text(text)
    except (ValueError, RecursionError, UsageError):
        return None


def clean(text: str) -> str:
    """Without lone surrogates, which no file and no database takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def plain(value: Any) -> Any:
    """The JSON value for what a file's front matter can say: dates, numbers without a value and keys become text."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if value is None or isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


# Written --------------------------------------------------------------------------------------------------------------


def _variable_told(variable: Variable) -> Mapped:
    told: Mapped = {"name": variable.name}
    told |= _said(variable, Variable(""), {"kind": variable.kind.value, "choices": list(variable.choices)})
    return told


def _preferences_told(preferences: Preferences) -> Mapped:
    effort = preferences.effort.value if preferences.effort else None
    return _said(preferences, Preferences(), {"effort": effort})


def _output_told(output: Output) -> Mapped:
    schema = None if output.schema is None else plain(output.schema)
    return _said(output, Output(), {"kind": output.kind.value, "columns": list(output.columns), "schema": schema})


def _step_told(step: Step) -> Mapped:
    made = {
        "preferences": _preferences_told(step.preferences),
        "output": _output_told(step.output),
        "cases": [_case_told(one) for one in step.cases],
    }
    return {"name": step.name} | _said(step, Step(""), made)


def _case_told(case: StepCase) -> Mapped:
    return {
        "values": dict(case.values),
        "check": {"kind": case.check.kind.value, "expected": case.check.expected, "tolerance": case.check.tolerance},
        **({"title": case.title} if case.title else {}),
    }


def _said(one: Any, silent: Any, made: Mapped) -> Mapped:
    """The fields in which it differs from one that says nothing; ``made``: what is written for some of them."""
    changed = [field.name for field in fields(one) if getattr(one, field.name) != getattr(silent, field.name)]
    return {name: made.get(name, getattr(one, name)) for name in changed}


# Read -----------------------------------------------------------------------------------------------------------------


class _Wrong(Exception):  # noqa: N818 - told as a `UsageError` once its place is known
    """``place``: where in the prompt, from the key that was being read."""

    def __init__(self, what: str, place: str = "") -> None:
        super().__init__(what)
        self.what, self.place = what, place


Read = Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong("is not a text")
    return value


def _list(value: Any) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _Wrong("is not a list")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    found = tuple(_list(value))
    if not all(isinstance(one, str) for one in found):
        raise _Wrong("has something that is not a text")
    return found


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _Wrong("is not a number")
    return float(value)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong("is not an object")
    return value


def _values(value: Any) -> dict[str, str]:
    for name, one in _object(value).items():
        if not isinstance(one, str):
            raise _Wrong("is not a text", f".{name}")
    return dict(value)


def _one_of(kinds: type[Kind]) -> Read:
    by_value: dict[Any, Kind] = {one.value: one for one in kinds}

    def read(value: Any) -> Kind:
        found = by_value.get(value) if isinstance(value, str) else None
        if found is None:
            raise _Wrong(f"is {value!r}, none of {', '.join(by_value)}")
        return found

    return read


def _made(kind: Callable[..., One], table: Mapping[str, Read], /, **needed: Any) -> Callable[[Any], One]:
    """Reads an object whose keys are those of ``table``; ``needed``: what stands for keys that are not there."""

    def read(told: Any) -> One:
        values = dict(needed)
        for key, value in _object(told).items():
            if key in table and value is not None:
                try:
                    values[key] = table[key](value)
                except _Wrong as wrong:
                    wrong.place = f".{key}{wrong.place}"
                    raise
        return kind(**values)

    return read


def _each(read: Callable[[Any], One]) -> Callable[[Any], tuple[One, ...]]:
    def read_each(value: Any) -> tuple[One, ...]:
        found = []
        for number, one in enumerate(_list(value)):
            try:
                found.append(read(one))
            except _Wrong as wrong:
                wrong.place = f"[{number}]{wrong.place}"
                raise
        return tuple(found)

    return read_each


def _check(kind: CheckKind | None, expected: str = "", tolerance: float = 0.0) -> Check:
    if kind is None:
        raise _Wrong("is missing", ".kind")
    return Check(kind, expected, tolerance)


def _case(values: Mapping[str, str], check: Check | None, title: str = "") -> StepCase:
    if check is None:
        raise _Wrong("is missing", ".check")
    return StepCase(values, check, title)


_read_check = _made(_check, {"kind": _one_of(CheckKind), "expected": _text, "tolerance": _number}, kind=None)
_read_cases = _each(_made(_case, {"values": _values, "check": _read_check, "title": _text}, values={}, check=None))
_read_preferences = _made(Preferences, {"model": _text, "effort": _one_of(Effort), "temperature": _number})
_read_output = _made(Output, {"kind": _one_of(OutputKind), "schema": _object, "columns": _texts})
_VARIABLE: Final[Mapping[str, Read]] = {
    **dict.fromkeys(("name", "label", "help", "default", "folder"), _text),
    "kind": _one_of(VariableKind),
    "required": lambda value: value is not False,
    "choices": _texts,
}
_STEP: Final[Mapping[str, Read]] = {
    **dict.fromkeys(("name", "text", "system", "prompt"), _text),
    "preferences": _read_preferences,
    "output": _read_output,
    "cases": _read_cases,
}
_PROMPT: Final[Mapping[str, Read]] = {
    **dict.fromkeys(("title", "name", "text", "system", "notes"), _text),
    "variables": _each(_made(Variable, _VARIABLE, name="")),
    "tags": _texts,
    "preferences": _read_preferences,
    "folders": _texts,
    "output": _read_output,
    "steps": _each(_made(Step, _STEP, name="")),
    "cases": _read_cases,
    "extra": _object,
}
_read_prompt = _made(Prompt, _PROMPT, title="", name="")
