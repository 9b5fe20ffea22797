"""How many tokens a request has, where nobody counts them for us: from above. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from workbench.chat.escalating.counts import Count, CountedBy, Uncounted
from workbench.messages import ChatRequest, Image, Message, Part, Reasoning, Text, Tool, ToolCall, ToolResult

PICTURE_TOKENS: Final = 1_600  # about the most that providers make of one
TOKENS_OF_MESSAGE: Final = 12
LEAST_OF_MESSAGE: Final = 3  # every format has a beginning, a role and an end
TOKENS_OF_REQUEST: Final = 80  # what templates say before the first message
TOKENS_OF_TOOLS: Final = 700  # what providers tell a model of tools, whatever they are
TOKENS_OF_CALL: Final = 40  # ids and frames of a tool, a call, or a result
LETTERS_OF_TOKEN: Final = 3  # English has four to five, other languages in Latin letters about three
CAPITALS_OF_TOKEN: Final = 2
MOST_LETTERS_OF_WORD: Final = 24
TOKENS_OF_NOISE: Final = 0.7  # for each letter: o200k makes 0.5 to 0.65
LEAST_SHARE: Final = 0.35
"""Tokenizers make about half of the estimate of English text; none is known to make less than this of what people write."""

_RUNS = re.compile(r"[A-Za-z0-9+/]{40,}|[A-Z]?[a-z]+|[A-Z]+|\d|[^\S\n]+|\n+|[\x00-\x7f]|[^\x00-\x7f]")


def tokens_from_above(request: ChatRequest) -> int:
    """Tokenizers differ: this is more than any of them makes of text and code that people write."""
    tools = TOKENS_OF_TOOLS + sum(map(_of_tool, request.tools)) if request.tools else 0
    return TOKENS_OF_REQUEST + tools + tokens_of_messages(request.messages)


def tokens_of_messages(messages: Iterable[Message]) -> int:
    return sum(map(_of_message, messages))


def estimated(request: ChatRequest, why: Uncounted, said: str = "") -> Count:
    """Where nothing counts."""
    most = tokens_from_above(request)
    return Count(int(most * LEAST_SHARE), most, CountedBy.ESTIMATE, why, said)


def of_template(counted: int, request: ChatRequest, by: CountedBy) -> Count:
    """Where the tokenizer and the template of an open model counted `without_pictures`: a provider's template may be a few
    tokens longer than ours, and more where it tells of tools. Of pictures nobody knows more than the most."""
    tools = TOKENS_OF_TOOLS if request.tools else 0
    most = counted + TOKENS_OF_MESSAGE * len(request.messages) + tools + _of_pictures(request)
    return Count(counted, most, by)


def of_texts(messages: int, tools: int, request: ChatRequest, frames: int) -> Count:
    """Where a vocabulary counted `texts_of_messages` and `texts_of_tools`. How a provider writes messages and tools around
    their texts is not published exactly: ``frames``, and as much for each as would be much."""
    told = tools + TOKENS_OF_TOOLS + TOKENS_OF_CALL * len(request.tools) if request.tools else 0
    calls = sum(isinstance(part, ToolCall | ToolResult) for part in _parts(request))
    around = frames + TOKENS_OF_MESSAGE * len(request.messages) + TOKENS_OF_CALL * calls
    least = messages + LEAST_OF_MESSAGE * len(request.messages)
    return Count(least, messages + around + told + _of_pictures(request), CountedBy.PUBLISHED)


def texts_of_messages(request: ChatRequest) -> tuple[str, ...]:
    return tuple(text for part in _parts(request) for text in _texts_of(part))


def texts_of_tools(request: ChatRequest) -> tuple[str, ...]:
    return tuple(text for tool in request.tools for text in (tool.name, tool.description, _told(tool)))


def without_pictures(request: ChatRequest) -> ChatRequest:
    """For what counts texts."""
    kept = (tuple(part for part in one.parts if not isinstance(part, Image)) for one in request.messages)
    both = zip(request.messages, kept, strict=True)
    return replace(request, messages=tuple(replace(message, parts=parts) for message, parts in both))


def tokens_of_text(text: str) -> int:
    return sum(_of_run(run[0]) for run in _RUNS.finditer(text))


def _of_message(message: Message) -> int:
    return TOKENS_OF_MESSAGE + sum(map(_of_part, message.parts))


def _of_part(part: Part) -> int:
    match part:
        case Image():
            return PICTURE_TOKENS
        case ToolCall():
            return TOKENS_OF_CALL + tokens_of_text(part.name) + tokens_of_text(part.arguments)
        case ToolResult():
            return TOKENS_OF_CALL + tokens_of_text(part.text)
        case Text() | Reasoning():
            return tokens_of_text(part.text)
        case _:
            return 0


def _of_tool(tool: Tool) -> int:
    return TOKENS_OF_CALL + sum(map(tokens_of_text, (tool.name, tool.description, _told(tool))))


def _told(tool: Tool) -> str:
    return json.dumps(dict(tool.parameters), ensure_ascii=False)


def _parts(request: ChatRequest) -> list[Part]:
    return [part for message in request.messages for part in message.parts]


def _of_pictures(request: ChatRequest) -> int:
    return PICTURE_TOKENS * sum(isinstance(part, Image) for part in _parts(request))


def _texts_of(part: Part) -> tuple[str, ...]:
    match part:
        case ToolCall():
            return part.name, part.arguments
        case Text() | Reasoning() | ToolResult():
            return (part.text,)
        case _:
            return ()


def _of_run(run: str) -> int:
    if run[0] > "\x7f":
        return _of_sign(run)
    if run[0].isalpha() or _is_noise(run):
        return _of_letters(run)
    return 0 if run == " " else -(-len(run) // 4)


def _of_letters(run: str) -> int:
    """Of one word, or of its part that begins with a capital. Capitals make more tokens; and what is longer than words are
    is a key, a file as text, or noise, which vocabularies have little of."""
    if len(run) > MOST_LETTERS_OF_WORD:
        digits = sum(map(str.isdigit, run))  # some make a token of each
        return digits + math.ceil((len(run) - digits) * TOKENS_OF_NOISE)
    return -(-len(run) // (LETTERS_OF_TOKEN if run[-1].islower() else CAPITALS_OF_TOKEN))


def _is_noise(run: str) -> bool:
    """What begins with another sign and is long is a file as text; one sign or a line of spaces is not."""
    return len(run) > MOST_LETTERS_OF_WORD and not run.isspace()


def _of_sign(sign: str) -> int:
    """An accented letter breaks its word; signs of other scripts are up to two tokens, rare ones one for each byte."""
    bytes_of = len(sign.encode("utf-8", "replace"))
    return 1 if bytes_of <= 2 else 2 if bytes_of == 3 else 4


def said_tokens(texts: Iterable[str]) -> int:
    """Of an answer that the provider did not count: about, from above."""
    return sum(map(tokens_of_text, texts))
