"""HTTP as this program speaks it: one way to make a client, one way to stream an answer that can be cancelled."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from workbench.cancel import CancelToken
from workbench.errors import Cancelled, WorkbenchError

CONNECT_SECONDS = 10.0


def make_client(
    *,
    socket_path: Path | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_seconds: float = 30,
    keep_alive: bool = True,
    system_proxy: bool = True,
    tls: ssl.SSLContext | None = None,
    transport: httpx.BaseTransport | None = None,
) -> httpx.Client:
    """A client, over TCP or a Unix socket. ``timeout_seconds``: the longest silence of the other side.

    Redirects are not followed (``client.follow_redirects`` may be set). Switch ``keep_alive`` off for a client that
    streams: only a new connection can be cancelled before its headers arrive. ``system_proxy`` False: never through a
    proxy, for addresses on this machine. ``tls``: whom to trust, where it is not the usual authorities. ``transport``
    reaches the other side in a way of its own, never through a proxy. Raises `httpx.ProxyError` where the proxy that is set
    for this computer is none that can be used, `httpx.ConnectError` where its file of authorities cannot be read.
    """
    limits = httpx.Limits(max_keepalive_connections=None if keep_alive else 0)
    uds = None if socket_path is None else str(socket_path)
    on_this_machine = uds is not None or not system_proxy
    trusted = tls or (_nobody() if on_this_machine or transport is not None else usual_authorities())
    if on_this_machine:
        transport = httpx.HTTPTransport(uds=uds, limits=limits, verify=trusted)
    try:
        return httpx.Client(
            transport=transport,
            verify=trusted,
            headers=dict(headers or {}),
            timeout=httpx.Timeout(timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds)),
            limits=limits,
            trust_env=transport is None,
        )
    except (ImportError, ValueError, httpx.InvalidURL) as error:  # SOCKS, another scheme, no address
        raise UnusableProxyError("The proxy that is set for this computer cannot be used.") from error


class UnusableProxyError(httpx.ProxyError):
    """What `HTTPS_PROXY`, `ALL_PROXY` or `NO_PROXY` say, or the settings of the system: nobody was asked."""


@cache
def usual_authorities() -> ssl.SSLContext:
    """As httpx makes it for every client, but once: reading the authorities takes 60 ms. Raises `httpx.ConnectError`."""
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # SSL_CERT_FILE or SSL_CERT_DIR
        raise httpx.ConnectError(f"the file of authorities cannot be read: {error}") from error


@cache
def _nobody() -> ssl.SSLContext:
    """For plain connections on this machine: nothing is read, and TLS to anybody would fail."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@contextmanager
def open_stream(
    client: httpx.Client,
    method: str,
    url: str,
    cancel: CancelToken,
    *,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    content: bytes | None = None,
) -> Iterator[httpx.Response]:
    """A response whose body is not read yet. Leaving the block disconnects. The body sent is ``json``, or ``content`` as
    it is.

    Cancelling shuts the socket down, also before the headers arrived and during a blocked read, and the block raises
    `Cancelled`. Other failures are httpx's own: the caller knows what they mean.
    """
    cancel.check()
    wire = Wire()
    request = client.build_request(
        method, url, headers=dict(headers or {}), json=json, content=content, extensions={"trace": wire.trace}
    )
    with cancel.unblocks(wire.shut):
        try:
            response = client.send(request, stream=True)
            try:
                wire.hold(response.extensions["network_stream"])
                yield response
            finally:
                response.close()
        except (httpx.HTTPError, httpx.StreamError, WorkbenchError) as error:
            if cancel.cancelled:  # what failed after the shutdown failed because of it
                raise Cancelled from error
            raise
    cancel.check()  # a body without a length ends as if it were complete


class Wire:
    """The socket under one request, as httpx's ``trace`` extension shows it, to be shut from another thread.

    Only with ``keep_alive`` off: a kept connection is not shown again.
    """

    _CONNECTED = ("connection.connect_tcp.complete", "connection.connect_unix_socket.complete")
    # Wrapping in TLS makes a new socket object and detaches the old one.
    _WRAPPED = ("connection.start_tls.complete", "proxy.start_tls.complete")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._shut = False

    def trace(self, event: str, values: Mapping[str, Any]) -> None:
        if event in self._CONNECTED or event in self._WRAPPED:
            self.hold(values["return_value"])

    def hold(self, stream: Any) -> None:
        """``stream``: httpcore's network stream."""
        with self._lock:
            self._socket = stream.get_extra_info("socket")
            already = self._shut
        if already:
            self.shut()

    def shut(self) -> None:
        with self._lock:
            self._shut = True
            current = self._socket
        if isinstance(current, socket.socket):
            with suppress(OSError):
                # Not SSLSocket.shutdown, which would take the TLS state away under the reading thread.
                socket.socket.shutdown(current, socket.SHUT_RDWR)
