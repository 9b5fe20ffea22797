"""What may go wrong at a provider: each is done once, instead of an answer."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.fakes import cloud_words as say

if TYPE_CHECKING:
    from tests.fakes.cloud_servers import Exchange

Fault = Callable[["Exchange"], None]


def status(
    code: int, message: str = "It was said why.", *, kind: str = "", error_code: str | None = None, **headers: str
) -> Fault:
    """An error in the provider's own form. ``headers``: with underscores, as ``retry_after="0"``."""

    def do(exchange: Exchange) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        exchange.send(code, json.dumps(exchange.error(code, message, kind, error_code)).encode(), **named)

    return do


def body(code: int, content: bytes, content_type: str = "application/json") -> Fault:
    """Any answer at all."""
    return lambda exchange: exchange.send(code, content, content_type)


def html(exchange: Exchange) -> None:
    """A page, as a hotel's network shows it."""
    exchange.send(200, b"<!doctype html><html><h1>Please sign in</h1></html>", "text/html; charset=utf-8")


def redirect(to: str, code: int = 302) -> Fault:
    return lambda exchange: exchange.send(code, b"", Location=to)


def cut(after: int) -> Fault:
    """Breaks the connection after so many events."""

    def do(exchange: Exchange) -> None:
        _begun(exchange, after)
        exchange.break_off()

    return do


def ended(after: int) -> Fault:
    """Ends in good form after so many events, with nothing said of an end."""

    def do(exchange: Exchange) -> None:
        _begun(exchange, after)
        exchange.end_stream()

    return do


def stall_after(after: int) -> Fault:
    """Says so many events, then nothing, with the connection open."""

    def do(exchange: Exchange) -> None:
        _begun(exchange, after)
        exchange.hang()

    return do


def stall(exchange: Exchange) -> None:
    """Takes the request and never answers."""
    exchange.hang()


def reset(exchange: Exchange) -> None:
    """Resets the connection before anything was said."""
    exchange.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.break_off()


def no_http(exchange: Exchange) -> None:
    """Another program listens there."""
    exchange.handler.wfile.write(b"220 mail.example ESMTP ready\r\n\r\n")


def junk(exchange: Exchange) -> None:
    """Lines that are no events among those that are, and blank ones, comments, other fields, half an event at the end."""
    exchange.begin_stream()
    exchange.say(b": OPENROUTER PROCESSING\n\n\n\nid: 7\nretry: 1000\nnonsense without a colon\n\nevent: other\n\n")
    for event in exchange.events():
        exchange.say(b": keep-alive\n\n" + event.replace(b"\n", b"\r\n"))
    exchange.say(b"data: {half")
    exchange.end_stream()


def bad_json(after: int = 2) -> Fault:
    """Something that is no JSON in the middle."""

    def do(exchange: Exchange) -> None:
        _begun(exchange, after)
        exchange.say(b"data: {this is no JSON\n\n")
        exchange.end_stream()

    return do


def giant_line(exchange: Exchange) -> None:
    """A line without an end."""
    exchange.begin_stream()
    exchange.say(b"data: ")
    for _piece in range(1024):
        exchange.say(b"x" * (64 << 10))
    exchange.end_stream()


def error_after(after: int, code: int = 529, message: str = "Overloaded") -> Fault:
    """Says so many events, then an error, in the stream."""

    def do(exchange: Exchange) -> None:
        _begun(exchange, after)
        said = exchange.error(code, message, "", None)
        exchange.say(say.sse(said, "error" if exchange.anthropic else ""))
        exchange.end_stream()

    return do


def echoes(code: int = 401) -> Fault:
    """Says the key back, in the error and in a header, plain and encoded."""

    def do(exchange: Exchange) -> None:
        key = exchange.server.key
        from base64 import b64encode
        from urllib.parse import quote

        encoded = b64encode(key.encode()).decode()
        message = f"The key {key} ({encoded}, {quote(key, safe='')}) is wrong: \x1b[31mAuthorization: Bearer {key}\x00"
        said = json.dumps(exchange.error(code, message, "", None)).encode()
        exchange.send(code, said, Location=f"https://elsewhere.example/?key={key}")

    return do


def not_streamed(exchange: Exchange) -> None:
    """The whole answer at once, though a stream was asked for."""
    exchange.send(200, json.dumps(exchange.whole()).encode())


def empty(exchange: Exchange) -> None:
    """A stream without an event."""
    exchange.begin_stream()
    exchange.end_stream()


def _begun(exchange: Exchange, events: int) -> None:
    exchange.begin_stream()
    for event in exchange.events()[:events]:
        exchange.say(event)
