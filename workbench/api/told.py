"""Events of a model become answers in OpenAI's shape. Pure but for the numbers that name an answer."""

from __future__ import annotations

import base64
import json
import struct
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from workbench.chat.asking.choice import Choice
from workbench.messages import (
    Delta,
    Finish,
    Finished,
    Reasoning,
    ReasoningDelta,
    StreamEvent,
    Text,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    Unparsed,
    UnparsedText,
    Usage,
    fold_events,
)

DONE = b"data: [DONE]\n\n"
BEATS = b": the model is reading\n\n"
"""A comment, which every reader of a stream passes over: shows both sides that the other is there."""


ROUTE_HEADER: Final = "X-Workbench-Route"
MOST_ROUTE: Final = 300
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model as others see it. ``description``: what its name does not say."""

    id: str
    name: str
    owner: str
    description: str = ""


def new_id(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:24]}"


@dataclass(slots=True)
class ChunkWriter:
    """The pieces of one streamed answer. ``created``: seconds since the epoch."""

    model: str
    created: int
    id: str = field(default_factory=lambda: new_id("chatcmpl"))
    _calls: set[int] = field(default_factory=set)

    def opening(self) -> bytes:
        return self._choice({"role": "assistant", "content": ""})

    def delta(self, event: Delta) -> bytes:
        match event:
            case TextDelta(text) | UnparsedText(text):
                return self._choice({"content": text})
            case ReasoningDelta(text):
                return self._choice({"reasoning_content": text})
            case ToolCallDelta():
                return self._choice({"tool_calls": [self._call(event)]})

    def closing(self, finished: Finished, *, usage: bool) -> bytes:
        end = self._choice({}, _finish(finished.finish, bool(self._calls)))
        counts = self._data({"choices": [], "usage": usage_body(finished.usage)}) if usage else b""
        return end + counts + DONE

    def _call(self, event: ToolCallDelta) -> dict[str, Any]:
        """The first piece of a call names it; the engine may have forgotten its id."""
        function: dict[str, Any] = {"arguments": event.arguments}
        if event.index in self._calls:
            return {"index": event.index, "function": function}
        self._calls.add(event.index)
        function["name"] = event.name
        return {"index": event.index, "id": event.id or new_id("call"), "type": "function", "function": function}

    def _choice(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        return self._data({"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]})

    def _data(self, body: dict[str, Any]) -> bytes:
        whole = {"id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": self.model, **body}
        return sse(whole)


def route_headers(choice: Choice | None) -> Headers:
    """Why this model answers, where it was chosen: in one line of ASCII, as headers are."""
    if choice is None:
        return ()
    line = " ".join(choice.why.encode("ascii", "replace").decode("ascii").split())
    return ((ROUTE_HEADER, "".join(filter(str.isprintable, line))[:MOST_ROUTE]),)


def sse(body: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(body, ensure_ascii=False).encode("utf-8", "replace") + b"\n\n"


def completion(model: str, created: int, events: Iterable[StreamEvent], finished: Finished) -> dict[str, Any]:
    """A whole answer."""
    parts = fold_events(events)
    text = "".join(part.text for part in parts if isinstance(part, Text | Unparsed))
    thoughts = "".join(part.text for part in parts if isinstance(part, Reasoning))
    calls = [_whole_call(part) for part in parts if isinstance(part, ToolCall)]
    message: dict[str, Any] = {"role": "assistant", "content": text if text or not calls else None, "refusal": None}
    if thoughts:
        message["reasoning_content"] = thoughts
    if calls:
        message["tool_calls"] = calls
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(finished.finish, bool(calls))}
    return {
        "id": new_id("chatcmpl"),
        "object": "chat.completion",
        "created": created,
        "model": model,
        "choices": [choice],
        "usage": usage_body(finished.usage),
    }


def usage_body(usage: Usage) -> dict[str, Any]:
    """0 where the engine told nothing: programs expect numbers."""
    prompt, answer = usage.prompt_tokens or 0, usage.completion_tokens or 0
    return {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens or 0},
    }


def vectors(model: str, made: Sequence[Sequence[float]], tokens: int, *, as_text: bool) -> dict[str, Any]:
    """Embeddings, as numbers or as base64 of little-endian 32-bit floats."""
    found = [
        {"object": "embedding", "index": place, "embedding": _packed(vector) if as_text else list(vector)}
        for place, vector in enumerate(made)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": found, "model": model, "usage": usage}


def model_body(model: ListedModel) -> dict[str, Any]:
    """``description`` only of one that has some."""
    body = {"id": model.id, "object": "model", "created": 0, "owned_by": model.owner, "name": model.name}
    return {**body, "description": model.description} if model.description else body


def _packed(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode("ascii")


def _whole_call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id or new_id("call"), "type": "function", "function": function}


def _finish(finish: Finish, called: bool) -> str:
    if finish is Finish.LENGTH:
        return "length"
    return "tool_calls" if called or finish is Finish.TOOL_CALLS else "stop"
