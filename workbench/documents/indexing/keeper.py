"""Keeps an index in step with its folders, in one process of a home at a time; the others leave their wishes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Several
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from workbench.documents.collection import Collection, Phase, Progress
from workbench.documents.indexing.embedding import Embedding
from workbench.documents.indexing.indexer import Indexer
from workbench.documents.indexing.lock import LOOK, READ, IndexLock, Wishes, wished
from workbench.documents.indexing.taking_in import TakingIn
from workbench.errors import StorageError
from workbench.jobs import Job
from workbench.messages import Id
from workbench.paths import Paths

log = logging.getLogger(__name__)

TELL_SECONDS: Final = 0.25
WISHES: Final = ""  # the id that the folder of wishes is followed under
_IDLE: Final = Progress()


@dataclass(frozen=True, slots=True)
class Crew:
    """What works while this process reads; each is started once. ``close`` ends all of it."""

    indexer: Indexer
    taking_in: TakingIn
    embedding: Embedding

    def start(self) -> None:
        for one in (self.indexer, self.taking_in, self.embedding):
            one.start()

    def close(self) -> None:
        for one in (self.indexer, self.taking_in, self.embedding):
            one.close()


class Followed(Protocol):
    """As `follower.Following`. ``note``: why changes are not noticed at once."""

    @property
    def note(self) -> str: ...


class Following(Protocol):
    """As `Follower`."""

    def follow(self, roots: Mapping[Id, Path]) -> None: ...

    def states(self) -> Mapping[Id, Followed]: ...

    def close(self) -> None: ...


class Known(Protocol):
    """What the keeper asks of what is stored; any thread."""

    def followed(self) -> Mapping[Id, Collection]: ...

    def forget_cached(self) -> None:
        """The folders may be others now."""
        ...

    def looked_at(self, collection_id: Id) -> float: ...

    def waiting_counts(self) -> Mapping[Id, int]: ...

    def progress(self, collection_id: Id) -> Progress:
        """As far as what is stored tells: of reading that another process does."""
        ...


class Keeper:
    """Any thread. ``make``: a new crew; ``follow``: what tells of changes in folders."""

    def __init__(
        self,
        paths: Paths,
        known: Known,
        make: Callable[[], Crew],
        follow: Callable[[Callable[[Id, set[str]], None]], Following],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._known = known
        self._make = make
        self._follow = follow
        self._now = now
        self._lock = threading.Lock()
        self._index_lock = IndexLock(paths)
        self._wishes = Wishes(paths)
        self._crew: Crew | None = None
        self._follower: Following | None = None
        self._closed = False

    @property
    def running(self) -> bool:
        """Whether this process reads the folders."""
        return self._crew is not None

    @property
    def runs_elsewhere(self) -> bool:
        return not self.running and self._index_lock.taken()

    @property
    def trouble(self) -> str:
        """Why nothing can be read, taken in or embedded for now; empty when all is well."""
        crew = self._crew
        return "" if crew is None else crew.indexer.trouble or crew.taking_in.trouble or crew.embedding.trouble

    @property
    def busy(self) -> bool:
        """Whether this process reads or computes right now, or another one may."""
        crew = self._crew
        return crew is None or crew.indexer.reading or not crew.embedding.idle

    def notes(self) -> Mapping[Id, str]:
        """Why changes of folders are not noticed at once, as far as this process follows them."""
        follower = self._follower
        return {} if follower is None else {key: one.note for key, one in follower.states().items()}

    def start(self, *, follow: bool) -> bool:
        """Begin to read, unless another process does. ``follow``: and go on, as folders change. Returns whether it runs."""
        with self._lock:
            if self._closed:
                return False
            if self._crew is None:
                if not self._index_lock.acquire():
                    return False
                self._begin()
            if follow and self._follower is None:
                self._follower = self._follow(self._hint)
                self._follow_roots()
                self._look(tuple(self._known.followed()))
            return True

    def close(self) -> None:
        with self._lock:
            self._closed = True
            follower, crew = self._follower, self._crew
            self._follower = self._crew = None
        for part in (follower, crew):
            if part is not None:
                part.close()
        if self._index_lock.held:
            self._index_lock.release()

    def folders_changed(self, look_at: Sequence[Id] = ()) -> None:
        """Folders were added, removed, paused or moved here: whoever reads them hears of it. Raises `StorageError`."""
        self._known.forget_cached()
        if self._crew is None:
            for collection_id in look_at:
                self._wishes.leave(LOOK, collection_id)
            self._wishes.leave(READ)
            return
        self._follow_roots()
        self._look(look_at)

    def hint(self, collection_id: Id, place: str) -> None:
        """Something may be different at this place of a folder. Raises `StorageError`."""
        if self._crew is not None:
            self._crew.indexer.look([collection_id], [place])
        else:
            self._wishes.leave(LOOK, collection_id)

    def used(self) -> None:
        """A question was embedded: the model that does so is let go of later."""
        if self._crew is not None:
            self._crew.embedding.used()

    def look_elsewhere(self) -> None:
        """What other processes have asked for is taken up, where this one reads."""
        self._known.forget_cached()
        if self._crew is None:
            return
        taken = self._wishes.take()
        if taken:
            self._follow_roots()
            self._look(tuple(wished(taken, self._known.followed().values())))

    def progress(self, collection_id: Id, *, lacks_vectors: bool) -> Progress:
        crew = self._crew
        if crew is None:
            return self._known.progress(collection_id) if self._index_lock.taken() else _IDLE
        found = crew.indexer.progress(collection_id)
        if found.phase is Phase.IDLE and lacks_vectors and collection_id in self._known.followed():
            return crew.embedding.progress
        return found

    # Waiting ----------------------------------------------------------------------------------------------------------

    def sync(self, job: Job, collection_ids: Several[Id], *, vectors: bool) -> None:
        """Look at these now, and wait until they are read; ``vectors``: and embedded. Emits `Progress`.

        Raises `StorageError`, `Cancelled`.
        """
        ids = tuple(collection_ids)
        while not self.start(follow=False):
            if self._asked_elsewhere(job, ids, vectors=vectors):
                return
        crew = self._crew
        if crew is None:
            raise StorageError("Workbench is closing.", hint="Open it again.")
        self._known.forget_cached()
        ticket = crew.indexer.look(ids)
        while not crew.indexer.settled(ticket):
            self._refuse_trouble(crew.indexer.trouble)
            self._tell(job, ids, _IDLE)
            crew.indexer.wait(TELL_SECONDS)
        crew.taking_in.wake()
        while not crew.taking_in.idle:
            self._tell(job, ids, _IDLE)
            crew.taking_in.wait(TELL_SECONDS)
        crew.embedding.wake()
        while vectors and not crew.embedding.idle:
            self._refuse_trouble(crew.embedding.trouble)
            self._tell(job, ids, crew.embedding.progress)
            crew.embedding.wait(TELL_SECONDS)

    def _asked_elsewhere(self, job: Job, ids: Sequence[Id], *, vectors: bool) -> bool:
        """Have the process that reads look, and wait. False where it has ended without doing so."""
        began = self._now()
        for collection_id in ids:
            self._wishes.leave(LOOK, collection_id)
        while True:
            job.cancel.wait(TELL_SECONDS)
            if not self._index_lock.taken():
                return False
            self._tell(job, ids, _IDLE)
            counts = self._known.waiting_counts()
            if all(self._known.looked_at(one) >= began and not counts.get(one) for one in ids):
                return not vectors or self._embedded_elsewhere(job, ids)

    def _embedded_elsewhere(self, job: Job, ids: Sequence[Id]) -> bool:
        while self._index_lock.taken():
            if all(self._known.progress(one).phase is Phase.IDLE for one in ids):
                return True
            self._tell(job, ids, _IDLE)
            job.cancel.wait(TELL_SECONDS)
        return False

    def _tell(self, job: Job, ids: Sequence[Id], otherwise: Progress) -> None:
        job.cancel.check()
        job.emit(together([self.progress(one, lacks_vectors=False) for one in ids], otherwise))

    @staticmethod
    def _refuse_trouble(trouble: str) -> None:
        if trouble:
            raise StorageError(trouble, hint="What was read so far is kept; reading goes on when this is solved.")

    # Running ----------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Whoever calls holds both locks."""
        try:
            self._known.forget_cached()
            crew = self._make()
            crew.start()
        except BaseException:
            self._index_lock.release()
            raise
        self._crew = crew

    def _look(self, collection_ids: Sequence[Id]) -> None:
        if self._crew is not None:
            self._crew.indexer.look(collection_ids)
            self._crew.embedding.wake()

    def _hint(self, collection_id: Id, places: set[str]) -> None:
        """Something changed below these places; in the follower's thread."""
        if collection_id == WISHES:
            self.look_elsewhere()
        elif self._crew is not None:
            self._crew.indexer.look([collection_id], places)

    def _follow_roots(self) -> None:
        follower = self._follower
        if follower is not None:
            roots = {one.id: one.path for one in self._known.followed().values()}
            follower.follow({**roots, WISHES: self._wishes.folder})


def together(parts: Sequence[Progress], otherwise: Progress) -> Progress:
    """One progress of several folders'."""
    busy = [one for one in parts if one.phase is not Phase.IDLE]
    if not busy:
        return otherwise
    phase = Phase.READING if any(one.phase is Phase.READING for one in busy) else busy[0].phase
    same = [one for one in busy if one.phase is phase]
    rates = [one.per_second for one in same if one.per_second is not None]
    left = [one.seconds_left for one in same if one.seconds_left is not None]
    return Progress(
        phase,
        sum(one.done for one in same),
        sum(one.total for one in same),
        sum(rates) if rates else None,
        max(left) if len(left) == len(same) else None,
    )
