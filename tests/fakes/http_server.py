"""A real HTTP server on loopback that misbehaves as told: each path has a script of replies, the last one is repeated."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.fakes.loopback import Asked, Handler, LoopbackServer

BLOCK = 16 << 10


@dataclass
class Exchange:
    """What a reply writes to."""

    asked: Asked
    server: ScriptedServer
    handler: Handler

    @property
    def range_start(self) -> int:
        return int(self.asked.headers.get("range", "bytes=0-").removeprefix("bytes=").partition("-")[0])

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        self.handler.head(status, headers)

    def body(self, content: bytes) -> None:
        for start in range(0, len(content), BLOCK):
            block = content[start : start + BLOCK]
            self.handler.wfile.write(block)
            with self.server.lock:
                self.server.body_bytes += len(block)

    def send(self, status: int, headers: Mapping[str, str], content: bytes = b"") -> None:
        self.head(status, {"Content-Length": str(len(content)), **headers})
        self.body(content)

    def hang(self) -> None:
        """Say nothing more until the test ends."""
        self.handler.wfile.flush()
        self.server.hang()


Reply = Callable[[Exchange], None]


@dataclass
class ScriptedServer(LoopbackServer):
    """Use as a context manager. ``requests`` is what was asked, ``body_bytes`` what went out in bodies."""

    scripts: dict[str, list[Reply]] = field(default_factory=dict)
    requests: list[Asked] = field(default_factory=list)
    body_bytes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str = "/file") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def script(self, path: str, *replies: Reply) -> str:
        """Set what ``path`` replies, in order; returns its URL."""
        self.scripts[path] = list(replies)
        return self.url(path)

    def answer(self, asked: Asked, handler: Handler) -> None:
        with self.lock:
            self.requests.append(asked)
        self.next_reply(asked.path)(Exchange(asked, self, handler))

    def next_reply(self, path: str) -> Reply:
        with self.lock:
            replies = self.scripts.get(path)
            if not replies:
                return status(404)
            return replies.pop(0) if len(replies) > 1 else replies[0]


def etag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'


# Replies --------------------------------------------------------------------------------------------------------------


def file(content: bytes, *, etag: str | None = "", then: Callable[[Exchange, bytes], None] | None = None) -> Reply:
    """A well-behaved server: ranges and `If-Range`. ``etag`` None: none is sent. ``then`` sends the body its own way."""
    tag = etag_of(content) if etag == "" else etag

    def reply(exchange: Exchange) -> None:
        headers = {"ETag": tag} if tag else {}
        start = exchange.range_start
        unchanged = exchange.asked.headers.get("if-range", tag) == tag
        if "range" in exchange.asked.headers and unchanged:
            if start >= len(content):
                exchange.send(416, {"Content-Range": f"bytes */{len(content)}"})
                return
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            code, body = 206, content[start:]
        else:
            code, body = 200, content
        exchange.head(code, {"Content-Length": str(len(body)), **headers})
        (then or Exchange.body)(exchange, body)

    return reply


def cut(content: bytes, after: int, etag: str | None = "") -> Reply:
    """Promises the whole and breaks off ``after`` bytes."""
    return file(content, then=lambda exchange, body: exchange.body(body[:after]), etag=etag)


def stall(content: bytes, after: int) -> Reply:
    """Sends ``after`` bytes, then nothing, with the connection open."""

    def then(exchange: Exchange, body: bytes) -> None:
        exchange.body(body[:after])
        exchange.hang()

    return file(content, then=then)


def silence(exchange: Exchange) -> None:
    """Accepts the request and never answers."""
    exchange.hang()


def ignores_ranges(content: bytes) -> Reply:
    return lambda exchange: exchange.send(200, {}, content)


def status(code: int, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.send(code, named, b"no")


def redirect(to: str, code: int = 302) -> Reply:
    return lambda exchange: exchange.send(code, {"Location": to})


def web_page(exchange: Exchange) -> None:
    exchange.send(200, {"Content-Type": "text/html; charset=utf-8"}, b"<!doctype html><h1>Please sign in</h1>")


def chunked(content: bytes) -> Reply:
    """No length beforehand."""

    def reply(exchange: Exchange) -> None:
        exchange.head(200, {"Transfer-Encoding": "chunked"})
        exchange.body(f"{len(content):x}\r\n".encode() + content + b"\r\n0\r\n\r\n")

    return reply


def wrong_range(content: bytes, shift: int) -> Reply:
    """Answers 206, but from another place than asked."""

    def reply(exchange: Exchange) -> None:
        start = max(exchange.range_start + shift, 0)
        place = f"bytes {start}-{len(content) - 1}/{len(content)}"
        exchange.send(206, {"Content-Range": place, "ETag": etag_of(content)}, content[start:])

    return reply


def lying_range(content: bytes, other: bytes) -> Reply:
    """Claims to go on with the file, and sends another one's bytes."""

    def reply(exchange: Exchange) -> None:
        start = exchange.range_start
        place = f"bytes {start}-{len(content) - 1}/{len(content)}"
        code = 206 if "range" in exchange.asked.headers else 200
        headers = {"Content-Range": place} if code == 206 else {}
        exchange.send(code, headers, other[start : len(content)])

    return reply
