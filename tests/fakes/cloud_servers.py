"""Providers on loopback that speak OpenAI's chat completions or Anthropic's messages as documented, and fail as told.

They check keys and bodies as those do, and keep every byte that arrived.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import trustme

from tests.fakes import cloud_faults as faults
from tests.fakes import cloud_words as say
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


@dataclass(frozen=True)
class Asked:
    """One request, as it arrived; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        return dict(json.loads(self.body))

    @property
    def everything(self) -> bytes:
        """All bytes that say something."""
        lines = [f"{self.method} {self.path}", *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\n".join(lines).encode() + b"\n\n" + self.body


@dataclass
class CloudServer:
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
    connections: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._server = _Server(self)
        if self.https:
            self._secure()
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _secure(self) -> None:
        authority = trustme.CA()
        ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(self.name).configure_cert(ours)
        self.trust = ssl.create_default_context()
        authority.configure_trust(self.trust)
        self._server.socket = ours.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

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
    handler: BaseHTTPRequestHandler

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
        self.handler.send_response(status)
        named = {"Content-Type": content_type, "Content-Length": str(len(content)), **headers}
        for name, value in named.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(content)

    def begin_stream(self) -> None:
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.handler.send_header("Transfer-Encoding", "chunked")
        self.handler.end_headers()

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
        self.server.closing.wait(30)

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


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, fake: CloudServer) -> None:
        self.fake = fake
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> Any:
        accepted = super().get_request()
        self.fake.connections += 1
        return accepted

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that did not trust us, or went away: many tests make it do so."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        fake = self.server.fake
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, body)
        fake.asked.append(asked)
        self.close_connection = True
        exchange = Exchange(asked, fake, self)
        with suppress(ConnectionError, TimeoutError, ssl.SSLError):  # the client went away
            (fake.faults.pop(0) if fake.faults else Exchange.answer)(exchange)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class's name
        pass
