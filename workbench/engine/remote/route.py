"""Who answers where other machines can: a name with a server's goes there, everything else stays on this machine."""

from __future__ import annotations

from collections.abc import Callable

from workbench.cancel import CancelToken
from workbench.engine.remote.service import RemoteServers
from workbench.ports import BackendRoute, ChatBackend

LOCAL = "engine"
PREFIX = "server:"


class RouteToServers:
    """A `BackendRoute` over ``local``. Nothing but a name that the person chose leads to a server."""

    def __init__(self, local: BackendRoute, servers: RemoteServers) -> None:
        self._local = local
        self._servers = servers

    def name(self, model: str) -> str:
        found = self._servers.match(model)
        return self._local.name(model) if found is None else found[0].full_name(found[1])

    def source(self, model: str) -> str:
        found = self._servers.match(model)
        return LOCAL if found is None else f"{PREFIX}{found[0].label}"

    def backend(self, model: str, cancel: CancelToken, progress: Callable[[str], None]) -> ChatBackend:
        found = self._servers.match(model)
        if found is None:
            return self._local.backend(model, cancel, progress)
        progress(f"Asking {found[0].label}")
        return self._servers.backend(model, cancel)

    def ready(self, model: str) -> ChatBackend | None:
        if self._servers.match(model) is None:
            return self._local.ready(model)
        return self._servers.ready(model)
