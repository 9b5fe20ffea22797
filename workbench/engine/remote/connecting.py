"""Reaching another machine: its name is looked up at every connection, and plain http never leaves the own network."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from workbench.engine.remote.address import Address, is_private, public_http
from workbench.http import make_client
from workbench.web.network import CheckedTransport, Resolve, look_up


def make_remote_client(address: Address, key: str | None, seconds: float, resolve: Resolve = look_up) -> httpx.Client:
    """A client for ``address`` alone, without keep-alive, proxy or redirects. ``seconds``: the longest silence.

    Its calls raise `RefusedError`, before a byte is sent, where plain http would reach a public address.
    """
    headers = {"Accept-Encoding": "identity"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    transport = _OneServer(address, resolve)
    return make_client(headers=headers, timeout_seconds=seconds, keep_alive=False, transport=transport)


class _OneServer(CheckedTransport):
    """To one origin, and nowhere else."""

    def __init__(self, address: Address, resolve: Resolve) -> None:
        super().__init__(lambda _host, found: _allowed(address, found), resolve)
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


def _allowed(address: Address, found: Sequence[str]) -> Sequence[str]:
    if address.scheme == "https":
        return found
    allowed = [ip for ip in found if is_private(ip)]
    if found and not allowed:
        raise public_http(address)
    return allowed
