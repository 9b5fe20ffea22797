"""What the answers of chats stand on, also those in the bin: the SQL about it.

An answer may repeat what an earlier one was given. Once that one is deleted, the messages below it still tell what it stood
on: a passage without its text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlite_utils

from workbench.chat.sources_json import passages_from_json
from workbench.db import Database
from workbench.messages import Id, Passage

CHAT: Final = "chat:"
"""Begins the path of a passage that was said in another chat: ``chat:ID#MESSAGE``."""

_SAID = "SELECT payload FROM parts WHERE kind IN ('sources', 'tool_result') AND message_id"
_BELOW = """WITH RECURSIVE below(id) AS (
        SELECT id FROM messages WHERE parent_id = ?
        UNION SELECT messages.id FROM messages JOIN below ON parent_id = below.id
    ) SELECT id FROM below"""


class StoodOn:
    """Any thread. All raise `StorageError`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of_passage(self, path: str) -> tuple[Id, tuple[Passage, ...]] | None:
        """Of a passage's path ``chat:ID#MESSAGE``: the chat, and all that any answer of it stands on, the deleted ones too.
        None: that message is forgotten."""
        chat_id, _hash, message_id = path.removeprefix(CHAT).partition("#")
        if self._db.row("SELECT 1 FROM messages WHERE id = ? AND conversation_id = ?", (message_id, chat_id)) is None:
            return None
        return chat_id, self.of_chat(chat_id)

    def of_chat(self, conversation_id: Id) -> tuple[Passage, ...]:
        """All that any answer of it stands on, the deleted ones too."""
        rows = self._db.rows(
            f"{_SAID} IN (SELECT id FROM messages WHERE conversation_id = ?)",  # noqa: S608 - a constant
            (conversation_id,),
        )
        handed = handed_down(self._db, conversation_id).values()
        return (*_passages(row[0] for row in rows), *(passage for passages in handed for passage in passages))

    def holds_private(self, conversation_id: Id) -> bool:
        """Whether any of it was private when it was read, or its folder is by now."""
        private = {row[0] for row in self._db.rows("SELECT id FROM collections WHERE private")}
        return any(one.private or one.collection_id in private for one in self.of_chat(conversation_id))


def handed_down(database: Database, conversation_id: Id) -> Mapping[Id, tuple[Passage, ...]]:
    """By message: what deleted messages above it stood on."""
    found: dict[Id, tuple[Passage, ...]] = {}
    for row in database.rows(
        """SELECT message_id, path, collection_id, private FROM stood_on
           JOIN messages ON messages.id = message_id WHERE conversation_id = ?""",
        (conversation_id,),
    ):
        passage = Passage(0, row["path"], row["collection_id"], "", 0, 0, "", private=bool(row["private"]))
        found[row["message_id"]] = (*found.get(row["message_id"], ()), passage)
    return found


def hand_down(tx: sqlite_utils.Database, message_id: Id) -> None:
    """Before a message is deleted or forgotten: all below it keep what it stood on."""
    rows = tx.execute(f"{_SAID} = ?", (message_id,)).fetchall()
    stood = {(_kept(one.path), one.collection_id, int(one.private)) for one in _passages(row[0] for row in rows)}
    before = "SELECT path, collection_id, private FROM stood_on WHERE message_id = ?"
    stood |= {tuple(row) for row in tx.execute(before, (message_id,)).fetchall()}
    if not stood:
        return
    for (below,) in map(tuple, tx.execute(_BELOW, (message_id,)).fetchall()):
        for path, collection_id, private in sorted(stood):
            tx.execute("INSERT OR IGNORE INTO stood_on VALUES (?, ?, ?, ?)", (below, path, collection_id, private))


def copy(tx: sqlite_utils.Database, message_id: Id, copy_id: Id) -> None:
    tx.execute(
        "INSERT INTO stood_on SELECT ?, path, collection_id, private FROM stood_on WHERE message_id = ?",
        (copy_id, message_id),
    )


def _passages(payloads: Iterable[Any]) -> tuple[Passage, ...]:
    told = (json.loads(payload or "{}").get("passages", ()) for payload in payloads)
    return tuple(passage for passages in told for passage in passages_from_json(passages))


def _kept(path: str) -> str:
    """Names that are no UTF-8 hold surrogates, which SQLite does not take."""
    return path if path.isascii() else path.encode("utf-8", "replace").decode()
