"""Rows of `documents` as values, and what is asked of them in words."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from workbench.db import Database
from workbench.documents.collection import Document, FileStatus
from workbench.documents.scanning.comparing import KnownRow

AWAY: Final = {
    "offline": FileStatus.OFFLINE,
    "missing": FileStatus.OFFLINE,
    "no_permission": FileStatus.NO_PERMISSION,
}
"""What files are while their folder has such a problem."""

_OF_THE_FOLDER: Final = (FileStatus.INDEXED, FileStatus.WAITING)  # a folder that is away takes these with it
_KNOWN: Final = "path, bytes, modified_ns, device, inode, status, reason, content_id, id, asked"
LIKE: Final = "CAST(documents.path AS TEXT) LIKE ? ESCAPE '\\'"
DOCUMENTS: Final = """SELECT documents.id, documents.collection_id, documents.path, documents.bytes,
       documents.modified_ns, documents.status, documents.reason, contents.media_type, contents.title, contents.sha256,
       contents.chunks
   FROM documents LEFT JOIN contents ON contents.id = documents.content_id"""


def known_rows(database: Database, where: str, values: tuple[Any, ...]) -> Iterable[KnownRow]:
    """``where``: words of ours, never of a person."""
    return database.rows(f"SELECT {_KNOWN} FROM documents WHERE {where}", values)  # noqa: S608 - our own words


def shown(status: FileStatus, away: FileStatus | None) -> FileStatus:
    """``away``: of `AWAY`, None where the folder is there."""
    return away if away is not None and status in _OF_THE_FOLDER else status


def document_of(row: Any, away: FileStatus | None, problem: str) -> Document:
    """``row``: of `DOCUMENTS`; ``problem``: of its folder."""
    status = FileStatus(row["status"])
    told = shown(status, away)
    return Document(
        row["id"],
        row["collection_id"],
        os.fsdecode(row["path"]),
        row["bytes"],
        max(row["modified_ns"], 0),
        told,
        row["reason"] if told is status else problem,
        row["media_type"] or "",
        row["title"] or "",
        row["sha256"].hex() if row["sha256"] else "",
        row["chunks"] or 0,
    )


def likes(text: str) -> list[str]:
    """Patterns for a part of a path. SQLite knows small and large letters of ASCII only, and some systems write an accent
    as a letter of its own."""
    forms = {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}
    both = {unicodedata.normalize(form, one) for one in forms for form in ("NFC", "NFD")}
    return [f"%{one.translate(_LITERAL)}%" for one in sorted(both)]


_LITERAL: Final = str.maketrans({"%": "\\%", "_": "\\_", "\\": "\\\\"})
