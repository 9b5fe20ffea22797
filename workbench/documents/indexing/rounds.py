"""Which file is read when: newest first, none twice at a time, and one that keeps changing in ever longer turns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from workbench.documents.storing.contents import Waiting

FIRST_DELAY_SECONDS: Final = 0.5
LONGEST_DELAY_SECONDS: Final = 60.0
WORTH_WAITING: Final = 3  # times
FORGOTTEN_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class _Late:
    times: int
    until: float


class Rounds:
    """One thread. Moments are of a steady clock."""

    def __init__(self) -> None:
        self._running: set[int] = set()
        self._late: dict[int, _Late] = {}

    @property
    def running(self) -> int:
        return len(self._running)

    def ready(self, waiting: Iterable[Waiting], now: float) -> list[Waiting]:
        """Those that may be read now, in their order."""
        self._forget(now)
        late = {number for number, one in self._late.items() if one.until > now}
        return [file for file in waiting if file.id not in self._running and file.id not in late]

    def begins(self, file: Waiting) -> None:
        self._running.add(file.id)

    def ended(self, file: Waiting) -> None:
        self._running.discard(file.id)

    def changed_again(self, file: Waiting, now: float) -> None:
        """It was another file when it was read than when it was looked at: somebody writes it, so it is left alone for a
        while."""
        times = self._late[file.id].times + 1 if file.id in self._late else 1
        delay = min(FIRST_DELAY_SECONDS * 2 ** (times - 1), LONGEST_DELAY_SECONDS)
        self._late[file.id] = _Late(times, now + delay)

    def settling(self, now: float) -> bool:
        """Whether a file was only just written, so that it is worth to wait for it."""
        return any(one.until > now and one.times <= WORTH_WAITING for one in self._late.values())

    def next_moment(self, now: float) -> float | None:
        """When the next of those left alone may be read; None where there are none."""
        coming = [one.until for one in self._late.values() if one.until > now]
        return min(coming, default=None)

    def _forget(self, now: float) -> None:
        old = [number for number, one in self._late.items() if now - one.until > FORGOTTEN_SECONDS]
        for number in old:
            del self._late[number]
