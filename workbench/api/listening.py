"""The server: listens on loopback, gives each connection a thread, and keeps their number small."""

from __future__ import annotations

import errno
import logging
import selectors
import socket
import sys
import threading
import time
from contextlib import suppress

from workbench.api.connection import Connection, Desk
from workbench.errors import WorkbenchError
from workbench.serving.switch import PortTakenError

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 64
CLOSE_SECONDS = 2.0
PLACES = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


class Listener:
    """Listens from its construction to `close`. Raises `PortTakenError`, `WorkbenchError` where it cannot."""

    def __init__(self, port: int, desk: Desk, most: int = MOST_CONNECTIONS) -> None:
        self._desk = desk
        self._most = most
        self._lock = threading.Lock()
        self._running: dict[Connection, threading.Thread] = {}
        self._closed = False
        self._sockets = listen(port)
        self.port = int(self._sockets[0].getsockname()[1])
        self._wake, self._sleeper = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, name="workbench-api")
        self._thread.start()

    def close(self) -> None:
        """Stop listening, end what runs and wait for it. Safe to call twice."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._wake.send(b"x")
        self._thread.join()
        for one in (*self._sockets, self._wake, self._sleeper):
            one.close()
        self._end_all()

    def _end_all(self) -> None:
        with self._lock:
            running = dict(self._running)
        for connection in running:
            connection.drop()
        until = time.monotonic() + CLOSE_SECONDS
        for connection, thread in running.items():
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                connection.cut()
                thread.join(CLOSE_SECONDS)

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            for one in (*self._sockets, self._sleeper):
                selector.register(one, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _events in selector.select()]
                if self._sleeper in ready:
                    return
                for one in self._sockets:
                    if one in ready:
                        self._take(one)

    def _take(self, listening: socket.socket) -> None:
        try:
            client, _address = listening.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                time.sleep(0.1)  # until a descriptor is free: the connection waits in the queue
            return
        client.settimeout(None)
        with suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each token at once
        if not self._make_room():
            client.close()
            return
        connection = Connection(client, self._desk)
        thread = threading.Thread(target=self._run, args=(connection,), name="workbench-api-connection")
        with self._lock:
            self._running[connection] = thread
        thread.start()

    def _run(self, connection: Connection) -> None:
        try:
            connection.run()
        finally:
            with self._lock:
                self._running.pop(connection, None)

    def _make_room(self) -> bool:
        """Where too many are open, the oldest that is not being answered has to go: those who only hold a place open
        never keep out one who asks. False when all of them are being answered."""
        with self._lock:
            if len(self._running) < self._most:
                return True
            idle = next((connection for connection in self._running if not connection.busy), None)
            thread = None if idle is None else self._running[idle]
        if idle is None or thread is None:
            return False
        idle.cut()
        thread.join(CLOSE_SECONDS)
        return True


def listen(port: int) -> list[socket.socket]:
    """Sockets on the loopback addresses of this machine, all on ``port``; 0 chooses a free one.

    Both families, as `localhost` may mean either: another program on the one left free would be told the token.
    """
    found: list[socket.socket] = []
    try:
        for family, address in PLACES:
            made = _listen(family, address, port)
            if made is not None:
                found.append(made)
                port = int(made.getsockname()[1])
    except OSError as error:
        for one in found:
            one.close()
        if error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", -1), errno.EACCES):
            raise PortTakenError(f"Port {port} is in use.") from error
        raise WorkbenchError(
            f"The local API cannot listen on port {port}: {error.strerror or error}.", hint="Choose another port."
        ) from error
    return found


def _listen(family: socket.AddressFamily, address: str, port: int) -> socket.socket | None:
    """None where this machine has no such address."""
    try:
        made = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        if sys.platform == "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
        made.listen(128)
        made.settimeout(0)  # a client that left between the news and the accept must not hold us
    except OSError as error:
        made.close()
        if family == socket.AF_INET6 and error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
            return None
        raise
    return made
