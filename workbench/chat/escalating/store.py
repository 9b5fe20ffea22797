"""What waits to be sent, and what was: the only SQL about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workbench import ownership
from workbench.chat.escalating.escalation import Preview
from workbench.chat.escalating.kept_json import preview_from_json, preview_json
from workbench.db import Database
from workbench.errors import StorageError, UsageError
from workbench.messages import Id
from workbench.ports import Clock


class KeptState(StrEnum):
    """``kept``: it may be sent, once. ``sending``: a process took it, and it is never sent again, whatever happened."""

    KEPT = "kept"
    SENDING = "sending"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Kept:
    """``turn_id``: of its answer, once it was begun."""

    id: Id
    preview: Preview
    state: KeptState
    turn_id: Id | None = None


class EscalationStore:
    """By the ids of their consents. Older and newer is by their places, not by a clock that may be set back."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def keep(self, consent_id: Id, preview: Preview) -> None:
        """Once: a consent that is asked for again is the same one."""
        draft = preview.draft
        with self._db.write() as tx:
            tx.table("escalations").insert(
                {
                    "id": consent_id,
                    "conversation_id": draft.conversation_id,
                    "question_id": draft.question_id,
                    "answer_id": draft.answer_id,
                    "preview": json.dumps(preview_json(preview)),
                    "body": preview.outgoing.body,
                    "body_hash": preview.outgoing.hash,
                    "state": KeptState.KEPT.value,
                    "created_at": self._clock.now(),
                },
                ignore=True,
            )

    def get(self, consent_id: Id) -> Kept:
        """Raises `UsageError` for one that is not kept, `StorageError` for one that cannot be read."""
        row = self._db.row("SELECT * FROM escalations WHERE id = ?", (consent_id,))
        if row is None:
            raise UsageError(
                "There is no such request to a provider.", hint="`workbench consents list` shows what waits."
            )
        return _kept(row)

    def of_turn(self, turn_id: Id) -> tuple[Preview, ...]:
        """What was sent for the answer of this turn, in all its turns, oldest first; none where no provider gave it."""
        row = self._db.row("SELECT message_id FROM turns WHERE id = ?", (turn_id,))
        return () if row is None else self.of_answer(row["message_id"])

    def of_answer(self, answer_id: Id) -> tuple[Preview, ...]:
        """What was sent for an answer, oldest first."""
        rows = self._db.rows(
            """SELECT escalations.* FROM escalations JOIN turns ON turns.id = turn_id
               WHERE message_id = ? ORDER BY escalations.rowid""",
            (answer_id,),
        )
        return tuple(_kept(row).preview for row in rows)

    def proposed_for(self, answer_id: Id) -> tuple[Kept, ...]:
        """What was to go on with an answer and has not been sent, newest first."""
        rows = self._db.rows(
            """SELECT * FROM escalations WHERE turn_id IS NULL AND state <> 'sending'
               AND conversation_id = (SELECT conversation_id FROM messages WHERE id = ?)
               AND json_extract(preview, '$.draft.grows') = ? ORDER BY rowid DESC""",
            (answer_id, answer_id),
        )
        return tuple(_kept(row) for row in rows)

    def unsent(self, body_hash: str) -> tuple[Id, ...]:
        """Those whose body's sha256 begins so, newest first."""
        if not body_hash:
            return ()
        rows = self._db.rows(
            """SELECT id FROM escalations WHERE substr(body_hash, 1, ?) = ? AND state = 'kept'
               ORDER BY rowid DESC""",
            (len(body_hash), body_hash.lower()),
        )
        return tuple(row["id"] for row in rows)

    def is_in_bin(self, consent_id: Id) -> bool:
        """Whether its chat, or its question, is."""
        row = self._db.row(
            """SELECT 1 FROM escalations LEFT JOIN conversations ON conversations.id = escalations.conversation_id
               LEFT JOIN messages ON messages.id = escalations.question_id
               WHERE escalations.id = ? AND (conversations.deleted_at IS NOT NULL OR messages.deleted_at IS NOT NULL)""",
            (consent_id,),
        )
        return row is not None

    def take(self, consent_id: Id) -> bool:
        """Whether this caller may send it: one of all callers in all processes, and only while its consent is accepted: a
        yes that was taken back an instant ago sends nothing."""
        with self._db.write() as tx:
            taken = tx.execute(
                """UPDATE escalations SET state = 'sending', owner = ? WHERE id = ? AND state = 'kept'
                   AND EXISTS (SELECT 1 FROM consents WHERE consents.id = escalations.id AND state = 'accepted')""",
                (ownership.this_process(), consent_id),
            ).rowcount
        return bool(taken)

    def give_back(self, consent_id: Id) -> None:
        """Nothing of it was sent."""
        self._move(consent_id, KeptState.SENDING, KeptState.KEPT, owner="")

    def belongs(self, consent_id: Id, turn_id: Id) -> None:
        """Its answer has begun."""
        self._move(consent_id, KeptState.SENDING, KeptState.SENDING, turn_id=turn_id)

    def end(self, consent_id: Id) -> None:
        self._move(consent_id, KeptState.SENDING, KeptState.ENDED, ended_at=self._clock.now())

    def _move(self, consent_id: Id, before: KeptState, after: KeptState, **told: Any) -> bool:
        values = {"state": after.value, **told}
        names = ", ".join(f"{name} = ?" for name in values)
        with self._db.write() as tx:
            changed = tx.execute(
                f"UPDATE escalations SET {names} WHERE id = ? AND state = ?",  # noqa: S608 - names of ours
                (*values.values(), consent_id, before.value),
            ).rowcount
        return bool(changed)


def end_all(database: Database, at: float) -> None:
    """Nothing that is kept here is sent any more: of a copy of the past nobody knows what was sent since. Raises
    `StorageError`."""
    with database.write() as tx:
        tx.execute(
            "UPDATE escalations SET state = ?, ended_at = coalesce(ended_at, ?) WHERE state <> ?",
            (KeptState.ENDED.value, at, KeptState.ENDED.value),
        )


def taken_back(tx: Any, consent_id: Id) -> bool:
    """Within a transaction: whether it was not sent; it never is then."""
    ended = "UPDATE escalations SET state = 'ended' WHERE id = ? AND state = 'kept'"
    return bool(tx.execute(ended, (consent_id,)).rowcount)


def is_unsent(tx: Any, consent_id: Id) -> bool:
    """Within a transaction: whether nobody has begun to send it."""
    row = tx.execute("SELECT 1 FROM escalations WHERE id = ? AND state = 'kept'", (consent_id,)).fetchone()
    return row is not None


def _kept(row: Any) -> Kept:
    try:
        preview = preview_from_json(json.loads(row["preview"]), bytes(row["body"]))
    except (KeyError, TypeError, ValueError) as error:
        raise StorageError("What was to be sent cannot be read any more.", hint="Ask again.") from error
    return Kept(row["id"], preview, KeptState(row["state"]), row["turn_id"])
