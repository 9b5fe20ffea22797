"""What tools import when they are first used is imported before that, while nobody asks anything."""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from workbench.errors import WorkbenchError

REST_SECONDS: Final = 8.0  # after the start: the window is there, and its first pages are read
LOOK_SECONDS: Final = 1.0  # while somebody is answered
BETWEEN_SECONDS: Final = 0.3  # between two pieces: the window paints meanwhile
NICE: Final = 10

SERVERS: Final = ("mcp_types", "mcp.types", "mcp.client.client", "workbench.tools.servers.transports")
UNITS: Final = ("pint", "workbench.tools.builtin.calculating.ready")
"""Modules in pieces, as small as they come."""


class ToolWarming:
    """One thread of low priority, which ends when all is there. ``wanted`` names modules; ``busy``: somebody waits for an
    answer."""

    def __init__(
        self, wanted: Callable[[], Sequence[str]], busy: Callable[[], bool], rest_seconds: float = REST_SECONDS
    ) -> None:
        self._wanted, self._busy, self._rest = wanted, busy, rest_seconds
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Once; nothing is looked at before a rest."""
        if self._thread is None and not self._closed.is_set():
            self._thread = threading.Thread(target=self._run, name="tool-warming", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Waits for the piece that is being imported, a second at most on a slow machine."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        _step_back()
        if self._closed.wait(self._rest):
            return
        with suppress(WorkbenchError):  # the database is locked or damaged: then the first use takes its second
            for name in self._wanted():
                if name in sys.modules:
                    continue
                if not self._comes_to_rest():
                    return
                importlib.import_module(name)

    def _comes_to_rest(self) -> bool:
        """Nobody is answered now; False: the program ends."""
        pause = BETWEEN_SECONDS
        while not self._closed.wait(pause):
            if not self._busy():
                return True
            pause = LOOK_SECONDS
        return False


def _step_back() -> None:
    """Behind all else; where a thread has no priority of its own, the pieces are small enough."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
