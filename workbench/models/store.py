"""What is remembered of model files: the only SQL about them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from workbench.db import Database


@dataclass(frozen=True, slots=True)
class Record:
    """One file. ``path``: relative to the models folder with forward slashes, so that a home can be moved.

    ``sha256`` is pinned or was recorded at the first look; ``verified_at``: when the file last matched it, in seconds since
    the epoch; ``problem``: what a later look found wrong, empty when all is well.
    """

    path: str
    id: str
    name: str
    bytes: int
    sha256: str | None
    source: str
    adopted: bool = False
    verified_at: float | None = None
    problem: str = ""


class ModelStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def read_only(self) -> bool:
        return bool(self._db.read_only)

    def all(self) -> dict[str, Record]:
        """Every record, by path."""
        return {row["path"]: _record(row) for row in self._db.rows("SELECT * FROM models ORDER BY path")}

    def save(self, record: Record) -> None:
        """Insert the record, or replace the one of the same path."""
        with self._db.write() as tx:
            tx.execute(
                """INSERT OR REPLACE INTO models
                   (path, id, name, bytes, sha256, source, adopted, verified_at, problem)
                   VALUES (:path, :id, :name, :bytes, :sha256, :source, :adopted, :verified_at, :problem)""",
                asdict(record),
            )

    def forget(self, path: str) -> None:
        with self._db.write() as tx:
            tx.execute("DELETE FROM models WHERE path = ?", (path,))


def _record(row: Any) -> Record:
    fields = {name: row[name] for name in Record.__slots__}
    return Record(**{**fields, "adopted": bool(fields["adopted"])})
