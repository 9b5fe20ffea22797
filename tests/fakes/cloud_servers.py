"""Providers on loopback that speak OpenAI's chat completions or Anthropic's messages as documented, and fail as told.

They check keys and bodies as those do, and keep every byte that arrived.
"""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import trustme

from tests.fakes import cloud_faults as faults
from tests.fakes import cloud_words as say
from tests.fakes.loopback import Asked, Handler, LoopbackServer
from workbench.cloud.provider import Dialect, Provider

__all__ = ["KEY", "Asked", "CloudServer", "faults"]

Json = dict[str, Any]
KEY = "sk-canary-0123456789/+abcdefWXYZ"
MODELS: Mapping[Dialect, Sequence[Json]] = {
    Dialect.OPENAI: ({"id": "model-one", "object": "model", "created": 1, "owned_by": "somebody"},),
    Dialect.ANTHROPIC: (
        {"type": "model", "id": "model-one", "display_name": "Model One", "created_at": "2026-01-01T00:00:00Z",
         "lifecycle": "active"},
    ),
}  # fmt: skip
_ANTHROPIC_FIELDS = {
    "model", "messages", "max_tokens", "system", "stop_sequences", "stream", "thinking", "tools", "tool_choice",
    "output_config", "metadata", "service_tier", "cache_control",
}  # fmt: skip


@dataclass
class CloudServer(LoopbackServer):
    """Use as a context manager. Says ``text``, after ``thoughts``; ``calls``: tools that it wants called; ``finish``:
    another word for the end. ``usage``: over the usual one, None: nothing is counted; ``always_usage``: also where nobody
    asks. ``refuses``: fields that it does not take. ``faults``: one for each request, then it answers. ``https``: with a
    certificate for ``name``, which ``trust`` trusts."""

    dialect: Dialect = Dialect.OPENAI
    text: str = "The sea is wide and blue."
    thoughts: str = ""
    thoughts_field: str = "reasoning_content"
    calls: Sequence[tuple[str, Mapping[str, Any]]] = ()
    refusal: str = ""
    finish: str | None = None
    usage: Mapping[str, Any] | None = field(default_factory=dict)
    always_usage: bool = False
    refuses: frozenset[str] = frozenset()
    key: str = KEY
    models: Sequence[Json] | None = None
    faults: list[faults.Fault] = field(default_factory=list)
    https: bool = False
    name: str = "127.0.0.1"
    pause_seconds: float = 0.0
    asked: list[Asked] = field(default_factory=list)

    def secured(self, listening: socket.socket) -> socket.socket:
        if not self.https:
            return listening
        authority = trustme.CA()
        ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(self.name).configure_cert(ours)
        self.trust = ssl.create_default_context()
        authority.configure_trust(self.trust)
        return ours.wrap_socket(listening, server_side=True, do_handshake_on_connect=False)

    def answer(self, asked: Asked, handler: Handler) -> None:
        self.asked.append(asked)
        (self.faults.pop(0) if self.faults else Exchange.answer)(Exchange(asked, self, handler))

    @property
    def origin(self) -> str:
        return f"{'https' if self.https else 'http'}://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self.origin}/v1"

    def provider(self, provider_id: str = "openrouter", name: str = "", quirks: Iterable[str] = ()) -> Provider:
        """One whose address is this server."""
        shown = name or provider_id.capitalize()
        return Provider(provider_id, shown, self.base_url, self.dialect, quirks=frozenset(quirks))

    @property
    def said(self) -> say.Said:
        usual = say.ANTHROPIC_USAGE if self.dialect is Dialect.ANTHROPIC else say.OPENAI_USAGE
        usage = None if self.usage is None else {**usual, **self.usage}
        return say.Said(
            self.text, self.thoughts, self.calls, self.refusal, self.finish, usage, self.thoughts_field
        )  # fmt: skip

    @property
    def questions(self) -> list[Asked]:
        """What was asked, without the lists of models."""
        return [one for one in self.asked if one.method == "POST"]


@dataclass
class Exchange:
    """What an answer or a fault writes to."""

    asked: Asked
    server: CloudServer
    handler: Handler

    @property
    def anthropic(self) -> bool:
        return self.server.dialect is Dialect.ANTHROPIC

    def events(self) -> list[bytes]:
        if self.anthropic:
            return say.anthropic_events(self.server.said)
        asked = self.asked.json.get("stream_options") or {}
        with_usage = bool(asked.get("include_usage")) or self.server.always_usage
        return say.openai_events(self.server.said, with_usage=with_usage)

    def whole(self) -> Json:
        return (say.anthropic_whole if self.anthropic else say.openai_whole)(self.server.said)

    def error(self, status: int, message: str, kind: str, code: str | None) -> Json:
        if self.anthropic:
            return say.anthropic_error(status, message, kind)
        return say.openai_error(status, message, kind, code)

    def send(self, status: int, content: bytes, content_type: str = "application/json", **headers: str) -> None:
        self.handler.send(status, content, {"Content-Type": content_type, **headers})

    def begin_stream(self) -> None:
        streams = {"Content-Type": "text/event-stream; charset=utf-8", "Transfer-Encoding": "chunked"}
        self.handler.head(200, streams)

    def say(self, content: bytes) -> None:
        self.handler.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.handler.wfile.flush()

    def end_stream(self) -> None:
        self.handler.wfile.write(b"0\r\n\r\n")

    def break_off(self) -> None:
        self.handler.wfile.flush()
        self.handler.close_connection = True

    def hang(self) -> None:
        """Say nothing more until the test ends."""
        self.handler.wfile.flush()
        self.server.hang()

    def answer(self) -> None:
        """As the real one answers."""
        if refusal := self._refusal():
            status, message = refusal
            kind = "authentication_error" if self.anthropic and status == 401 else ""
            code = "invalid_api_key" if status == 401 else None
            self.send(status, json.dumps(self.error(status, message, kind, code)).encode())
        elif self.asked.method == "GET":
            self.send(200, json.dumps(self._models()).encode())
        elif self.asked.json.get("stream"):
            self._stream()
        else:
            self.send(200, json.dumps(self.whole()).encode())

    def _stream(self) -> None:
        self.begin_stream()
        for event in self.events():
            self.say(event)
            if self.server.pause_seconds:
                self.server.closing.wait(self.server.pause_seconds)
        self.end_stream()

    def _models(self) -> Json:
        given = self.server.models
        rows = list(MODELS[self.server.dialect] if given is None else given)
        if not self.anthropic:
            return {"object": "list", "data": rows}
        ids = [row.get("id") for row in rows] or [None]
        return {"data": rows, "has_more": False, "first_id": ids[0], "last_id": ids[-1]}

    def _refusal(self) -> tuple[int, str] | None:
        headers, path = self.asked.headers, self.asked.path.partition("?")[0]
        given = (headers.get("authorization"), headers.get("x-api-key") if self.anthropic else None)
        if given not in ((f"Bearer {self.server.key}", None), (None, self.server.key)):
            return 401, "invalid x-api-key" if self.anthropic else "Incorrect API key provided: sk-c****WXYZ."
        if self.anthropic and headers.get("anthropic-version") not in ("2023-06-01", "2026-10-21"):
            return 400, "anthropic-version: header is required"
        if path == "/v1/models" and self.asked.method == "GET":
            return None
        if path != ("/v1/messages" if self.anthropic else "/v1/chat/completions"):
            return 404, f"Unknown request URL: {self.asked.method} {path}."
        return self._refused_body()

    def _refused_body(self) -> tuple[int, str] | None:
        try:
            body = self.asked.json
        except ValueError:
            return 400, "We could not parse the JSON body of your request."
        if unknown := self.server.refuses & body.keys():
            return 422, f"{min(unknown)}: Extra inputs are not permitted"
        if not body.get("model") or not body.get("messages"):
            return 400, "you must provide a model parameter and messages"
        return _anthropic_fault(body) if self.anthropic else _openai_fault(body)


def _openai_fault(body: Json) -> tuple[int, str] | None:
    roles = {message.get("role") for message in body["messages"]}
    if not roles <= {"system", "developer", "user", "assistant", "tool"}:
        return 400, "Invalid value for 'messages[0].role'."
    if "max_tokens" in body and "max_completion_tokens" in body:
        return 400, "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
    calls: set[str] = set()
    for message in body["messages"]:
        calls |= {call["id"] for call in message.get("tool_calls") or ()}
        if message["role"] == "tool" and message.get("tool_call_id") not in calls:
            return 400, "messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
    return None


def _anthropic_fault(body: Json) -> tuple[int, str] | None:
    if unknown := body.keys() - _ANTHROPIC_FIELDS:
        return 400, f"{min(unknown)}: Extra inputs are not permitted"
    if not isinstance(body.get("max_tokens"), int):
        return 400, "max_tokens: Field required"
    if {message["role"] for message in body["messages"]} - {"user", "assistant"}:
        return 400, 'messages: Unexpected role "system". Use the top-level `system` parameter.'
    if body["messages"][-1]["role"] == "assistant":
        return 400, "This model does not support assistant message prefill."
    thinking = body.get("thinking") or {}
    if thinking.get("type") == "enabled" and not 1024 <= thinking.get("budget_tokens", 0) < body["max_tokens"]:
        return 400, "`max_tokens` must be greater than `thinking.budget_tokens`."
    return _unanswered_calls(body["messages"])


def _unanswered_calls(messages: Sequence[Json]) -> tuple[int, str] | None:
    """Each `tool_use` is answered in the next message."""
    for message, following in zip(messages, [*messages[1:], {"content": []}], strict=True):
        called = _ids(message, "tool_use", "id")
        if called - _ids(following, "tool_result", "tool_use_id"):
            return 400, "`tool_use` ids were found without `tool_result` blocks immediately after."
    return None


def _ids(message: Mapping[str, Any], kind: str, name: str) -> set[str]:
    content = message.get("content")
    blocks = content if isinstance(content, list) else []
    return {block[name] for block in blocks if block["type"] == kind}
