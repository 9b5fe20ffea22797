"""What of a conversation is in view, what of it was deleted, and copies of it: the SQL behind `steering`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

import sqlite_utils

from workbench.chat import stood_on
from workbench.chat.tree import Conversation, Node, Seen
from workbench.chat.versions.store import copy as copy_versions
from workbench.db import Database
from workbench.errors import UsageError
from workbench.messages import Id
from workbench.ports import Clock


class SteeringStore:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    # Reading ----------------------------------------------------------------------------------------------------------

    def remembered(self, conversation_id: Id) -> dict[Id, Id]:
        """The tips that were left, by the message that was left with them."""
        rows = self._db.rows(
            "SELECT id, last_tip_id FROM messages WHERE conversation_id = ? AND last_tip_id IS NOT NULL",
            (conversation_id,),
        )
        return {row["id"]: row["last_tip_id"] for row in rows}

    def conversation_of_deleted(self, message_id: Id) -> Id:
        """The conversation of a message in the bin. Raises `UsageError` when it is not there."""
        row = self._db.row(
            "SELECT conversation_id FROM messages WHERE id = ? AND deleted_at IS NOT NULL", (message_id,)
        )
        if row is None:
            raise UsageError(
                f"There is no deleted message {message_id!r}.", hint="The bin forgets what is 30 days old."
            )
        return str(row[0])

    def titles(self) -> frozenset[str]:
        """Of all chats that are not in the bin."""
        return frozenset(row[0] for row in self._db.rows("SELECT title FROM conversations WHERE deleted_at IS NULL"))

    # Writing ----------------------------------------------------------------------------------------------------------

    def turn_to(self, conversation_id: Id, tip_id: Id, left: tuple[Id, Id] | None) -> None:
        """Another branch comes into view; ``left``: the message that goes out of view, and where its branch ended."""
        with self._db.write() as tx:
            _remember(tx, left)
            tx.table("conversations").update(conversation_id, {"tip_id": tip_id})

    def remember(self, left: tuple[Id, Id]) -> None:
        """Before a new branch begins beside the one in view."""
        with self._db.write() as tx:
            _remember(tx, left)

    def delete(self, conversation_id: Id, message_id: Id, tip_id: Id | None) -> None:
        """Into the bin; the branch in view ends at ``tip_id`` then."""
        now = self._clock.now()
        with self._db.write() as tx:
            stood_on.hand_down(tx, message_id)
            tx.execute("UPDATE messages SET deleted_at = ? WHERE id = ?", (now, message_id))
            tx.table("conversations").update(conversation_id, {"tip_id": tip_id, "updated_at": now})

    def restore(self, conversation_id: Id, message_id: Id) -> None:
        with self._db.write() as tx:
            tx.execute("UPDATE messages SET deleted_at = NULL WHERE id = ?", (message_id,))
            tx.table("conversations").update(conversation_id, {"updated_at": self._clock.now()})

    def copy(self, conversation: Conversation, path: Sequence[Node], title: str) -> Id:
        """A new conversation of these messages of another one, each below the one before: parts and turns included."""
        new_ids = {node.id: uuid.uuid4().hex for node in path}
        now = self._clock.now()
        seen = conversation.seen if conversation.seen.from_id in new_ids else Seen()
        copy_id = uuid.uuid4().hex
        copied = {
            "id": copy_id,
            "title": title,
            "titled_by": "person",
            "tip_id": new_ids[path[-1].id],
            "project_id": conversation.project_id,
            "folders": json.dumps(list(conversation.folders)),
            "tools": None if conversation.tools is None else json.dumps(list(conversation.tools)),
            "memory": int(conversation.memory),
            "imported": int(conversation.imported),
            "model": conversation.choice.model,
            "effort": conversation.choice.effort.value if conversation.choice.effort else "",
            "seen_from_id": new_ids[seen.from_id] if seen.from_id else None,
            "summary": seen.summary,
            "created_at": now,
            "updated_at": now,
        }
        with self._db.write() as tx:
            tx.table("conversations").insert(copied)
            for node in path:
                _copy_message(tx, node, copy_id, new_ids)
        return copy_id

    def empty_bin(self, before: float) -> int:
        """Forget for good the messages that were deleted before this time; what stood below them hangs on their parents.
        Returns how many."""
        old = tuple(self._db.rows("SELECT id FROM messages WHERE deleted_at < ? ORDER BY sequence", (before,)))
        if old:
            with self._db.write() as tx:
                for row in old:
                    _forget(tx, row["id"])
        return len(old)


def _remember(tx: sqlite_utils.Database, left: tuple[Id, Id] | None) -> None:
    if left is not None:
        message_id, tip_id = left
        tx.execute("UPDATE messages SET last_tip_id = ? WHERE id = ?", (tip_id, message_id))


def _copy_message(tx: sqlite_utils.Database, node: Node, conversation_id: Id, new_ids: dict[Id, Id]) -> None:
    message_id = new_ids[node.id]
    tx.execute(
        """INSERT INTO messages (id, conversation_id, parent_id, role, created_at)
           SELECT ?, ?, ?, role, created_at FROM messages WHERE id = ?""",
        (message_id, conversation_id, new_ids[node.parent_id] if node.parent_id else None, node.id),
    )
    tx.execute(
        """INSERT INTO parts (message_id, position, kind, text, payload)
           SELECT ?, position, kind, text, payload FROM parts WHERE message_id = ?""",
        (message_id, node.id),
    )
    stood_on.copy(tx, node.id, message_id)
    copy_versions(tx, node.id, message_id)
    for turn in tx.execute("SELECT * FROM turns WHERE message_id = ? ORDER BY rowid", (node.id,)).fetchall():
        copied: dict[str, Any] = {**dict(turn), "id": uuid.uuid4().hex, "message_id": message_id}
        tx.table("turns").insert(copied)


def _forget(tx: sqlite_utils.Database, message_id: Id) -> None:
    stood_on.hand_down(tx, message_id)
    parent = tx.execute("SELECT parent_id FROM messages WHERE id = ?", (message_id,)).fetchone()[0]
    for table, column in (("messages", "parent_id"), ("conversations", "tip_id"), ("conversations", "seen_from_id")):
        tx.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (parent, message_id))  # noqa: S608 - constants
    tx.execute("UPDATE messages SET last_tip_id = NULL WHERE last_tip_id = ?", (message_id,))
    tx.execute("DELETE FROM messages WHERE id = ?", (message_id,))
