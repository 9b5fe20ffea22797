"""A consent: what a person is asked, exactly, and what they answered. Pure values, and the facade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from workbench.messages import Id


class ConsentKind(StrEnum):
    """``tool``: a call; ``server``: a program or address that offers tools; ``memory``: a fact to remember; ``cloud``: a
    request that leaves."""

    TOOL = "tool"
    SERVER = "server"
    MEMORY = "memory"
    CLOUD = "cloud"


class ConsentState(StrEnum):
    """What was accepted may be refused, or wait again, until it is used."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Scope(StrEnum):
    """How far a yes goes: this once, in this chat, always."""

    ONCE = "once"
    CHAT = "chat"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Question:
    """``subject``: what a lasting yes is kept by. ``title``: the question in a sentence. ``request``: exactly what would be
    done, sent or kept, as JSON can hold it. ``because``: why it is asked although it might have been allowed before.
    ``call_id``: the tool call of the message ``message_id`` that waits. ``scopes``: how far a yes may go."""

    kind: ConsentKind
    subject: str
    title: str
    request: Mapping[str, Any] = field(hash=False)
    because: str = ""
    conversation_id: Id | None = None
    message_id: Id | None = None
    call_id: str = ""
    scopes: tuple[Scope, ...] = (Scope.ONCE,)


@dataclass(frozen=True, slots=True)
class Consent:
    """``hash``: sha256 of the request's canonical JSON: what is done is what was shown. ``request`` of an accepted one: as
    the person may have changed it; ``asked_hash``: of the request as it was asked."""

    id: Id
    question: Question
    hash: str
    state: ConsentState
    created_at: float
    answered_at: float | None = None
    scope: Scope = Scope.ONCE
    asked_hash: str = ""

    @property
    def request(self) -> Mapping[str, Any]:
        return self.question.request


@dataclass(frozen=True, slots=True)
class Standing:
    """A lasting yes. ``conversation_id`` None: always."""

    kind: ConsentKind
    subject: str
    conversation_id: Id | None
    created_at: float


class Consents(Protocol):
    """Any thread, any process of this home. Publishes `Topic.CONSENTS`."""

    def ask(self, question: Question) -> Consent:
        """The consent that waits for this (or was answered for this message and call); made where there is none."""
        ...

    def get(self, prefix: str) -> Consent:
        """By the beginning of its id. Raises `UsageError`."""
        ...

    def list(self, *, waiting: bool = True, conversation_id: Id | None = None) -> tuple[Consent, ...]:
        """Oldest first; ``waiting`` False: the answered ones too."""
        ...

    def of_call(self, message_id: Id, call_id: str) -> Consent | None: ...

    def accept(self, consent_id: Id, scope: Scope = Scope.ONCE, request: Mapping[str, Any] | None = None) -> Consent:
        """``request``: as the person changed it. Raises `UsageError` when it was answered before, or for a scope that is
        not offered."""
        ...

    def accept_standing(self, consent_id: Id, *, in_chat: bool = False) -> Consent:
        """By a lasting yes, as it stands in this moment; `Consent.scope` says by which. ``in_chat``: only by one for this
        very chat. Raises `RefusedError` where there is none, `UsageError` when it was answered before."""
        ...

    def refuse(self, consent_id: Id) -> Consent:
        """Also a request that leaves, which was accepted and not sent yet. Raises `UsageError` when it was answered
        before."""
        ...

    def stands(self, kind: ConsentKind, subject: str, conversation_id: Id | None) -> bool:
        """Whether a lasting yes covers this."""
        ...

    def standing(self) -> tuple[Standing, ...]: ...

    def revoke(self, kind: ConsentKind, subject: str, conversation_id: Id | None = None) -> int:
        """No longer allow it. What was accepted by this yes and was not sent yet waits for an answer again: returns how
        many."""
        ...
