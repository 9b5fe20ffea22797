"""Calls as Python: ``<|tool_call_start|>[f(a=1, b="x"), g()]<|tool_call_end|>``. LFM2."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.engine.parsing.calls import Calls
from workbench.engine.parsing.json_text import json_object
from workbench.engine.parsing.literals import PythonText
from workbench.engine.parsing.reader import Broken, Reader, Steps

_FUNCTION = re.compile(r"[^\W\d][\w.-]*")


@dataclass(frozen=True, slots=True)
class PythonCalls:
    openers: tuple[str, ...] = ("<|tool_call_start|>",)
    ends_reasoning: tuple[str, ...] = ()

    def call(self, reader: Reader, calls: Calls, _opener: str) -> Steps[None]:
        yield from reader.space()
        text = yield from reader.balanced("[", "\"'")
        yield from reader.space()
        yield from reader.expect("<|tool_call_end|>")
        for name, arguments in _calls(text):
            yield calls.start(name)
            yield calls.arguments(arguments)


def _calls(text: str) -> list[tuple[str, str]]:
    source = PythonText(text)
    source.need("[")
    found: list[tuple[str, str]] = []
    source.skip()
    while not source.take("]"):
        name = _word(source)
        source.need("(")
        found.append((name, json_object(_arguments(source))))
        source.separated("]")
    if not found or source.at != len(text):
        raise Broken("expected a list of calls")
    return found


def _arguments(source: PythonText) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    source.skip()
    while not source.take(")"):
        name = _word(source)
        source.need("=")
        found.append((name, source.value()))
        source.separated(")")
    return found


def _word(source: PythonText) -> str:
    found = source.match(_FUNCTION)
    if found is None:
        raise Broken(f"expected a name, found {source.text[source.at : source.at + 40]!r}")
    source.skip()
    return found.group()
