"""What waits for a yes, for programs of the person's own: requests to providers and calls of tools, done or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from workbench.api.faults import RequestError
from workbench.consents.consent import Consent, ConsentKind, ConsentState
from workbench.errors import UsageError
from workbench.jobs import Job
from workbench.messages import Finish
from workbench.tools.tool import BUILT_IN, Harm, harm_of

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.cancel import CancelToken
    from workbench.chat.tree import Node


class ConsentSource(Protocol):
    """What waits, and the person's answer to it. All raise `WorkbenchError`."""

    def waiting(self) -> list[dict[str, Any]]:
        """Oldest first."""
        ...

    def accept(self, consent_id: str, body: Mapping[str, Any], cancel: CancelToken) -> dict[str, Any]:
        """Send or make it, and return the answer. ``body``: its ``hash`` as it was shown."""
        ...

    def refuse(self, consent_id: str, cancel: CancelToken) -> dict[str, Any]:
        """An answer that waited for it goes on without it, or ends."""
        ...


class NothingWaits:
    """`ConsentSource` where there is none."""

    def waiting(self) -> list[dict[str, Any]]:
        return []

    def accept(self, consent_id: str, body: Mapping[str, Any], cancel: CancelToken) -> dict[str, Any]:  # noqa: ARG002
        raise _unknown()

    def refuse(self, consent_id: str, cancel: CancelToken) -> dict[str, Any]:  # noqa: ARG002
        raise _unknown()


class ServedConsents:
    """Requests to providers and calls of tools, by their whole ids, and only this once: a lasting yes is given in the
    window or by a command, and so is one to a call that does more than look something up."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    def waiting(self) -> list[dict[str, Any]]:
        return [_body(one) for one in self._workbench.consents.list() if one.question.kind in _HOLDING_UP]

    def accept(self, consent_id: str, body: Mapping[str, Any], cancel: CancelToken) -> dict[str, Any]:
        consent = self._found(consent_id)
        if not may_be_accepted(consent):
            raise _person_needed(consent)
        if body.get("hash") != _hash(consent):
            raise RequestError("The hash is not the one of what waits.", param="hash", code="other_hash")
        waits = consent.state is ConsentState.WAITING
        accepted = self._workbench.consents.accept(consent.id) if waits else consent
        if consent.question.kind is ConsentKind.TOOL:
            return self._gone_on(accepted, cancel)
        return self._told(accepted, self._workbench.escalations.send(accepted.id, _job(cancel)))

    def refuse(self, consent_id: str, cancel: CancelToken) -> dict[str, Any]:
        refused = self._workbench.consents.refuse(self._found(consent_id).id)
        if refused.question.kind is ConsentKind.TOOL:
            return self._gone_on(refused, cancel)
        grows = self._workbench.escalations.previewed(refused.id).draft.grows
        if grows is not None and self._waits(grows, refused):
            self._workbench.go_on(grows, _job(cancel))
        return _body(refused)

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _gone_on(self, consent: Consent, cancel: CancelToken) -> dict[str, Any]:
        """The answer that asked, once no other call of it waits for a person."""
        question = consent.question
        answer_id = question.message_id or ""
        waits_for = self._waiting_for(answer_id, question.conversation_id)
        if any(one.question.kind is ConsentKind.TOOL for one in waits_for):
            return self._told(consent, self._node(answer_id, consent))
        return self._told(consent, self._workbench.go_on(answer_id, _job(cancel)))

    def _told(self, consent: Consent, answer: Node) -> dict[str, Any]:
        turn = answer.turn
        entry = None if turn is None else self._workbench.ledger.of_turn(turn.id)
        return {
            **_body(consent),
            "waits_for": [_next(one) for one in self._waiting_for(answer.id, consent.question.conversation_id)],
            "message": answer.id,
            "text": answer.message.text,
            "finish": None if turn is None or turn.finish is None else turn.finish.value,
            "cost_micros": None if entry is None else entry.cost_micros,
            "currency": None if entry is None else entry.currency,
        }

    def _node(self, answer_id: str, consent: Consent) -> Node:
        nodes = self._workbench.chat.open(consent.question.conversation_id or "").nodes
        found = next((node for node in nodes if node.id == answer_id), None)
        if found is None:
            raise _unknown()
        return found

    def _waits(self, answer_id: str, consent: Consent) -> bool:
        turn = self._node(answer_id, consent).turn
        return turn is not None and turn.finish is Finish.WAITING

    def _waiting_for(self, answer_id: str, conversation_id: str | None) -> list[Consent]:
        """What an answer waits for: a yes to a call, or to the next request."""
        found = self._workbench.consents.list(conversation_id=conversation_id)
        return [one for one in found if one.question.message_id == answer_id and one.question.kind in _HOLDING_UP]

    def _found(self, consent_id: str) -> Consent:
        """One that waits, or was accepted and could not be done yet: a cap was reached, say."""
        try:
            found = self._workbench.consents.get(consent_id)
            if found.id != consent_id:
                raise _unknown()
            if found.question.kind not in _HOLDING_UP and found.state is ConsentState.WAITING:
                raise _person_needed(found)
            is_open = found.state is not ConsentState.REFUSED and self._is_open(found)
        except RequestError:
            raise
        except UsageError as error:
            raise _unknown() from error
        if not is_open:
            raise _unknown()
        return found

    def _is_open(self, consent: Consent) -> bool:
        question = consent.question
        if question.kind is ConsentKind.CLOUD:
            return self._workbench.escalations.is_unsent(consent.id)
        seen = self._workbench.consents.list(waiting=False, conversation_id=question.conversation_id)
        if question.kind is not ConsentKind.TOOL or consent.id not in {one.id for one in seen}:  # of a chat in the bin
            return False
        return consent.state is ConsentState.WAITING or self._waits(question.message_id or "", consent)


_HOLDING_UP: Final = (ConsentKind.TOOL, ConsentKind.CLOUD)
_LOOKS_UP: Final = (Harm.READ, Harm.FETCH)


def may_be_accepted(consent: Consent) -> bool:
    """Whether a program may say yes in the place of the person: to exact bytes for a provider, and to a call of a tool of
    ours that changes nothing and that nothing speaks against. Pure."""
    question = consent.question
    if question.kind is ConsentKind.CLOUD:
        return True
    ours = question.kind is ConsentKind.TOOL and question.request.get("source") == BUILT_IN
    return ours and not question.because and harm_of(question.subject) in _LOOKS_UP


def _job(cancel: CancelToken) -> Job:
    return Job(lambda _event: None, cancel=cancel)


def _next(consent: Consent) -> dict[str, Any]:
    question = consent.question
    return {
        "id": consent.id, "kind": question.kind.value, "title": question.title, "acceptable": may_be_accepted(consent)
    }  # fmt: skip


def _hash(consent: Consent) -> str:
    """Of a request that leaves: of its bytes. Of a call: of its canonical JSON."""
    is_cloud = consent.question.kind is ConsentKind.CLOUD
    return str(consent.request["body_sha256"]) if is_cloud else consent.hash


def _body(consent: Consent) -> dict[str, Any]:
    question = consent.question
    return {
        "id": consent.id,
        "object": "consent",
        "kind": question.kind.value,
        "state": consent.state.value,
        "title": question.title,
        "because": question.because,
        "acceptable": may_be_accepted(consent),
        "hash": _hash(consent),
        "request": dict(consent.request),
        "conversation": question.conversation_id,
        "created": int(consent.created_at),
    }


def _person_needed(consent: Consent) -> RequestError:
    what = "This call" if consent.question.kind is ConsentKind.TOOL else "This"
    return RequestError(
        f"{what} is allowed by a person: in the window, or by `workbench consents accept {consent.id[:8]}`.",
        code="person_needed",
        status=403,
    )


def _unknown() -> RequestError:
    return RequestError("Nothing of this id waits.", code="consent_not_found", status=404)
