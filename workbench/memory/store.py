"""What is remembered, in the database: the only SQL about it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any, Final

import sqlite_utils

from workbench.consents.consent import Consent
from workbench.db import Database
from workbench.errors import UsageError
from workbench.memory.markdown import Noted
from workbench.memory.memory import AboutMe, Fact
from workbench.memory.wording import checked_fact
from workbench.messages import Id
from workbench.ports import Clock

BIN_DAYS: Final = 30
MOST_FACTS: Final = 5_000
_LIVE: Final = """removed_at IS NULL AND (project_id IS NULL
    OR project_id IN (SELECT id FROM projects WHERE deleted_at IS NULL))"""


class MemoryStore:
    """What a person wrote of themselves, and facts. All raise `StorageError`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    # Reading ----------------------------------------------------------------------------------------------------------

    def texts(self, project_id: Id | None) -> AboutMe:
        row = self._db.row("SELECT about, how FROM memory_texts WHERE project_id = ?", (project_id or "",))
        return AboutMe() if row is None else AboutMe(row["about"], row["how"])

    def facts(self) -> tuple[Fact, ...]:
        """Of all chats and of the projects that there are, newest first; those removed are left out."""
        rows = self._db.rows(f"SELECT * FROM memory_facts WHERE {_LIVE} ORDER BY created_at DESC, rowid DESC")  # noqa: S608
        return tuple(_fact(row) for row in rows)

    def newest(self, project_id: Id | None, characters: int) -> tuple[tuple[Fact, ...], int]:
        """Those that are told in a project, newest first, until they have so many characters, and how many are older."""
        told = "removed_at IS NULL AND active = 1 AND (project_id IS NULL OR project_id = ?)"
        rows = self._db.rows(
            f"""SELECT * FROM (
                    SELECT *, rowid AS place, count(*) OVER () AS every,
                           sum(length(text)) OVER (ORDER BY created_at DESC, rowid DESC) AS reach
                    FROM memory_facts WHERE {told})
                WHERE reach <= ? ORDER BY created_at DESC, place DESC""",  # noqa: S608 - a constant
            (project_id, characters),
        )
        facts = tuple(_fact(row) for row in rows)
        return facts, rows[0]["every"] - len(facts) if rows else 0

    def get(self, prefix: str) -> Fact:
        """Also a removed one. Raises `UsageError` where no fact's id begins so, or several do."""
        rows = self._db.rows("SELECT * FROM memory_facts WHERE substr(id, 1, ?) = ?", (len(prefix), prefix))
        if not prefix or not rows:
            raise _unknown(prefix)
        if len(rows) > 1:
            raise UsageError(f"Several ids begin with {prefix!r}.", hint="Give more of it.")
        return _fact(rows[0])

    def holds(self, project_id: Id) -> bool:
        """Whether it is a project that is not in the bin."""
        return self._db.row("SELECT 1 FROM projects WHERE id = ? AND deleted_at IS NULL", (project_id,)) is not None

    # Writing ----------------------------------------------------------------------------------------------------------

    def write_texts(self, texts: AboutMe, project_id: Id | None) -> None:
        with self._db.write() as tx:
            tx.table("memory_texts").upsert(
                {
                    "project_id": project_id or "",
                    "about": _clean(texts.about),
                    "how": _clean(texts.how),
                    "changed_at": self._clock.now(),
                },
                pk="project_id",
            )

    def add(self, text: str, project_id: Id | None, conversation_id: Id | None, message_id: Id | None) -> Fact:
        """One with these words for the same place is given back instead, out of the bin where it was there."""
        now = self._clock.now()
        fact = Fact(uuid.uuid4().hex, text, now, now, project_id, conversation_id, message_id)
        with self._db.write() as tx:
            return _put(tx, fact)

    def take(self, noted: Noted, project_id: Id | None) -> int:
        """A fact of a file; returns 1 where it is new here. One that is there stays as it is, one in the bin stays there.

        Raises `UsageError` where there are too many.
        """
        at = self._clock.now() if noted.created_at is None else noted.created_at
        fact = Fact(uuid.uuid4().hex, noted.text, at, at, project_id, noted.conversation_id, noted.message_id)
        with self._db.write() as tx:
            if _same(tx, fact) is not None:
                return 0
            _insert(tx, replace(fact, active=noted.active))
        return 1

    def change(self, fact_id: Id, text: str | None, active: bool | None) -> Fact:
        """Raises `UsageError` for an unknown id."""
        with self._db.write() as tx:
            row = tx.execute("SELECT * FROM memory_facts WHERE id = ?", (fact_id,)).fetchone()
            if row is None:
                raise _unknown(fact_id)
            before = _fact(row)
            after = replace(before, text=before.text if text is None else _clean(text))
            after = replace(after, active=before.active if active is None else active)
            after = after if after.text == before.text else replace(after, changed_at=self._clock.now())
            tx.execute(
                "UPDATE memory_facts SET text = ?, active = ?, changed_at = ? WHERE id = ?",
                (after.text, int(after.active), after.changed_at, fact_id),
            )
        return after

    def set_removed(self, fact_id: Id, *, removed: bool) -> Fact:
        """Into the bin or out of it. Raises `UsageError` for an unknown id."""
        at = self._clock.now() if removed else None
        with self._db.write() as tx:
            done = tx.execute("UPDATE memory_facts SET removed_at = ? WHERE id = ?", (at, fact_id))
            if done.rowcount == 0:
                raise _unknown(fact_id)
            return _fact(tx.execute("SELECT * FROM memory_facts WHERE id = ?", (fact_id,)).fetchone())

    def empty_bin(self) -> int:
        """Forget what has been in the bin for 30 days, and texts of projects that are gone. Returns how many facts."""
        before = self._clock.now() - BIN_DAYS * 86400
        old = "removed_at IS NOT NULL AND removed_at < ?"
        lost = "project_id != '' AND project_id NOT IN (SELECT id FROM projects)"
        if not self._db.rows(
            f"SELECT 1 FROM memory_facts WHERE {old} UNION SELECT 1 FROM memory_texts WHERE {lost}",  # noqa: S608
            (before,),
        ):
            return 0
        with self._db.write() as tx:
            tx.execute(f"DELETE FROM memory_texts WHERE {lost}")  # noqa: S608 - constants
            return int(tx.execute(f"DELETE FROM memory_facts WHERE {old}", (before,)).rowcount)  # noqa: S608


def keep_accepted(tx: sqlite_utils.Database, consent: Consent) -> None:
    """What a person accepted to be remembered, in the transaction that accepts it: kept exactly once, for its id is the
    consent's. What was said in a private project stays in it, whatever was proposed.

    Raises `UsageError` for a text that no fact can have.
    """
    asked = consent.question
    text = checked_fact(str(consent.request.get("text", "")))
    project_id = _private_project(tx, asked.conversation_id) or _known_project(tx, consent.request.get("project_id"))
    at = consent.created_at if consent.answered_at is None else consent.answered_at
    if tx.execute("SELECT 1 FROM memory_facts WHERE id = ?", (consent.id,)).fetchone() is None:
        _put(tx, Fact(consent.id, text, at, at, project_id, asked.conversation_id, asked.message_id))


def _put(tx: sqlite_utils.Database, fact: Fact) -> Fact:
    """Where the same is there, that one: out of the bin, and told again."""
    there = _same(tx, fact)
    if there is None:
        _insert(tx, fact)
        return fact
    tx.execute("UPDATE memory_facts SET removed_at = NULL, active = 1 WHERE id = ?", (there.id,))
    return replace(there, active=True)


def _same(tx: sqlite_utils.Database, fact: Fact) -> Fact | None:
    rows = tx.execute("SELECT * FROM memory_facts WHERE project_id IS ?", (fact.project_id,)).fetchall()
    words = _clean(fact.text).casefold()
    return next((_fact(row) for row in rows if row["text"].casefold() == words), None)


def _insert(tx: sqlite_utils.Database, fact: Fact) -> None:
    if tx.execute("SELECT count(*) FROM memory_facts WHERE removed_at IS NULL").fetchone()[0] >= MOST_FACTS:
        raise UsageError(f"{MOST_FACTS:,} facts are remembered already.", hint="Remove some first.")
    tx.table("memory_facts").insert(
        {
            "id": fact.id,
            "text": _clean(fact.text),
            "project_id": fact.project_id,
            "conversation_id": fact.conversation_id,
            "message_id": fact.message_id,
            "active": int(fact.active),
            "created_at": fact.created_at,
            "changed_at": fact.changed_at,
        }
    )


def _private_project(tx: sqlite_utils.Database, conversation_id: Id | None) -> Id | None:
    """The private project that a chat belongs to, also one of the bin."""
    row = tx.execute(
        """SELECT projects.id FROM conversations JOIN projects ON projects.id = project_id
           WHERE conversations.id = ? AND private = 1""",
        (conversation_id,),
    ).fetchone()
    return None if row is None else str(row[0])


def _known_project(tx: sqlite_utils.Database, project_id: Any) -> Id | None:
    row = tx.execute("SELECT id FROM projects WHERE id = ?", (str(project_id or ""),)).fetchone()
    return None if row is None else str(row[0])


def _fact(row: Any) -> Fact:
    return Fact(
        row["id"],
        row["text"],
        row["created_at"],
        row["changed_at"],
        row["project_id"],
        row["conversation_id"],
        row["message_id"],
        bool(row["active"]),
    )


def _clean(text: str) -> str:
    """Text that SQLite stores and gives back: lone surrogates become the replacement character."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def _unknown(prefix: str) -> UsageError:
    return UsageError(f"Nothing that is remembered has the id {prefix!r}.", hint="`workbench memory list` shows them.")
