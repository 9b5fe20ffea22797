"""Reaching another machine: its name is looked up at every connection, and only what was checked is connected to.

So a name that points elsewhere from one look to the next gains nothing: there is one look, and the connection goes where
that look said. TLS is still checked against the name.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import httpcore
import httpx

from workbench.engine.remote.address import Address, is_private, public_http
from workbench.http import make_client, usual_authorities

Resolve = Callable[[str, int], Sequence[str]]
SocketOptions: TypeAlias = Iterable[
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
]


def look_up(host: str, port: int) -> Sequence[str]:
    """The IP addresses of ``host``, best first. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_kind, place in found))


def make_remote_client(address: Address, key: str | None, seconds: float, resolve: Resolve = look_up) -> httpx.Client:
    """A client for ``address`` alone, without keep-alive, proxy or redirects. ``seconds``: the longest silence.

    Its calls raise `RefusedError`, before a byte is sent, where plain http would reach a public address.
    """
    headers = {"Accept-Encoding": "identity"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    transport = _CheckedTransport(address, resolve)
    return make_client(headers=headers, timeout_seconds=seconds, keep_alive=False, transport=transport)


class _CheckedTransport(httpx.HTTPTransport):
    """httpx's own, but for who opens its sockets."""

    def __init__(self, address: Address, resolve: Resolve) -> None:
        trusted = usual_authorities()
        super().__init__(verify=trusted, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted, max_keepalive_connections=0, network_backend=_CheckedNetwork(address, resolve)
        )
        self._origin = httpx.URL(address.origin)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if (url.scheme, url.host, url.port or self._origin.port) != (
            self._origin.scheme,
            self._origin.host,
            self._origin.port or url.port,
        ):
            raise httpx.UnsupportedProtocol("this client speaks to one server only", request=request)
        return super().handle_request(request)


class _CheckedNetwork(httpcore.NetworkBackend):
    def __init__(self, address: Address, resolve: Resolve) -> None:
        self._address = address
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
        if self._address.scheme == "https":
            return found
        allowed = [ip for ip in found if is_private(ip)]
        if found and not allowed:
            raise public_http(self._address)
        return allowed
