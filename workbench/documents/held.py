"""The index of documents while it is open, and how it is made again at once where it is found damaged."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from workbench.cancel import CancelToken
from workbench.documents.indexing.keeper import Keeper
from workbench.documents.storing.index import is_damage, mark_damaged
from workbench.errors import StorageError, WorkbenchError
from workbench.paths import Paths
from workbench.ports import Clock

if TYPE_CHECKING:
    from workbench.db import Database
    from workbench.documents.retrieval.hit import Explanation, Found, Query
    from workbench.documents.storing.contents import ContentStore
    from workbench.documents.storing.files import FileStore
    from workbench.documents.tally import Tally

log = logging.getLogger(__name__)

MENDED_SECONDS: Final = 600.0  # an index that is damaged again sooner stands on a disk that is
Answer = TypeVar("Answer")
Box = tuple[float, float, float, float]


class Search(Protocol):
    """As `retrieval.search.Search`."""

    def find(self, query: Query, cancel: CancelToken) -> Found: ...

    def explain(self, query: Query, cancel: CancelToken) -> Explanation: ...


class Pages(Protocol):
    """As `ExtractionPool`."""

    def page_image(self, path: Path, page: int, width: int, cancel: CancelToken) -> bytes: ...

    def page_boxes(self, path: Path, page: int, passage: str, cancel: CancelToken) -> tuple[Box, ...]: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """What works on index.db, once it is open. ``told``: what was done to it. ``close``: lets go of all of it."""

    database: Database
    files: FileStore
    contents: ContentStore
    tally: Tally
    keeper: Keeper
    search: Search
    pages: Callable[[], Pages]
    close: Callable[[], None]
    told: str = ""


class HeldIndex:
    """Nothing is opened before it is needed. Any thread. ``open_index`` is given what is to be called where the index is
    found damaged; ``made_again``: told when it was. ``version_seen``: of the database, by whoever looks for changes."""

    def __init__(
        self,
        paths: Paths,
        clock: Clock,
        open_index: Callable[[Callable[[], None]], Opened],
        made_again: Callable[[], None],
    ) -> None:
        self._paths = paths
        self._clock = clock
        self._open_index = open_index
        self._told = made_again
        self._lock = threading.Lock()
        self._finding = threading.Lock()
        self._mending: threading.Thread | None = None
        self._mended_at: float | None = None
        self._closed = False
        self.now: Opened | None = None
        self.version_seen = 0

    @property
    def opened(self) -> Opened:
        """The file that is there now: another process may have made it again. Raises `StorageError`."""
        with self._lock:
            if self._closed:
                raise StorageError("Workbench is closing.", hint="Open it again.")
            if self.now is not None and _replaced_elsewhere(self.now):
                left, self.now = self.now, None
                left.keeper.close()
                left.close()
            return self._open() if self.now is None else self.now

    def close(self) -> None:
        with self._lock:
            self._closed = True
            opened, self.now = self.now, None
        if opened is not None:
            opened.keeper.close()
            opened.close()
        if self._mending is not None:
            self._mending.join()

    def ask(self, question: Callable[[Opened], Answer]) -> Answer:
        """What the index says; asked once more where it was let go of meanwhile, for another one. One that is found damaged
        is made again, for the next question. Raises `StorageError`, and what ``question`` raises."""
        opened = self.opened
        try:
            return question(opened)
        except StorageError as error:
            if self.now is opened and not _replaced_elsewhere(opened):
                if is_damage(error):
                    self.found_damaged()
                raise
        return question(self.opened)

    def found_damaged(self) -> None:
        """In a thread of what has to end first, perhaps: so it is made again in one of its own."""
        with self._finding:
            opened = self.now
            if opened is not None and _replaced_elsewhere(opened):
                return
            mark_damaged(self._paths)  # if another process reads the folders, it sees this
            busy = self._mending is not None and self._mending.is_alive()
            if opened is None or busy or self._closed or not opened.keeper.running:
                return
            self._mending = threading.Thread(target=self._mend, args=(opened,), name="workbench-mend", daemon=True)
            self._mending.start()

    def made_again(self, damaged: Opened) -> bool:
        """Let go of an index, and read the folders into a new one; False where that did not help a moment ago.

        Raises `StorageError`.
        """
        with self._lock:
            if self.now is not damaged:
                return self.now is not None
            now = self._clock.monotonic()
            if self._closed or (self._mended_at is not None and now - self._mended_at < MENDED_SECONDS):
                return False
            self._mended_at, self.now = now, None
            mark_damaged(self._paths)
            damaged.keeper.close()
            damaged.close()
            self._open()
        self._told()
        return True

    def _mend(self, damaged: Opened) -> None:
        try:
            self.made_again(damaged)
        except WorkbenchError as error:
            log.warning("the index could not be made again: %s", error.message)

    def _open(self) -> Opened:
        """Whoever calls holds the lock."""
        opened = self.now = self._open_index(self.found_damaged)
        self.version_seen = opened.database.version_seen()
        return opened


def _replaced_elsewhere(opened: Opened) -> bool:
    """Whether the process that reads the folders made the index again; what this one has open is a file without a name."""
    return not opened.keeper.running and opened.database.replaced()
