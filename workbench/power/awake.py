"""Keeps the machine from going to sleep by itself while it answers or downloads. One hold for all that is going on."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from workbench.ports import Awake

log = logging.getLogger(__name__)

# No system goes to sleep within so little: what is shorter needs no hold, and costs nothing.
PATIENCE_SECONDS = 10.0


class Hold(Protocol):
    """One system's way to stay awake. Both are called in the same thread, which lives in between."""

    def take(self, reason: str) -> None:
        """May raise `OSError` where the system does not have it, or refuses."""
        ...

    def let_go(self) -> None: ...


class StayAwake:
    """An `Awake`: holds while any block runs that has run for a while. Never raises."""

    def __init__(self, hold: Callable[[], Hold | None], patience_seconds: float = PATIENCE_SECONDS) -> None:
        """``hold`` makes a new one for each time; None: this system has none."""
        self._hold = hold
        self._patience_seconds = patience_seconds
        self._lock = threading.Lock()
        self._reasons: list[str] = []
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def awake(self, reason: str) -> Iterator[None]:
        """See `ports.Awake.awake`."""
        with self._lock:
            self._reasons.append(reason)
            if self._thread is None:
                self._over = threading.Event()
                self._thread = threading.Thread(target=self._stay, args=(self._over,), name="awake", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            ended: threading.Thread | None = None
            with self._lock:
                self._reasons.remove(reason)
                if not self._reasons:
                    ended, self._thread = self._thread, None
                    self._over.set()
            if ended is not None:
                ended.join()

    def _stay(self, over: threading.Event) -> None:
        if over.wait(self._patience_seconds):
            return
        hold = self._hold()
        if hold is None:
            return
        with self._lock:
            reason = self._reasons[0] if self._reasons else ""
        try:
            hold.take(reason)
        except (OSError, AttributeError, ValueError) as error:
            log.info("the machine cannot be kept awake: %s", error)
            return
        over.wait()
        try:
            hold.let_go()
        except (OSError, AttributeError, ValueError) as error:
            log.info("the machine could not be let sleep again: %s", error)


def stay_awake(platform: str = sys.platform) -> Awake:
    """For this system."""
    return StayAwake(lambda: hold_for(platform))


def hold_for(platform: str) -> Hold | None:
    """A new hold of the system that `sys.platform` names so; None where nothing is known."""
    if platform == "linux":
        from workbench.power.linux import LinuxHold

        return LinuxHold()
    if platform == "darwin":
        from workbench.power.macos import MacHold

        return MacHold()
    if platform == "win32":
        from workbench.power.windows import WindowsHold

        return WindowsHold()
    return None
