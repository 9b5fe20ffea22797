"""Addresses that are no servers of tools, or bad ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest

from tests.fakes.http_server import Exchange, ScriptedServer
from tests.unit.tools.servers.conftest import Desk
from workbench.errors import ToolError
from workbench.tools.servers.definition import Definition
from workbench.tools.servers.limits import Limits

JSON = {"Content-Type": "application/json"}


def _status(status: int) -> Callable[[Exchange], None]:
    return lambda exchange: exchange.send(status, {"Content-Type": "text/html"}, b"<h1>No</h1>")


def _bomb(exchange: Exchange) -> None:
    exchange.send(200, {**JSON, "Content-Encoding": "gzip"}, gzip.compress(b" " * (50 << 20)))


def _long(exchange: Exchange) -> None:
    exchange.send(200, JSON, b'"' + b"x" * (12 << 20) + b'"')


def _long_event(exchange: Exchange) -> None:
    exchange.send(200, {"Content-Type": "text/event-stream"}, b"data: " + b"x" * (12 << 20) + b"\n\n")


def _page(exchange: Exchange) -> None:
    exchange.send(200, {"Content-Type": "text/html"}, b"<h1>Welcome</h1>")


def _nonsense(exchange: Exchange) -> None:
    exchange.send(200, JSON, json.dumps({"hello": "there"}).encode())


def _elsewhere(exchange: Exchange) -> None:
    exchange.send(307, {"Location": "http://127.0.0.1:9/mcp"})


def _hang(exchange: Exchange) -> None:
    exchange.hang()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (_status(401), "wants a key that it was not given, or another one (HTTP 401)"),
        (_status(404), "has no server of tools at this address (HTTP 404)"),
        (_status(500), "refuses (HTTP 500)"),
        (_bomb, "packed or too long"),
        (_long, "packed or too long"),
        (_long_event, "packed or too long"),
        (_page, "has no server of tools at this address: it answers with text/html"),
        (_nonsense, "said what is no answer of this protocol"),
        (_elsewhere, "leads elsewhere, which is not followed: http://127.0.0.1:9/mcp"),
        (_hang, "did not get ready within 1 s"),
    ],
)
def test_an_address_that_is_no_server_is_told(
    make_desk: Callable[..., Desk], reply: Callable[[Exchange], None], words: str
) -> None:
    desk = make_desk(Limits(start=1.0 if reply is _hang else 30.0))
    with ScriptedServer({"/mcp": [reply]}) as server:
        with pytest.raises(ToolError) as caught:
            desk.start("web", Definition(url=server.url("/mcp"), headers=(("Authorization", "Bearer sesame-123"),)))
        assert words in caught.value.message
        assert "sesame" not in caught.value.message + caught.value.detail
        assert server.requests[0].headers["authorization"] == "Bearer sesame-123"
        server.closing.set()


def test_nobody_at_an_address_is_told(desk: Desk) -> None:
    with ScriptedServer() as server:
        url = server.url("/mcp")
    with pytest.raises(ToolError, match="it cannot be reached"):
        desk.start("web", Definition(url=url))
