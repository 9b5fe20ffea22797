"""HTTP on a Unix socket or on loopback: one request for each connection, and a watch on the client while it waits."""

from __future__ import annotations

import json
import os
import select
import socket
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

from workbench.engine.worker import chunks
from workbench.engine.worker.doors import OPEN, Doors
from workbench.engine.worker.faults import BadRequest, Fault
from workbench.engine.worker.jobs import Computing, Job
from workbench.engine.worker.routes import Answer, Chat, Routes, Task

MOST_BODY_BYTES = 64 << 20
PATIENCE_SECONDS = 30.0  # for a client that sends or takes nothing
_DONE = b"data: [DONE]\n\n"


class Gone(Exception):  # noqa: N818 - nothing went wrong here
    """The client has hung up."""


class Serving(socketserver.ThreadingMixIn, socketserver.BaseServer):
    """What both kinds of server have. ``routes``, ``computing`` and ``doors`` are asked by each connection."""

    daemon_threads = True
    routes: Routes
    computing: Computing
    doors: Doors

    def handle_error(self, _request: Any, _address: Any) -> None:
        """A client that hangs up is no news; what a person asked is in no log."""


class TcpServer(Serving, socketserver.TCPServer):
    request_queue_size = 64


def listen(target: dict[str, str], key: str, routes: Routes, computing: Computing) -> Serving:
    """Bound and listening. ``target``: {"socket"} or {"host"}. Raises `OSError`."""
    server: Serving
    if "socket" in target:

        class UnixServer(Serving, socketserver.UnixStreamServer):
            request_queue_size = 64

        server = UnixServer(target["socket"], Connection)
        os.chmod(target["socket"], 0o600)  # noqa: PTH101 - it imports nothing
        server.doors = Doors()
    else:
        tcp = TcpServer((target["host"], 0), Connection)
        server = tcp
        server.doors = Doors(key, address(tcp))
    server.routes, server.computing = routes, computing
    return server


def address(server: socketserver.TCPServer) -> str:
    host, port = server.server_address[:2]
    return f"{host!s}:{port}"


class Connection(BaseHTTPRequestHandler):
    """One request and its answer."""

    server: Serving
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "workbench", ""
    timeout = PATIENCE_SECONDS
    error_content_type = "application/json"
    error_message_format = '{"error": {"code": %(code)d, "message": "%(message)s"}}'
    _began: ClassVar[bool] = False

    def do_GET(self) -> None:
        with self._faults():
            self._check()
            if self.path == OPEN:
                self._send({"status": "ok"})
            else:
                self._serve(self.server.routes.get(self.path))

    def do_POST(self) -> None:
        with self._faults():
            self._check()
            self._serve(self.server.routes.post(self.path, self._body()))

    def do_OPTIONS(self) -> None:
        """No page of the web is told that it may ask."""
        with self._faults():
            self._check()
            raise BadRequest("There are no options.")

    def log_message(self, *_: Any) -> None:
        """The log is for the model's loading, and its end."""

    def _check(self) -> None:
        self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        if len(headers) != len(self.headers.items()):
            raise BadRequest("A header stands twice.")
        if refusal := self.server.doors.refusal(self.command, self.path, headers):
            raise refusal

    def _body(self) -> dict[str, Any]:
        length = self.headers.get("content-length", "")
        if "transfer-encoding" in self.headers or not length.isascii() or not length.isdigit():
            raise BadRequest("The length of the content must be known.")
        if int(length) > MOST_BODY_BYTES:
            raise BadRequest("The content is too long.")
        content = self.rfile.read(int(length))
        if len(content) < int(length):
            raise Gone
        try:
            body = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise BadRequest("The content is not JSON.") from error
        if not isinstance(body, dict):
            raise BadRequest("The content must be an object.")
        return body

    def _serve(self, answer: Answer) -> None:
        if isinstance(answer, dict):
            self._send(answer)
            return
        job = self.server.computing.submit(answer.work)
        try:
            self._send_computed(answer, job)
        except BaseException:
            self.server.computing.cancel(job)
            raise
        finally:
            job.close()

    def _send_computed(self, answer: Chat | Task, job: Job) -> None:
        if isinstance(answer, Chat) and answer.question.stream:
            self._stream(job, chunks.Chunks(answer.question.progress))
            return
        made = [news for some in self._news(job) for news in some]
        if job.fault is not None:
            raise job.fault
        self._send(chunks.whole(made) if isinstance(answer, Chat) else made[0])

    def _stream(self, job: Job, form: chunks.Chunks) -> None:
        self._begin(200, "text/event-stream")
        self._write(_event(form.first()))
        for some in self._news(job):
            self._write(b"".join(_event(chunk) for news in some for chunk in form.of(news)))
        self._write(_event(job.fault.body()) if job.fault is not None else _DONE)

    def _news(self, job: Job) -> Iterator[list[Any]]:
        """What the job makes, as it comes. Raises `Gone` as soon as the client hangs up."""
        while True:
            readable, _, _ = select.select([self.connection, job.bell], [], [])
            if self.connection in readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise Gone
            ended, news = job.taken()
            if news:
                yield news
            if ended:
                return

    def _send(self, answer: dict[str, Any], status: int = 200) -> None:
        content = json.dumps(answer).encode()
        self._begin(status, "application/json", len(content))
        self._write(content)

    def _begin(self, status: int, kind: str, length: int | None = None) -> None:
        self._began = True  # type: ignore[misc]
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Connection", "close")
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _write(self, content: bytes) -> None:
        if content:
            self.wfile.write(content)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (Gone, OSError):
            self.close_connection = True
        except Fault as fault:
            if not self._began:
                self._send(fault.body(), fault.status)


def _event(chunk: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"
