"""What a backup has, and what going back to it would change. Nothing is written, and no backup is opened for writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.db import read_file
from workbench.diagnostics.backup import DATABASE, Backup
from workbench.errors import StorageError, UsageError
from workbench.messages import Id

_CHATS = """SELECT id, title, updated_at,
                   (SELECT count(*) FROM messages WHERE conversation_id = conversations.id) AS messages
            FROM conversations WHERE deleted_at IS NULL"""

Rows = Callable[[str], list[Any]]


@dataclass(frozen=True, slots=True)
class ChatThen:
    """A chat as it stands in a database. ``updated_at``: seconds since the epoch."""

    title: str
    messages: int
    updated_at: float


Chats = Mapping[Id, ChatThen]


@dataclass(frozen=True, slots=True)
class Difference:
    """Titles of chats. ``gone``: here now and not in the backup; ``back``: in the backup and not here now, or in the bin;
    ``changed``: they went on since then. ``same``: how many stay as they are."""

    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: int = 0


def chats_of(rows: Rows) -> Chats:
    """The chats of a database, without those in its bin. ``rows`` performs a query."""
    return {row["id"]: ChatThen(row["title"], row["messages"], row["updated_at"]) for row in rows(_CHATS)}


def chats_in(backup: Backup) -> Chats:
    """Raises `UsageError` for a backup that cannot be read."""
    path: Path = backup.path / DATABASE
    try:
        return chats_of(lambda sql: read_file(path, sql))
    except StorageError as error:
        message = f"The backup {backup.name} cannot be read."
        raise UsageError(message, hint="Choose another one.", detail=error.detail or error.message) from error


def difference(now: Chats, then: Chats) -> Difference:
    """What would change. Pure; the newest titles first."""
    both = now.keys() & then.keys()
    changed = {one for one in both if _of(now[one]) != _of(then[one])}
    return Difference(
        _titles(now, now.keys() - both),
        _titles(then, then.keys() - both),
        _titles(now, changed),
        len(both) - len(changed),
    )


def _of(chat: ChatThen) -> tuple[int, float]:
    return chat.messages, chat.updated_at


def _titles(chats: Chats, ids: set[Id]) -> tuple[str, ...]:
    return tuple(chats[one].title for one in sorted(ids, key=lambda one: chats[one].updated_at, reverse=True))
