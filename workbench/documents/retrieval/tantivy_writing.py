"""The right to write an index of words, and what writes: kept between two writes, so that nobody waits for parts of the
index that are put together meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

WRITER_BYTES: Final = 32 << 20
MOST_PARTS: Final = 24  # with more, searching becomes slow


class Writing:
    """One thread at a time."""

    def __init__(self, folder: Path) -> None:
        # Taken by whoever writes first, given back by whoever closes: not always the same thread.
        self._lock = FileLock(folder.with_suffix(".lock"), mode=0o600, thread_local=False)
        self._index: Any = None
        self._writer: Any = None

    def begin(self) -> bool:
        """Whether this process may write from now on, until `end`; no other one can meanwhile."""
        if self._lock.is_locked:
            return True
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    @contextmanager
    def commit(self, index: Any, committed: Callable[[], None]) -> Iterator[Any]:
        """What is written in this block is there when it ends, or nothing of it. ``committed`` is called as soon as it can
        be found. Parts of the index that are then put together change nothing, may take seconds, and are not waited for."""
        if self._writer is None or self._index is not index:
            self.let_go()
            self._index, self._writer = index, index.writer(WRITER_BYTES, 1)
        try:
            yield self._writer
            self._writer.commit()
            committed()
        except BaseException:
            self._writer.rollback()
            self.let_go()
            raise

    def end(self, *, tidy: bool = False) -> None:
        """Others may write. Parts that are being put together stay as they were, and are at one of the next writes;
        ``tidy``: not where they are many, which is waited for."""
        try:
            if tidy and self._writer is not None and self._index.searcher().num_segments > MOST_PARTS:
                writer, self._writer = self._writer, None
                writer.wait_merging_threads()
            self.let_go()
        finally:
            self._lock.release()

    def let_go(self) -> None:
        """Close what writes."""
        self._index = self._writer = None
