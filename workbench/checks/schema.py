"""Whether a JSON value keeps to a JSON schema: the words that people use, each with its place in what was wrong. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from workbench.checks.pattern import Pattern, PatternCostError
from workbench.errors import UsageError

DEPTH = 64
MOST_STEPS = 100_000
PATTERN_STEPS = 200_000
NOTES = ("title", "description", "default", "examples", "$schema", "$id", "$comment", "$defs", "definitions", "format",
         "deprecated", "readOnly", "writeOnly")  # fmt: skip

Found = str | None
"""What is wrong, None: nothing."""


def check_schema(schema: Any, depth: int = 0) -> None:
    """Raises `UsageError` for a schema with a word that is not understood: an answer would pass that should not."""
    if isinstance(schema, bool):
        return
    if not isinstance(schema, Mapping) or depth > DEPTH:
        raise _unusable("each schema must be an object, true or false")
    for word, value in schema.items():
        if word not in _WORDS and word not in NOTES and word != "$ref":
            raise _unusable(f"{word!r} is not understood here")
        _check_word(word, value, depth)
    if "$ref" in schema and not str(schema["$ref"]).startswith("#"):
        raise _unusable("a reference must begin with #")


def problem(schema: Any, value: Any) -> Found:
    """What is wrong with ``value``, and where; None when it keeps to the schema.

    Raises `PatternCostError` where that would take too long to tell.
    """
    return _Whole(schema).problem(schema, value, "the answer", 0)


class _Whole:
    """The schema that references are looked up in, and how many steps were taken."""

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self._steps = 0

    def problem(self, schema: Any, value: Any, place: str, depth: int) -> Found:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise PatternCostError
        if schema is True:
            return None
        if schema is False or depth > DEPTH:
            return f"{place} is not allowed"
        if "$ref" in schema:
            return self.problem(_referred(self._schema, schema["$ref"]), value, place, depth + 1)
        around = _Around(schema, self, place, depth + 1)
        rules = ((_WORDS[word], wanted) for word, wanted in schema.items() if word in _WORDS)
        return _first(rule(wanted, value, around) for rule, wanted in rules)


class _Around:
    """Where a word stands."""

    __slots__ = ("depth", "place", "schema", "whole")

    def __init__(self, schema: Mapping[str, Any], whole: _Whole, place: str, depth: int) -> None:
        self.schema, self.whole, self.place, self.depth = schema, whole, place, depth

    def inside(self, schema: Any, value: Any, name: str) -> Found:
        return self.whole.problem(schema, value, f"{self.place}{name}", self.depth)


Rule = Callable[[Any, Any, _Around], Found]

_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: _is_number(value) and value == value // 1,
    "number": lambda value: _is_number(value),
}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(one: Any, other: Any) -> bool:
    """As JSON knows it: true is not 1, wherever it stands."""
    return bool(_frozen(one) == _frozen(other))


def _frozen(value: Any) -> Any:
    """What is equal, and has the same hash, for values that are the same."""
    if isinstance(value, dict):
        return frozenset((name, _frozen(inside)) for name, inside in value.items())
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return (type(value), value) if isinstance(value, bool) else value


def _type(wanted: Any, value: Any, around: _Around) -> Found:
    names = [wanted] if isinstance(wanted, str) else wanted
    return None if any(_TYPES[name](value) for name in names) else f"{around.place} is not {' or '.join(names)}"


def _properties(wanted: Any, value: Any, around: _Around) -> Found:
    if not isinstance(value, dict):
        return None
    return _first(around.inside(wanted[name], value[name], f".{name}") for name in wanted if name in value)


def _more_properties(wanted: Any, value: Any, around: _Around) -> Found:
    if not isinstance(value, dict):
        return None
    known = around.schema.get("properties", {})
    return _first(around.inside(wanted, value[name], f".{name}") for name in value if name not in known)


def _required(wanted: Any, value: Any, around: _Around) -> Found:
    if not isinstance(value, dict):
        return None
    return _first(f"{around.place} has no {name!r}" for name in wanted if name not in value)


def _items(wanted: Any, value: Any, around: _Around) -> Found:
    if not isinstance(value, list):
        return None
    return _first(around.inside(wanted, one, f"[{index}]") for index, one in enumerate(value))


def _any_of(wanted: Any, value: Any, around: _Around) -> Found:
    wrong = [around.inside(one, value, "") for one in wanted]
    return None if any(one is None for one in wrong) else wrong[0]


def _all_of(wanted: Any, value: Any, around: _Around) -> Found:
    return _first(around.inside(one, value, "") for one in wanted)


def _one_of(wanted: Any, value: Any, around: _Around) -> Found:
    good = sum(around.inside(one, value, "") is None for one in wanted)
    return None if good == 1 else f"{around.place} keeps to {good} of the schemas of which it must keep to one"


def _not(wanted: Any, value: Any, around: _Around) -> Found:
    return f"{around.place} is what it must not be" if around.inside(wanted, value, "") is None else None


def _pattern(wanted: Any, value: Any, around: _Around) -> Found:
    if not isinstance(value, str):
        return None
    found = Pattern(wanted).found_in(value, PATTERN_STEPS)
    return None if found else f"{around.place} does not match {wanted!r}"


def _unique(wanted: Any, value: Any, around: _Around) -> Found:
    if not wanted or not isinstance(value, list):
        return None
    return f"{around.place} has something twice" if len(set(map(_frozen, value))) < len(value) else None


def _bound(kind: type | tuple[type, ...], size: Callable[[Any], float], holds: Callable[[Any, Any], bool]) -> Rule:
    def rule(wanted: Any, value: Any, around: _Around) -> Found:
        if isinstance(value, bool) or not isinstance(value, kind) or holds(size(value), wanted):
            return None
        return f"{around.place} is {size(value)}, outside its limit of {wanted}"

    return rule


def _at_least(value: Any, wanted: Any) -> bool:
    return bool(value >= wanted)


def _at_most(value: Any, wanted: Any) -> bool:
    return bool(value <= wanted)


def _itself(value: Any) -> float:
    """A number as it is: a long whole number is too large for a float."""
    return cast("float", value)


_NUMBER = (int, float)
_WORDS: dict[str, Rule] = {
    "type": _type,
    "enum": lambda wanted, value, around: (
        None if any(_same(one, value) for one in wanted) else f"{around.place} is none of the allowed values"
    ),
    "const": lambda wanted, value, around: None if _same(wanted, value) else f"{around.place} is not {wanted!r}",
    "properties": _properties,
    "additionalProperties": _more_properties,
    "required": _required,
    "items": _items,
    "anyOf": _any_of,
    "allOf": _all_of,
    "oneOf": _one_of,
    "not": _not,
    "pattern": _pattern,
    "uniqueItems": _unique,
    "minimum": _bound(_NUMBER, _itself, _at_least),
    "maximum": _bound(_NUMBER, _itself, _at_most),
    "exclusiveMinimum": _bound(_NUMBER, _itself, lambda value, wanted: bool(value > wanted)),
    "exclusiveMaximum": _bound(_NUMBER, _itself, lambda value, wanted: bool(value < wanted)),
    "minLength": _bound(str, len, _at_least),
    "maxLength": _bound(str, len, _at_most),
    "minItems": _bound(list, len, _at_least),
    "maxItems": _bound(list, len, _at_most),
    "minProperties": _bound(dict, len, _at_least),
    "maxProperties": _bound(dict, len, _at_most),
}
_OF_SCHEMAS = ("anyOf", "allOf", "oneOf")
_A_SCHEMA = ("items", "not", "additionalProperties")
_MAPS = ("properties", "$defs", "definitions")
_LISTS = ("enum", "required")
_COUNTS = tuple(word for word in _WORDS if word.startswith(("min", "max", "exclusive")))


def _check_word(word: str, value: Any, depth: int) -> None:
    """The value of a word is of the kind that its rule expects."""
    if word in _A_SCHEMA:
        check_schema(value, depth + 1)
    elif word in _OF_SCHEMAS or word in _MAPS:
        _check_schemas(word, value, depth)
    elif word == "pattern":
        Pattern(str(value))
    elif word == "type":
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not names or any(name not in _TYPES for name in names):
            raise _unusable(f"{value!r} is no type")
    elif (word in _COUNTS and not _is_number(value)) or (word in _LISTS and not isinstance(value, list)):
        raise _unusable(f"{word} cannot be {value!r}")
    elif word == "required" and not all(isinstance(name, str) for name in value):
        raise _unusable(f"required must name properties, not {value!r}")


def _check_schemas(word: str, value: Any, depth: int) -> None:
    inside = value.values() if isinstance(value, Mapping) and word in _MAPS else value
    if isinstance(inside, list) is (word in _MAPS) or not isinstance(value, Mapping | list):
        raise _unusable(f"{word} cannot be {value!r}")
    if word in _OF_SCHEMAS and not value:
        raise _unusable(f"{word} needs at least one schema")
    for one in inside:
        check_schema(one, depth + 1)


def _referred(root: Any, reference: str) -> Any:
    """What ``#/…`` names; a schema that allows nothing where there is no such thing."""
    found = root
    for piece in reference.removeprefix("#").strip("/").split("/"):
        if piece:
            found = found.get(piece.replace("~1", "/").replace("~0", "~")) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping | bool) else False


def _first(found: Any) -> Found:
    return next((wrong for wrong in found if wrong), None)


def _unusable(why: str) -> UsageError:
    return UsageError(f"This JSON schema cannot be used: {why}.", hint="Correct the schema.")
