"""One process of a home reads its folders; the others ask it to, by leaving a word in a folder that it watches."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from workbench.documents.collection import Collection
from workbench.messages import Id
from workbench.paths import Paths, private_folder

LOOK, READ = "look", "read"
_ALL: Final = "all"


class IndexLock:
    """The right to read the folders of a home. The system takes it back from a process that is killed."""

    def __init__(self, paths: Paths) -> None:
        # Taken in the thread that opens a window, given back in the one that closes it.
        self._lock = FileLock(paths.run / "index.lock", mode=0o600, thread_local=False)

    @property
    def held(self) -> bool:
        """By this process."""
        return bool(self._lock.is_locked)

    def acquire(self) -> bool:
        """Try, without waiting."""
        if self.held:
            return True
        try:
            self._lock.acquire(timeout=0)
        except (Timeout, OSError):
            return False
        return True

    def taken(self) -> bool:
        """Whether some process reads folders now."""
        if self.held:
            return True
        if self.acquire():
            self.release()
            return False
        return True

    def release(self) -> None:
        with suppress(OSError):
            self._lock.release()


class Wishes:
    """What the process with the lock is asked to do: a file each, named by what is to be done, and for which folder."""

    def __init__(self, paths: Paths) -> None:
        self._folder = paths.run / "folders"

    @property
    def folder(self) -> Path:
        """Made when missing. Raises `StorageError`."""
        return private_folder(self._folder)

    def leave(self, what: str, collection_id: Id | None = None) -> None:
        """Raises `StorageError`."""
        (self.folder / f"{what}-{collection_id or _ALL}").touch(mode=0o600)

    def waits(self, what: str, collection_id: Id | None = None) -> bool:
        """Whether nobody has taken this one up yet."""
        return (self._folder / f"{what}-{collection_id or _ALL}").exists()

    def take(self) -> tuple[tuple[str, Id | None], ...]:
        """All that was asked since the last time: what, and for which folder (None: all)."""
        taken = []
        try:
            left = sorted(self._folder.iterdir())
        except OSError:
            return ()
        for wish in left:
            what, _, collection_id = wish.name.partition("-")
            with suppress(OSError):
                wish.unlink()
                taken.append((what, None if collection_id == _ALL else collection_id))
        return tuple(taken)


def wished(taken: Iterable[tuple[str, Id | None]], collections: Iterable[Collection]) -> frozenset[Id]:
    """The folders that are to be looked at."""
    known = {one.id for one in collections}
    asked = [collection_id for what, collection_id in taken if what == LOOK]
    return frozenset(known if None in asked else known & set(asked))
