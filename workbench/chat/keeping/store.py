"""The bin in the database: which chats are in it, out again, and gone for good."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.chat.attaching.store import AttachmentNames
from workbench.chat.store import BIN_DAYS
from workbench.db import Database
from workbench.messages import Id

_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class BinnedChat:
    """``forgotten_at``: when it is removed for good; times in seconds since 1970."""

    id: Id
    title: str
    messages: int
    deleted_at: float

    @property
    def forgotten_at(self) -> float:
        return self.deleted_at + BIN_DAYS * _DAY


class BinStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> tuple[BinnedChat, ...]:
        """The last deleted first."""
        rows = self._db.rows(
            """SELECT id, title, messages, deleted_at FROM conversations
               WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, rowid DESC"""
        )
        return tuple(BinnedChat(*row) for row in rows)

    def restore(self, ids: Sequence[Id]) -> None:
        with self._db.write() as tx:
            for conversation_id in ids:
                tx.execute("UPDATE conversations SET deleted_at = NULL WHERE id = ?", (conversation_id,))

    def forget(self, ids: Sequence[Id]) -> frozenset[str]:
        """Remove these chats for good, if they are in the bin. Returns the sha256 of files that nothing names any more."""
        files: set[str] = set()
        with self._db.write() as tx:
            for conversation_id in ids:
                payloads = tx.execute(
                    """SELECT payload FROM parts JOIN messages ON messages.id = message_id
                       JOIN conversations ON conversations.id = conversation_id
                       WHERE conversation_id = ? AND kind = 'attachment' AND conversations.deleted_at IS NOT NULL""",
                    (conversation_id,),
                )
                files |= {_sha256(row[0]) for row in payloads}
                gone = tx.execute(
                    "DELETE FROM conversations WHERE id = ? AND deleted_at IS NOT NULL", (conversation_id,)
                )
                if gone.rowcount:
                    tx.execute("DELETE FROM drafts WHERE conversation_id = ?", (conversation_id,))
        return frozenset(files - {""} - AttachmentNames(self._db).all()) if files else frozenset()


def _sha256(payload: str | None) -> str:
    try:
        return str(json.loads(payload or "{}").get("sha256") or "")
    except (ValueError, AttributeError):
        return ""
