"""Opening index.db: what can be made again is never in the way."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.db import Database
from workbench.documents.storing.schema import index
from workbench.errors import StorageError
from workbench.paths import Paths

log = logging.getLogger(__name__)

MADE_AGAIN: Final = "What was read of the folders was damaged: it is read again."
_SIDE_FILES: Final = ("", "-wal", "-shm")


def open_index(paths: Paths, *, may_remake: bool) -> tuple[Database, str]:
    """The index, and what a person must be told of it; a damaged one is made again from the files.

    ``may_remake``: whether this process is the one that reads the folders. Raises `StorageError` otherwise, and for one
    that a newer version made, a full disk or a folder that cannot be written to.
    """
    told = ""
    if may_remake and _mark(paths).exists():
        _remove(paths.index)
        told = MADE_AGAIN
    try:
        database = _opened(paths)
    except StorageError as error:
        if not may_remake or not is_damage(error):
            raise
        log.warning("index.db is damaged and made again: %s", error.detail)
        _remove(paths.index)
        database, told = _opened(paths), MADE_AGAIN
    if may_remake:
        with suppress(OSError):
            _mark(paths).unlink(missing_ok=True)
    return database, told


def is_damage(error: StorageError) -> bool:
    return "is damaged" in error.message


def is_busy(error: StorageError) -> bool:
    """Whether another process was writing: that passes."""
    return "is locked" in error.message


def mark_damaged(paths: Paths) -> None:
    """The next process that reads folders makes the index again."""
    with suppress(OSError):
        _mark(paths).touch(mode=0o600)


def marked_damaged(paths: Paths) -> bool:
    """Whether some process found it damaged, and nobody has made it again."""
    return _mark(paths).exists()


def _mark(paths: Paths) -> Path:
    return paths.run / "index.damaged"


def _opened(paths: Paths) -> Database:
    return Database(paths.index, index, backups=paths.backups, durable=False)


def _remove(path: Path) -> None:
    """Raises `StorageError`."""
    try:
        for ending in _SIDE_FILES:
            path.with_name(path.name + ending).unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"{path} is damaged and cannot be removed: {error.strerror or error}.",
            hint="Close other programs that use it, then start Workbench again.",
        ) from error
