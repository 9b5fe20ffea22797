"""An HTTP server that speaks the engine's routes and says what the test wrote, down to the bytes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.fakes.backend import Answer, Gate, Pause, ScriptedBackend
from workbench.cancel import CancelToken
from workbench.errors import Cancelled, ContextFullError
from workbench.messages import (
    ChatRequest,
    Finished,
    Message,
    PromptProgress,
    ReasoningDelta,
    Role,
    StreamEvent,
    Text,
    TextDelta,
)
from workbench.ports import Endpoint


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes to send as they are, in the middle of a stream."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer with this status and body instead of a stream; only as the first step."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """Close the connection here, whatever is missing."""


WireStep = Raw | Refusal | HangUp
WireAnswer = Answer | Sequence[StreamEvent | Pause | Gate | Raw | Refusal | HangUp]


class FakeLlamaServer:
    """Listens on loopback from its construction to `close`. Answers as `ScriptedBackend` plays them, or `WireStep`s.

    ``byte_by_byte``: every byte of a stream travels alone. ``healthy`` cleared: ``/health`` never answers.
    ``disconnects`` counts the clients that left before the end. ``template_arguments``: names of those that change the
    prompt; a template ignores all others.
    """

    def __init__(
        self, *answers: WireAnswer, key: str | None = None, context_tokens: int = 4096, byte_by_byte: bool = False
    ) -> None:
        self.healthy = threading.Event()
        self.healthy.set()
        self.bodies: list[dict[str, Any]] = []
        self.disconnects = 0
        self.template_arguments: frozenset[str] = frozenset()
        self.key = key
        self.byte_by_byte = byte_by_byte
        self.closing = CancelToken()
        self._answers: list[Any] = list(answers) or ["Hello there."]
        self._counter = ScriptedBackend(context_tokens=context_tokens)
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Exchange, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="fake-llama")
        self._thread.start()

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(f"http://127.0.0.1:{self._server.server_address[1]}", key=self.key)

    @property
    def context_tokens(self) -> int:
        return self._counter.info.context_tokens

    def forget(self) -> None:
        """All that was asked but the last, which tells what the next has in common with it."""
        with self._lock:
            self.bodies.clear()
            del self._counter.requests[:-1]

    def next_answer(self, body: dict[str, Any]) -> WireAnswer:
        with self._lock:
            self.bodies.append(body)
            answer: WireAnswer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
            return answer

    def count(self, messages: tuple[Message, ...]) -> int:
        return self._counter.count_tokens(ChatRequest(messages), self.closing)

    def play(self, answer: Answer, request: ChatRequest) -> Iterator[StreamEvent]:
        """One answer as a `ScriptedBackend` streams it, with the same counts; turns share their prefix."""
        player = ScriptedBackend(answer, context_tokens=self.context_tokens)
        with self._lock:
            player.requests = self._counter.requests[-1:]
            self._counter.requests.append(request)
        yield from player.stream(request, self.closing)

    def close(self) -> None:
        """Ends every connection. Safe to call twice."""
        if not self.closing.cancelled:
            self.closing.cancel()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], fake: FakeLlamaServer) -> None:
        self.fake = fake
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is what tests are about."""


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        while not self.server.fake.healthy.is_set():
            if self.server.fake.closing.cancelled:
                return
            time.sleep(0.02)
        self._json(200 if self.path == "/health" else 404, {"status": "ok"})

    def do_POST(self) -> None:
        fake = self.server.fake
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if fake.key is not None and self.headers.get("Authorization") != f"Bearer {fake.key}":
            error = {"message": "Invalid API Key", "type": "authentication_error", "code": 401}
            self._json(401, {"error": error})
        elif self.path == "/apply-template":
            tools = json.dumps(body["tools"]) if "tools" in body else ""
            told = {name: value for name, value in _arguments(body).items() if name in fake.template_arguments}
            self._json(200, {"prompt": json.dumps(body["messages"]) + tools + (json.dumps(told) if told else "")})
        elif self.path == "/tokenize":
            self._json(200, {"tokens": [1] * fake.count(_messages(json.JSONDecoder().raw_decode(body["content"])[0]))})
        else:
            self._chat(fake.next_answer(body), body)

    def _chat(self, answer: WireAnswer, body: dict[str, Any]) -> None:
        first = None if isinstance(answer, str) or not answer else answer[0]
        if isinstance(first, Refusal):
            self._send(first.status, first.body.encode())
            return
        request = ChatRequest(_messages(body["messages"]), max_tokens=body.get("max_tokens"))
        try:
            chunks = self._chunks(answer, request)
            start = next(chunks, b"")
        except ContextFullError:
            asked, held = self.server.fake.count(request.messages), self.server.fake.context_tokens
            full = {"type": "exceed_context_size_error", "n_prompt_tokens": asked, "n_ctx": held, "message": "full"}
            self._json(400, {"error": full})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self._stream(start, chunks)

    def _stream(self, start: bytes, chunks: Iterator[bytes]) -> None:
        try:
            self._write(start)
            for chunk in chunks:
                self._write(chunk)
        except OSError:
            self.server.fake.disconnects += 1

    def _chunks(self, answer: WireAnswer, request: ChatRequest) -> Iterator[bytes]:
        steps = answer if isinstance(answer, str) else tuple(answer)
        if isinstance(steps, str) or not any(isinstance(step, WireStep) for step in steps):
            yield from map(_wire, self.server.fake.play(steps, request))  # type: ignore[arg-type]
            yield b"data: [DONE]\n\n"
            return
        for step in steps:
            match step:
                case HangUp():
                    return
                case Raw(content):
                    yield content
                case Pause(seconds):
                    self.server.fake.closing.wait(seconds)
                case _:
                    yield _wire(step)  # type: ignore[arg-type]

    def _write(self, content: bytes) -> None:
        pieces = [bytes([byte]) for byte in content] if self.server.fake.byte_by_byte else [content]
        for piece in pieces:
            self.wfile.write(piece)
            self.wfile.flush()

    def _json(self, status: int, answer: dict[str, Any]) -> None:
        self._send(status, json.dumps(answer).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        with suppress(Cancelled, OSError):
            super().handle()

    def log_message(self, *_arguments: Any) -> None:
        """Tests read assertions, not access logs."""


def _arguments(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body.get("chat_template_kwargs", {})
    return found


def _messages(sent: list[dict[str, str]]) -> tuple[Message, ...]:
    return tuple(Message(Role(message["role"]), (Text(message["content"]),)) for message in sent)


def _wire(event: StreamEvent) -> bytes:
    """``event`` as the native server writes it."""
    chunk: dict[str, Any]
    match event:
        case PromptProgress(done, total):
            chunk = {"choices": [], "prompt_progress": {"total": total, "cache": 0, "processed": done}}
        case ReasoningDelta(text):
            chunk = {"choices": [{"index": 0, "delta": {"reasoning_content": text}, "finish_reason": None}]}
        case TextDelta(text):
            chunk = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
        case Finished(finish, usage, timings):
            end = {"choices": [{"index": 0, "delta": {}, "finish_reason": finish.value}]}
            chunk = {
                "choices": [],
                "usage": {
                    "prompt_tokens": usage.prompt_tokens,
                    "completion_tokens": usage.completion_tokens,
                    "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
                },
                "timings": {
                    "prompt_per_second": timings.prompt_tokens_per_second,
                    "predicted_per_second": timings.generation_tokens_per_second,
                    "predicted_n": usage.completion_tokens or 0,
                },
            }
            return _data(end) + _data(chunk)
    return _data(chunk)


def _data(chunk: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"
