"""Versions in the database: the only SQL about them."""

from __future__ import annotations

from typing import Any

import sqlite_utils

from workbench.chat.versions.versions import Version
from workbench.db import Database
from workbench.errors import UsageError
from workbench.messages import Id
from workbench.ports import Clock


class VersionStore:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def of(self, message_id: Id, place: str) -> tuple[Version, ...]:
        """Oldest first."""
        rows = self._db.rows(
            "SELECT * FROM panel_versions WHERE message_id = ? AND place = ? ORDER BY number", (message_id, place)
        )
        return tuple(map(_version, rows))

    def of_message(self, message_id: Id) -> tuple[Version, ...]:
        """By place, oldest first."""
        rows = self._db.rows("SELECT * FROM panel_versions WHERE message_id = ? ORDER BY place, number", (message_id,))
        return tuple(map(_version, rows))

    def keep(self, message_id: Id, place: str, text: str) -> Version:
        """As the newest, unless the newest is the same. Raises `UsageError` where the message is gone."""
        clean = text.encode("utf-8", "replace").decode("utf-8")
        with self._db.write() as tx:
            if tx.execute("SELECT 1 FROM messages WHERE id = ?", (message_id,)).fetchone() is None:
                raise UsageError("The message is not there any more.", hint="Save the text to a file.")
            newest = tx.execute(
                """SELECT number, text, at FROM panel_versions WHERE message_id = ? AND place = ?
                   ORDER BY number DESC LIMIT 1""",
                (message_id, place),
            ).fetchone()
            if newest is not None and newest[1] == clean:
                return Version(message_id, place, newest[0], clean, newest[2])
            made = Version(message_id, place, 1 + (newest[0] if newest else 0), clean, self._clock.now())
            put(tx, made)
        return made

    def remove(self, message_id: Id, place: str) -> int:
        """Returns how many there were."""
        with self._db.write() as tx:
            return int(
                tx.execute(
                    "DELETE FROM panel_versions WHERE message_id = ? AND place = ?", (message_id, place)
                ).rowcount
            )


def put(tx: sqlite_utils.Database, version: Version) -> None:
    """One that is there stays."""
    tx.execute(
        "INSERT OR IGNORE INTO panel_versions (message_id, place, number, text, at) VALUES (?, ?, ?, ?, ?)",
        (version.message_id, version.place, version.number, version.text, version.at),
    )


def copy(tx: sqlite_utils.Database, message_id: Id, copy_id: Id) -> None:
    """All of a message to a copy of it."""
    tx.execute(
        """INSERT INTO panel_versions (message_id, place, number, text, at)
           SELECT ?, place, number, text, at FROM panel_versions WHERE message_id = ?""",
        (copy_id, message_id),
    )


def _version(row: Any) -> Version:
    return Version(row["message_id"], row["place"], row["number"], row["text"], row["at"])
