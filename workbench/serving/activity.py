"""Who asked the local API for what, and how fast it was answered. Never a word of what was asked or answered."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from workbench.ports import Clock

KEPT = 200
CLIENT_LETTERS = 40
GONE = 499
"""The status of a request whose client left before the end; no client ever sees it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request. ``at``: seconds since the epoch. ``client``: what its program calls itself, shortened.

    ``status``: of HTTP, None while it runs. ``error``: the code of what went wrong. ``times``: how many refusals in a row
    this one stands for.
    """

    id: int
    at: float
    route: str
    client: str = ""
    model: str = ""
    status: int | None = None
    error: str = ""
    seconds: float | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    tokens_per_second: float | None = None
    times: int = 1

    @property
    def running(self) -> bool:
        return self.status is None


def short_client(user_agent: str) -> str:
    """What a program calls itself, as much of it as fits into a list: printable letters only."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else " " for letter in user_agent)
    return " ".join(plain.split())[:CLIENT_LETTERS].strip()


class Activity:
    """The last requests, newest first. Every method may be called from any thread.

    ``changed`` is told after each change; it only passes that on.
    """

    def __init__(self, clock: Clock, changed: Callable[[], None] = lambda: None) -> None:
        self._clock = clock
        self._changed = changed
        self._lock = threading.Lock()
        self._kept: deque[Exchange] = deque(maxlen=KEPT)
        self._began: dict[int, float] = {}
        self._listeners: list[Callable[[Exchange], None]] = []
        self._last = 0

    def list(self) -> tuple[Exchange, ...]:
        with self._lock:
            return tuple(reversed(self._kept))

    def begin(self, route: str, client: str) -> int:
        """A request is about to be answered; returns its number for `note` and `end`."""
        with self._lock:
            number = self._add(route, client).id
            self._began[number] = self._clock.monotonic()
        self._changed()
        return number

    def note(self, number: int, **values: Any) -> None:
        """What became known while it runs: fields of `Exchange`."""
        with self._lock:
            self._replace(number, **values)
        self._changed()

    def end(self, number: int, status: int, error: str = "") -> None:
        with self._lock:
            began = self._began.pop(number, None)
            seconds = None if began is None else self._clock.monotonic() - began
            ended = self._replace(number, status=status, error=error, seconds=seconds)
            listeners = tuple(self._listeners)
        if ended is not None:
            for listener in listeners:
                listener(ended)
        self._changed()

    def refused(self, route: str, client: str, status: int, error: str) -> None:
        """A request that was turned away at the door. Many alike in a row are one line: they push nothing else out."""
        with self._lock:
            newest = self._kept[-1] if self._kept else None
            if newest is not None and (newest.client, newest.status, newest.error) == (client, status, error):
                entry = self._replace(newest.id, times=newest.times + 1, at=self._clock.now())
            else:
                added = self._add(route, client)
                entry = self._replace(added.id, status=status, error=error)
            listeners = tuple(self._listeners)
        if entry is not None and entry.times == 1:
            for listener in listeners:
                listener(entry)
        self._changed()

    def follow(self, listener: Callable[[Exchange], None]) -> Callable[[], None]:
        """Call ``listener`` with each request that has ended, in its thread; returns the function that ends it."""
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock, suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    def _add(self, route: str, client: str) -> Exchange:
        self._last += 1
        entry = Exchange(self._last, self._clock.now(), route, client)
        self._kept.append(entry)
        return entry

    def _replace(self, number: int, **values: Any) -> Exchange | None:
        """None for one that newer ones have pushed out."""
        for place, entry in enumerate(self._kept):
            if entry.id == number:
                self._kept[place] = replace(entry, **values)
                return self._kept[place]
        return None
