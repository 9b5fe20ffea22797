"""Cancellation that reaches blocked calls."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from workbench.errors import Cancelled


class CancelToken:
    """One thread cancels, another notices: by `check`, by `wait`, or because a hook unblocked its blocking call."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._hooks: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def cancel(self) -> None:
        """Cancel, once; hooks run in the calling thread, so they must be short and must not raise."""
        with self._lock:
            if self._event.is_set():
                return
            self._event.set()
            hooks = tuple(self._hooks)
        for hook in hooks:
            with suppress(OSError):
                hook()

    def check(self) -> None:
        """Raise `Cancelled` when cancelled."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Sleep for ``seconds``, or raise `Cancelled` as soon as cancelled."""
        if self._event.wait(seconds):
            raise Cancelled

    @contextmanager
    def unblocks(self, hook: Callable[[], None]) -> Iterator[None]:
        """In this block, cancelling calls ``hook`` (for example: shut a socket down); at once if already cancelled."""
        with self._lock:
            self._hooks.append(hook)
            already = self._event.is_set()
        if already:
            with suppress(OSError):
                hook()
        try:
            yield
        finally:
            with self._lock:
                self._hooks.remove(hook)
