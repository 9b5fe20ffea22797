"""Taking away what was read of files that are gone, in steps that nobody notices."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from workbench.db import Database
from workbench.documents.storing.file_changes import SWEEPING, leave

KEPT_SECONDS: Final = 3600.0  # a file may come back: from the bin, or with another branch
_STEP_SECONDS: Final = 0.03
_PAUSE_SECONDS: Final = 0.005  # a lock that is taken again at once lets nobody in
_LEAST_FILES, _LEAST_PASSAGES, _MOST_STEP = 1_000, 200, 5_000  # a machine that is slow now must get on too
_CONTENTS: Final = """SELECT id FROM contents WHERE left_at <= ?
    AND NOT EXISTS (SELECT 1 FROM documents WHERE content_id = contents.id) ORDER BY left_at, id LIMIT ?"""


def forget(database: Database, collection_id: str) -> None:
    """The files of a folder and how it was looked at. Raises `StorageError`."""
    pace = _Pace(_LEAST_FILES)
    while database.row("SELECT 1 FROM documents WHERE collection_id = ? LIMIT 1", (collection_id,)) is not None:
        with pace.step(), database.write() as tx:
            rows = tx.execute(
                "SELECT id, content_id FROM documents WHERE collection_id = ? LIMIT ?", (collection_id, pace.size)
            ).fetchall()
            tx.conn.executemany("DELETE FROM documents WHERE id = ?", [(row[0],) for row in rows])
            leave(tx, [row[1] for row in rows], 0.0)
    with database.write() as tx:
        tx.execute("DELETE FROM looks WHERE collection_id = ?", (collection_id,))


def sweep(database: Database, now: float, seconds: float, kept_seconds: float = KEPT_SECONDS) -> bool:
    """True: there is more. Raises `StorageError`."""
    end = time.monotonic() + seconds
    pace = _Pace(_LEAST_PASSAGES)
    while database.row(_CONTENTS, (now - kept_seconds, 1)) is not None:
        if time.monotonic() >= end:
            return True
        with pace.step(), database.write() as tx:
            _step(tx, now - kept_seconds, pace.size)
    return False


class _Pace:
    """Steps of about the same time, with room for others between them."""

    def __init__(self, least: int) -> None:
        self.size = self._least = least

    @contextmanager
    def step(self) -> Iterator[None]:
        began = time.monotonic()
        yield
        took = max(time.monotonic() - began, 1e-6)
        self.size = min(max(int(self.size * min(_STEP_SECONDS / took, 2.0)), self._least), _MOST_STEP)
        time.sleep(_PAUSE_SECONDS)


def _step(tx: Any, before: float, size: int) -> None:
    """Take ``size`` passages away, and the contents that have none left. A content that is begun is marked: a file that
    comes back with it is read."""
    for row in tx.execute(_CONTENTS, (before, size)).fetchall():
        tx.execute("UPDATE contents SET reader = ? WHERE id = ?", (SWEEPING, row["id"]))
        taken = tx.execute(
            "DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE content_id = ? LIMIT ?)", (row["id"], size)
        ).rowcount
        size -= taken
        if size <= 0:
            return
        tx.execute("DELETE FROM contents WHERE id = ?", (row["id"],))
        size -= 1
