"""Whole chats out of the database, with everything that belongs to them: the SQL of exports."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from workbench.chat.asking.of_chat import choice_of
from workbench.chat.exporting.parts import part_from
from workbench.chat.exporting.values import KeptChat, KeptMessage, Opinion, Preferred, Reworked
from workbench.chat.tree import Seen
from workbench.db import Database
from workbench.errors import UsageError
from workbench.messages import Id, Message, Part, Role, Unparsed

# Of a turn: the first is told by its place, the others mean nothing elsewhere.
_NOT_TOLD = {"message_id", "owner", "asked"}


class ExportStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    def ids(self, project: Id | None = None) -> tuple[Id, ...]:
        """Of all chats that are not in the bin, or of a project's; last changed first."""
        rows = self._db.rows(
            """SELECT id FROM conversations WHERE deleted_at IS NULL AND (:project IS NULL OR project_id = :project)
               ORDER BY updated_at DESC, rowid DESC""",
            {"project": project},
        )
        return tuple(row["id"] for row in rows)

    def project(self, word: str) -> Id:
        """The project of this name or with an id that begins so. Raises `UsageError` when none or several are."""
        rows = self._db.rows(
            """SELECT id FROM projects
               WHERE deleted_at IS NULL AND (lower(name) = lower(:word) OR substr(id, 1, length(:word)) = :word)""",
            {"word": word},
        )
        if len(rows) != 1 or not word:
            many = "Several projects are" if len(rows) > 1 else "There is no project"
            raise UsageError(f"{many} called {word!r}.", hint="`workbench projects list` shows them and their ids.")
        return str(rows[0]["id"])

    def title(self, conversation_id: Id) -> str:
        """Raises `UsageError` for an unknown id."""
        row = self._db.row("SELECT title FROM conversations WHERE id = ?", (conversation_id,))
        if row is None:
            raise _unknown(conversation_id)
        return str(row["title"])

    def read(self, conversation_id: Id) -> KeptChat:
        """The whole chat, without messages that were deleted. Raises `UsageError` for an unknown id."""
        row = self._db.row(
            """SELECT conversations.*, projects.name AS project_name FROM conversations
               LEFT JOIN projects ON projects.id = project_id WHERE conversations.id = ?""",
            (conversation_id,),
        )
        if row is None:
            raise _unknown(conversation_id)
        messages, places = self._messages(conversation_id)
        return KeptChat(
            row["id"],
            row["title"],
            places.get(row["tip_id"]),
            messages,
            row["created_at"],
            row["updated_at"],
            Seen(row["seen_from_id"], row["summary"]),
            row["pinned_at"],
            row["origin"],
            row["titled_by"],
            (row["project_id"] or "", row["project_name"] or ""),
            self._preferred(conversation_id, {message.id for message in messages}),
            choice_of(row["model"], row["effort"]),
        )

    def _messages(self, conversation_id: Id) -> tuple[tuple[KeptMessage, ...], Mapping[Id | None, Id | None]]:
        """Those that were not deleted; and for each message it or its nearest ancestor that was not."""
        parts, turns = self._parts(conversation_id), self._turns(conversation_id)
        opinions, versions = self._opinions(conversation_id), self._versions(conversation_id)
        places: dict[Id | None, Id | None] = {None: None}
        messages = []
        for row in self._db.rows(
            "SELECT * FROM messages WHERE conversation_id = ? ORDER BY sequence", (conversation_id,)
        ):
            message_id, parent = row["id"], places.get(row["parent_id"])
            places[message_id] = parent if row["deleted_at"] is not None else message_id
            if row["deleted_at"] is None:
                message = Message(Role(row["role"]), tuple(parts[message_id]))
                about = (tuple(turns[message_id]), opinions.get(message_id), tuple(versions[message_id]))
                messages.append(KeptMessage(message_id, parent, message, row["created_at"], *about))
        return tuple(messages), places

    def _parts(self, conversation_id: Id) -> defaultdict[Id, list[Part]]:
        found: defaultdict[Id, list[Part]] = defaultdict(list)
        for row in self._db.rows(
            """SELECT message_id, kind, text, payload FROM parts JOIN messages ON messages.id = message_id
               WHERE conversation_id = ? ORDER BY message_id, position""",
            (conversation_id,),
        ):
            found[row["message_id"]].append(_part(row))
        return found

    def _turns(self, conversation_id: Id) -> defaultdict[Id, list[Mapping[str, Any]]]:
        found: defaultdict[Id, list[Mapping[str, Any]]] = defaultdict(list)
        for row in self._db.rows(
            """SELECT turns.* FROM turns JOIN messages ON messages.id = message_id
               WHERE conversation_id = ? ORDER BY turns.rowid""",
            (conversation_id,),
        ):
            turn = {key: row[key] for key in row.keys() if key not in _NOT_TOLD}  # noqa: SIM118 - rows have no items
            turn["options"] = _json(turn["options"])
            found[row["message_id"]].append(turn)
        return found

    def _opinions(self, conversation_id: Id) -> dict[Id, Opinion]:
        rows = self._db.rows(
            """SELECT feedback.* FROM feedback JOIN messages ON messages.id = message_id WHERE conversation_id = ?""",
            (conversation_id,),
        )
        return {row["message_id"]: Opinion(row["verdict"], row["reason"], row["correction"], row["at"]) for row in rows}

    def _versions(self, conversation_id: Id) -> defaultdict[Id, list[Reworked]]:
        found: defaultdict[Id, list[Reworked]] = defaultdict(list)
        for row in self._db.rows(
            """SELECT panel_versions.* FROM panel_versions JOIN messages ON messages.id = message_id
               WHERE conversation_id = ? ORDER BY message_id, place, number""",
            (conversation_id,),
        ):
            found[row["message_id"]].append(Reworked(row["place"], row["number"], row["text"], row["at"]))
        return found

    def _preferred(self, conversation_id: Id, known: set[Id]) -> tuple[Preferred, ...]:
        rows = self._db.rows(
            """SELECT preferences.* FROM preferences JOIN messages ON messages.id = chosen_id
               WHERE conversation_id = ? ORDER BY preferences.id""",
            (conversation_id,),
        )
        return tuple(
            Preferred(row["kind"], row["chosen_id"], row["rejected_id"], row["at"])
            for row in rows
            if {row["chosen_id"], row["rejected_id"]} <= known
        )


def _unknown(conversation_id: Id) -> UsageError:
    return UsageError(f"There is no chat {conversation_id!r}.", hint="`workbench chats list` shows the chats.")


def _part(row: Any) -> Part:
    """A part that this version does not know is kept as text rather than losing the chat."""
    try:
        return part_from({**_json(row["payload"] or "{}"), "kind": row["kind"], "text": row["text"]})
    except ValueError:
        return Unparsed(row["text"])


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
