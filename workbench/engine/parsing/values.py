"""Values that come as bare text, turned into the JSON that the tool's schema asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.engine.parsing.json_text import json_string, whole_value
from workbench.engine.parsing.reader import MAX_DEPTH, WHITE, Broken

_ALL = frozenset({"string", "number", "boolean", "null", "array", "object"})
_FROM_PYTHON = {"True": "true", "False": "false", "None": "null"}


def typed(text: str, schema: object, root: Mapping[str, Any]) -> str:
    """``text`` as JSON of a type that ``schema`` allows. ``root`` is the document that its references point into.

    What may be nothing but a string is one as it stands. Else it is JSON, or a string where that is allowed too.
    Without a schema everything is allowed. Raises `Broken` if nothing fits.
    """
    types = _types(schema, root, MAX_DEPTH)
    if types == {"string"}:
        return json_string(text)
    bare = text.strip(WHITE)
    bare = _FROM_PYTHON.get(bare, bare)
    try:
        kind = _type_of(whole_value(bare))
    except Broken:
        kind = "string"
    if kind != "string" and kind in types:
        return bare
    if "string" in types:
        return json_string(text)
    raise Broken(f"{text[:60]!r} is not of the type {' or '.join(sorted(types))}")


def _type_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "object"
    return "array" if isinstance(value, list) else "string"


def _types(schema: object, root: Mapping[str, Any], depth: int) -> frozenset[str]:
    """The types that a schema allows; an integer is a number here. What cannot be told allows everything."""
    if not isinstance(schema, Mapping) or depth == 0:
        return _ALL
    found = _declared(schema)
    for branches in map(schema.get, ("anyOf", "oneOf")):
        if isinstance(branches, list) and branches:
            found &= frozenset().union(*(_types(branch, root, depth - 1) for branch in branches))
    for branch in _all_of(schema, root):
        found &= _types(branch, root, depth - 1)
    return found or _ALL


def _declared(schema: Mapping[str, Any]) -> frozenset[str]:
    types = schema.get("type")
    if isinstance(types, str):
        types = [types]
    if isinstance(types, list) and types:
        return frozenset("number" if type_ == "integer" else str(type_) for type_ in types)
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return frozenset(map(_type_of, schema["enum"]))
    return frozenset({_type_of(schema["const"])}) if "const" in schema else _ALL


def _all_of(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[object]:
    branches = schema.get("allOf")
    if isinstance(branches, list):
        yield from branches
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        target: object = root
        for name in reference[2:].split("/"):
            target = target.get(name) if isinstance(target, Mapping) else None
        yield target
