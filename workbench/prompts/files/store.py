"""How the files of prompts were, in the database."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from workbench.db import Database
from workbench.messages import Id
from workbench.prompts.files.deciding import Filed
from workbench.prompts.files.disk import Seen


class FileRows:
    """All methods may be called from any thread, and raise `StorageError`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def read_only(self) -> str:
        return self._db.read_only

    def all(self) -> tuple[Seen, ...]:
        rows = self._db.rows("SELECT * FROM prompt_files ORDER BY path")
        return tuple(
            Seen(Filed(row["prompt_id"], os.fsdecode(row["path"]), row["version"], row["sha256"]), row[4], row[5])
            for row in rows
        )

    def change(self, put: Iterable[Seen], drop: Iterable[Id] = ()) -> None:
        """All or nothing. A file that another prompt had is this one's now; prompts that were erased are left out."""
        put = tuple(put)
        with self._db.write() as tx:
            for prompt_id in (*drop, *(seen.filed.prompt_id for seen in put)):
                tx.execute("DELETE FROM prompt_files WHERE prompt_id = ?", (prompt_id,))
            for seen in put:
                self._put(tx, seen)

    def clear(self) -> None:
        with self._db.write() as tx:
            tx.execute("DELETE FROM prompt_files")

    @staticmethod
    def _put(tx: Any, seen: Seen) -> None:
        filed = seen.filed
        path = os.fsencode(filed.path)
        tx.execute("DELETE FROM prompt_files WHERE path = ?", (path,))
        tx.execute(
            """INSERT INTO prompt_files (prompt_id, path, version, sha256, bytes, modified_ns)
               SELECT id, ?, ?, ?, ?, ? FROM prompts WHERE id = ?""",
            (path, filed.version, filed.sha256, seen.bytes, seen.modified_ns, filed.prompt_id),
        )
