"""What a model wrote as the arguments of a call, made into values that keep to the tool's schema. Pure.

Small models write a number in quotes, or all arguments as one string: what is plainly meant is taken as meant. All else is
refused in words from which the model can write the call again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from workbench.checks.pattern import PatternCostError
from workbench.checks.schema import DEPTH, check_schema, problem
from workbench.errors import ToolError, UsageError
from workbench.tools.tool import ToolSpec

MOST_CHARACTERS: Final = 100_000  # of one call's arguments
_TOLD_CHARACTERS: Final = 600  # of a schema that a model is told again
_NESTED: Final = frozenset({"items", "not", "additionalProperties"})
_LISTS: Final = frozenset({"anyOf", "allOf", "oneOf"})
_MAPS: Final = frozenset({"properties", "$defs", "definitions"})


class ArgumentsError(ToolError):
    """The arguments do not fit the tool. Its message is for the model, which may try once more."""

    default_hint = "The model is told what the tool takes, and may call it again."


def arguments_of(text: str, spec: ToolSpec) -> Mapping[str, Any]:
    """The arguments as the tool takes them; no text at all is no arguments.

    Raises `ArgumentsError` for what is no JSON object, or does not keep to the schema.
    """
    if len(text) > MOST_CHARACTERS:
        raise ArgumentsError(
            f"The arguments of {spec.name} have {len(text):,} characters: too many. Call it with less."
        )
    found = mended(_parsed(text, spec), spec.parameters)
    if not isinstance(found, dict):
        raise _refused(spec, "they are not a JSON object")
    checked_arguments(found, spec)
    return found


def checked_arguments(arguments: Mapping[str, Any], spec: ToolSpec) -> None:
    """Raises `ArgumentsError` where they do not keep to the schema."""
    wrong = _problem(usable(spec.parameters), arguments)
    if wrong:
        raise _refused(spec, wrong)


def _parsed(text: str, spec: ToolSpec) -> Any:
    if not text.strip():
        return {}
    try:
        found = json.loads(text, strict=False, parse_constant=_no_number)
        if isinstance(found, str) and found.lstrip().startswith("{"):  # all of it in quotes once more
            found = json.loads(found, strict=False, parse_constant=_no_number)
    except ValueError as error:
        raise _refused(spec, f"they are no valid JSON ({_where(error)})") from error
    except RecursionError as error:
        raise _refused(spec, "they are nested too deep") from error
    return found


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no JSON")


def _where(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg[:1].lower()}{error.msg[1:]}, at character {error.pos + 1}"
    return str(error)[:100]


def _problem(schema: Any, value: Any) -> str | None:
    try:
        wrong = problem(schema, value)
    except (PatternCostError, RecursionError):
        return "they take too long to check"
    return wrong.replace("the answer", "the object", 1) if wrong else None


def _refused(spec: ToolSpec, why: str) -> ArgumentsError:
    takes = json.dumps(spec.parameters, ensure_ascii=False, separators=(",", ":"))
    if len(takes) > _TOLD_CHARACTERS:
        takes = f"{takes[:_TOLD_CHARACTERS]}…"
    return ArgumentsError(
        f"{spec.name} was not called: its arguments do not fit, {why}. Call it again with arguments of this JSON schema:"
        f" {takes}"
    )


# Mending --------------------------------------------------------------------------------------------------------------


def mended(value: Any, schema: Any, depth: int = 0) -> Any:
    """``value`` with what is plainly meant: "5" where a number is wanted, "true" where a truth is, a list or object that
    was written as text; null where it is not allowed and nothing is required is left out."""
    if not isinstance(schema, Mapping) or depth > DEPTH:
        return value
    value = _retyped(value, schema.get("type"))
    properties = schema.get("properties")
    if isinstance(value, dict) and isinstance(properties, Mapping):
        required = schema.get("required")
        return {
            name: mended(one, properties.get(name), depth + 1)
            for name, one in value.items()
            if one is not None or not _may_be_left_out(name, properties, required)
        }
    if isinstance(value, list) and "items" in schema:
        return [mended(one, schema["items"], depth + 1) for one in value]
    return value


def _may_be_left_out(name: str, properties: Mapping[str, Any], required: Any) -> bool:
    if isinstance(required, list) and name in required:
        return False
    schema = properties.get(name)
    return isinstance(schema, Mapping) and isinstance(schema.get("type"), str) and schema["type"] != "null"


def _retyped(value: Any, wanted: Any) -> Any:
    if not isinstance(value, str):
        return str(value) if wanted == "string" and _is_number(value) else value
    if wanted in ("integer", "number", "boolean", "array", "object"):
        with suppress(ValueError, RecursionError):
            found = json.loads(value, parse_constant=_no_number)
            if _KINDS[wanted](found):
                return found
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_KINDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "integer": lambda one: isinstance(one, int) and not isinstance(one, bool),
    "number": _is_number,
    "boolean": lambda one: isinstance(one, bool),
    "array": lambda one: isinstance(one, list),
    "object": lambda one: isinstance(one, dict),
}


# Schemas of others ----------------------------------------------------------------------------------------------------


def usable(schema: Any, depth: int = 0) -> Any:
    """``schema`` without what is not understood here: a server may say more than can be checked, and checks itself too."""
    if isinstance(schema, bool) or not isinstance(schema, Mapping) or depth > DEPTH:
        return schema if isinstance(schema, bool) else True
    kept = {}
    for word, value in schema.items():
        if word == "pattern" and not isinstance(value, str):
            continue
        inside = _inside(word, value, depth)
        with suppress(UsageError, TypeError, ValueError, RecursionError):
            check_schema({word: inside})
            kept[word] = inside
    return kept


def _inside(word: str, value: Any, depth: int) -> Any:
    if word in _NESTED:
        return usable(value, depth + 1)
    if word in _LISTS and isinstance(value, list):
        return [usable(one, depth + 1) for one in value]
    if word == "required" and isinstance(value, list):
        return [name for name in value if isinstance(name, str)]
    if word in _MAPS and isinstance(value, Mapping):
        return {name: usable(one, depth + 1) for name, one in value.items()}
    return value
