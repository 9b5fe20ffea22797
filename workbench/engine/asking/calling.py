"""A call to an engine of ours: one request, its answer as it comes, ended from another thread when it must.

Over the standard library's client: an engine is on this machine, and each token that it writes would cost five times as
much processor time through httpx, which its threads need. docs/decisions/0114-calls-to-engines.md
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from workbench.cancel import CancelToken
from workbench.errors import Cancelled
from workbench.ports import Endpoint

CONNECT_SECONDS = 10.0
PIECE_BYTES = 64 << 10
OK = 200

FAILURES = (OSError, http.client.HTTPException)
"""What a call raises when the engine is not there or breaks off; `TimeoutError` among them when it is silent."""


class Answer:
    """``status``: of HTTP."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response
        self.status = response.status

    def pieces(self) -> Iterator[bytes]:
        """The body as it arrives. Raises one of `FAILURES` when it breaks off."""
        while piece := self._response.read1(PIECE_BYTES):
            yield piece

    def read(self, most_bytes: int) -> bytes:
        """The body, no more of it than ``most_bytes``."""
        found = bytearray()
        for piece in self.pieces():
            found += piece
            if len(found) > most_bytes:
                break
        return bytes(found[:most_bytes])


@contextmanager
def call(
    endpoint: Endpoint,
    method: str,
    path: str,
    cancel: CancelToken,
    *,
    seconds: float,
    body: Mapping[str, Any] | None = None,
) -> Iterator[Answer]:
    """Leaving the block disconnects. ``seconds``: the longest silence of the engine.

    Cancelling ends it at once, also before its headers arrived, and the block raises `Cancelled`. Else what goes wrong is
    raised as it comes, see `FAILURES`: the caller knows what it means.
    """
    cancel.check()
    connection = _Connection(endpoint, seconds)
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    content = None
    if body is not None:
        headers["Content-Type"] = "application/json"
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    with cancel.unblocks(connection.shut):
        try:
            connection.request(method, path, content, headers)
            response = connection.getresponse()
            try:
                yield Answer(response)
            finally:
                response.close()
        except FAILURES as error:
            if cancel.cancelled:  # what failed after the shutdown failed because of it
                raise Cancelled from error
            raise
        finally:
            connection.close()
    cancel.check()  # a body without a length ends as if it were complete


class _Connection(http.client.HTTPConnection):
    """Past any proxy, over the engine's socket or port."""

    def __init__(self, endpoint: Endpoint, seconds: float) -> None:
        super().__init__(endpoint.base_url.removeprefix("http://"), timeout=min(CONNECT_SECONDS, seconds))
        self._endpoint = endpoint
        self._seconds = seconds
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._shut = False

    def connect(self) -> None:
        if self._endpoint.socket_path is None:
            super().connect()
        else:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(self.timeout)
            self.sock.connect(str(self._endpoint.socket_path))
        self.sock.settimeout(self._seconds)
        with self._lock:
            self._line = self.sock
            already = self._shut
        if already:
            self.shut()

    def shut(self) -> None:
        """Have whatever waits for the engine end now; from any thread."""
        with self._lock:
            self._shut = True
            line = self._line
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
