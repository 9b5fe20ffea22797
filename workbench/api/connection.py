"""One connection: requests are read one after the other, each is let in or turned away, and answered."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Protocol

import h11

from workbench.api import door
from workbench.api.door import DoorError, Entry, Head
from workbench.api.faults import INVALID, Fault
from workbench.api.guard import Guard, Why

HEAD_SECONDS = 10.0
IDLE_SECONDS = 30.0
BODY_SECONDS = 60.0
WRITE_SECONDS = 60.0
LINGER_SECONDS = 2.0
LINGER_BYTES = 16 << 20
MOST_HEAD_BYTES = 32 << 10
CHUNK = 64 << 10

PLAIN_HEADERS = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))


class GoneError(Exception):
    """The client has closed its side, or takes nothing any more."""


class Reply:
    """The answer to one request; every method raises `GoneError` when there is nobody to take it."""

    def __init__(self, connection: Connection, headers: Sequence[tuple[str, str]] = ()) -> None:
        self._connection = connection
        self._headers = tuple(headers)
        self.started = False

    def whole(self, status: int, body: dict[str, Any] | None, headers: Sequence[tuple[str, str]] = ()) -> None:
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        kind = () if body is None else (("Content-Type", "application/json; charset=utf-8"),)
        length = () if status == 204 else (("Content-Length", str(len(content))),)
        self._start(status, (*kind, *length, *headers))
        if content:
            self._connection.send(h11.Data(data=content))
        self.end()

    def fault(self, fault: Fault, headers: Sequence[tuple[str, str]] = ()) -> None:
        self.whole(fault.status, fault.body(), headers)

    def stream(self, headers: Sequence[tuple[str, str]] = ()) -> None:
        """Begin an answer of server-sent events; then `send`, then `end`."""
        self._start(200, (("Content-Type", "text/event-stream; charset=utf-8"), *headers))

    def send(self, content: bytes) -> None:
        self._connection.send(h11.Data(data=content))

    def end(self) -> None:
        self._connection.send(h11.EndOfMessage())

    def _start(self, status: int, headers: Sequence[tuple[str, str]]) -> None:
        self.started = True
        every = (*PLAIN_HEADERS, *self._headers, *headers)
        self._connection.send(h11.Response(status_code=status, headers=list(every), reason=HTTPStatus(status).phrase))


class Desk(Protocol):
    """Who answers what was let in."""

    def admit(self, head: Head) -> Entry:
        """Raises `DoorError`."""
        ...

    def cors(self, head: Head) -> Sequence[tuple[str, str]]:
        """What lets a listed page read even a refusal."""
        ...

    def refused(self, head: Head | None, fault: Fault) -> None:
        """For the activity list."""
        ...

    def answer(self, entry: Entry, head: Head, body: bytes, reply: Reply, guard: Guard, client: socket.socket) -> None:
        """Raises `GoneError`, nothing else."""
        ...


class Connection:
    """``busy``: a request was let in and is not answered yet. `run` is called in a thread of its own."""

    def __init__(self, client: socket.socket, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        self._socket = client
        self._desk = desk
        self._clock = clock
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST_HEAD_BYTES)
        self._guard = Guard()
        self._closing = False
        self.busy = False

    def run(self) -> None:
        """Until one side closes."""
        try:
            while self._one_request():
                self._http.start_next_cycle()
        except (GoneError, OSError):
            pass
        finally:
            with suppress(OSError):
                self._socket.close()

    def drop(self) -> None:
        """End it from another thread: idle ones at once, one in work is told why first."""
        self._closing = True
        self._guard.end(Why.CLOSING)
        if not self.busy:
            self.cut()

    def cut(self) -> None:
        """End it without a word."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def send(self, event: Any) -> None:
        """Raises `GoneError`."""
        try:
            content = self._http.send(event)
            if content:
                self._socket.settimeout(WRITE_SECONDS)
                self._socket.sendall(content)
        except (OSError, h11.LocalProtocolError) as error:
            raise GoneError from error

    def _one_request(self) -> bool:
        """True when another may follow."""
        head: Head | None = None
        reply = Reply(self)
        try:
            head = self._read_head()
            if head is None:
                return False
            reply = Reply(self, self._desk.cors(head))
            entry = self._desk.admit(head)
            self.busy = True
            body = self._read_body()
        except DoorError as refusal:
            allow = (("Allow", refusal.allow),) if refusal.allow else ()
            self._turn_away(reply, head, refusal.fault, allow)
            return False
        except h11.RemoteProtocolError as error:
            status = error.error_status_hint or 400
            self._turn_away(reply, head, Fault(status, INVALID, "bad_request", f"This is no HTTP request: {error}."))
            return False
        self._guard = Guard()
        if self._closing:
            return False
        self._desk.answer(entry, head, body, reply, self._guard, self._socket)
        self.busy = False
        return not self._closing and self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    def _read_head(self) -> Head | None:
        """None when the client closes instead of asking, or says nothing for long."""
        event = self._next_event(self._clock() + IDLE_SECONDS, first=True)
        if not isinstance(event, h11.Request):
            return None
        method, target = event.method.decode("latin-1"), event.target.decode("latin-1")
        return Head(method, target, door.lower(event.headers))

    def _read_body(self) -> bytes:
        """Raises `DoorError` for one that is too large or comes too slowly."""
        until = self._clock() + BODY_SECONDS
        if self._http.they_are_waiting_for_100_continue:
            self.send(h11.InformationalResponse(status_code=100, headers=[]))
        pieces, size = [], 0
        while not isinstance(event := self._next_event(until), h11.EndOfMessage):
            if not isinstance(event, h11.Data):
                raise GoneError
            pieces.append(bytes(event.data))
            size += len(event.data)
            if size > door.MOST_BODY_BYTES:
                raise DoorError(door.too_large())
        return b"".join(pieces)

    def _next_event(self, until: float, *, first: bool = False) -> Any:
        """The next thing the client says. However it is dripped, all of it has to come ``until`` then.

        ``first``: of a request. It may be long in coming, but once begun it has to be complete soon.
        """
        while (event := self._http.next_event()) is h11.NEED_DATA:
            left = until - self._clock()
            if left <= 0:
                raise self._too_slow(begun=not first)
            self._socket.settimeout(left)
            try:
                received = self._socket.recv(CHUNK)
            except TimeoutError:
                raise self._too_slow(begun=not first) from None
            if first and received:
                until, first = min(until, self._clock() + HEAD_SECONDS), False
            self._http.receive_data(received)
        return event

    def _too_slow(self, *, begun: bool) -> Exception:
        return DoorError(Fault(408, INVALID, "too_slow", "The request came too slowly.")) if begun else GoneError()

    def _turn_away(
        self, reply: Reply, head: Head | None, fault: Fault, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Say why, and close. What the client still sends is thrown away for a while: else it would not see the answer."""
        self._desk.refused(head, fault)
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        reply.fault(fault, (("Connection", "close"), *headers))
        self._socket.shutdown(socket.SHUT_WR)
        until, dropped = self._clock() + LINGER_SECONDS, 0
        while dropped < LINGER_BYTES and (left := until - self._clock()) > 0:
            self._socket.settimeout(left)
            received = self._socket.recv(CHUNK)
            if not received:
                return
            dropped += len(received)
