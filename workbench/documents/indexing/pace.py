"""How fast work goes, and how long it will take. Pure, but for the moment that it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from workbench.documents.collection import Phase, Progress

REMEMBERED_SECONDS: Final = 20.0
LEAST_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """``done`` of ``total`` since ``began``; the rate is of about the last 20 seconds. Moments are of a steady clock."""

    phase: Phase
    total: int
    began: float
    done: int = 0
    marked: float = 0.0
    marked_done: int = 0
    rate: float | None = None

    def grown(self, total: int) -> Pace:
        """There is more to do, or less."""
        return replace(self, total=max(total, self.done))

    def after(self, done: int, now: float) -> Pace:
        """``done`` more are done."""
        new = replace(self, done=self.done + done, total=max(self.total, self.done + done))
        since = self.marked or self.began
        seconds = now - since
        if seconds < LEAST_SECONDS:
            return new
        measured = (new.done - self.marked_done) / seconds
        weight = min(1.0, seconds / REMEMBERED_SECONDS) if self.rate is not None else 1.0
        rate = measured if self.rate is None else self.rate + weight * (measured - self.rate)
        return replace(new, marked=now, marked_done=new.done, rate=rate)

    @property
    def progress(self) -> Progress:
        left = None if not self.rate else max(0.0, (self.total - self.done) / self.rate)
        return Progress(self.phase, self.done, self.total, self.rate, left)
