"""Which attachments anybody names: the only SQL about them."""

from __future__ import annotations

import re

from workbench.db import Database

_SHA256 = re.compile(r"\b[0-9a-f]{64}\b")
_WHERE = (
    "SELECT payload FROM parts WHERE kind = 'attachment'",
    "SELECT attachments FROM drafts WHERE attachments != '[]'",
    "SELECT messages FROM cases",
    "SELECT files FROM projects WHERE files != '[]'",
)


class AttachmentNames:
    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> frozenset[str]:
        """The sha256 of each content that a message, draft, test case or project names, also in the bin."""
        found: set[str] = set()
        for query in _WHERE:
            for row in self._db.rows(query):
                found.update(_SHA256.findall(row[0] or ""))
        return frozenset(found)
