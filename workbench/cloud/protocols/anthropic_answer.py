"""Answers of Anthropic's messages: events of blocks, counts at both ends. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.cloud.protocols import failures
from workbench.cloud.protocols.answers import Piece, text_of
from workbench.cloud.protocols.counting import anthropic_billed, as_json, parsed
from workbench.cloud.provider import Billed, Provider
from workbench.messages import Finish, ReasoningDelta, TextDelta, ToolCallDelta

_FINISHES = {
    "max_tokens": Finish.LENGTH,
    "model_context_window_exceeded": Finish.LENGTH,
    "tool_use": Finish.TOOL_CALLS,
    "pause_turn": Finish.LENGTH,
}


class AnthropicReader:
    """An `AnswerReader`."""

    def __init__(self, provider: Provider) -> None:
        self.finish: Finish | None = None
        self.billed: Billed | None = None
        self.so_far: Billed | None = None
        self.withheld: str | None = None
        self._provider = provider
        self._usage: dict[str, Any] = {}
        self._calls: dict[object, int] = {}  # the number of a block: the number of its call
        self._silent: set[int] = set()  # calls without an argument so far
        self._done = False

    @property
    def done(self) -> bool:
        return self._done

    def read(self, payload: str) -> Iterator[Piece]:
        event = self._parsed(payload)
        match event.get("type"):
            case "message_start":
                self._count(_of(event, "message").get("usage"))
            case "content_block_start":
                yield from self._block(event.get("index"), _of(event, "content_block"))
            case "content_block_delta":
                yield from self._delta(event.get("index"), _of(event, "delta"))
            case "message_delta":
                self._stop(_of(event, "delta"))
                self._count(event.get("usage"), final=True)
            case "message_stop":
                self._done = True
            case _:
                pass  # pings, ends of blocks, and what may come in later years

    def whole(self, body: str) -> Iterator[Piece]:
        message = self._parsed(body)
        blocks = message.get("content")
        if not isinstance(blocks, list):
            raise failures.unreadable(self._provider.name, body)
        for place, block in enumerate(blocks):
            if isinstance(block, dict):
                yield from self._block(place, block)
        self._stop(message)
        self._count(message.get("usage"), final=True)
        self._done = True

    def end(self) -> Iterator[Piece]:
        """A call of a tool that takes nothing is written as nothing."""
        return (ToolCallDelta(number, arguments="{}") for number in sorted(self._silent))

    def _parsed(self, payload: str) -> dict[str, Any]:
        try:
            event = parsed(payload)
        except ValueError as error:
            raise failures.unreadable(self._provider.name, payload) from error
        if not isinstance(event, dict):
            raise failures.unreadable(self._provider.name, payload)
        if event.get("type") == "error" or event.get("error"):
            raise failures.in_stream(self._provider.name, payload)
        return event

    def _block(self, place: object, block: dict[str, Any]) -> Iterator[Piece]:
        if thoughts := text_of(block.get("thinking")):
            yield ReasoningDelta(thoughts)
        if text := text_of(block.get("text")):
            yield TextDelta(text)
        if block.get("type") == "tool_use":
            number = self._calls.setdefault(_key(place), len(self._calls))
            given = block.get("input")
            arguments = as_json(given) if given else ""
            if not arguments:
                self._silent.add(number)
            yield ToolCallDelta(number, text_of(block.get("id")), text_of(block.get("name")), arguments)

    def _delta(self, place: object, delta: dict[str, Any]) -> Iterator[Piece]:
        match delta.get("type"):
            case "text_delta":
                pieces: tuple[Piece, ...] = (TextDelta(text_of(delta.get("text"))),)
            case "thinking_delta":
                pieces = (ReasoningDelta(text_of(delta.get("thinking"))),)
            case "input_json_delta" if _key(place) in self._calls:
                pieces = tuple(self._arguments(self._calls[_key(place)], text_of(delta.get("partial_json"))))
            case _:
                pieces = ()
        yield from (piece for piece in pieces if isinstance(piece, ToolCallDelta) or piece.text)

    def _arguments(self, number: int, text: str) -> Iterator[Piece]:
        if text:
            self._silent.discard(number)
            yield ToolCallDelta(number, arguments=text)

    def _stop(self, delta: dict[str, Any]) -> None:
        reason = delta.get("stop_reason")
        if not isinstance(reason, str):
            return
        self.finish = _FINISHES.get(reason, Finish.STOP)
        if reason == "refusal":
            self.withheld = text_of(_of(delta, "stop_details").get("explanation"))

    def _count(self, usage: Any, *, final: bool = False) -> None:
        """Counts are sums so far; the last one may leave out what has not changed since the first."""
        if isinstance(usage, dict):
            self._usage |= {name: value for name, value in usage.items() if value is not None}
            found = anthropic_billed(self._usage)
            self.so_far = found or self.so_far
            if final:
                self.billed = found


def _of(event: dict[str, Any], name: str) -> dict[str, Any]:
    found = event.get(name)
    return found if isinstance(found, dict) else {}


def _key(place: object) -> str:
    return str(place)
