"""The format of Gemma 4: thought in a channel, calls in a notation of its own.

    <|channel>thought\\n…<channel|>…<|tool_call>call:f{a:<|"|>x<|"|>,b:1}<tool_call|>

Two of its habits are let through: an empty channel opened before the real one, and a channel closed at the very end.
"""

from __future__ import annotations

import re

from workbench.engine.parsing.calls import Calls
from workbench.engine.parsing.literals import GemmaText
from workbench.engine.parsing.reader import MAX_DEPTH, STOPS_IN_CALL, WHITE, Broken, Markers, Reader, Steps
from workbench.engine.parsing.voices import Answer, Reasoning

CHANNEL = "<|channel>"
CHANNEL_END = "<channel|>"
CALL = "<|tool_call>"
CALL_END = "<tool_call|>"
QUOTE = '<|"|>'
THOUGHT = "thought"

_THOUGHT_END = Markers(CHANNEL_END)
_NAME_END = Markers("{", CALL_END)
_BRACKETS = Markers(QUOTE, "{", "}", "[", "]")
_QUOTE = Markers(QUOTE)
_NAME = re.compile(r"[^\s<>{}]+")
_NAME_LIMIT = 256


def gemma_answer(reader: Reader, calls: Calls, *, thinking: bool | None) -> Steps[None]:
    """The grammar. ``thinking``: whether the prompt ends inside the thought, or after it; None: before it."""
    answer = Answer()
    if thinking is not None:
        answer.after_marker()
    if thinking:
        yield from _thought(reader)
    markers = Markers(CHANNEL, CHANNEL_END, *([CALL] if calls else []))
    while marker := (yield from reader.say_until(markers, answer)):
        answer.after_marker()
        if marker == CHANNEL:
            yield from _channel(reader)
        elif marker == CALL:
            yield from _call(reader, calls)
        else:
            yield from _end(reader)


def _channel(reader: Reader) -> Steps[None]:
    while (yield from reader.expect(THOUGHT, CHANNEL)) == CHANNEL:
        pass
    yield from _thought(reader)


def _thought(reader: Reader) -> Steps[None]:
    yield from reader.say_until(_THOUGHT_END, Reasoning())


def _end(reader: Reader) -> Steps[None]:
    """A channel was closed that is not open."""
    yield from reader.space()
    if not reader.empty:
        raise Broken(f"{CHANNEL_END} without a channel, {reader.here}")


def _call(reader: Reader, calls: Calls) -> Steps[None]:
    yield from reader.expect("call:")
    name, marker = yield from reader.collect_until(_NAME_END, _NAME_LIMIT)
    if not marker:
        raise Broken(STOPS_IN_CALL)
    if marker != "{" or _NAME.fullmatch(name.strip(WHITE)) is None:
        raise Broken(f"expected a name and its arguments, found {(name + marker)[:60]!r}")
    yield calls.start(name.strip(WHITE))
    text = yield from _object(reader)
    source = GemmaText(text)
    arguments = source.value()
    if source.at != len(text):
        raise Broken("something follows the arguments")
    yield from reader.space()
    yield from reader.expect(CALL_END)
    yield calls.arguments(arguments)


def _object(reader: Reader) -> Steps[str]:
    """The text of the arguments, whose first bracket was read."""
    parts = ["{"]
    depth = 1
    while depth:
        text, marker = yield from reader.collect_until(_BRACKETS)
        parts += [text, marker]
        if marker == QUOTE:
            text, marker = yield from reader.collect_until(_QUOTE)
            parts += [text, marker]
        elif marker:
            depth += 1 if marker in "{[" else -1
        if not marker:
            raise Broken(STOPS_IN_CALL)
        if depth > MAX_DEPTH:
            raise Broken("the arguments are nested too deeply")
    return "".join(parts)
