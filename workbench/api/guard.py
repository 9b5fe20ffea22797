"""One request in work: it ends when its client leaves, when it takes too long, or when the API is switched off."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from workbench.cancel import CancelToken


class Why(StrEnum):
    NOT = ""
    GONE = "gone"
    LATE = "late"
    CLOSING = "closing"


class Guard:
    """``cancel`` goes to whoever works; ``why`` tells afterwards what ended it."""

    def __init__(self) -> None:
        self.cancel = CancelToken()
        self.why = Why.NOT

    def end(self, why: Why) -> None:
        if self.why is Why.NOT:
            self.why = why
        self.cancel.cancel()


@contextmanager
def watching(client: socket.socket, guard: Guard, seconds: float) -> Iterator[None]:
    """In this block a client that hangs up, or ``seconds`` that have passed, end ``guard``.

    A thread of its own sleeps on the socket meanwhile: a model that reads a long prompt writes nothing that could fail.
    """
    wake, sleeper = socket.socketpair()
    thread = threading.Thread(target=_watch, args=(client, sleeper, guard, seconds), name="workbench-api-watch")
    thread.start()
    try:
        yield
    finally:
        wake.send(b"x")
        thread.join()
        wake.close()
        sleeper.close()


def _watch(client: socket.socket, sleeper: socket.socket, guard: Guard, seconds: float) -> None:
    until = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(sleeper, selectors.EVENT_READ)
        selector.register(client, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _events in selector.select(max(0.0, until - time.monotonic()))}
            if sleeper in ready:
                return
            if not ready and time.monotonic() >= until:
                guard.end(Why.LATE)
                return
            if client in ready:
                if _has_left(client):
                    guard.end(Why.GONE)
                    return
                selector.unregister(
                    client
                )  # the next request is there already; a client that leaves now is met in writing


def _has_left(client: socket.socket) -> bool:
    """Of a socket that has something to read: whether that is its end."""
    try:
        return not client.recv(1, socket.MSG_PEEK)
    except (BlockingIOError, InterruptedError, TimeoutError):
        return False
    except OSError:
        return True
