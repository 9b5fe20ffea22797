"""Consents in the database: the only SQL about them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workbench.consents.consent import Consent, ConsentKind, ConsentState, Question, Scope, Standing
from workbench.consents.hashing import hash_of
from workbench.db import Database
from workbench.errors import UsageError
from workbench.messages import Id
from workbench.ports import Clock

# What of a chat or message in the bin waits, waits unseen, until it is restored.
_LISTED = """SELECT consents.* FROM consents
    LEFT JOIN conversations ON conversations.id = consents.conversation_id
    LEFT JOIN messages ON messages.id = consents.message_id
    WHERE conversations.deleted_at IS NULL AND messages.deleted_at IS NULL
      AND (? OR consents.state = 'waiting') AND (? IS NULL OR consents.conversation_id = ?)
    ORDER BY consents.rowid"""
_SAME = """SELECT * FROM consents WHERE kind = ? AND subject = ? AND asked_hash = ? AND conversation_id IS ?
    AND message_id IS ? AND call_id = ? AND (state = 'waiting' OR call_id <> '')
    ORDER BY rowid DESC LIMIT 1"""
_ACCEPTED_BY = """SELECT id FROM consents WHERE state = 'accepted' AND kind = ? AND subject = ?
    AND CASE ? WHEN '' THEN scope = 'always' ELSE scope = 'chat' AND conversation_id = ? END"""

Within = Callable[[Any, Consent], None]
"""What is done in the transaction in which a consent is accepted: all of it is kept, or nothing."""

TakenBack = Callable[[Any, Id], bool]
"""Sees to it that what was accepted is never done; False: it was done, or nothing is to do."""

Undone = Callable[[Any, Id], bool]
"""Whether what was accepted is not done yet, and waits for whoever does it."""


class ConsentStore:
    """Questions and lasting answers. Each is answered in one transaction, by one process. All raise `StorageError`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def knows_chat(self, conversation_id: Id) -> bool:
        return self._db.row("SELECT 1 FROM conversations WHERE id = ?", (conversation_id,)) is not None

    def ask(self, question: Question) -> tuple[Consent, bool]:
        """The consent of this question, and whether it was made now."""
        asked = hash_of(question.request)
        same = (
            question.kind.value,
            clean(question.subject),
            asked,
            question.conversation_id,
            question.message_id,
            clean(question.call_id),
        )
        if (row := self._db.row(_SAME, same)) is not None:  # an answer that goes on asks often: that writes nothing
            return _consent(row), False
        with self._db.write() as tx:
            row = tx.execute(_SAME, same).fetchone()
            if row is not None:
                return _consent(row), False
            consent_id = uuid.uuid4().hex
            tx.table("consents").insert(
                {
                    "id": consent_id,
                    "kind": question.kind.value,
                    "subject": clean(question.subject),
                    "title": clean(question.title),
                    "request": json.dumps(question.request),
                    "because": clean(question.because),
                    "hash": asked,
                    "asked_hash": asked,
                    "conversation_id": question.conversation_id,
                    "message_id": question.message_id,
                    "call_id": clean(question.call_id),
                    "scopes": json.dumps([scope.value for scope in question.scopes]),
                    "state": ConsentState.WAITING.value,
                    "scope": Scope.ONCE.value,
                    "created_at": self._clock.now(),
                }
            )
        return self.get(consent_id), True

    def get(self, consent_id: Id) -> Consent:
        row = self._db.row("SELECT * FROM consents WHERE id = ?", (consent_id,))
        if row is None:
            raise unknown(consent_id)
        return _consent(row)

    def beginning_with(self, prefix: str) -> tuple[Consent, ...]:
        """At most two."""
        rows = self._db.rows("SELECT * FROM consents WHERE substr(id, 1, ?) = ? LIMIT 2", (len(prefix), prefix))
        return tuple(map(_consent, rows)) if prefix else ()

    def list(self, *, waiting: bool, conversation_id: Id | None) -> tuple[Consent, ...]:
        return tuple(map(_consent, self._db.rows(_LISTED, (not waiting, conversation_id, conversation_id))))

    def of_call(self, message_id: Id, call_id: str) -> Consent | None:
        row = self._db.row(
            """SELECT * FROM consents WHERE message_id = ? AND call_id = ? AND call_id <> ''
               ORDER BY rowid DESC LIMIT 1""",
            (message_id, clean(call_id)),
        )
        return None if row is None else _consent(row)

    def accept(
        self, consent_id: Id, scope: Scope, request: Mapping[str, Any] | None, within: Sequence[Within] = ()
    ) -> Consent:
        """A lasting yes answers what else waits for the same, too."""
        now = self._clock.now()
        with self._db.write() as tx:
            consent = self._waiting(tx, consent_id)
            if scope not in consent.question.scopes:
                raise _not_offered(scope, consent)
            changed = consent.request if request is None else request
            told = {"request": json.dumps(changed), "hash": hash_of(changed)}
            tx.table("consents").update(consent_id, {**_answered(ConsentState.ACCEPTED, scope, now), **told})
            for effect in within:
                effect(tx, _consent(tx.execute("SELECT * FROM consents WHERE id = ?", (consent_id,)).fetchone()))
            if scope is not Scope.ONCE:
                _stand(tx, consent, scope, now)
        return self.get(consent_id)

    def accept_standing(self, consent_id: Id, *, in_chat: bool) -> Consent | None:
        """With the scope of the lasting yes that covers it in this transaction; None: there is none."""
        with self._db.write() as tx:
            consent = self._waiting(tx, consent_id)
            scope = _covered(tx, consent.question, in_chat=in_chat)
            if scope is None:
                return None
            told = _answered(ConsentState.ACCEPTED, scope, self._clock.now())
            tx.table("consents").update(consent_id, told)
        return self.get(consent_id)

    def refuse(self, consent_id: Id, taken_back: TakenBack | None = None) -> Consent:
        """``taken_back`` decides whether one that was accepted can still be refused."""
        with self._db.write() as tx:
            if taken_back is None or not taken_back(tx, consent_id):
                self._waiting(tx, consent_id)
            refused = _answered(ConsentState.REFUSED, Scope.ONCE, self._clock.now())
            tx.table("consents").update(consent_id, refused)
        return self.get(consent_id)

    def _waiting(self, tx: Any, consent_id: Id) -> Consent:
        """As it is in this transaction, so that of two answers at once the first one counts."""
        row = tx.execute("SELECT * FROM consents WHERE id = ?", (consent_id,)).fetchone()
        if row is None:
            raise unknown(consent_id)
        consent = _consent(row)
        if consent.state is not ConsentState.WAITING:
            raise UsageError(
                f"This was {consent.state.value} before.",
                hint=f"`workbench consents show {consent_id[:8]}` tells when.",
            )
        return consent

    def stand(self, consent: Consent) -> None:
        """Keep the lasting yes of a consent that is kept elsewhere."""
        with self._db.write() as tx:
            _stand(tx, consent, consent.scope, self._clock.now())

    def stands(self, kind: ConsentKind, subject: str, conversation_id: Id | None) -> bool:
        found = self._db.row(
            "SELECT 1 FROM standing_consents WHERE kind = ? AND subject = ? AND conversation_id IN ('', ?)",
            (kind.value, clean(subject), conversation_id or ""),
        )
        return found is not None

    def standing(self) -> tuple[Standing, ...]:
        rows = self._db.rows("SELECT * FROM standing_consents ORDER BY created_at, kind, subject, conversation_id")
        return tuple(
            Standing(ConsentKind(row["kind"]), row["subject"], row["conversation_id"] or None, row["created_at"])
            for row in rows
        )

    def revoke(self, kind: ConsentKind, subject: str, conversation_id: Id | None, undone: Undone | None = None) -> int:
        """In one transaction, so that nothing is accepted by it in between. ``undone`` decides which of those that it
        accepted wait again; None: none. Returns how many."""
        what = (kind.value, clean(subject), conversation_id or "")
        with self._db.write() as tx:
            tx.execute("DELETE FROM standing_consents WHERE kind = ? AND subject = ? AND conversation_id = ?", what)
            if undone is None:
                return 0
            rows = tx.execute(_ACCEPTED_BY, (*what, *what[2:])).fetchall()
            recalled = [row["id"] for row in rows if undone(tx, row["id"])]
            for consent_id in recalled:
                again = {"state": ConsentState.WAITING.value, "scope": Scope.ONCE.value, "answered_at": None}
                tx.table("consents").update(consent_id, again)
        return len(recalled)


def take_back(database: Database, kind: ConsentKind, at: float) -> None:
    """No lasting yes of this kind holds any more, and nothing of it waits. Raises `StorageError`."""
    refused = _answered(ConsentState.REFUSED, Scope.ONCE, at)
    names = ", ".join(f"{name} = ?" for name in refused)
    with database.write() as tx:
        tx.execute("DELETE FROM standing_consents WHERE kind = ?", (kind.value,))
        tx.execute(
            f"UPDATE consents SET {names} WHERE kind = ? AND state = 'waiting'",  # noqa: S608 - names of ours
            (*refused.values(), kind.value),
        )


def _answered(state: ConsentState, scope: Scope, at: float) -> dict[str, Any]:
    return {"state": state.value, "scope": scope.value, "answered_at": at}


def _stand(tx: Any, consent: Consent, scope: Scope, now: float) -> None:
    """The yes is kept, and given to those that wait for the same where it reaches; but for requests that leave, each of
    which is sent by somebody or by nobody."""
    question = consent.question
    place = question.conversation_id or "" if scope is Scope.CHAT else ""
    tx.table("standing_consents").insert(
        {"kind": question.kind.value, "subject": question.subject, "conversation_id": place, "created_at": now},
        replace=True,
    )
    if question.kind is ConsentKind.CLOUD:
        return
    rows = tx.execute(
        "SELECT * FROM consents WHERE state = 'waiting' AND kind = ? AND subject = ? AND (? = '' OR conversation_id = ?)",
        (question.kind.value, question.subject, place, place),
    ).fetchall()
    for other in map(_consent, rows):
        if scope in other.question.scopes:
            tx.table("consents").update(other.id, _answered(ConsentState.ACCEPTED, scope, now))


def _covered(tx: Any, question: Question, *, in_chat: bool) -> Scope | None:
    """How far the lasting yes goes that covers this, the narrower of two; None: there is none."""
    chat = question.conversation_id or ""
    rows = tx.execute(
        "SELECT conversation_id FROM standing_consents WHERE kind = ? AND subject = ? AND conversation_id IN ('', ?)",
        (question.kind.value, clean(question.subject), chat),
    ).fetchall()
    places = {row["conversation_id"] for row in rows}
    if chat and chat in places:
        return Scope.CHAT
    return Scope.ALWAYS if places and not in_chat else None


def _consent(row: Any) -> Consent:
    question = Question(
        ConsentKind(row["kind"]),
        row["subject"],
        row["title"],
        json.loads(row["request"]),
        row["because"],
        row["conversation_id"],
        row["message_id"],
        row["call_id"],
        tuple(Scope(scope) for scope in json.loads(row["scopes"])),
    )
    state, scope = ConsentState(row["state"]), Scope(row["scope"])
    at, answered = row["created_at"], row["answered_at"]
    return Consent(row["id"], question, row["hash"], state, at, answered, scope, row["asked_hash"])


def clean(text: str) -> str:
    """Text that SQLite stores and gives back: lone surrogates become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def unknown(consent_id: str) -> UsageError:
    return UsageError(
        f"There is no question {consent_id!r}.", hint="`workbench consents list` shows what waits for an answer."
    )


def _not_offered(scope: Scope, consent: Consent) -> UsageError:
    offered = ", ".join(one.value for one in consent.question.scopes)
    return UsageError(f"{scope.value!r} is not offered for this.", hint=f"What is offered: {offered}.")
