"""An HTTP client for an engine of ours, wherever it listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.ports import Endpoint

if TYPE_CHECKING:  # imported when an engine is asked
    import httpx


def dial(endpoint: Endpoint, seconds: float) -> httpx.Client:
    """With its key, past any proxy, and with a connection for each request. ``seconds``: the longest silence."""
    from workbench.http import make_client

    return make_client(
        socket_path=endpoint.socket_path,
        headers={"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else None,
        timeout_seconds=seconds,
        keep_alive=False,
        system_proxy=False,
    )
