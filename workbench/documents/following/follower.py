"""Says when something of the folders may have changed. What it is, a look says: events are hints.

One thread. Where the system tells of changes, at once; on network drives, and where the system has no room for more
watches, by looking now and then. A folder that went (its drive was unplugged, it was renamed) is noticed when it is back.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from workbench.documents.following.drives import mounts_below, mounts_told, on_network
from workbench.documents.following.hints import ADDED, AGAIN_SECONDS, MODIFIED, MOST_PLACES, WHOLE, Due, Event, by_root
from workbench.documents.following.watching import (
    LATER,
    TROUBLE_SECONDS,
    Watcher,
    watch_what_fits,
    watchfiles,
    why_not_watched,
)
from workbench.messages import Id

log = logging.getLogger(__name__)

LIVE_SECONDS: Final = 15 * 60.0  # events can be lost: now and then all is looked at anyway
POLLED_SECONDS: Final = 60.0
NETWORK_SECONDS: Final = 120.0
CHECK_SECONDS: Final = 5.0  # whether a root is still the folder that is watched
_GROUP_MS, _STEP_MS = 400, 50
_FEW_TROUBLES: Final = 3

_NETWORK_NOTE: Final = "It is on a network drive: changes are noticed within two minutes."


@dataclass(frozen=True, slots=True)
class Following:
    """How a folder is followed. ``live``: at once; ``note``: why not, for a person."""

    live: bool
    note: str = ""


@dataclass(slots=True)
class _Root:
    path: str
    due: Due = field(default_factory=Due)
    identity: tuple[int, int] | None = None
    mounts: frozenset[tuple[str, str]] = frozenset()
    network: bool = False
    live: bool = False
    note: str = ""
    every: float = LIVE_SECONDS
    troubles: int = 0
    polled_until: float = 0.0

    @property
    def written(self) -> tuple[str, ...]:
        """The ways in which the system may write it."""
        real = os.path.realpath(self.path)
        return (self.path,) if real == self.path else (self.path, real)

    def holds(self, place: str) -> bool:
        """Whether this place is a folder."""
        return Path(self.path, place).is_dir()


class Follower:
    """`start`, then `follow` any number of folders; `close` ends it.

    ``changed`` is called in the follower's thread, with a folder and places in it to look at, relative and with "/" between
    their parts; "" is all of it. They need not be there, nor have changed.
    """

    def __init__(
        self,
        roots: Mapping[Id, Path],
        changed: Callable[[Id, set[str]], None],
        *,
        watcher: Callable[[list[str]], Watcher] | None = None,
        network: Callable[[Path], bool] = on_network,
        mounts: Callable[[], str] = mounts_told,
        clock: Callable[[], float] = time.monotonic,
        check_seconds: float = CHECK_SECONDS,
        look_first: bool = False,
    ) -> None:
        """``look_first``: tell the whole of a new folder too: something may change before the watching has begun."""
        self._changed = changed
        self._make = watcher or watchfiles
        self._network = network
        self._mounts = mounts
        self._mounts_seen = ""
        self._look_first = look_first
        self._clock = clock
        self._check_seconds = check_seconds
        self._lock = threading.Lock()
        self._wanted = dict(roots)
        self._roots: dict[Id, _Root] = {}
        self._watcher: Watcher | None = None
        self._wake = threading.Event()
        self._closed = False
        self._check_at = -math.inf
        self._thread = threading.Thread(target=self._run, name="workbench-follow", daemon=True)

    # Any thread -------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self._thread.start()

    def follow(self, roots: Mapping[Id, Path]) -> None:
        """These from now on, and no others. What changed before is not told: look at a new one once."""
        with self._lock:
            same = self._wanted == roots
            self._wanted = dict(roots)
        if not same:
            self._wake.set()

    def states(self) -> dict[Id, Following]:
        """How each folder is followed, as far as that is known."""
        with self._lock:
            return {number: Following(root.live, root.note) for number, root in self._roots.items()}

    def close(self) -> None:
        """No call of ``changed`` comes after it."""
        self._closed = True
        self._wake.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    # The thread -------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._closed:
                self._wake.clear()
                try:
                    self._turn()
                except Exception:  # a folder that is not followed, and nobody told, is the worst there is
                    log.exception("following folders failed, and goes on")
                    self._wake.wait(self._check_seconds)
        finally:
            self._stop_watching()

    def _turn(self) -> None:
        now = self._clock()
        moved = now >= self._check_at and self._moved()
        if now >= self._check_at:
            self._check_at = now + self._check_seconds
        if self._take_wanted() or moved:
            self._rebuild()
        self._listen(min(self._check_at, self._next_due()))
        self._tell()

    def _take_wanted(self) -> bool:
        """Whether other folders are wanted than are followed."""
        with self._lock:
            wanted = {number: str(path) for number, path in self._wanted.items()}
            if wanted == {number: root.path for number, root in self._roots.items()}:
                return False
            kept = self._roots
            self._roots = {
                number: kept[number] if number in kept and kept[number].path == path else _Root(path)
                for number, path in wanted.items()
            }
            new = [root for number, root in self._roots.items() if kept.get(number) is not root]
        for root in new:
            root.network = self._network(Path(root.path))
            root.mounts = mounts_below(root.path, self._mounts_seen)
        return True

    def _moved(self) -> bool:
        """Whether a root is another folder than the one that is watched, or is there again, or has to be tried again."""
        any_moved = self._mounted()
        for root in self._roots.values():
            if root.network:
                continue
            if (found := _identity(root.path)) != root.identity:
                any_moved = True
                root.identity = found
                root.due.want(WHOLE)
            if root.polled_until and self._clock() >= root.polled_until:
                any_moved, root.polled_until, root.troubles = True, 0.0, 0
        return any_moved

    def _mounted(self) -> bool:
        """Whether a drive came or went inside a folder: no event tells of it, nor of what happens on a new one."""
        told = self._mounts()
        if told == self._mounts_seen:
            return False
        self._mounts_seen, any_moved = told, False
        for root in self._roots.values():
            before, root.mounts = root.mounts, mounts_below(root.path, told)
            if before != root.mounts and not root.network:
                any_moved = True
                root.due.want(WHOLE)
        return any_moved

    def _rebuild(self) -> None:
        """A new watcher for all that can be watched. What changes while there is none is seen by a look at the whole."""
        watched = self._watcher is not None
        self._stop_watching()
        now = self._clock()
        able = []
        for root in self._roots.values():
            first = root.identity is None
            root.live = False
            root.every = NETWORK_SECONDS if root.network else POLLED_SECONDS
            if root.network:
                root.note = _NETWORK_NOTE
                continue
            root.identity = _identity(root.path)
            if root.identity is not None and root.polled_until <= now:
                root.note = ""
                able.append(root)
                if self._look_first or (watched and not first):
                    root.due.want(WHOLE)
        self._watch(able)
        for root in self._roots.values():
            root.due.whole_at = now + root.every

    def _watch(self, roots: Sequence[_Root]) -> None:
        self._watcher, failures = watch_what_fits(self._make, [root.path for root in roots])
        for root in roots:
            error = failures.get(root.path)
            root.live = error is None
            if error is None:
                root.every = LIVE_SECONDS
            else:  # it is looked at now and then, until it is tried again
                root.note, seconds = why_not_watched(error)
                root.polled_until = self._clock() + seconds
                log.info("%s cannot be watched: %s", root.path, error)

    def _listen(self, until: float) -> None:
        """Until something happens, or then."""
        seconds = max(until - self._clock(), 0.001)
        if self._watcher is None:
            self._wake.wait(seconds)
            return
        try:
            found = self._watcher.watch(_GROUP_MS, _STEP_MS, max(int(seconds * 1000), 1), self._wake)
        except (RuntimeError, OSError) as error:
            self._trouble(str(error))
            return
        if isinstance(found, set):
            self._hear(found)

    def _hear(self, events: set[Event]) -> None:
        now = self._clock()
        written = {number: root.written for number, root in self._roots.items() if root.live}
        for number, places in by_root(events, written, os.sep).items():
            root = self._roots[number]
            for place, kind in places.items():
                folder = kind in (ADDED, MODIFIED) and root.holds(place)
                if folder and kind == MODIFIED and os.name == "nt" and place != WHOLE:
                    continue  # told of each folder in which a file changed, beside the file
                root.due.want(place)
                if (folder and kind == ADDED) or len(places) > MOST_PLACES:
                    root.due.want_again(place, now + AGAIN_SECONDS)

    def _trouble(self, message: str) -> None:
        """A watcher that failed once fails for good: one event of a file whose name is no text is enough."""
        log.info("watching folders failed, and begins again: %s", message)
        named = [root for root in self._roots.values() if root.live and root.path in message]
        for root in named or [root for root in self._roots.values() if root.live]:
            root.troubles += 1
            root.due.want(WHOLE)
            if root.troubles > _FEW_TROUBLES:
                root.note = f"Events of it cannot be read: {LATER}"
                root.polled_until = self._clock() + TROUBLE_SECONDS
        self._rebuild()

    def _next_due(self) -> float:
        return min((root.due.next for root in self._roots.values()), default=math.inf)

    def _tell(self) -> None:
        now = self._clock()
        for number, root in tuple(self._roots.items()):
            places = root.due.take(now)
            if not places or self._closed:
                continue
            if WHOLE in places:
                root.due.whole_at = now + root.every
            try:
                self._changed(number, places)
            except Exception:  # whoever listens must not end the listening
                log.exception("a change of a folder could not be told")

    def _stop_watching(self) -> None:
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
