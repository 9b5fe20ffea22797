"""Connections that go only where somebody looked first.

A name is looked up once for each connection, the addresses are judged, and the connection goes to one of those: a name that
points elsewhere from one look to the next gains nothing. TLS is still checked against the name.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import httpcore
import httpx

from workbench.http import usual_authorities

Resolve = Callable[[str, int], Sequence[str]]
Judge = Callable[[str, Sequence[str]], Sequence[str]]
SocketOptions: TypeAlias = Iterable[
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
]


def look_up(host: str, port: int) -> Sequence[str]:
    """The IP addresses of ``host``, best first. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_kind, place in found))


class CheckedTransport(httpx.HTTPTransport):
    """httpx's own, but for who opens its sockets. ``judge``: of a host and its addresses, those that may be connected to;
    what it raises ends the request before a byte is sent."""

    def __init__(self, judge: Judge, resolve: Resolve = look_up) -> None:
        trusted = usual_authorities()
        super().__init__(verify=trusted, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted, max_keepalive_connections=0, network_backend=_CheckedNetwork(judge, resolve)
        )


class _CheckedNetwork(httpcore.NetworkBackend):
    def __init__(self, judge: Judge, resolve: Resolve) -> None:
        self._judge = judge
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.NetworkStream:
        """To the first of the allowed addresses that answers."""
        last: Exception = httpcore.ConnectError(f"{host} has no address")
        for ip in self._allowed(host, port):
            try:
                return self._sockets.connect_tcp(ip, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    def _allowed(self, host: str, port: int) -> Sequence[str]:
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        return self._judge(host, found)
