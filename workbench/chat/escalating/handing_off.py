"""What was hidden in what a person took to their own chat page, kept until the answer comes back: the only SQL about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from workbench.cloud.hiding.redaction import Hidden, Redaction
from workbench.db import Database
from workbench.messages import Id


class HandOffStore:
    """By question. An answer that is pasted days later, or after something else was cut, gets the same names back."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(self, conversation_id: Id, question_id: Id, redactions: Sequence[Redaction]) -> None:
        """Beside what was hidden in earlier ones of this question, whose placeholders stay those of their originals."""
        with self._db.write() as tx:
            row = tx.execute("SELECT redactions FROM hand_offs WHERE question_id = ?", (question_id,)).fetchone()
            before = _read(row["redactions"]) if row is not None else ()
            every = {one.placeholder: one for one in (*before, *redactions)}
            tx.execute("DELETE FROM hand_offs WHERE question_id = ?", (question_id,))
            tx.execute(
                "INSERT INTO hand_offs (question_id, conversation_id, redactions) VALUES (?, ?, ?)",
                (question_id, conversation_id, json.dumps([asdict(one) for one in every.values()])),
            )

    def hidden(self, question_id: Id) -> tuple[Redaction, ...] | None:
        """None: nothing of it was taken anywhere."""
        row = self._db.row("SELECT redactions FROM hand_offs WHERE question_id = ?", (question_id,))
        return None if row is None else _read(row["redactions"])

    def last(self, conversation_id: Id) -> Id | None:
        """The question of this chat that was taken to such a page last, where it is not in the bin."""
        row = self._db.row(
            """SELECT question_id FROM hand_offs JOIN messages ON messages.id = question_id
               WHERE hand_offs.conversation_id = ? AND deleted_at IS NULL ORDER BY hand_offs.rowid DESC LIMIT 1""",
            (conversation_id,),
        )
        return None if row is None else str(row["question_id"])


def _read(told: str) -> tuple[Redaction, ...]:
    return tuple(Redaction(**{**one, "kind": Hidden(one["kind"])}) for one in json.loads(told))
