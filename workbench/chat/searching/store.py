"""The index of what was said: the only SQL about it.

What changed waits in ``search_waiting``, put there by triggers. `index_message` takes it into the index, in the same
transaction where a message is saved whole, else with `catch_up`: after an import, or for a database of an older version.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlite_utils

from workbench.chat.searching import search
from workbench.chat.searching.text import indexed, shown
from workbench.db import Database
from workbench.messages import Id

FILE_CHARACTERS = 200_000  # of the attachments of one message
_LOOKED_AT = 4000  # characters of each candidate that are read to rank it
_LAST_PLACE = (1 << 63) - 1
_SEQUENCE_BITS, _MOST_TICKS = 20, 1 << 42
_SEEN = """WHERE deleted_at IS NULL
    AND CASE WHEN ? IS NULL THEN project_id IS NULL OR project_id NOT IN (SELECT id FROM projects WHERE private)
             ELSE project_id = ? END
    AND id IS NOT ?"""


@dataclass(frozen=True, slots=True)
class Found:
    """A message that has what was asked for, with the begins of its texts."""

    place: int
    message_id: Id
    conversation_id: Id
    title: str
    role: str
    at: float
    text: str
    files: str
    reasoning: str


@dataclass(frozen=True, slots=True)
class Titled:
    conversation_id: Id
    title: str
    updated_at: float


class SearchStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def can_write(self) -> bool:
        return not self._db.read_only

    def newest(self, expression: str, after: float | None, before: float | None, most: int) -> tuple[Found, ...]:
        """The newest messages that match, newest first. Without an expression: all of that time."""
        begin = 0 if after is None else _place(after, 0)
        end = _LAST_PLACE if before is None else _place(before, 0) - 1
        matching = "search_texts MATCH ? AND" if expression else ""
        # CROSS JOIN keeps this order: the index gives the newest first, and nothing is looked at after the last one.
        rows = self._db.rows(
            f"""SELECT p.place, p.message_id, p.conversation_id, c.title, m.role, m.created_at,
                       substr(search_texts.text, 1, {_LOOKED_AT}), substr(files, 1, {_LOOKED_AT}),
                       substr(reasoning, 1, {_LOOKED_AT})
                FROM search_texts CROSS JOIN search_places p ON p.place = search_texts.rowid
                CROSS JOIN messages m ON m.id = p.message_id CROSS JOIN conversations c ON c.id = p.conversation_id
                WHERE {matching} search_texts.rowid BETWEEN ? AND ? AND c.deleted_at IS NULL AND m.deleted_at IS NULL
                ORDER BY search_texts.rowid DESC LIMIT ?""",  # noqa: S608 - constants
            (*([expression] if expression else []), begin, end, most),
        )
        return tuple(Found(*row[:6], *map(shown, row[6:])) for row in rows)

    def texts(self, place: int) -> tuple[str, str, str]:
        """The whole text, attachments and reasoning of a message, as indexed."""
        row = self._db.row("SELECT text, files, reasoning FROM search_texts WHERE rowid = ?", (place,))
        return ("", "", "") if row is None else (shown(row[0]), shown(row[1]), shown(row[2]))

    def titled(self, expression: str, most: int) -> tuple[Titled, ...]:
        """The newest chats whose titles match, newest first."""
        rows = self._db.rows(
            """SELECT c.id, c.title, c.updated_at FROM search_titles
               CROSS JOIN search_chats p ON p.place = search_titles.rowid
               CROSS JOIN conversations c ON c.id = p.conversation_id
               WHERE search_titles MATCH ? AND c.deleted_at IS NULL ORDER BY search_titles.rowid DESC LIMIT ?""",
            (expression, most),
        )
        return tuple(Titled(*row) for row in rows)

    def projects(self) -> tuple[tuple[Id, str], ...]:
        """Id and name of each."""
        return tuple(tuple(row) for row in self._db.rows("SELECT id, name FROM projects WHERE deleted_at IS NULL"))

    def private_projects(self) -> tuple[Id, ...]:
        """Also those of the bin: what is theirs stays theirs."""
        return tuple(str(row[0]) for row in self._db.rows("SELECT id FROM projects WHERE private"))

    def chats_seen(self, only: Id | None, but: Id | None) -> frozenset[Id]:
        """Chats outside the bin: those of the project ``only``, None: all that are in no private one; not ``but``."""
        rows = self._db.rows(f"SELECT id FROM conversations {_SEEN}", (only, only, but))  # noqa: S608 - a constant
        return frozenset(str(row[0]) for row in rows)

    def has_chats(self, only: Id | None, but: Id | None) -> bool:
        """Whether there is one of `chats_seen`."""
        row = self._db.row(f"SELECT 1 FROM conversations {_SEEN} LIMIT 1", (only, only, but))  # noqa: S608 - a constant
        return row is not None

    def models(self) -> tuple[str, ...]:
        """Names of those that have answered; jumps from one to the next, however many turns there are."""
        rows = self._db.rows(
            """WITH RECURSIVE known(model) AS (
                   SELECT min(model) FROM turns
                   UNION ALL
                   SELECT (SELECT min(model) FROM turns WHERE model > known.model) FROM known WHERE model IS NOT NULL
               ) SELECT model FROM known WHERE model IS NOT NULL"""
        )
        return tuple(str(row[0]) for row in rows)

    def waiting(self) -> int:
        """How many messages and titles are still to be indexed."""
        return int(self._db.rows("SELECT count(*) FROM search_waiting")[0][0])

    def catch_up(self, most: int) -> int:
        """Index some of what waits, in one short transaction; returns how many."""
        ids = [row[0] for row in self._db.rows("SELECT id FROM search_waiting LIMIT ?", (most,))]
        if ids:
            with self._db.write() as tx:
                for one in ids:
                    index_message(tx, one)
                    index_title(tx, one)
        return len(ids)


def index_message(tx: sqlite_utils.Database, message_id: Id) -> None:
    """Put a message into the index as it is now, or take it out."""
    tx.execute("DELETE FROM search_places WHERE message_id = ?", (message_id,))
    tx.execute("DELETE FROM search_waiting WHERE id = ?", (message_id,))
    message = tx.execute(
        """SELECT sequence, messages.created_at, conversation_id, project_id
           FROM messages JOIN conversations ON conversations.id = conversation_id WHERE messages.id = ?""",
        (message_id,),
    ).fetchone()
    parts = tx.execute(
        "SELECT kind, text, payload FROM parts WHERE message_id = ? ORDER BY position", (message_id,)
    ).fetchall()
    if message is None or not parts:
        return
    sequence, at, conversation_id, project_id = message
    models = tx.execute(
        """SELECT DISTINCT model FROM turns
           WHERE message_id = ? OR message_id IN (SELECT id FROM messages WHERE parent_id = ?)""",
        (message_id, message_id),
    ).fetchall()
    place = _free(tx, "search_places", _place(at, sequence))
    tx.execute("INSERT INTO search_places VALUES (?, ?, ?)", (place, message_id, conversation_id))
    tx.execute(
        "INSERT INTO search_texts (rowid, text, files, reasoning, model, marks) VALUES (?, ?, ?, ?, ?, ?)",
        (place, *_columns(parts), indexed(" ".join(model[0] for model in models)), _marks(parts, project_id)),
    )


def index_title(tx: sqlite_utils.Database, conversation_id: Id) -> None:
    """Put the title of a chat into the index as it is now; nothing for an id that is not a chat's."""
    tx.execute("DELETE FROM search_waiting WHERE id = ?", (conversation_id,))
    chat = tx.execute("SELECT title, created_at FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    if chat is None:
        return
    tx.execute("DELETE FROM search_chats WHERE conversation_id = ?", (conversation_id,))
    place = _free(tx, "search_chats", _place(chat[1], 0))
    tx.execute("INSERT INTO search_chats VALUES (?, ?)", (place, conversation_id))
    tx.execute("INSERT INTO search_titles (rowid, title) VALUES (?, ?)", (place, indexed(chat[0])))


def _columns(parts: Sequence[Any]) -> tuple[str, str, str]:
    """Text, attachments and reasoning."""
    said = [text for kind, text, _payload in parts if kind in ("text", "unparsed", "tool_result")]
    files = [f"{json.loads(payload).get('name', '')}\n{text}" for kind, text, payload in parts if kind == "attachment"]
    thought = [text for kind, text, _payload in parts if kind == "reasoning"]
    return (
        indexed("\n\n".join(said)),
        indexed("\n\n".join(files)[:FILE_CHARACTERS]),
        indexed("\n\n".join(thought)),
    )


def _marks(parts: Sequence[Any], project_id: Id | None) -> str:
    marks = [search.ATTACHMENT_MARK] if any(kind == "attachment" for kind, _text, _payload in parts) else []
    return " ".join([*marks, search.mark_of_project(project_id)] if project_id else marks)


def _place(at: float, sequence: int) -> int:
    """By time to a hundredth of a second, then by the order of writing; whatever the clock said."""
    ticks = min(max(0, int(at * 100)), _MOST_TICKS)
    return (ticks << _SEQUENCE_BITS) | (sequence % (1 << _SEQUENCE_BITS))


def _free(tx: sqlite_utils.Database, table: str, place: int) -> int:
    """This place of a table, or the next that nothing has."""
    while tx.execute(f"SELECT 1 FROM {table} WHERE place = ?", (place,)).fetchone():  # noqa: S608 - a constant
        place += 1
    return place
