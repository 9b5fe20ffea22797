"""The queue of downloads on disk: the only SQL about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from workbench.db import Database
from workbench.models.fetching.hub import HubFile, HubFiles
from workbench.models.fetching.queue import DownloadState
from workbench.ports import Clock


@dataclass(frozen=True, slots=True)
class QueuedDownload:
    """One row. ``plan``: the files it was found to mean, so that a restart fetches the same ones, as JSON; see `plan_of`.

    ``owner``: the process that works on it while it is running. Rows of a lower ``sequence`` go first.
    """

    id: str
    sequence: float
    reference: str
    title: str
    state: DownloadState
    bytes: int = 0
    total_bytes: int | None = None
    plan: str = "{}"
    error: str = ""
    hint: str = ""
    owner: str = ""


class QueueStore:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def all(self) -> tuple[QueuedDownload, ...]:
        """Every download, the first to be fetched first."""
        return tuple(_row(row) for row in self._db.rows("SELECT * FROM downloads ORDER BY sequence, id"))

    def add(self, identifier: str, reference: str, title: str) -> None:
        """At the end of the queue."""
        now = self._clock.now()
        with self._db.write() as tx:
            tx.execute(
                """INSERT INTO downloads (id, sequence, reference, title, state, created_at, updated_at)
                   SELECT ?, coalesce(max(sequence), 0) + 1, ?, ?, 'queued', ?, ? FROM downloads""",
                (identifier, reference, title, now, now),
            )

    def claim(self, download: QueuedDownload, owner: str) -> bool:
        """Make ``owner`` the one that works on it; False when another process was faster."""
        with self._db.write() as tx:
            changed = tx.execute(
                """UPDATE downloads SET state = 'running', owner = ?, error = '', hint = '', updated_at = ?
                   WHERE id = ? AND state = ? AND owner = ?""",
                (owner, self._clock.now(), download.id, download.state.value, download.owner),
            )
            return bool(changed.rowcount)

    def change(self, identifier: str, changes: Mapping[str, Any]) -> None:
        """Set some columns; nothing happens when the download is gone."""
        columns = ", ".join(f"{column} = :{column}" for column in changes)
        with self._db.write() as tx:
            tx.execute(
                f"UPDATE downloads SET {columns}, updated_at = :now WHERE id = :id",  # noqa: S608 - our own columns
                {**changes, "now": self._clock.now(), "id": identifier},
            )

    def remove(self, identifier: str) -> None:
        with self._db.write() as tx:
            tx.execute("DELETE FROM downloads WHERE id = ?", (identifier,))


def plan_of(files: HubFiles) -> str:
    """``files`` as a row keeps them."""
    return json.dumps(asdict(files))


def files_of(plan: str) -> HubFiles | None:
    """The files of a row; None before they were looked up."""
    try:
        found = json.loads(plan)
        shards = tuple(HubFile(**shard) for shard in found.pop("shards"))
        projector = found.pop("projector")
        return HubFiles(shards=shards, projector=projector and HubFile(**projector), **found)
    except (ValueError, TypeError, KeyError):
        return None


def _row(row: Any) -> QueuedDownload:
    values = {field.name: row[field.name] for field in fields(QueuedDownload)}
    return QueuedDownload(**{**values, "state": DownloadState(values["state"])})
