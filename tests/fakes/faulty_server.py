"""A server of one large file, in a process of its own, that fails in every way hundreds of times.

``python -m tests.fakes.faulty_server SIZE SPAN SEED`` prints its port and the file's sha256, then serves ``/file``.
SPAN: bytes between two faults, on average; far beyond SIZE: none. ``/sent`` tells how many bytes of bodies went out, and
how often each fault happened.
"""

from __future__ import annotations

import hashlib
import json
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNIT = 1 << 20
FAULTS = (
    "drop", "stall", "ignores range", "other etag", "416", "429", "503", "web page", "packed", "wrong place", "circle",
    "lies about length", "cut",
)  # fmt: skip
LATENCY_SECONDS = 0.05  # a whole file that nobody wanted is noticed before much of it is on the way, as on a network


class Content:
    """Zeros, but for the number of each megabyte at its beginning."""

    def __init__(self, size: int) -> None:
        self.size = size

    def blocks(self, start: int, end: int) -> Iterator[bytes]:
        while start < end:
            number, offset = divmod(start, UNIT)
            unit = number.to_bytes(8, "big") + bytes(UNIT - 8)
            block = unit[offset : offset + end - start]
            yield block
            start += len(block)

    def sha256(self) -> str:
        digest = hashlib.sha256()
        for block in self.blocks(0, self.size):
            digest.update(block)
        return digest.hexdigest()


class FaultyServer:
    def __init__(self, content: Content, span: int, seed: int) -> None:
        self.content, self.span = content, span
        self.chance = random.Random(seed)
        self.sent = 0
        self.happened: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.last = ""

    def serve(self, listener: socket.socket) -> None:
        while True:
            connection, _address = listener.accept()
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = connection.recv(65_536).decode("latin-1")
            if request.startswith("GET /sent"):
                told = json.dumps({"sent": self.sent, "faults": self.happened}).encode()
                _head(connection, "200 OK", {"Content-Length": str(len(told))})
                connection.sendall(told)
                return
            self._misbehave(connection, _range_start(request))

    def _misbehave(self, connection: socket.socket, start: int) -> None:
        with self.lock:
            fault = self.chance.choice(FAULTS if self.span < self.content.size else ("cut",))
            self.happened[fault] += 1
            end = min(start + int(self.chance.expovariate(1 / self.span)), self.content.size)
        size, etag = self.content.size, '"one"'
        place = {"Content-Range": f"bytes {start}-{size - 1}/{size}", "Content-Length": str(size - start)}
        simple = {
            "416": ("416 No", {"Content-Range": f"bytes */{size}"}),
            "429": ("429 Too Many", {"Retry-After": "0"}),
            "503": ("503 Busy", {}),
            "circle": ("302 Found", {"Location": "/file"}),
            "web page": ("200 OK", {"Content-Type": "text/html"}),
            "packed": ("200 OK", {"Content-Encoding": "gzip", "Content-Length": str(size)}),
        }
        if fault == "drop":
            return
        if fault in simple:
            _head(connection, *simple[fault])
            return
        if fault == "ignores range" and start:
            _head(connection, "200 OK", {"ETag": etag, "Content-Length": str(size)})
            self._send(connection, 0, 16 << 10)
            time.sleep(LATENCY_SECONDS)
            self._send(connection, 16 << 10, size)
            return
        if fault == "wrong place" and start:
            place["Content-Range"] = f"bytes {start - 1}-{size - 1}/{size}"
        if fault == "lies about length":
            place["Content-Length"] = str(size - start + 12_345)
        if fault == "other etag":
            etag = f'"{self.chance.random()}"'
        _head(connection, "206 Part" if start else "200 OK", {"ETag": etag, **place})
        if fault == "wrong place":
            return
        self._send(connection, start, end)
        if fault == "stall":
            time.sleep(5)

    def _send(self, connection: socket.socket, start: int, end: int) -> None:
        for block in self.content.blocks(start, end):
            connection.sendall(block)
            with self.lock:
                self.sent += len(block)


def _head(connection: socket.socket, status: str, headers: dict[str, str]) -> None:
    lines = [f"HTTP/1.1 {status}", "Connection: close", *(f"{name}: {value}" for name, value in headers.items())]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())


def _range_start(request: str) -> int:
    for line in request.splitlines():
        name, _, value = line.partition(":")
        if name.lower() == "range":
            return int(value.strip().removeprefix("bytes=").removesuffix("-"))
    return 0


@dataclass(frozen=True)
class Running:
    url: str
    size: int
    sha256: str

    def told(self) -> dict[str, Any]:
        """``sent`` bytes, and the ``faults`` that happened."""
        with urllib.request.urlopen(self.url.replace("/file", "/sent")) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


@contextmanager
def running(size: int, span: int, seed: int = 1) -> Iterator[Running]:
    """The server, in a child process."""
    command = [sys.executable, "-m", "tests.fakes.faulty_server", str(size), str(span), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True) as child:
        try:
            assert child.stdout is not None
            port, sha256 = child.stdout.readline().split()
            yield Running(f"http://127.0.0.1:{port}/file", size, sha256)
        finally:
            child.kill()


if __name__ == "__main__":
    chosen_size, chosen_span, chosen_seed = (int(argument) for argument in sys.argv[1:])
    served = Content(chosen_size)
    door = socket.create_server(("127.0.0.1", 0))
    print(door.getsockname()[1], served.sha256(), flush=True)
    FaultyServer(served, chosen_span, chosen_seed).serve(door)
