"""Requests to providers that wait for a yes, for programs of the person's own: listed, sent or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from workbench.api.faults import RequestError
from workbench.consents.consent import Consent, ConsentKind, ConsentState
from workbench.errors import UsageError
from workbench.messages import Finish

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.cancel import CancelToken


class ConsentSource(Protocol):
    """What waits, and the person's answer to it. All raise `WorkbenchError`."""

    def waiting(self) -> list[dict[str, Any]]:
        """Oldest first."""
        ...

    def accept(self, consent_id: str, body: Mapping[str, Any], cancel: CancelToken) -> dict[str, Any]:
        """Send it, and return the answer. ``body``: its ``hash`` as it was shown."""
        ...

    def refuse(self, consent_id: str) -> dict[str, Any]: ...


class NothingWaits:
    """`ConsentSource` where there is none."""

    def waiting(self) -> list[dict[str, Any]]:
        return []

    def accept(self, consent_id: str, body: Mapping[str, Any], cancel: CancelToken) -> dict[str, Any]:  # noqa: ARG002
        raise _unknown()

    def refuse(self, consent_id: str) -> dict[str, Any]:  # noqa: ARG002
        raise _unknown()


class ServedConsents:
    """Only requests to providers, by their whole ids, and only this once: a lasting yes is given in the window or by a
    command."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    def waiting(self) -> list[dict[str, Any]]:
        found = self._workbench.consents.list()
        return [_body(one) for one in found if one.question.kind is ConsentKind.CLOUD]

    def accept(self, consent_id: str, body: Mapping[str, Any], cancel: CancelToken) -> dict[str, Any]:
        from workbench.jobs import Job

        consent = self._found(consent_id)
        if body.get("hash") != consent.request["body_sha256"]:
            raise RequestError("The hash is not the one of what waits.", param="hash", code="other_hash")
        waits = consent.state is ConsentState.WAITING
        accepted = self._workbench.consents.accept(consent.id) if waits else consent
        answer = self._workbench.escalations.send(accepted.id, Job(lambda _event: None, cancel=cancel))
        turn = answer.turn
        entry = None if turn is None else self._workbench.ledger.of_turn(turn.id)
        return {
            **_body(accepted),
            "waits_for": [_next(one) for one in self._waiting_for(answer.id, accepted.question.conversation_id)],
            "message": answer.id,
            "text": answer.message.text,
            "finish": None if turn is None or turn.finish is None else turn.finish.value,
            "cost_micros": None if entry is None else entry.cost_micros,
            "currency": None if entry is None else entry.currency,
        }

    def refuse(self, consent_id: str) -> dict[str, Any]:
        """An answer that waited for it ends there, with what it has."""
        from workbench.jobs import quiet_job

        refused = self._workbench.consents.refuse(self._found(consent_id).id)
        grows = self._workbench.escalations.previewed(refused.id).draft.grows
        if grows is not None and self._waits(grows, refused):
            self._workbench.go_on(grows, quiet_job())
        return _body(refused)

    def _waits(self, answer_id: str, consent: Consent) -> bool:
        nodes = self._workbench.chat.open(consent.question.conversation_id or "").nodes
        turn = next((node.turn for node in nodes if node.id == answer_id), None)
        return turn is not None and turn.finish is Finish.WAITING

    def _waiting_for(self, answer_id: str, conversation_id: str | None) -> list[Consent]:
        """What an answer waits for: a yes to a call, which is given in the window or by a command, or the next request."""
        found = self._workbench.consents.list(conversation_id=conversation_id)
        return [one for one in found if one.question.message_id == answer_id and one.question.kind in _HOLDING_UP]

    def _found(self, consent_id: str) -> Consent:
        """One that waits, or was accepted and could not be sent yet: a cap was reached, say."""
        try:
            found = self._workbench.consents.get(consent_id)
            is_open = found.question.kind is ConsentKind.CLOUD and found.state is not ConsentState.REFUSED
            is_open = is_open and found.id == consent_id and self._workbench.escalations.is_unsent(found.id)
        except UsageError as error:
            raise _unknown() from error
        if not is_open:
            raise _unknown()
        return found


_HOLDING_UP = (ConsentKind.TOOL, ConsentKind.CLOUD)


def _next(consent: Consent) -> dict[str, Any]:
    return {"id": consent.id, "kind": consent.question.kind.value, "title": consent.question.title}


def _body(consent: Consent) -> dict[str, Any]:
    request = dict(consent.request)
    return {
        "id": consent.id,
        "object": "consent",
        "state": consent.state.value,
        "title": consent.question.title,
        "hash": request["body_sha256"],
        "request": request,
        "conversation": consent.question.conversation_id,
        "created": int(consent.created_at),
    }


def _unknown() -> RequestError:
    return RequestError("Nothing of this id waits.", code="consent_not_found", status=404)
