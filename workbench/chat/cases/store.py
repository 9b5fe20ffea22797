"""Test cases in the database: the only SQL about them."""

from __future__ import annotations

import json
import uuid
from typing import Any

from workbench.chat.cases.cases import Asked, Case, Source, check_from, check_json, messages_from, messages_json
from workbench.chat.feedback.store import clean
from workbench.checks.check import Check
from workbench.db import Database
from workbench.errors import UsageError
from workbench.messages import Id
from workbench.ports import Clock


class CaseStore:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def all(self) -> tuple[Case, ...]:
        """Newest first."""
        return tuple(map(_case, self._db.rows("SELECT * FROM cases ORDER BY created_at DESC, rowid DESC")))

    def get(self, case_id: Id) -> Case:
        row = self._db.row("SELECT * FROM cases WHERE id = ?", (case_id,))
        if row is None:
            raise _unknown(case_id)
        return _case(row)

    def of_message(self, message_id: Id) -> tuple[Case, ...]:
        """The cases that were made from this answer."""
        return tuple(map(_case, self._db.rows("SELECT * FROM cases WHERE message_id = ?", (message_id,))))

    def sources(self) -> dict[Id, Source]:
        """By the message that a case was made from: its chat, and whether it answers; where neither was deleted."""
        rows = self._db.rows(
            """SELECT messages.id AS id, conversation_id, role = 'assistant' AND EXISTS (
                   SELECT 1 FROM parts WHERE message_id = messages.id AND kind = 'text' AND text != '') AS has_answer
               FROM messages JOIN conversations ON conversations.id = conversation_id
               WHERE messages.id IN (SELECT message_id FROM cases)
               AND messages.deleted_at IS NULL AND conversations.deleted_at IS NULL"""
        )
        return {row["id"]: Source(row["conversation_id"], bool(row["has_answer"])) for row in rows}

    def find(self, prefix: str) -> Id:
        """The case whose id begins with ``prefix``. Raises `UsageError` when none or several do."""
        rows = self._db.rows("SELECT id FROM cases WHERE substr(id, 1, ?) = ? LIMIT 2", (len(prefix), prefix))
        if not prefix or not rows:
            raise _unknown(prefix)
        if len(rows) > 1:
            raise UsageError(f"Several cases have an id that begins with {prefix!r}.", hint="Give more of the id.")
        return str(rows[0]["id"])

    def save(self, asked: Asked, check: Check, message_id: Id, title: str) -> Case:
        now, case_id = self._clock.now(), uuid.uuid4().hex
        case = Case(case_id, title, asked.messages, check, asked.model, asked.effort, message_id, now, now)
        with self._db.write() as tx:
            tx.table("cases").insert(_row(case))
        return self.get(case_id)

    def change(self, case_id: Id, title: str, check: Check) -> Case:
        with self._db.write() as tx:
            changed = tx.execute(
                'UPDATE cases SET title = ?, "check" = ?, updated_at = ? WHERE id = ?',
                (clean(title), clean(json.dumps(check_json(check), ensure_ascii=False)), self._clock.now(), case_id),
            ).rowcount
        if not changed:
            raise _unknown(case_id)
        return self.get(case_id)

    def put_back(self, case: Case) -> None:
        """As it was; nothing where it is there."""
        with self._db.write() as tx:
            tx.table("cases").insert(_row(case), ignore=True)

    def remove(self, case_id: Id) -> None:
        with self._db.write() as tx:
            removed = tx.execute("DELETE FROM cases WHERE id = ?", (case_id,)).rowcount
        if not removed:
            raise _unknown(case_id)


def _row(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "title": clean(case.title),
        "messages": clean(json.dumps(messages_json(case.messages), ensure_ascii=False)),
        "model": clean(case.model),
        "effort": case.effort,
        "check": clean(json.dumps(check_json(case.check), ensure_ascii=False)),
        "message_id": case.message_id,
        "created_at": case.created_at,
        "updated_at": case.updated_at,
    }


def _case(row: Any) -> Case:
    return Case(
        row["id"],
        row["title"],
        messages_from(row["messages"]),
        check_from(json.loads(row["check"])),
        row["model"],
        row["effort"],
        row["message_id"],
        row["created_at"],
        row["updated_at"],
    )


def _unknown(case_id: str) -> UsageError:
    return UsageError(f"There is no case {case_id!r}.", hint="`workbench cases list` shows the cases and their ids.")
