"""Whether a call of an answer is made now: put together what decides it, and ask a person where it is not settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.chat.tooling.taint import composed, holds_any, holds_private, tainted
from workbench.consents.consent import Consent, ConsentKind, Consents, ConsentState, Question, Scope
from workbench.consents.hashing import hash_of
from workbench.messages import Message
from workbench.tools.permission import Allowed, Ask, Refused, decide
from workbench.tools.tool import BUILT_IN, Harm, Place, ToolSpec


@dataclass(frozen=True, slots=True)
class Granted:
    """The call is made with ``arguments``, as the person may have changed them."""

    arguments: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Waits:
    """The answer goes on when a person has answered."""

    consent: Consent


@dataclass(frozen=True, slots=True)
class Denied:
    """The call is not made: ``words`` are its result, for the model."""

    words: str


DENIED = "The person does not want this call to be made. Answer without it, or ask them what to do instead."
TAKEN_BACK = "The person allowed this call and took it back before it was made. Answer without it, or ask them."

_DOES = {
    Harm.READ: "read what is on this machine",
    Harm.FETCH: "send this",
    Harm.WRITE: "change something on this machine",
    Harm.SEND: "change something elsewhere",
    Harm.RUN: "do this",
}


class Permitting:
    """Any thread. What it asks stays asked, also when the program ends."""

    def __init__(self, consents: Consents | None) -> None:
        """``consents`` None: there is nobody to ask."""
        self._consents = consents

    def judge(
        self,
        spec: ToolSpec,
        arguments: Mapping[str, Any],
        call_id: str,
        place: Place,
        messages: Sequence[Message],
        keep: Callable[[], None] = lambda: None,
        hidden: Sequence[str] = (),
    ) -> Granted | Waits | Denied:
        """``messages``: the whole branch, up to and with what the answer has so far, also what of it is not sent any more.
        ``keep`` puts the call on the disk: before a question about it is there, else a yes could find no call.
        ``hidden``: what was hidden from the model, and was put back into its call.

        What a person has answered for exactly this request of this call holds, however often it is asked."""
        request = request_of(spec, arguments)
        settled = self._settled(spec, request, call_id, place)
        if settled is not None:
            return Denied(TAKEN_BACK) if self._was_taken_back(settled, spec, place) else _as_answered(settled)
        decided = decide(
            spec,
            tainted=place.strange or tainted(messages),
            private=place.private or holds_private(messages),
            standing=self._standing(spec, place),
            changed=self._has_changed(spec, place),
            composed=composed(arguments, messages),
            hidden=holds_any(arguments, hidden),
            refused=self._was_refused(spec, request, place),
            nobody=self._consents is None or place.conversation_id is None or place.message_id is None,
        )
        if isinstance(decided, Refused):
            return Denied(decided.because)
        if isinstance(decided, Allowed) or self._consents is None:
            return Granted(arguments)
        keep()
        return _as_answered(self._consents.ask(question_of(decided, spec, request, call_id, place)))

    def _settled(self, spec: ToolSpec, request: Mapping[str, Any], call_id: str, place: Place) -> Consent | None:
        """The answer for this call, where it was the same call of the same tool: not what else came under its id."""
        if self._consents is None or place.message_id is None:
            return None
        known = self._consents.of_call(place.message_id, call_id)
        if known is None or known.state is ConsentState.WAITING:
            return None
        same = known.question.subject == spec.subject and known.asked_hash == hash_of(request)
        return known if same else None

    def _was_taken_back(self, settled: Consent, spec: ToolSpec, place: Place) -> bool:
        """It was accepted by a lasting yes that was revoked since."""
        lasting = settled.state is ConsentState.ACCEPTED and settled.scope is not Scope.ONCE
        return lasting and self._standing(spec, place) is None

    def _standing(self, spec: ToolSpec, place: Place) -> Scope | None:
        if self._consents is None:
            return None
        if self._consents.stands(ConsentKind.TOOL, spec.subject, None):
            return Scope.ALWAYS
        in_chat = self._consents.stands(ConsentKind.TOOL, spec.subject, place.conversation_id)
        return Scope.CHAT if in_chat else None

    def _has_changed(self, spec: ToolSpec, place: Place) -> bool:
        if self._consents is None:
            return False
        name = spec.subject.rpartition("#")[0]
        return any(
            one.kind is ConsentKind.TOOL
            and one.subject != spec.subject
            and one.subject.rpartition("#")[0] == name
            and one.conversation_id in (None, place.conversation_id)
            for one in self._consents.standing()
        )

    def _was_refused(self, spec: ToolSpec, request: Mapping[str, Any], place: Place) -> bool:
        """In this answer: a model that calls again what was refused is told so, and the person is left in peace."""
        if self._consents is None or place.conversation_id is None:
            return False
        asked = hash_of(request)
        return any(
            one.state is ConsentState.REFUSED
            and one.question.message_id == place.message_id
            and (one.question.subject, one.asked_hash) == (spec.subject, asked)
            for one in self._consents.list(waiting=False, conversation_id=place.conversation_id)
        )


def request_of(spec: ToolSpec, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Exactly what is asked about: which tool of whom, where it reaches, and what it is called with."""
    return {
        "tool": spec.name,
        "source": spec.source,
        "destination": spec.destination,
        "arguments": dict(arguments),
    }


def question_of(asked: Ask, spec: ToolSpec, request: Mapping[str, Any], call_id: str, place: Place) -> Question:
    return Question(
        ConsentKind.TOOL,
        spec.subject,
        title_of(spec),
        request,
        asked.because,
        place.conversation_id,
        place.message_id,
        call_id,
        asked.scopes,
    )


def title_of(spec: ToolSpec) -> str:
    """The question in a sentence."""
    who = f"“{spec.title}”" if spec.source == BUILT_IN else f"“{spec.title}” of {spec.source}"
    to = f" to {spec.destination}" if spec.destination and spec.harm is Harm.FETCH else ""
    at = f" ({spec.destination})" if spec.destination and not to else ""
    return f"May {who} {_DOES[spec.harm]}{to}{at}?"


def _as_answered(consent: Consent) -> Granted | Waits | Denied:
    match consent.state:
        case ConsentState.WAITING:
            return Waits(consent)
        case ConsentState.REFUSED:
            return Denied(DENIED)
        case ConsentState.ACCEPTED:
            return Granted(consent.request["arguments"])
