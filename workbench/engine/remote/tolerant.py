"""Streams of servers that each do it a little differently, brought to the form of our own engine. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from workbench.engine.asking import wire
from workbench.engine.parsing.calls import Calls
from workbench.engine.parsing.events import AnswerText, Piece, ReasoningText
from workbench.engine.parsing.parser import TextParser
from workbench.engine.parsing.reader import Reader
from workbench.engine.parsing.tagged import TaggedAnswer, Tags
from workbench.engine.remote import failures
from workbench.messages import ReasoningDelta, TextDelta


class TolerantReader:
    """Takes the payloads of one answer in order. ``who``: host and port, for its errors."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._calls = 0
        self._thoughts = ThoughtsInText()

    @property
    def has_calls(self) -> bool:
        return self._calls > 0

    def pieces(self, payload: str) -> Iterator[wire.Piece]:
        """What ``payload`` says. Raises `EngineError`."""
        chunk = self._chunk(payload)
        for choice in chunk.get("choices") or ():
            self._straighten(choice)
        for piece in wire.pieces(json.dumps(chunk)):
            if isinstance(piece, TextDelta):
                yield from self._thoughts.feed(piece.text)
            else:
                if isinstance(piece, ReasoningDelta):
                    self._thoughts.apart()
                yield piece

    def end(self) -> Iterator[wire.Piece]:
        """What was held back."""
        yield from self._thoughts.end()

    def _chunk(self, payload: str) -> dict[str, Any]:
        try:
            chunk = failures.parsed(payload)
        except ValueError as error:
            raise failures.unreadable(self._who, payload[:300]) from error
        if isinstance(chunk, dict) and (chunk.get("error") or chunk.get("object") == "error"):
            raise failures.in_stream(self._who, payload)
        choices = chunk.get("choices") if isinstance(chunk, dict) else None
        if not isinstance(choices, list | None) or not isinstance(chunk, dict):
            raise failures.unreadable(self._who, payload[:300])
        if not all(isinstance(choice, dict) for choice in choices or ()):
            raise failures.unreadable(self._who, payload[:300])
        return chunk

    def _straighten(self, choice: dict[str, Any]) -> None:
        """In place: a whole answer is one long delta, thoughts have one name, calls have numbers and ids."""
        delta = choice.get("delta") or choice.get("message") or {}
        if not isinstance(delta, dict):
            raise failures.unreadable(self._who)
        delta["reasoning_content"] = _text(delta.get("reasoning_content") or delta.get("reasoning"))
        delta["content"] = _text(delta.get("content"))
        calls = delta.get("tool_calls")
        delta["tool_calls"] = [self._call(call) for call in calls or () if isinstance(call, dict)]
        choice["delta"] = delta

    def _call(self, call: dict[str, Any]) -> dict[str, Any]:
        """Ollama sends whole calls, all with the number 0; some send arguments as an object."""
        function = call.get("function")
        function = dict(function) if isinstance(function, dict) else {}
        arguments = function.get("arguments")
        if arguments is not None and not isinstance(arguments, str):
            function["arguments"] = json.dumps(arguments)
        if function.get("name"):
            self._calls += 1
        index = max(self._calls - 1, 0)
        identity = call.get("id") or (f"call_{index}" if function.get("name") else "")
        return {"index": index, "id": identity, "function": function}


def _text(value: Any) -> str:
    """A text, or the texts of a list of parts."""
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in value if isinstance(part, dict))
    return value if isinstance(value, str) else ""


class ThoughtsInText:
    """Thoughts at the very beginning of an answer's text, between tags, as servers without a parser send them."""

    def __init__(self) -> None:
        reader = Reader()
        answer = TaggedAnswer(reader, Calls(), tags=Tags(), syntax=None, thinking=None)
        self._parser = TextParser("tagged", reader, answer.steps())
        self._apart = False

    def apart(self) -> None:
        """The server tells thoughts apart by itself: tags in its text are text."""
        self._apart = self._apart or not self._parser.raw

    def feed(self, text: str) -> Iterator[ReasoningDelta | TextDelta]:
        return iter((TextDelta(text),)) if self._apart else _deltas(self._parser.feed(text))

    def end(self) -> Iterator[ReasoningDelta | TextDelta]:
        return iter(()) if self._apart else _deltas(self._parser.end(cut=True))


def _deltas(pieces: Iterable[Piece]) -> Iterator[ReasoningDelta | TextDelta]:
    for piece in pieces:
        if isinstance(piece, ReasoningText):
            yield ReasoningDelta(piece.text)
        elif isinstance(piece, AnswerText):
            yield TextDelta(piece.text)
