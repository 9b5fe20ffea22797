"""Answers in OpenAI's dialect, with all that providers do differently. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.cloud.protocols import failures
from workbench.cloud.protocols.answers import Piece, text_of
from workbench.cloud.protocols.counting import as_json, openai_billed, parsed
from workbench.cloud.provider import Billed, Provider
from workbench.engine.remote.tolerant import ThoughtsInText
from workbench.messages import Finish, ReasoningDelta, TextDelta, ToolCallDelta

_DONE = "[DONE]"
_FINISHES = {
    "length": Finish.LENGTH,
    "max_tokens": Finish.LENGTH,
    "model_length": Finish.LENGTH,
    "tool_calls": Finish.TOOL_CALLS,
    "function_call": Finish.TOOL_CALLS,
}
_WITHHELD = {"content_filter": "content_filter", "error": "", "insufficient_system_resource": "too little room there"}


class OpenAiReader:
    """An `AnswerReader`."""

    def __init__(self, provider: Provider) -> None:
        self.finish: Finish | None = None
        self.billed: Billed | None = None
        self.so_far: Billed | None = None
        self.withheld: str | None = None
        self._provider = provider
        self._calls = _Calls()
        self._thoughts = ThoughtsInText()
        self._done = False

    @property
    def done(self) -> bool:
        return self._done

    def read(self, payload: str) -> Iterator[Piece]:
        if payload.strip() == _DONE:
            self._done = True
            self.finish = self.finish or Finish.STOP
            return
        yield from self._chunk(self._parsed(payload))

    def whole(self, body: str) -> Iterator[Piece]:
        answer = self._parsed(body)
        if not answer.get("choices"):
            raise failures.unreadable(self._provider.name, body)
        yield from self._chunk(answer)
        self._done = True
        self.finish = self.finish or Finish.STOP

    def end(self) -> Iterator[Piece]:
        yield from self._thoughts.end()
        if self.finish is Finish.STOP and self._calls.count:
            self.finish = Finish.TOOL_CALLS

    def _parsed(self, payload: str) -> dict[str, Any]:
        try:
            chunk = parsed(payload)
        except ValueError as error:
            raise failures.unreadable(self._provider.name, payload) from error
        if not isinstance(chunk, dict):
            raise failures.unreadable(self._provider.name, payload)
        if chunk.get("error") or chunk.get("object") == "error":
            raise failures.in_stream(self._provider.name, payload)
        return chunk

    def _chunk(self, chunk: dict[str, Any]) -> Iterator[Piece]:
        """The first choice, and what was counted: the count may be in the same chunk, in one of its own, or Groq's. Some
        count in each chunk: what was counted before something was said is no last count."""
        choices = chunk.get("choices")
        first = choices[0] if isinstance(choices, list) and choices else None
        if isinstance(first, dict):
            yield from self._choice(first)
        groq = chunk.get("x_groq")
        usage = chunk.get("usage") or (groq.get("usage") if isinstance(groq, dict) else None)
        if (found := openai_billed(usage, names_cost=not self._provider.own)) is not None:
            self.billed = self.so_far = found

    def _choice(self, choice: dict[str, Any]) -> Iterator[Piece]:
        delta = choice.get("delta") or choice.get("message")
        if isinstance(delta, dict):
            yield from self._delta(delta)
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self.finish = _FINISHES.get(reason, Finish.STOP)
            self.withheld = _WITHHELD.get(reason, self.withheld)

    def _delta(self, delta: dict[str, Any]) -> Iterator[Piece]:
        thoughts, text = _thoughts_apart(delta.get("content"))
        thoughts = text_of(delta.get("reasoning_content") or delta.get("reasoning")) + thoughts
        if thoughts or text or delta.get("tool_calls"):
            self.billed = None
        if thoughts:
            self._thoughts.apart()
            yield ReasoningDelta(thoughts)
        if text:
            yield from self._thoughts.feed(text)
        if refusal := text_of(delta.get("refusal")):
            yield TextDelta(refusal)
        calls = delta.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            if isinstance(call, dict):
                yield self._calls.piece(call)


def _thoughts_apart(content: Any) -> tuple[str, str]:
    """Mistral puts thoughts into the content, as parts of their own."""
    if not isinstance(content, list):
        return "", text_of(content)
    parts = [part for part in content if isinstance(part, dict)]
    thoughts = "".join(text_of(part.get("thinking")) for part in parts if part.get("type") == "thinking")
    return thoughts, "".join(text_of(part.get("text")) for part in parts if part.get("type") != "thinking")


class _Calls:
    """Numbers the calls of one answer: some providers number none, or all with 0, and send each whole."""

    def __init__(self) -> None:
        self._keys: list[tuple[object, str]] = []

    @property
    def count(self) -> int:
        return len(self._keys)

    def piece(self, call: dict[str, Any]) -> ToolCallDelta:
        function = call.get("function")
        function = function if isinstance(function, dict) else {}
        name, call_id = text_of(function.get("name")), text_of(call.get("id"))
        given = function.get("arguments")
        arguments = given if isinstance(given, str) else "" if given is None else as_json(given)
        place = self._place(call.get("index"), call_id, named=bool(name))
        shown = call_id or (f"call_{place}" if name else "")
        return ToolCallDelta(place, shown, name, arguments)

    def _place(self, index: Any, call_id: str, *, named: bool) -> int:
        """A name with another id, or with none, begins a call; all else belongs to the last one of its number."""
        same = [place for place, (number, _id) in enumerate(self._keys) if number == index]
        if not same or (named and (not call_id or self._keys[same[-1]][1] != call_id)):
            if not named and self._keys and not same:
                return len(self._keys) - 1
            self._keys.append((index, call_id))
            return len(self._keys) - 1
        return same[-1]
