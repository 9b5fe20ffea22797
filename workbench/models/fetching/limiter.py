"""One limit for the bytes of all downloads together; it may be changed while they run."""

from __future__ import annotations

import threading
from collections.abc import Callable

from workbench.cancel import CancelToken
from workbench.ports import Clock

Pace = Callable[[int, CancelToken], None]
"""Hears how many bytes came, and may sleep."""

LONGEST_SLEEP_SECONDS = 0.25  # so that a new limit is felt soon
BURST_SECONDS = 0.1  # what was not used lately may be used at once, but not more than this


class Limiter:
    """``bytes_per_second`` is asked again and again; 0: no limit."""

    def __init__(self, bytes_per_second: Callable[[], float], clock: Clock) -> None:
        self._limit = bytes_per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._rate = 0.0
        self._free_at = 0.0

    def take(self, count: int, cancel: CancelToken) -> None:
        """Return when ``count`` bytes more may have come; those who ask get their turns one after another.

        Raises `Cancelled`.
        """
        rate = self._limit()
        if rate <= 0:
            return
        with self._lock:
            now = self._clock.monotonic()
            booked = self._free_at if rate == self._rate else now
            self._rate = rate
            self._free_at = turn = max(booked, now - BURST_SECONDS) + count / rate
        while (left := turn - self._clock.monotonic()) > 0 and self._limit() == rate:
            cancel.wait(min(left, LONGEST_SLEEP_SECONDS))


def unhurried(_count: int, _cancel: CancelToken) -> None:
    """No limit."""
