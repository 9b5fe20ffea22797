"""The switch of the local API: opens and closes its port as the settings say, or for `workbench serve`."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from workbench import ownership
from workbench.engine.records import read_private_json, write_private
from workbench.errors import UsageError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.paths import Paths
from workbench.ports import Clock
from workbench.serving.activity import Activity, Exchange
from workbench.serving.token import ApiToken
from workbench.settings import Api

log = logging.getLogger(__name__)


class PortTakenError(UsageError):
    """Another program listens where the local API should."""

    kind = "port_taken"
    default_hint = "Choose another port: the setting `api.port`, or `workbench serve --port N`."


class OpenApi(Protocol):
    """A local API that listens."""

    def close(self) -> None:
        """Stop listening, end the requests that run. Safe to call twice."""
        ...


class ApiState(StrEnum):
    OFF = "off"
    ON = "on"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ApiStatus:
    """``port``: where it listens, or tried to. ``error``: why it does not, when it should."""

    state: ApiState = ApiState.OFF
    port: int = 0
    error: WorkbenchError | None = None

    @property
    def address(self) -> str:
        """What other programs call the base URL."""
        return f"http://127.0.0.1:{self.port}/v1"


class ApiSwitch:
    """Every method may be called from any thread.

    ``opener``: starts the server on a port; given by `workbench.entry`, since the core knows no front end.
    """

    def __init__(
        self,
        paths: Paths,
        clock: Clock,
        bus: Bus,
        wanted: Callable[[], Api],
        opener: Callable[[int], OpenApi] | None,
    ) -> None:
        self.activity = Activity(clock, lambda: bus.publish(Topic.API))
        self.token = ApiToken(paths)
        self._record = paths.run / "api.json"
        self._bus = bus
        self._wanted = wanted
        self._opener = opener
        self._lock = threading.Lock()
        self._open: OpenApi | None = None
        self._status = ApiStatus()
        self._following = False
        self._closed = False

    def status(self) -> ApiStatus:
        return self._status

    def recent(self) -> tuple[Exchange, ...]:
        """The last requests, newest first."""
        return self.activity.list()

    def renew_token(self) -> str:
        """Replace the token; the old one is refused from now on. Raises `StorageError`."""
        token = self.token.renew()
        self._bus.publish(Topic.API)
        return token

    def follow(self) -> None:
        """From now on be as the settings say: the window does this, a command that runs shortly does not."""
        self._following = True
        self.apply()

    def apply(self) -> None:
        """Open, close or move as the settings say, when they are followed. What fails is in `status`, not raised."""
        if not self._following:
            return
        wanted = self._wanted()
        with self._lock:
            if self._status.state is ApiState.ON and wanted.enabled and wanted.port == self._status.port:
                return
            self._shut()
            if wanted.enabled and not self._closed:
                with suppress(WorkbenchError):
                    self._start(wanted.port)
        self._bus.publish(Topic.API)

    def open(self, port: int | None = None) -> ApiStatus:
        """Listen, whatever the settings say of it. Raises `PortTakenError`, `StorageError`."""
        with self._lock:
            self._shut()
            self._start(port or self._wanted().port)
        self._bus.publish(Topic.API)
        return self._status

    def close(self) -> None:
        """Stop listening for good. Safe to call twice."""
        with self._lock:
            self._closed = True
            self._shut()

    def _start(self, port: int) -> None:
        try:
            self._open = self._opened(port)
        except WorkbenchError as error:
            log.warning("the local API does not listen: %s", error.message)
            self._status = ApiStatus(ApiState.FAILED, port, error)
            raise
        self._status = ApiStatus(ApiState.ON, port)
        with suppress(OSError):
            write_private(self._record, json.dumps({"owner": ownership.this_process(), "port": port}))

    def _opened(self, port: int) -> OpenApi:
        if self._opener is None:
            raise UsageError("The local API is not part of this program.", hint="Run `workbench serve`.")
        self.token.current()
        try:
            return self._opener(port)
        except PortTakenError as taken:
            holder = self._holder(port)
            raise PortTakenError(f"Port {port} is in use{holder and f' by {holder}'}.") from taken

    def _shut(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
            with suppress(OSError):
                self._record.unlink()
        self._status = ApiStatus(port=self._wanted().port)

    def _holder(self, port: int) -> str:
        """Who listens on ``port``, in words; empty where nobody can tell."""
        record = read_private_json(self._record)
        owner = str(record.get("owner", ""))
        if record.get("port") == port and ownership.is_alive(owner):
            return f"another Workbench (process {owner.partition('@')[0]})"
        return _listening_program(port)


def _listening_program(port: int) -> str:
    import psutil  # only when a port is taken

    with suppress(psutil.Error, OSError):
        for one in psutil.net_connections(kind="tcp"):
            if one.status == psutil.CONN_LISTEN and one.laddr and one.laddr.port == port and one.pid:
                return f"{psutil.Process(one.pid).name()} (process {one.pid})"
    return ""
