"""Keeps the index in step with the folders: looks, has files read, and stores what became of them. One thread decides."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from workbench.cancel import CancelToken
from workbench.documents.collection import Collection, Phase, Progress
from workbench.documents.indexing.line import Finished, Line
from workbench.documents.indexing.looks import Looks
from workbench.documents.indexing.news import News
from workbench.documents.indexing.pace import Pace
from workbench.documents.indexing.reading import Reader, read
from workbench.documents.indexing.rounds import Rounds
from workbench.documents.scanning.watched import Watched
from workbench.documents.storing.contents import ContentStore, Outcome, Waiting
from workbench.documents.storing.index import is_busy, is_damage
from workbench.errors import Cancelled, StorageError, WorkbenchError
from workbench.messages import Id
from workbench.ports import Clock

log = logging.getLogger(__name__)

COLLECT_SECONDS: Final = 0.25
QUEUED: Final = 128  # more than are read until they are collected
FETCHED: Final = 512
TROUBLE_SECONDS: Final = 30.0
BUSY_SECONDS: Final = 1.0
IDLE_SECONDS: Final = 20.0


class Pool(Reader, Protocol):
    """As `ExtractionPool`."""

    def close(self) -> None: ...


class Folders(Protocol):
    """What the indexer needs to know of the folders; filled by `desk`."""

    def followed(self) -> Mapping[Id, Collection]:
        """Those that are read now: not the paused ones."""
        ...

    def look(self, collection: Collection, places: Sequence[str], cancel: CancelToken) -> None:
        """See which files there are at these places and below, and store it."""
        ...

    def waiting(self, limit: int) -> Sequence[Waiting]:
        """Files of these that are to be read, first what is read first."""
        ...

    def waiting_counts(self) -> Mapping[Id, int]: ...

    def sweep(self, cancel: CancelToken) -> bool:
        """Let go of a little that nothing needs any more; whether there is more."""
        ...


@dataclass(frozen=True, slots=True)
class Machinery:
    """``pool``: makes what reads; ``busy``: whether a person waits for an answer; ``stored``: told of new passages;
    ``ended``: that nothing is left to read; ``damaged``: that the index cannot be read any more; ``watched``:
    notices drives that stop to answer."""

    workers: int
    pool: Callable[[], Pool]
    busy: Callable[[], bool]
    stored: Callable[[], None]
    ended: Callable[[], None]
    damaged: Callable[[], None]
    watched: Watched | None = None


class Indexer:
    """`start`, then any thread may ask; `close` ends it. What is not done then goes on at the next start."""

    def __init__(
        self, folders: Folders, contents: ContentStore, machinery: Machinery, clock: Clock, news: News
    ) -> None:
        self._folders = folders
        self._contents = contents
        self._machinery = machinery
        self._clock = clock
        self._news = news
        self._changed = threading.Condition()
        self._closing = CancelToken()
        self._looks = Looks()
        self._looking: Id | None = None
        self._stale = False
        self._asked = self._done = 0
        self._rounds = Rounds()
        self._queue: list[Waiting] = []
        self._fetched_all = False
        self._paces: dict[Id, Pace] = {}
        self._line: Line | None = None
        self._pool: Pool | None = None
        self.trouble = ""
        self._thread = threading.Thread(target=self._run, name="workbench-index", daemon=True)

    # Any thread -------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self._thread.start()

    def look(self, collection_ids: Iterable[Id], places: Iterable[str] = ("",)) -> int:
        """Look at these places of the folders as soon as can be. Returns a ticket for `settled`."""
        wanted = tuple(places)
        with self._changed:
            for collection_id in collection_ids:
                self._looks.want(collection_id, wanted)
        return self.wake()

    def wake(self) -> int:
        """Something else changed: folders, or files that wait. Returns a ticket for `settled`."""
        with self._changed:
            self._stale = True
            self._asked += 1
            self._changed.notify_all()
            return self._asked

    def settled(self, ticket: int) -> bool:
        """Whether all that was asked until then is done, and nothing waits that can be read."""
        return self._done >= ticket

    def wait(self, seconds: float) -> None:
        """For something to happen, at most so long."""
        with self._changed:
            self._changed.wait(seconds)

    @property
    def reading(self) -> bool:
        """Whether there is more to do than computing vectors."""
        return self._done < self._asked or bool(self._paces)

    def progress(self, collection_id: Id) -> Progress:
        with self._changed:
            if self._looking == collection_id or collection_id in self._looks:
                return Progress(Phase.SCANNING)
            pace = self._paces.get(collection_id)
        return Progress() if pace is None else pace.progress

    def close(self) -> None:
        self._closing.cancel()
        with self._changed:
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    # The thread -------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._closing.cancelled:
                try:
                    self._turn()
                    self._recovered()
                except Cancelled:
                    continue
                except StorageError as error:
                    if is_damage(error):
                        self._machinery.damaged()
                    self._stumbled(error.message, BUSY_SECONDS if is_busy(error) else TROUBLE_SECONDS)
                except WorkbenchError as error:
                    self._stumbled(error.message)
                except Exception as error:  # told, and tried again: the other folders must go on
                    log.exception("reading folders failed")
                    self._stumbled(f"Reading folders failed ({type(error).__name__}).")
        finally:
            self._rest()

    def _turn(self) -> None:
        """One step: a look, or some files, or a little tidying, or a rest."""
        with self._changed:
            stale, self._stale, ticket = self._stale, False, self._asked
            wanted = self._looks.take()
            self._looking = None if wanted is None else wanted[0]
        if stale:
            self._queue, self._fetched_all = [], False
        if wanted is not None:
            self._look(*wanted)
        elif self._fill() or (self._line is not None and self._line.running):
            self._collect()
        elif not self._folders.sweep(self._closing):
            self._idle(ticket)

    def _look(self, collection_id: Id, places: Sequence[str]) -> None:
        collection = self._folders.followed().get(collection_id)
        try:
            if collection is not None:
                self._folders.look(collection, places, self._closing)
        except WorkbenchError:
            self.look([collection_id], places)
            raise
        finally:
            with self._changed:
                self._looking = None
        self._queue, self._fetched_all = [], False
        self._count()
        self._news.tell()

    def _fill(self) -> bool:
        """Have files read; whether there were any."""
        line = self._line
        room = QUEUED - (0 if line is None else line.running)
        if room <= 0:
            return True
        if not self._queue and not self._fetched_all:
            self._fetch()
        if not self._queue:
            return False
        if not self._paces:
            self._count()
        now, followed = self._clock.monotonic(), self._folders.followed()
        ready = self._rounds.ready(self._queue[:room], now)
        self._queue = self._queue[room:]
        for file in ready:
            if file.collection_id in followed:
                self._rounds.begins(file)
                self._reading().begin(file)
        return True

    def _fetch(self) -> None:
        found = self._folders.waiting(FETCHED)
        self._queue = self._rounds.ready(found, self._clock.monotonic())
        self._fetched_all = not self._queue

    def _collect(self) -> None:
        if self._line is None:
            return
        ended = self._line.collect(COLLECT_SECONDS)
        for file, _outcome in ended:
            self._rounds.ended(file)
        outcomes = [outcome for _file, outcome in ended if outcome is not None]
        new = self._contents.store(outcomes) if outcomes else 0
        if not self._line.running:
            self._fetched_all = False
        self._keep_pace(outcomes)
        if new:
            self._machinery.stored()
        if self._line.trouble is not None:
            raise self._line.trouble
        self._changed_meanwhile(ended)
        if ended:
            self._tell()

    def _changed_meanwhile(self, ended: Sequence[Finished]) -> None:
        """Files that were not what had been seen are looked at again."""
        again = [file for file, outcome in ended if outcome is None]
        now = self._clock.monotonic()
        for file in again:
            self._rounds.changed_again(file, now)
        with self._changed:
            for file in again:
                self._looks.want(file.collection_id, [file.path])

    def _keep_pace(self, outcomes: Sequence[Outcome]) -> None:
        now = self._clock.monotonic()
        done: dict[Id, int] = {}
        for outcome in outcomes:
            done[outcome.file.collection_id] = done.get(outcome.file.collection_id, 0) + 1
        with self._changed:
            for collection_id, count in done.items():
                pace = self._paces.get(collection_id)
                if pace is not None:
                    self._paces[collection_id] = pace.after(count, now)

    def _count(self) -> None:
        """How much there is to read of each folder."""
        now, followed = self._clock.monotonic(), self._folders.followed()
        counts = {key: count for key, count in self._folders.waiting_counts().items() if key in followed and count}
        with self._changed:
            paces = {}
            for collection_id, count in counts.items():
                before = self._paces.get(collection_id) or Pace(Phase.READING, count, now)
                paces[collection_id] = before.grown(before.done + count)
            self._paces = paces

    def _idle(self, ticket: int) -> None:
        """Nothing is left to do for now."""
        with self._changed:
            self._paces = {}
            now = self._clock.monotonic()
            moment = self._rounds.next_moment(now)
            if not self._looks and not self._stale and not self._rounds.settling(now):
                self._done = max(self._done, ticket)
        self._machinery.ended()
        self._tell()
        self._news.flush()
        with self._changed:
            nothing = lambda: self._stale or self._looks or self._closing.cancelled  # noqa: E731
            seconds = IDLE_SECONDS if moment is None else max(0.0, moment - now)
            if self._changed.wait_for(nothing, None if self._line is None and moment is None else seconds):
                return
        self._fetched_all = False
        if moment is None:
            self._rest()

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()
        self._news.tell()

    # Reading ----------------------------------------------------------------------------------------------------------

    def _reading(self) -> Line:
        if self._line is None:
            workers = self._machinery.workers
            self._pool = self._machinery.pool()
            self._line = Line(workers, self._read, lambda: 1 if self._machinery.busy() else workers)
        return self._line

    def _read(self, file: Waiting, cancel: CancelToken) -> Outcome | None:
        """In a thread of the line."""
        collection = self._folders.followed().get(file.collection_id)
        if collection is None or self._pool is None:
            return None
        return read(collection.path, file, self._pool, self._contents, cancel, self._machinery.watched)

    def _rest(self) -> None:
        """Give back what reading takes, until there is something to read."""
        line, self._line = self._line, None
        pool, self._pool = self._pool, None
        if line is not None:
            line.close()
        if pool is not None:
            pool.close()

    # Trouble ----------------------------------------------------------------------------------------------------------

    def _stumbled(self, message: str, seconds: float = TROUBLE_SECONDS) -> None:
        """The disk is full, perhaps: told, and tried again after a while."""
        log.warning("folders are not read for now: %s", message)
        self._rest()
        self._rounds = Rounds()
        with self._changed:
            self._stale = True
            self.trouble = message if seconds >= TROUBLE_SECONDS else ""
            self._changed.notify_all()
        self._news.tell()
        self._news.flush()
        with self._changed:
            asked = self._asked
            self._changed.wait_for(lambda: self._closing.cancelled or self._asked != asked, seconds)

    def _recovered(self) -> None:
        if self.trouble:
            self.trouble = ""
            self._tell()


def workers() -> int:
    """How many files are read at once: as many as there are cores for it, at most four."""
    import psutil

    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(4, psutil.cpu_count(logical=False) or usable, usable))
