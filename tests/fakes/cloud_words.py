"""What providers say, as their documentation has it: bodies of answers, events of streams, errors. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.backend import words

Json = dict[str, Any]
OPENAI_USAGE: Json = {
    "prompt_tokens": 21, "completion_tokens": 7, "total_tokens": 28,
    "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
}  # fmt: skip
ANTHROPIC_USAGE: Json = {
    "input_tokens": 21, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 7,
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One answer. ``finish``: in the protocol's word; None: as it follows from the rest. ``thoughts_field``: of OpenAI's
    dialect."""

    text: str = "The sea is wide and blue."
    thoughts: str = ""
    calls: Sequence[tuple[str, Mapping[str, Any]]] = ()
    refusal: str = ""
    finish: str | None = None
    usage: Mapping[str, Any] | None = None
    thoughts_field: str = "reasoning_content"
    model: str = "model-one"


def sse(payload: Any, event: str = "") -> bytes:
    """One event of a stream. ``payload``: JSON, or a text as it is."""
    said = payload if isinstance(payload, str) else json.dumps(payload)
    return (f"event: {event}\n" if event else "").encode() + f"data: {said}\n\n".encode()


# OpenAI's chat completions --------------------------------------------------------------------------------------------


def openai_events(said: Said, *, with_usage: bool) -> list[bytes]:
    """With usage asked for, each chunk has a null of it but the last, which has no choices."""
    told = said.usage if said.usage is not None and with_usage else None
    chunks = [_openai_chunk(said, [_choice(delta, None)]) for delta in _openai_deltas(said)]
    chunks.append(_openai_chunk(said, [_choice({}, _openai_finish(said))]))
    if told is not None:
        chunks = [{**chunk, "usage": None} for chunk in chunks]
        chunks.append({**_openai_chunk(said, []), "usage": dict(told)})
    return [*(sse(chunk) for chunk in chunks), sse("[DONE]")]


def openai_whole(said: Said) -> Json:
    message: Json = {"role": "assistant", "content": said.text or None, "refusal": said.refusal or None}
    if said.thoughts:
        message[said.thoughts_field] = said.thoughts
    if said.calls:
        message["tool_calls"] = [_openai_call(place, one, None) for place, one in enumerate(said.calls)]
    choice = {"index": 0, "message": message, "finish_reason": _openai_finish(said), "logprobs": None}
    whole = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": said.model, "choices": [choice]}
    return whole if said.usage is None else {**whole, "usage": dict(said.usage)}


def _openai_deltas(said: Said) -> Iterator[Json]:
    yield {"role": "assistant", "content": "", "refusal": None}
    yield from ({said.thoughts_field: piece} for piece in words(said.thoughts))
    yield from ({"content": piece} for piece in words(said.text))
    yield from ({"refusal": piece} for piece in words(said.refusal))
    for place, (name, arguments) in enumerate(said.calls):
        yield {"tool_calls": [_openai_call(place, (name, {}), "")]}
        text = json.dumps(arguments)
        for start in range(0, len(text), 5):
            yield {"tool_calls": [{"index": place, "function": {"arguments": text[start : start + 5]}}]}


def _openai_call(place: int, call: tuple[str, Mapping[str, Any]], arguments: str | None) -> Json:
    name, given = call
    function = {"name": name, "arguments": json.dumps(given) if arguments is None else arguments}
    return {"index": place, "id": f"call_{place + 1}", "type": "function", "function": function}


def _openai_finish(said: Said) -> str:
    return said.finish or ("tool_calls" if said.calls else "stop")


def _choice(delta: Json, finish: str | None) -> Json:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}


def _openai_chunk(said: Said, choices: list[Json]) -> Json:
    return {
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": said.model, "choices": choices,
    }  # fmt: skip


def openai_error(status: int, message: str, kind: str = "", code: str | None = None) -> Json:
    kinds = {401: "invalid_request_error", 429: "requests", 500: "server_error", 503: "server_error"}
    named = kind or kinds.get(status, "invalid_request_error")
    return {"error": {"message": message, "type": named, "param": None, "code": code}}


# Anthropic's messages -------------------------------------------------------------------------------------------------


@dataclass
class _Blocks:
    events: list[bytes] = field(default_factory=list)
    count: int = 0

    def add(self, block: Json, deltas: Sequence[Json]) -> None:
        place = self.count
        self.count += 1
        self._say({"type": "content_block_start", "index": place, "content_block": block})
        for delta in deltas:
            self._say({"type": "content_block_delta", "index": place, "delta": delta})
        self._say({"type": "content_block_stop", "index": place})

    def _say(self, event: Json) -> None:
        self.events.append(sse(event, event["type"]))


def anthropic_events(said: Said) -> list[bytes]:
    usage = dict(said.usage) if said.usage is not None else {}
    first = {**usage, "output_tokens": 1} if usage else {"input_tokens": 0, "output_tokens": 0}
    start = {**_anthropic_message(said), "content": [], "stop_reason": None, "usage": first}
    blocks = _Blocks()
    if said.thoughts:
        pieces = [{"type": "thinking_delta", "thinking": piece} for piece in words(said.thoughts)]
        signature = {"type": "signature_delta", "signature": "EqQBCgIYAhIM1gbcDa9GJwZA2b3h"}
        blocks.add({"type": "thinking", "thinking": "", "signature": ""}, [*pieces, signature])
    if said.text or said.refusal:
        blocks.add({"type": "text", "text": ""}, [{"type": "text_delta", "text": piece} for piece in words(said.text)])
    for place, (name, arguments) in enumerate(said.calls):
        text = json.dumps(arguments)
        pieces = [{"type": "input_json_delta", "partial_json": text[at : at + 5]} for at in range(0, len(text), 5)]
        head = {"type": "input_json_delta", "partial_json": ""}
        blocks.add({"type": "tool_use", "id": f"toolu_{place + 1}", "name": name, "input": {}}, [head, *pieces])
    ended: Json = {"type": "message_delta", "delta": _anthropic_stop(said)}
    ended["usage"] = usage or {"output_tokens": 0}
    if said.usage is None:
        del ended["usage"]
    begun = [sse({"type": "message_start", "message": start}, "message_start"), sse({"type": "ping"}, "ping")]
    return [*begun, *blocks.events, sse(ended, "message_delta"), sse({"type": "message_stop"}, "message_stop")]


def anthropic_whole(said: Said) -> Json:
    content: list[Json] = []
    if said.thoughts:
        content.append({"type": "thinking", "thinking": said.thoughts, "signature": "EqQBCgIYAhIM1gbc"})
    if said.text:
        content.append({"type": "text", "text": said.text})
    for place, (name, arguments) in enumerate(said.calls):
        content.append({"type": "tool_use", "id": f"toolu_{place + 1}", "name": name, "input": dict(arguments)})
    whole = {**_anthropic_message(said), "content": content, **_anthropic_stop(said)}
    return {**whole, "usage": dict(said.usage or {"input_tokens": 0, "output_tokens": 0})}


def _anthropic_message(said: Said) -> Json:
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": said.model, "stop_sequence": None}


def _anthropic_stop(said: Said) -> Json:
    reason = said.finish or ("refusal" if said.refusal else "tool_use" if said.calls else "end_turn")
    details = {"type": "refusal", "category": None, "explanation": said.refusal} if said.refusal else None
    return {"stop_reason": reason, "stop_sequence": None, "stop_details": details}


ANTHROPIC_KINDS = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error",
    404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error", 500: "api_error", 504: "timeout_error",
    529: "overloaded_error",
}  # fmt: skip


def anthropic_error(status: int, message: str, kind: str = "") -> Json:
    named = kind or ANTHROPIC_KINDS.get(status, "invalid_request_error" if status < 500 else "api_error")
    return {"type": "error", "error": {"type": named, "message": message}, "request_id": "req_1"}
