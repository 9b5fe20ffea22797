"""What is remembered of model files: the only SQL about them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from workbench.db import Database


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A further file of a model: one of its parts, or its projector. ``path`` as in `Record`."""

    path: str
    bytes: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """One model. ``path``: its (first) file, relative to the models folder with forward slashes, so that a home can be
    moved; absolute for an adopted one. ``files``: the further files, the ``projector`` (a path, or empty) among them.

    ``bytes``: of all files. ``sha256`` is pinned or was recorded at the first look; ``verified_at``: when all files last
    matched, in seconds since the epoch; ``problem``: what a later look found wrong, empty when all is well.
    ``removed_at``: the person removed it, and it can still be restored.
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
    catalog_id: str = ""
    repository: str = ""
    revision: str = ""
    files: tuple[StoredFile, ...] = ()
    projector: str = ""
    removed_at: float | None = None


class ModelStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def read_only(self) -> bool:
        return bool(self._db.read_only)

    def all(self) -> dict[str, Record]:
        """Every record of a model that was not removed, by path."""
        return {path: record for path, record in self._every().items() if record.removed_at is None}

    def removed(self) -> dict[str, Record]:
        """The records of models that can be restored, by path."""
        return {path: record for path, record in self._every().items() if record.removed_at is not None}

    def _every(self) -> dict[str, Record]:
        return {row["path"]: _record(row) for row in self._db.rows("SELECT * FROM models ORDER BY path")}

    def save(self, *records: Record) -> None:
        """Insert each record, or replace the one of the same path; all of them or none."""
        with self._db.write() as tx:
            for record in records:
                tx.execute(
                    """INSERT OR REPLACE INTO models
                       (path, id, name, bytes, sha256, source, adopted, verified_at, problem,
                        catalog_id, repository, revision, files, projector, removed_at)
                       VALUES (:path, :id, :name, :bytes, :sha256, :source, :adopted, :verified_at, :problem,
                               :catalog_id, :repository, :revision, :files, :projector, :removed_at)""",
                    {**asdict(record), "files": json.dumps([asdict(file) for file in record.files])},
                )

    def forget(self, path: str) -> None:
        with self._db.write() as tx:
            tx.execute("DELETE FROM models WHERE path = ?", (path,))


def _record(row: Any) -> Record:
    fields: Mapping[str, Any] = {name: row[name] for name in Record.__slots__}
    files = tuple(StoredFile(**file) for file in json.loads(fields["files"]))
    return Record(**{**fields, "adopted": bool(fields["adopted"]), "files": files})
