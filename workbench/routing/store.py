"""What was chosen, and what came of it, in the database: the only SQL about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workbench.chat.asking.choice import Choice, Routed, choice_json, routed_of
from workbench.db import Database
from workbench.messages import Id
from workbench.ports import Clock

CLOUD: Final = ("cloud:", "handoff:")
"""What the source of an answer from elsewhere begins with."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A choice and what came of it. ``at``: seconds since 1970. ``finish``: of the turn, empty while it runs; ``error``: as
    `WorkbenchError.kind`. ``regenerated``: another answer was asked for after it, ``escalated``: elsewhere. ``thumb``: up,
    down or empty. ``question``: how it begins."""

    turn_id: Id
    conversation_id: Id
    message_id: Id
    at: float
    routed: Routed
    question: str
    finish: str = ""
    error: str = ""
    regenerated: bool = False
    escalated: bool = False
    thumb: str = ""
    seconds: float | None = None
    tokens: int | None = None


class RoutedStore:
    """Choices by the turn that they were made for. All raise `StorageError`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def begin(self, conversation_id: Id, turn_id: Id, choice: Choice, overruled: str) -> None:
        outcome = json.dumps({"overruled": overruled}) if overruled else ""
        with self._db.write() as tx:
            tx.execute(
                """INSERT OR REPLACE INTO routed_turns (turn_id, conversation_id, choice, outcome, at)
                   VALUES (?, ?, ?, ?, ?)""",
                (turn_id, conversation_id, json.dumps(choice_json(choice)), outcome, self._clock.now()),
            )

    def claim(self, turn_id: Id) -> bool:
        """Whether this caller may go on with the answer: the first of all callers in all processes, nobody after it. That
        it was claimed is on the disk before anything is done: a program that ends in the middle never does it twice."""
        with self._db.write() as tx:
            row = tx.execute("SELECT outcome FROM routed_turns WHERE turn_id = ?", (turn_id,)).fetchone()
            if row is None:
                return False
            kept = _read(row[0])
            if kept.get("claimed") or kept.get("sent") or kept.get("held"):
                return False
            claimed = json.dumps({**kept, "claimed": True})
            tx.execute("UPDATE routed_turns SET outcome = ? WHERE turn_id = ?", (claimed, turn_id))
        return True

    def end(self, turn_id: Id, outcome: Mapping[str, Any]) -> None:
        """Beside what is kept of it already."""
        with self._db.write() as tx:
            row = tx.execute("SELECT outcome FROM routed_turns WHERE turn_id = ?", (turn_id,)).fetchone()
            if row is not None:
                kept = {**_read(row[0]), **outcome}
                tx.execute("UPDATE routed_turns SET outcome = ? WHERE turn_id = ?", (json.dumps(kept), turn_id))

    def newest(self, limit: int, conversation_id: Id | None = None) -> tuple[Kept, ...]:
        """Newest first; of chats that are not in the bin. What came after is told as it stands now."""
        rows = self._db.rows(
            """SELECT routed.turn_id, routed.conversation_id, routed.choice, routed.outcome, routed.at,
                      turns.message_id, turns.finish, turns.total_seconds, turns.completion_tokens, feedback.verdict,
                      (SELECT group_concat(text, '') FROM parts
                       WHERE message_id = answers.parent_id AND kind = 'text') AS question,
                      (SELECT group_concat(backend, char(10)) FROM messages AS others
                       JOIN turns AS later ON later.message_id = others.id
                       WHERE others.parent_id = answers.parent_id AND others.id <> answers.id
                         AND others.sequence > answers.sequence) AS others
               FROM routed_turns AS routed JOIN turns ON turns.id = routed.turn_id
               JOIN messages AS answers ON answers.id = turns.message_id
               JOIN conversations ON conversations.id = routed.conversation_id
               LEFT JOIN feedback ON feedback.message_id = answers.id
               WHERE conversations.deleted_at IS NULL AND (? IS NULL OR routed.conversation_id = ?)
               ORDER BY routed.at DESC, turns.rowid DESC LIMIT ?""",
            (conversation_id, conversation_id, limit),
        )
        return tuple(kept for row in rows if (kept := _kept(row)) is not None)


def _kept(row: Any) -> Kept | None:
    routed = routed_of(row["choice"], row["outcome"])
    if routed is None:
        return None
    others = (row["others"] or "").split("\n") if row["others"] else []
    elsewhere = [one for one in others if one.startswith(CLOUD)]
    return Kept(
        row["turn_id"],
        row["conversation_id"],
        row["message_id"],
        row["at"],
        routed,
        " ".join((row["question"] or "")[:200].split()),
        row["finish"] or "",
        str(_read(row["outcome"]).get("error", "")),
        regenerated=len(others) > len(elsewhere),
        escalated=bool(elsewhere),
        thumb=row["verdict"] or "",
        seconds=row["total_seconds"],
        tokens=row["completion_tokens"],
    )


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
