"""JSON as text: checked, and put together without being read and written again, so that numbers keep their digits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from workbench.engine.parsing.reader import WHITE, Broken

_SPACE = re.compile(f"[{WHITE}]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DECODER = json.JSONDecoder(parse_constant=lambda name: _no_constant(name))


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def json_string(text: str) -> str:
    """``text`` as a JSON string, readable where it can be encoded."""
    return json.dumps(text, ensure_ascii=_SURROGATE.search(text) is not None)


def json_object(members: Iterable[tuple[str, str]]) -> str:
    """An object from names and the JSON texts of their values. Raises `Broken` if a name comes twice."""
    values: dict[str, str] = {}
    for name, value in members:
        if name in values:
            raise Broken(f"the argument {name!r} is given twice")
        values[name] = value
    return "{" + ", ".join(f"{json_string(name)}: {value}" for name, value in values.items()) + "}"


def value_at(text: str, at: int) -> tuple[object, int]:
    """The JSON value that begins at ``at``, and where it ends. Raises `Broken`."""
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        raise Broken(f"not valid JSON: {error or 'nested too deeply'}") from None


def whole_value(text: str) -> object:
    """The JSON value that ``text`` is, white space around it aside. Raises `Broken`."""
    begin = _past_space(text, 0)
    value, end = value_at(text, begin)
    if _past_space(text, end) != len(text):
        raise Broken(f"something follows the JSON value: {text[end : end + 40]!r}")
    return value


def checked_object(text: str) -> str:
    """``text`` without white space around it, if it is a JSON object. Raises `Broken`."""
    if not isinstance(whole_value(text), dict):
        raise Broken(f"the arguments are not a JSON object: {text[:60]!r}")
    return text.strip(WHITE)


def members(text: str) -> dict[str, tuple[object, str]]:
    """The members of the JSON object ``text``: their values, read and as they were written. Raises `Broken`."""
    checked_object(text)
    found: dict[str, tuple[object, str]] = {}
    at = _past_space(text, text.index("{") + 1)
    while text[at] == '"':
        name, at = value_at(text, at)
        at = _past_space(text, _past_space(text, at) + 1)  # past the colon
        value, end = value_at(text, at)
        found[str(name)] = (value, text[at:end])
        at = _past_space(text, end)
        if text[at] == ",":
            at = _past_space(text, at + 1)
    return found


def _past_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
