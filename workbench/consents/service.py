"""Questions to a person, stored until they are answered: from the window, the command line, or another process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from workbench.consents.consent import Consent, ConsentKind, Question, Scope, Standing
from workbench.consents.store import ConsentStore, TakenBack, Undone, Within, unknown
from workbench.db import Database
from workbench.errors import RefusedError, UsageError
from workbench.events import Bus, Topic
from workbench.messages import Id
from workbench.ports import Clock


class ConsentService:
    """`Consents`. What a temporary chat asks is kept in memory only, and gone with the program, but for what is allowed
    always."""

    def __init__(self, database: Database, clock: Clock, bus: Bus, in_memory: Callable[[], Database]) -> None:
        """``in_memory`` makes a database with the same tables that is never written to a disk."""
        self._kept = ConsentStore(database, clock)
        self._clock = clock
        self._bus = bus
        self._in_memory = in_memory
        self._passing: ConsentStore | None = None
        self._lock = threading.Lock()
        self._within: dict[ConsentKind, tuple[Within, tuple[Topic, ...]]] = {}
        self._taken_back: dict[ConsentKind, TakenBack] = {}
        self._undone: dict[ConsentKind, Undone] = {}

    def when_accepted(self, kind: ConsentKind, within: Within, *topics: Topic) -> None:
        """What accepting a consent of this kind does by itself: in its transaction, once, and then ``topics`` changed. What
        ``within`` raises undoes the acceptance. Not for temporary chats, whose consents are in no file."""
        self._within[kind] = (within, topics)

    def when_refused(self, kind: ConsentKind, taken_back: TakenBack) -> None:
        """How one of this kind that was accepted is taken back while it was not done: in the same transaction."""
        self._taken_back[kind] = taken_back

    def when_revoked(self, kind: ConsentKind, undone: Undone) -> None:
        """Which of those that a lasting yes of this kind accepted are not done yet, and wait again once it is revoked."""
        self._undone[kind] = undone

    def ask(self, question: Question) -> Consent:
        consent, made = self._of_chat(question.conversation_id).ask(question)
        if made:
            self._bus.publish(Topic.CONSENTS)
        return consent

    def get(self, prefix: str) -> Consent:
        found = [consent for store in self._stores() for consent in store.beginning_with(prefix)]
        if not found:
            raise unknown(prefix)
        if len(found) > 1:
            raise UsageError(f"Several questions have an id that begins with {prefix!r}.", hint="Give more of the id.")
        return found[0]

    def list(self, *, waiting: bool = True, conversation_id: Id | None = None) -> tuple[Consent, ...]:
        found = (store.list(waiting=waiting, conversation_id=conversation_id) for store in self._stores())
        return tuple(consent for consents in found for consent in consents)

    def of_call(self, message_id: Id, call_id: str) -> Consent | None:
        found = (store.of_call(message_id, call_id) for store in self._stores())
        return next((consent for consent in found if consent is not None), None)

    def accept(self, consent_id: Id, scope: Scope = Scope.ONCE, request: Mapping[str, Any] | None = None) -> Consent:
        store, asked = self._holding(consent_id)
        within, topics = self._within.get(asked.question.kind, (None, ()))
        effects = () if within is None or store is not self._kept else (within,)
        accepted = store.accept(consent_id, scope, request, effects)
        if scope is Scope.ALWAYS and store is not self._kept:
            self._kept.stand(accepted)
        self._bus.publish(Topic.CONSENTS, *topics)
        return accepted

    def accept_standing(self, consent_id: Id, *, in_chat: bool = False) -> Consent:
        store, _asked = self._holding(consent_id)
        accepted = store.accept_standing(consent_id, in_chat=in_chat)
        if accepted is None:
            raise RefusedError(
                "No lasting yes covers this by now.", hint="`workbench consents standing` shows what is."
            )
        self._bus.publish(Topic.CONSENTS)
        return accepted

    def refuse(self, consent_id: Id) -> Consent:
        store, asked = self._holding(consent_id)
        refused = store.refuse(consent_id, self._taken_back.get(asked.question.kind))
        self._bus.publish(Topic.CONSENTS)
        return refused

    def stands(self, kind: ConsentKind, subject: str, conversation_id: Id | None) -> bool:
        return any(store.stands(kind, subject, conversation_id) for store in self._stores())

    def standing(self) -> tuple[Standing, ...]:
        return self._kept.standing()

    def revoke(self, kind: ConsentKind, subject: str, conversation_id: Id | None = None) -> int:
        undone = self._undone.get(kind)
        recalled = sum(store.revoke(kind, subject, conversation_id, undone) for store in self._stores())
        self._bus.publish(Topic.CONSENTS)
        return recalled

    def _of_chat(self, conversation_id: Id | None) -> ConsentStore:
        """Where what a chat asks is kept: one that is in no file is a temporary one."""
        if conversation_id is None or self._kept.knows_chat(conversation_id):
            return self._kept
        with self._lock:
            if self._passing is None:
                self._passing = ConsentStore(self._in_memory(), self._clock)
            return self._passing

    def _stores(self) -> tuple[ConsentStore, ...]:
        with self._lock:
            return (self._kept,) if self._passing is None else (self._kept, self._passing)

    def _holding(self, consent_id: Id) -> tuple[ConsentStore, Consent]:
        for store in self._stores():
            for consent in store.beginning_with(consent_id):
                if consent.id == consent_id:
                    return store, consent
        raise unknown(consent_id)
