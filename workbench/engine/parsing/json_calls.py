"""Calls as JSON: ``<tool_call>{"name": "f", "arguments": {…}}</tool_call>``. Hermes, Qwen3, Granite 4, ERNIE."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.engine.parsing.calls import Calls
from workbench.engine.parsing.json_text import checked_object, members
from workbench.engine.parsing.reader import Broken, Reader, Steps


@dataclass(frozen=True, slots=True)
class JsonCalls:
    openers: tuple[str, ...] = ("<tool_call>",)
    ends_reasoning: tuple[str, ...] = ()

    def call(self, reader: Reader, calls: Calls, _opener: str) -> Steps[None]:
        yield from reader.space()
        found = members((yield from reader.balanced("{", '"')))
        yield from reader.space()
        yield from reader.expect("</tool_call>")
        name, _ = found.get("name", (None, ""))
        if not isinstance(name, str) or not name:
            raise Broken("the call has no name")
        arguments, text = found.get("arguments", ({}, "{}"))
        checked = checked_object(arguments if isinstance(arguments, str) else text)
        yield calls.start(name)
        yield calls.arguments(checked)
