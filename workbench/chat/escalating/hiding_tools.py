"""The texts of tools that a model is offered, to be hidden like all others: what they say of themselves. Pure.

What a program compares (names, types, patterns, which fields there are) must stay as it is, or no call would fit: a tool in
which something is to be hidden there is not offered at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from workbench.chat.escalating.hiding_parts import LEAST_DIGITS
from workbench.messages import Tool

SAID: Final = frozenset({"description", "title", "$comment", "default", "examples", "enum", "const"})
"""Keywords of a schema that hold words, or values that a model may give: those come back in the arguments of a call."""
NAMED: Final = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
"""Keywords that hold schemas by names of the tool's own."""

Change = Callable[[str], str]


def texts_of_tools(tools: Iterable[Tool]) -> tuple[str, ...]:
    """What may be hidden, in the order in which `with_tool_texts` takes it."""
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    for tool in tools:
        _changed(tool, keep)
    return tuple(found)


def with_tool_texts(tools: Iterable[Tool], texts: Iterable[str]) -> tuple[Tool, ...]:
    """The same tools with these texts in the places of theirs."""
    rest: Iterator[str] = iter(texts)
    return tuple(_changed(tool, lambda _text: next(rest)) for tool in tools)


def fixed_in(tool: Tool) -> tuple[str, ...]:
    """What stands in it and cannot be hidden, each once."""
    return tuple(dict.fromkeys((tool.name, *_fixed(tool.parameters))))


def without_told(tools: Sequence[Tool], tells: Callable[[Collection[str]], Collection[str]]) -> tuple[Tool, ...]:
    """Those whose fixed texts tell nothing. ``tells``: which of some texts hold what is to be hidden."""
    fixed = {tool.name: fixed_in(tool) for tool in tools}
    found = frozenset(tells(tuple(dict.fromkeys(text for texts in fixed.values() for text in texts))))
    return tuple(tool for tool in tools if found.isdisjoint(fixed[tool.name])) if found else tuple(tools)


def _changed(tool: Tool, change: Change) -> Tool:
    return replace(tool, description=change(tool.description), parameters=_schema(tool.parameters, change))


def _schema(value: Any, change: Change) -> Any:
    match value:
        case Mapping():
            return {key: _keyword(key, inner, change) for key, inner in value.items()}
        case list():
            return [_schema(inner, change) for inner in value]
        case _:
            return value


def _keyword(key: str, value: Any, change: Change) -> Any:
    if key in SAID:
        return _said(value, change)
    if key in NAMED and isinstance(value, Mapping):
        return {name: _schema(inner, change) for name, inner in value.items()}
    return _schema(value, change)


def _said(value: Any, change: Change) -> Any:
    match value:
        case str():
            return change(value)
        case Mapping():
            return {key: _said(inner, change) for key, inner in value.items()}
        case list():
            return [_said(inner, change) for inner in value]
        case _:
            return value


def _fixed(value: Any, *, said: bool = False, named: bool = False) -> Iterator[str]:
    """``said``: inside of words and values, where only names of fields and numbers stay as they are. ``named``: the keys of
    this are names, and none is a keyword."""
    match value:
        case str():
            if not said:
                yield value
        case bool():
            return
        case int():
            if said and len(str(abs(value))) >= LEAST_DIGITS:
                yield str(value)
        case Mapping():
            for key, inner in value.items():
                yield str(key)
                is_keyword = not (said or named)
                yield from _fixed(inner, said=said or (is_keyword and key in SAID), named=is_keyword and key in NAMED)
        case list():
            for inner in value:
                yield from _fixed(inner, said=said)
        case _:
            return
