"""Tells others that something changed, often enough to be followed and seldom enough to cost nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

LEAST_SECONDS: Final = 0.25


class News:
    """Any thread. ``publish`` is called at most four times a second, in the thread that has news or in `flush`'s."""

    def __init__(self, publish: Callable[[], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._publish = publish
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._told_at = float("-inf")
        self._waits = False

    def tell(self) -> None:
        """There is news: it is told now, or when `flush` is called later."""
        with self._lock:
            now = self._monotonic()
            if now - self._told_at < LEAST_SECONDS:
                self._waits = True
                return
            self._told_at, self._waits = now, False
        self._publish()

    def flush(self) -> None:
        """Tell what waits: something has ended, and no more news will come soon."""
        with self._lock:
            if not self._waits:
                return
            self._told_at, self._waits = self._monotonic(), False
        self._publish()
