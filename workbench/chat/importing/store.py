"""Chats of other programs and other homes into the database: the SQL of imports. One transaction for each chat."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlite_utils

from workbench.chat.exporting.parts import part_json
from workbench.chat.exporting.values import KeptChat, KeptMessage
from workbench.chat.importing.values import derived_id
from workbench.chat.versions.store import put as put_version
from workbench.chat.versions.versions import Version
from workbench.db import Database
from workbench.messages import Id, Part, Role


class Outcome(StrEnum):
    NEW = "new"
    UPDATED = "updated"
    KNOWN = "known"
    IN_BIN = "in the bin"


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a chat, and how many of its messages were new."""

    outcome: Outcome
    conversation_id: Id
    messages: int = 0


class ImportStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, chat: KeptChat) -> Put:
        """Keep the chat; of one that is here already only the messages that are not. One of the bin stays as it is."""
        with self._db.write() as tx:
            here = _here(tx, chat)
            if here is None:
                added = self._insert(tx, chat)
                return Put(Outcome.NEW, chat.id, added)
            if here["deleted_at"] is not None:
                return Put(Outcome.IN_BIN, here["id"])
            added = self._update(tx, chat, here)
            return Put(Outcome.UPDATED if added else Outcome.KNOWN, here["id"], added)

    def _insert(self, tx: sqlite_utils.Database, chat: KeptChat) -> int:
        tx.table("conversations").insert(
            {
                "id": chat.id,
                "title": chat.title,
                "created_at": chat.created_at,
                "updated_at": chat.updated_at,
                "pinned_at": chat.pinned_at,
                "origin": chat.origin,
                "imported": 1,
                "titled_by": chat.titled_by,
                "project_id": _project(tx, *chat.project),
                "summary": chat.seen.summary,
                "model": chat.choice.model,
                "effort": chat.choice.effort.value if chat.choice.effort else "",
            }
        )
        ids = _ids(tx, chat, chat.id)
        _add_messages(tx, chat, chat.id, ids, chat.messages)
        tx.table("conversations").update(
            chat.id, {"tip_id": ids.get(chat.tip_id or ""), "seen_from_id": ids.get(chat.seen.from_id or "")}
        )
        return len(chat.messages)

    def _update(self, tx: sqlite_utils.Database, chat: KeptChat, here: Mapping[str, Any]) -> int:
        """The branch in view follows the other program's, unless the person has gone on here."""
        ids = _ids(tx, chat, here["id"])
        known = {row[0] for row in tx.execute("SELECT id FROM messages WHERE conversation_id = ?", (here["id"],))}
        new = [message for message in chat.messages if ids[message.id] not in known]
        _add_messages(tx, chat, here["id"], ids, new)
        tip = ids.get(chat.tip_id or "")
        if new:
            changes: dict[str, Any] = {
                "updated_at": max(here["updated_at"], chat.updated_at),
                "imported": 1,
            }
            if tip not in known and (here["tip_id"] is None or here["tip_id"] in ids.values()):
                changes["tip_id"] = tip
            tx.table("conversations").update(here["id"], changes)
        return len(new)


def _here(tx: sqlite_utils.Database, chat: KeptChat) -> Mapping[str, Any] | None:
    found = tx.execute(
        """SELECT id, deleted_at, updated_at, tip_id FROM conversations
           WHERE id = ? OR (origin = ? AND origin != '') ORDER BY id = ? DESC LIMIT 1""",
        (chat.id, chat.origin, chat.id),
    ).fetchone()
    return None if found is None else dict(zip(("id", "deleted_at", "updated_at", "tip_id"), found, strict=True))


def _ids(tx: sqlite_utils.Database, chat: KeptChat, conversation_id: Id) -> dict[Id, Id]:
    """For each message its id here: its own, or another one where that is taken by another chat's message."""
    ids: dict[Id, Id] = {}
    for message in chat.messages:
        taken = tx.execute("SELECT conversation_id FROM messages WHERE id = ?", (message.id,)).fetchone()
        is_free = taken is None or taken[0] == conversation_id
        ids[message.id] = message.id if is_free else derived_id(conversation_id, message.id)
    return ids


def _add_messages(
    tx: sqlite_utils.Database,
    chat: KeptChat,
    conversation_id: Id,
    ids: Mapping[Id, Id],
    messages: Iterable[KeptMessage],
) -> None:
    columns = {column.name: column.type.upper() for column in tx.table("turns").columns}
    for message in messages:
        row = (
            ids[message.id],
            conversation_id,
            ids.get(message.parent_id or ""),
            message.message.role.value,
            message.created_at,
        )
        tx.execute(
            "INSERT INTO messages (id, conversation_id, parent_id, role, created_at) VALUES (?, ?, ?, ?, ?)", row
        )
        _add_parts(tx, ids[message.id], message.message.parts)
        for turn in message.turns if message.message.role is Role.ASSISTANT else ():
            _add_turn(tx, ids[message.id], turn, columns, message.created_at)
        for made in message.versions:
            put_version(tx, Version(ids[message.id], made.place, made.number, made.text, made.at))
        if message.opinion is not None:
            said = message.opinion
            tx.execute(
                "INSERT OR IGNORE INTO feedback (message_id, verdict, reason, correction, at) VALUES (?, ?, ?, ?, ?)",
                (ids[message.id], said.verdict, said.reason, said.correction, said.at),
            )
    for one in chat.preferred:
        chosen, rejected = ids.get(one.chosen_id), ids.get(one.rejected_id)
        if chosen and rejected and one.kind in ("regenerate", "edit", "compare"):
            tx.execute(
                "INSERT OR IGNORE INTO preferences (at, kind, chosen_id, rejected_id) VALUES (?, ?, ?, ?)",
                (one.at, one.kind, chosen, rejected),
            )


def _add_parts(tx: sqlite_utils.Database, message_id: Id, parts: Iterable[Part]) -> None:
    for position, part in enumerate(parts):
        written = part_json(part)
        kind, text = written.pop("kind"), written.pop("text")
        tx.execute(
            "INSERT INTO parts (message_id, position, kind, text, payload) VALUES (?, ?, ?, ?, ?)",
            (message_id, position, kind, text, json.dumps(written) if written else None),
        )


def _add_turn(
    tx: sqlite_utils.Database, message_id: Id, turn: Mapping[str, Any], columns: Mapping[str, str], at: float
) -> None:
    known = {name: value for name, value in turn.items() if name in columns and _fits(value, columns[name], name)}
    options = turn.get("options")
    known.pop("asked", None)  # how a stranger wants it gone on with
    known["options"] = json.dumps(options) if isinstance(options, dict) else "{}"
    if tx.execute("SELECT 1 FROM turns WHERE id = ?", (known.get("id"),)).fetchone():
        known["id"] = derived_id(message_id, str(known["id"]))
    row = {"model": "", "backend": "", "started_at": at, **known, "message_id": message_id, "owner": ""}
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    tx.execute(f"INSERT INTO turns ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608 - the table's columns


def _fits(value: Any, column: str, name: str) -> bool:
    """Whether a value of a file may stand in a column of this type; nothing for nothing where there is a default."""
    if isinstance(value, bool):
        return False
    if column == "TEXT":
        return isinstance(value, str)
    if value is None:
        return name not in ("cost_micros", "started_at")
    if column == "INTEGER":
        return isinstance(value, int) and abs(value) < 1 << 62
    return isinstance(value, int | float) and abs(value) < 1e15


def _project(tx: sqlite_utils.Database, project_id: Id, name: str) -> Id | None:
    """The project of this id, or of this name; none is made."""
    found = tx.execute(
        """SELECT id FROM projects WHERE deleted_at IS NULL AND ((id = ? AND id != '') OR (name = ? AND name != ''))
           ORDER BY id = ? DESC LIMIT 1""",
        (project_id, name, project_id),
    ).fetchone()
    return None if found is None else str(found[0])
