"""Cancelling reaches a request wherever it is blocked."""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.patience import PATIENCE
from workbench.cancel import CancelToken
from workbench.errors import Cancelled
from workbench.http import make_client, open_stream

HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"


@contextmanager
def server(answer: Callable[[socket.socket], None], family: int = socket.AF_INET) -> Iterator[tuple[str, Path | None]]:
    """Answers one connection with ``answer`` and leaves it open until the block ends."""
    with tempfile.TemporaryDirectory(prefix="wb") as folder, socket.socket(family) as listener:
        path = Path(folder) / "s.sock"
        listener.bind(("127.0.0.1", 0) if family == socket.AF_INET else str(path))
        listener.listen()
        connections: list[socket.socket] = []

        def serve() -> None:
            connection, _address = listener.accept()
            connections.append(connection)
            connection.recv(65536)
            answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        if family == socket.AF_INET:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", None
        else:
            yield "http://engine", path
        thread.join()
        for connection in connections:
            connection.close()


FAMILIES = [socket.AF_INET, *([socket.AF_UNIX] if hasattr(socket, "AF_UNIX") else [])]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("sent", [b"", HEADERS, HEADERS + b"a piece"], ids=["silence", "headers", "body"])
def test_cancel_unblocks(family: int, sent: bytes) -> None:
    cancel = CancelToken()
    cancelled_at: list[float] = []

    def cancel_then() -> None:
        cancelled_at.append(time.monotonic())
        cancel.cancel()

    timer = threading.Timer(0.3, cancel_then)

    def answer(connection: socket.socket) -> None:
        connection.sendall(sent)
        timer.start()  # only now is there something to unblock

    with server(answer, family) as (url, path):
        with (
            make_client(socket_path=path, keep_alive=False) as client,
            pytest.raises(Cancelled),
            open_stream(client, "GET", url, cancel) as response,
        ):
            for _piece in response.iter_bytes():
                pass
        timer.join()
    assert time.monotonic() - cancelled_at[0] < 10.0


def test_already_cancelled_connects_to_nothing() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with make_client() as client, pytest.raises(Cancelled), open_stream(client, "GET", "http://127.0.0.1:1", cancel):
        pytest.fail("must not get here")


def test_reads_the_body_and_leaves_no_connection() -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(HEADERS + b"all of it")
        connection.shutdown(socket.SHUT_WR)

    with (
        server(answer) as (url, _path),
        make_client(keep_alive=False, system_proxy=False) as client,
        open_stream(client, "POST", url, CancelToken(), json={"a": 1}) as response,
    ):
        assert response.read() == b"all of it"


def test_leaving_the_block_disconnects() -> None:
    gone = threading.Event()

    def answer(connection: socket.socket) -> None:
        connection.sendall(HEADERS)
        connection.settimeout(PATIENCE)
        if connection.recv(1) == b"":
            gone.set()

    with server(answer) as (url, _path), make_client(keep_alive=False) as client:
        with open_stream(client, "GET", url, CancelToken()):
            pass
        assert gone.wait(PATIENCE)


def test_failures_stay_httpx_errors() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with (
        make_client(keep_alive=False) as client,
        pytest.raises(httpx.ConnectError),
        open_stream(client, "GET", url, CancelToken()),
    ):
        pytest.fail("must not get here")
