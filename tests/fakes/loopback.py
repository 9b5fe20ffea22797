"""What the servers of the tests have in common: each listens on loopback, keeps what was asked, hangs and goes away."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

HANG_SECONDS = 30.0


@dataclass(frozen=True)
class Asked:
    """One request, as it arrived; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body or b"{}"))

    @property
    def everything(self) -> bytes:
        """All bytes that say something."""
        lines = [f"{self.method} {self.path}", *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\n".join(lines).encode() + b"\n\n" + self.body


class LoopbackServer:
    """Use as a context manager: it ends with all its threads. Subclasses say what is answered."""

    keeps_connections = False

    def __enter__(self) -> Self:
        self.closing = threading.Event()
        self.connections = 0
        self._listener = _Listener(self)
        self._thread = threading.Thread(target=self._listener.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.closing.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._listener.server_address[1])

    def hang(self) -> None:
        """Say nothing more until the test ends."""
        self.closing.wait(HANG_SECONDS)

    def secured(self, listening: socket.socket) -> socket.socket:
        """The socket that is listened on."""
        return listening

    def answer(self, asked: Asked, handler: Handler) -> None:
        """Any thread. A client that goes away meanwhile is nothing to worry about."""
        raise NotImplementedError


class Handler(BaseHTTPRequestHandler):
    """Reads a request whole, and writes what the server answers."""

    protocol_version = "HTTP/1.1"
    server: _Listener

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.close_connection = not self.server.fake.keeps_connections
        self.server.fake.answer(Asked(self.command, self.path, headers, body), self)

    def do_POST(self) -> None:
        self.do_GET()

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, status: int, content: bytes, headers: Mapping[str, str] | None = None) -> None:
        """A whole answer; JSON where ``headers`` say nothing else."""
        usual = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        self.head(status, {**usual, **(headers or {})})
        self.wfile.write(content)

    def handle(self) -> None:
        with suppress(OSError):  # the client went away: many tests make it do so
            super().handle()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class's name
        """Tests read assertions, not access logs."""


class _Listener(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, fake: LoopbackServer) -> None:
        self.fake = fake
        super().__init__(("127.0.0.1", 0), Handler)
        self.socket = fake.secured(self.socket)

    def get_request(self) -> Any:
        accepted = super().get_request()
        self.fake.connections += 1
        return accepted

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that does not trust us, or went away, is none; anything else is a fault of the test."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)
