"""Calls as tags, one for each argument. The values are bare text: the tool's schema says what they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.engine.parsing.calls import Calls
from workbench.engine.parsing.json_text import json_object
from workbench.engine.parsing.reader import STOPS_IN_CALL, WHITE, Broken, Markers, Reader, Steps
from workbench.engine.parsing.tagged import enclosed
from workbench.engine.parsing.values import typed

_NAME = re.compile(r"[^\s<>{}]+")
_NAME_LIMIT = 256
_TAG_END = Markers(">")
_KEY = "<arg_key>"
_KEY_END = Markers("</arg_key>")
_END = "</tool_call>"
_NAME_END = Markers(_KEY, _END)


@dataclass(frozen=True, slots=True)
class FunctionTags:
    """``<tool_call><function=f><parameter=a>…</parameter></function></tool_call>``: Qwen3-Coder, Qwen3.5, Nemotron 3.

    ``bare``: tools whose call may lack its first tag, as Qwen3-Coder sometimes leaves it out.
    """

    bare: tuple[str, ...] = ()
    ends_reasoning: tuple[str, ...] = ("<function=",)

    @property
    def openers(self) -> tuple[str, ...]:
        return ("<tool_call>", *(f"<function={name}>" for name in self.bare))

    def call(self, reader: Reader, calls: Calls, opener: str) -> Steps[None]:
        name = opener.removeprefix("<function=").removesuffix(">")
        if opener == "<tool_call>":
            yield from reader.space()
            yield from reader.expect("<function=")
            name = yield from _name(reader, _TAG_END)
        yield calls.start(name)
        values: list[tuple[str, str]] = []
        yield from reader.space()
        while (yield from reader.expect("<parameter=", "</function>")) == "<parameter=":
            parameter = yield from _name(reader, _TAG_END)
            text = yield from enclosed(reader, "</parameter>", ("<parameter=", "</function>"))
            text = text.removeprefix("\n").removesuffix("\n")
            values.append((parameter, typed(text, calls.schema(name, parameter), calls.definitions(name))))
        yield from reader.space()
        yield from reader.expect(_END)
        yield calls.arguments(json_object(values))


@dataclass(frozen=True, slots=True)
class KeyValueTags:
    """``<tool_call>f<arg_key>a</arg_key><arg_value>…</arg_value></tool_call>``: GLM 4.5 to 4.7."""

    openers: tuple[str, ...] = ("<tool_call>",)
    ends_reasoning: tuple[str, ...] = ()

    def call(self, reader: Reader, calls: Calls, _opener: str) -> Steps[None]:
        text, marker = yield from reader.collect_until(_NAME_END, _NAME_LIMIT)
        name = _checked(text, marker)
        yield calls.start(name)
        values: list[tuple[str, str]] = []
        while marker == _KEY:
            parameter = yield from _name(reader, _KEY_END)
            yield from reader.space()
            yield from reader.expect("<arg_value>")
            text = yield from enclosed(reader, "</arg_value>", (_KEY, _END))
            values.append((parameter, typed(text, calls.schema(name, parameter), calls.definitions(name))))
            marker = yield from reader.expect(_KEY, _END)
        yield calls.arguments(json_object(values))


def _name(reader: Reader, end: Markers) -> Steps[str]:
    text, marker = yield from reader.collect_until(end, _NAME_LIMIT)
    return _checked(text, marker)


def _checked(text: str, marker: str) -> str:
    if not marker:
        raise Broken(STOPS_IN_CALL)
    name = text.strip(WHITE)
    if _NAME.fullmatch(name) is None:
        raise Broken(f"{text[:60]!r} is no name")
    return name
