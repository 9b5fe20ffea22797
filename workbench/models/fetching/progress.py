"""How far a download is, told at most ten times a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from workbench.ports import Clock

SECONDS_BETWEEN_NEWS = 0.1
RATE_WINDOW_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """Bytes that are fetched, or read while verifying. None while the rate is not known yet."""

    bytes: int
    total_bytes: int
    bytes_per_second: float | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class DownloadStep:
    """What a download does now, in words: looking up, fetching, checking, waiting. ``reason``: why it waits, and for how
    many ``seconds``."""

    text: str
    reason: str = ""
    seconds: float | None = None


class ProgressMeter:
    """Turns byte counts into `DownloadProgress`: never backwards, at most ten a second, with a rate over five seconds."""

    def __init__(self, total_bytes: int, emit: Callable[[DownloadProgress], None], clock: Clock) -> None:
        self._total = total_bytes
        self._emit = emit
        self._clock = clock
        self._bytes = 0
        self._samples: deque[tuple[float, int]] = deque()
        self._told_at = float("-inf")

    def reach(self, done: int) -> None:
        """``done`` bytes of the whole task are there."""
        self._bytes = max(self._bytes, min(done, self._total))
        now = self._clock.monotonic()
        if now - self._told_at >= SECONDS_BETWEEN_NEWS:
            self._samples.append((now, self._bytes))
            while now - self._samples[0][0] > RATE_WINDOW_SECONDS and len(self._samples) > 2:
                self._samples.popleft()
            self._tell(now)

    def resume_at(self, done: int) -> None:
        """``done`` bytes were there before: they say nothing about the rate."""
        self._samples.clear()
        self.reach(done)

    def finish(self) -> None:
        self._bytes = self._total
        self._tell(self._clock.monotonic())

    def _tell(self, now: float) -> None:
        self._told_at = now
        rate = self._rate()
        left = None if not rate else (self._total - self._bytes) / rate
        self._emit(DownloadProgress(self._bytes, self._total, rate, left))

    def _rate(self) -> float | None:
        if len(self._samples) < 2:
            return None
        (first, first_bytes), (last, last_bytes) = self._samples[0], self._samples[-1]
        return (last_bytes - first_bytes) / (last - first) if last > first else None
