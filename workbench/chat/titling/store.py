"""Who named a chat, in the database: a person's own title is never replaced."""

from __future__ import annotations

from workbench.db import Database
from workbench.messages import Id


class TitleStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    def is_unnamed(self, conversation_id: Id) -> bool:
        """Its title is still the first words of its first message; False for a chat that is not there."""
        row = self._db.row(
            "SELECT titled_by FROM conversations WHERE id = ? AND origin = '' AND deleted_at IS NULL",
            (conversation_id,),
        )
        return row is not None and row["titled_by"] == ""

    def unnamed(self, most: int) -> tuple[Id, ...]:
        """Chats that nobody has named, last changed first."""
        rows = self._db.rows(
            """SELECT id FROM conversations WHERE titled_by = '' AND origin = '' AND deleted_at IS NULL
               ORDER BY updated_at DESC LIMIT ?""",
            (most,),
        )
        return tuple(row["id"] for row in rows)

    def name(self, conversation_id: Id, title: str, *, instead_of: str) -> bool:
        """Give it the model's title, unless somebody has named it meanwhile. Returns whether it has it now."""
        with self._db.write() as tx:
            return bool(
                tx.execute(
                    """UPDATE conversations SET title = ?, titled_by = 'model'
                       WHERE id = ? AND titled_by = '' AND title = ? AND deleted_at IS NULL""",
                    (title, conversation_id, instead_of),
                ).rowcount
            )
