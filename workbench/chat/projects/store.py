"""The projects in the database: the only SQL about them, and about which chat belongs to which."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from workbench.chat.projects.projects import Project
from workbench.chat.tree import ConversationSummary
from workbench.db import Database
from workbench.errors import UsageError
from workbench.messages import Effort, Id
from workbench.ordering import natural_key

BIN_DAYS: Final = 30
_PROJECTS: Final = """SELECT projects.*,
       (SELECT count(*) FROM conversations WHERE project_id = projects.id AND deleted_at IS NULL) AS chats
   FROM projects"""


class ProjectStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    # Reading ----------------------------------------------------------------------------------------------------------

    def all(self) -> tuple[Project, ...]:
        """Those that are not in the bin, by name."""
        rows = self._db.rows(f"{_PROJECTS} WHERE deleted_at IS NULL")
        return tuple(sorted(map(_project, rows), key=lambda one: (natural_key(one.name), one.id)))

    def removed(self) -> tuple[Project, ...]:
        """Those in the bin, last removed first."""
        rows = self._db.rows(f"{_PROJECTS} WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id")
        return tuple(_project(row) for row in rows)

    def get(self, project_id: Id) -> Project:
        """Also one of the bin. Raises `UsageError` for an unknown id."""
        row = self._db.row(f"{_PROJECTS} WHERE id = ?", (project_id,))
        if row is None:
            raise _unknown(project_id)
        return _project(row)

    def of(self, conversation_id: Id) -> Id | None:
        """The project that a chat belongs to, also one of the bin; None for a chat that is in none, or unknown."""
        row = self._db.row("SELECT project_id FROM conversations WHERE id = ?", (conversation_id,))
        return None if row is None else row["project_id"]

    def chats(self, project_id: Id) -> tuple[ConversationSummary, ...]:
        """Its chats that are not in the bin, last changed first."""
        rows = self._db.rows(
            """SELECT id, title, updated_at,
                      (SELECT count(*) FROM messages WHERE conversation_id = conversations.id AND deleted_at IS NULL)
                      AS messages, project_id, pinned_at
               FROM conversations WHERE project_id = ? AND deleted_at IS NULL ORDER BY updated_at DESC, rowid DESC""",
            (project_id,),
        )
        return tuple(ConversationSummary(*row) for row in rows)

    def answered_by(self, conversation_id: Id) -> tuple[str, ...]:
        """What has answered in a chat, as turns name their backends."""
        rows = self._db.rows(
            """SELECT DISTINCT backend FROM turns JOIN messages ON messages.id = message_id
               WHERE conversation_id = ? ORDER BY backend""",
            (conversation_id,),
        )
        return tuple(row["backend"] for row in rows)

    # Writing ----------------------------------------------------------------------------------------------------------

    def change(self, project_id: Id, new: Callable[[Project], Project]) -> Project:
        """Put what ``new`` makes of it in its place, in one transaction. Raises `UsageError`, also what ``new`` raises."""
        with self._db.write() as tx:
            row = tx.execute(f"{_PROJECTS} WHERE id = ?", (project_id,)).fetchone()
            if row is None:
                raise _unknown(project_id)
            project = new(_project(row))
            self._refuse_taken(tx, project)
            tx.table("projects").update(project_id, _columns(project))
        return project

    def add(self, project: Project) -> None:
        """Raises `UsageError` where another one has its name."""
        with self._db.write() as tx:
            self._refuse_taken(tx, project)
            tx.table("projects").insert({"id": project.id, "created_at": project.created_at, **_columns(project)})

    def place(self, conversation_id: Id, project_id: Id | None) -> None:
        """The chat belongs to this project from now on; None: to none. Raises `UsageError` for an unknown id."""
        with self._db.write() as tx:
            live = "SELECT 1 FROM projects WHERE id = ? AND deleted_at IS NULL"
            if project_id is not None and tx.execute(live, (project_id,)).fetchone() is None:
                raise _unknown(project_id)
            done = tx.execute("UPDATE conversations SET project_id = ? WHERE id = ?", (project_id, conversation_id))
            if done.rowcount == 0:
                hint = "`workbench chats list` shows the chats and their ids."
                raise UsageError(f"There is no chat {conversation_id!r}.", hint=hint)

    def empty_bin(self, now: float) -> int:
        """Forget for good what has been in the bin for 30 days. Returns how many projects.

        A private one is kept for as long as a chat belongs to it: else the chat would be private no more, in silence.
        """
        old = """deleted_at IS NOT NULL AND deleted_at < ?
                 AND (private = 0 OR NOT EXISTS (SELECT 1 FROM conversations WHERE project_id = projects.id))"""
        before = now - BIN_DAYS * 86400
        if not self._db.rows(f"SELECT 1 FROM projects WHERE {old} LIMIT 1", (before,)):  # noqa: S608 - a constant
            return 0
        with self._db.write() as tx:  # chats leave by a statement of their own: what follows them hears of it as ever
            gone = f"SELECT id FROM projects WHERE {old}"  # noqa: S608
            tx.execute(f"UPDATE conversations SET project_id = NULL WHERE project_id IN ({gone})", (before,))  # noqa: S608
            return int(tx.execute(f"DELETE FROM projects WHERE {old}", (before,)).rowcount)  # noqa: S608

    def _refuse_taken(self, tx: Any, project: Project) -> None:
        if project.removed_at is not None:
            return
        live = tx.execute("SELECT name FROM projects WHERE deleted_at IS NULL AND id != ?", (project.id,)).fetchall()
        if any(row[0].casefold() == project.name.casefold() for row in live):
            raise UsageError(f"Another project is called {project.name!r}.", hint="Give this one another name.")


def _columns(project: Project) -> dict[str, Any]:
    return {
        "name": _clean(project.name),
        "instructions": _clean(project.instructions),
        "model": _clean(project.model),
        "effort": project.effort.value if project.effort else "",
        "private": int(project.private),
        "folders": json.dumps(project.folders),
        "files": json.dumps(project.files),
        "prompts": json.dumps(project.prompts),
        "memory": int(project.memory),
        "tools": None if project.tools is None else json.dumps(project.tools),
        "updated_at": project.updated_at,
        "deleted_at": project.removed_at,
    }


def _project(row: Any) -> Project:
    effort = None
    with suppress(ValueError):  # none, or one of a newer version
        effort = Effort(row["effort"])
    return Project(
        row["id"],
        row["name"],
        row["instructions"],
        row["model"],
        effort,
        bool(row["private"]),
        tuple(json.loads(row["folders"])),
        tuple(json.loads(row["files"])),
        tuple(json.loads(row["prompts"])),
        row["created_at"],
        row["updated_at"],
        row["chats"],
        row["deleted_at"],
        bool(row["memory"]),
        None if row["tools"] is None else tuple(json.loads(row["tools"])),
    )


def _clean(text: str) -> str:
    """Text that SQLite stores and gives back: lone surrogates become the replacement character."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def _unknown(project_id: str) -> UsageError:
    return UsageError(f"There is no project {project_id!r}.", hint="`workbench projects list` shows them.")
