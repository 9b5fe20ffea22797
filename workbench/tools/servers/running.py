"""Which servers run here, how they are, and when one that ended may be tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.errors import Cancelled, ToolError
from workbench.ports import Clock, Secrets
from workbench.tools.servers.definition import Server
from workbench.tools.servers.island import Island
from workbench.tools.servers.launching import filled, launch_of
from workbench.tools.servers.limits import Limits
from workbench.tools.servers.offer import Health, State

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.tools.servers.connection import Connection, Listing

BACKOFF_SECONDS = (0.0, 2.0, 10.0, 60.0, 300.0)


@dataclass(slots=True)
class _Running:
    lock: threading.Lock
    health: Health = Health()
    connection: Connection | None = None
    definition: str = ""
    stale: bool = False


class Runs:
    """Any thread. ``listed`` is called with each new listing, ``changed`` when a health is another."""

    def __init__(
        self,
        island: Island,
        secrets: Secrets,
        clock: Clock,
        log_of: Callable[[Server], Path],
        limits: Limits,
        listed: Callable[[Server, Listing], None],
        changed: Callable[[], None],
    ) -> None:
        self._island = island
        self._secrets = secrets
        self._clock = clock
        self._log_of = log_of
        self._limits = limits
        self._listed = listed
        self._changed = changed
        self._lock = threading.Lock()
        self._runs: dict[str, _Running] = {}
        self._ending: list[Connection] = []  # nobody waits for them

    def health(self, server: Server) -> Health:
        with self._lock:
            run = self._runs.get(server.id)
        if run is None:
            return Health()
        if run.health.state is State.READY and (run.connection is None or not run.connection.alive):
            return replace(run.health, state=State.STOPPED)
        return run.health

    def ensure(self, server: Server, cancel: CancelToken, *, by_person: bool = False) -> Connection:
        """It runs, as it is defined now, and its tools have been heard. One that ended is tried again after a while, and
        at once ``by_person``. Raises `ToolError`, `StorageError` of the keychain, `Cancelled`."""
        run = self._of(server)
        _acquire(run.lock, cancel)
        try:
            connection = run.connection
            if connection is not None and connection.alive and run.definition == server.definition.hash:
                self._refresh(server, run, connection, cancel)
                return connection
            if connection is not None:
                if not connection.alive:
                    self._fail(run, connection.cause or "It ended.")
                self._end(run)
            self._check_patience(server, run, by_person=by_person)
            return self._open(server, run, cancel)
        finally:
            run.lock.release()

    def call(
        self,
        server: Server,
        connection: Connection,
        tool: str,
        arguments: Mapping[str, Any],
        cancel: CancelToken,
        tell: Callable[[str], None],
    ) -> Mapping[str, Any]:
        """The result as the protocol has it; ``connection``: as `ensure` gave it. Raises `ToolError`, `Cancelled`."""
        result = self._island.run(lambda: connection.call(tool, arguments, tell), cancel)
        run = self._of(server)
        if run.health.failures and run.connection is connection:
            self._tell(run, replace(run.health, failures=0))
        return result

    def stop(self, server_id: str, *, wait: bool = True) -> None:
        """End it, where it runs here. Never raises."""
        with self._lock:
            run = self._runs.pop(server_id, None)
        if run is not None and run.connection is not None:
            if wait:
                self._end(run)
            else:
                self._ending.append(run.connection)
                self._island.begin(run.connection.close)
            self._changed()

    def running(self) -> tuple[str, ...]:
        """Ids."""
        with self._lock:
            return tuple(key for key, run in self._runs.items() if run.connection is not None)

    def close(self) -> None:
        """End all of them, and the island."""
        with self._lock:
            open_ones = [run.connection for run in self._runs.values() if run.connection is not None] + self._ending
            self._runs.clear()

        async def end_all() -> None:
            import asyncio

            await asyncio.gather(*(one.close() for one in open_ones), return_exceptions=True)

        self._island.close(end_all)

    def _of(self, server: Server) -> _Running:
        with self._lock:
            return self._runs.setdefault(server.id, _Running(threading.Lock()))

    def _open(self, server: Server, run: _Running, cancel: CancelToken) -> Connection:
        definition = filled(server, self._secrets)
        self._tell(run, replace(run.health, state=State.STARTING, words=""))

        async def opened() -> tuple[Connection, Listing]:
            from workbench.tools.servers.connection import Connection

            def is_stale() -> None:
                run.stale = True

            connection = Connection(server.name, definition, self._log_of(server), self._limits, is_stale)
            return connection, await connection.open(launch_of(definition))

        try:
            connection, listing = self._island.run(opened, cancel)
        except ToolError as error:
            self._fail(run, error.message)
            raise
        except Cancelled:
            self._tell(run, replace(run.health, state=State.STOPPED))
            raise
        run.connection, run.definition, run.stale = connection, server.definition.hash, False
        self._listed(server, listing)
        more = f"; it has more tools than the {len(listing.tools)} that are known here" if listing.more else ""
        self._tell(run, Health(State.READY, f"{listing.about}{more}", run.health.failures, 0.0))
        return connection

    def _refresh(self, server: Server, run: _Running, connection: Connection, cancel: CancelToken) -> None:
        """Hear its tools again, where it has said that they are others."""
        if run.stale:
            run.stale = False
            self._listed(server, self._island.run(connection.list_tools, cancel))

    def _check_patience(self, server: Server, run: _Running, *, by_person: bool) -> None:
        left = run.health.retry_at - self._clock.monotonic()
        if not by_person and left > 0:
            raise ToolError(
                f"{server.name} failed {run.health.failures} times in a row and is tried again in {left:.0f} s. "
                f"The last time: {run.health.words}",
                hint=f"workbench tools servers log {server.name}",
            )

    def _fail(self, run: _Running, words: str) -> None:
        failures = run.health.failures + 1
        pause = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS)) - 1]
        self._tell(run, Health(State.FAILED, words, failures, self._clock.monotonic() + pause))

    def _tell(self, run: _Running, health: Health) -> None:
        run.health = health
        self._changed()

    def _end(self, run: _Running) -> None:
        connection, run.connection = run.connection, None
        if connection is not None and self._island.is_running:
            self._island.run(connection.close, CancelToken())


def _acquire(lock: threading.Lock, cancel: CancelToken) -> None:
    while not lock.acquire(timeout=0.05):
        cancel.check()
