"""Stand-ins for chat templates, with the markers that tell the formats, and what a parser makes of a text."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from workbench.engine.parsing.events import (
    AnswerText,
    CallArguments,
    CallStart,
    FormatError,
    Parser,
    Piece,
    ReasoningText,
)
from workbench.engine.parsing.formats import parser_for

HARMONY = "<|start|>assistant<|channel|>analysis<|message|>"
GEMMA = "'<|tool_call>call:' + function['name'] {#- <|channel>thought #}"
QWEN3 = '<think>\n</think><tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>'
HERMES = '<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>'
QWEN35 = "<think></think><tool_call>\n<function=f>\n<parameter=a>\n</parameter>"
QWEN_CODER = "<tool_call>\n<function=f>\n<parameter=a>\n</parameter>"
GLM = "<think></think><tool_call>f<arg_key>k</arg_key><arg_value>v</arg_value></tool_call>"
LFM = "List of tools: [<think></think><|tool_call_start|>[]<|tool_call_end|>"
ERNIE = QWEN3 + "<response></response>"
PLAIN = "<start_of_turn>user"

TEMPLATES = (HARMONY, GEMMA, QWEN3, HERMES, QWEN35, QWEN_CODER, GLM, LFM, ERNIE, PLAIN)


def tool(name: str, **properties: object) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {"name": name, "parameters": {"type": "object", "properties": dict(properties)}},
    }


TOOLS = (
    tool(
        "f",
        text={"type": "string"},
        count={"type": "integer"},
        ratio={"type": "number"},
        on={"type": "boolean"},
        items={"type": "array"},
        config={"type": "object"},
        either={"type": ["integer", "string"]},
        maybe={"anyOf": [{"type": "integer"}, {"type": "null"}]},
        anything={},
    ),
    tool("g"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one answer: ``calls`` are names and arguments, None where they did not come."""

    reasoning: str = ""
    answer: str = ""
    calls: tuple[tuple[str, str | None], ...] = ()
    fault: str = ""


Make = Callable[[], Parser]


def making(template: str, tools: Iterable[dict[str, Any]] = TOOLS, **options: Any) -> Make:
    """Parsers for a template. The ids of their calls are a, b, c…"""

    def make() -> Parser:
        ids = map(chr, itertools.count(ord("a")))
        return parser_for(template, tools=tuple(tools), new_id=lambda: next(ids), **options)

    return make


def told(make: Make, *texts: str, cut: bool = False) -> Told:
    pieces, fault = pieces_of(make(), texts, cut=cut)
    return gathered(pieces, fault.reason if fault else "")


def pieces_of(parser: Parser, texts: Iterable[str], *, cut: bool = False) -> tuple[list[Piece], FormatError | None]:
    pieces: list[Piece] = []
    try:
        for text in texts:
            pieces += parser.feed(text)
        pieces += parser.end(cut=cut)
    except FormatError as error:
        return pieces, error
    return pieces, None


def gathered(pieces: Iterable[Piece], fault: str = "") -> Told:
    reasoning, answer = [], []
    calls: list[tuple[str, str | None]] = []
    for piece in pieces:
        match piece:
            case ReasoningText(text):
                reasoning.append(text)
            case AnswerText(text):
                answer.append(text)
            case CallStart(index, id_, name):
                assert index == len(calls)
                assert id_ == "abcdefghijklmnopqrstuvwxyz"[index % 26] or index >= 26
                calls.append((name, None))
            case CallArguments(index, text):
                assert calls[index][1] is None
                calls[index] = (calls[index][0], text)
    return Told("".join(reasoning), "".join(answer), tuple(calls), fault)
