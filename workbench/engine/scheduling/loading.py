"""One model is loaded at a time: two at once would take each other's disk and memory. The others wait, in their order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workbench.cancel import CancelToken


class LoadingQueue:
    """Whose turn it is to load."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[tuple[object, str]] = []  # the first one loads

    @contextmanager
    def turn(self, name: str, cancel: CancelToken, progress: Callable[[str], None]) -> Iterator[None]:
        """In this block, nobody else loads. Waits for those that came before and says so. Raises `Cancelled`."""
        ticket = object()
        with self._changed:
            self._waiting.append((ticket, name))
        try:
            with cancel.unblocks(self._wake):
                self._wait(ticket, cancel, progress)
            yield
        finally:
            with self._changed:
                self._waiting = [(other, named) for other, named in self._waiting if other is not ticket]
                self._changed.notify_all()

    def waiting(self) -> tuple[str, ...]:
        """The names of the models that wait for their turn."""
        with self._changed:
            return tuple(name for _ticket, name in self._waiting[1:])

    def _wait(self, ticket: object, cancel: CancelToken, progress: Callable[[str], None]) -> None:
        told = ""
        while True:
            with self._changed:
                first, name = self._waiting[0]
                if first is ticket or cancel.cancelled:
                    break
                if name == told:
                    self._changed.wait()
                    continue
            told = name
            progress(f"Waiting until {name} has been loaded…")  # not under the lock: whoever hears it may ask us things
        cancel.check()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
