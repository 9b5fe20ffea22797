"""What follows an answer for which the rules propose a stronger model: sent by the chat's own yes and cap, or proposed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, Protocol

from workbench.chat.asking.choice import Choice, Routed
from workbench.chat.asking.elsewhere import is_from_elsewhere
from workbench.chat.escalating.escalation import Escalations, Preview
from workbench.chat.events import Chosen, TurnStarted
from workbench.chat.tree import Conversation, Node, Turn, siblings
from workbench.cloud.cloud import Cloud
from workbench.cloud.provider import CloudModel
from workbench.cloud.spending.money import CapKind, Ledger
from workbench.consents.consent import Consent, ConsentKind, Consents
from workbench.errors import Cancelled, RefusedError, StorageError, WorkbenchError
from workbench.jobs import Job, JobEvent
from workbench.messages import Id
from workbench.routing.by_itself import Case, Decision, Request, Step, decided, sent_words

NOT_COVERED: Final = "It may carry what a server's tool gave, which a person looks at first."


class Kept(Protocol):
    """Where choices are kept."""

    def began(self, conversation_id: Id, turn_id: Id, choice: Choice, *, overruled: str = "") -> None: ...

    def claim(self, turn_id: Id) -> bool: ...

    def followed(self, turn_id: Id, *, sent: bool = False, held: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Following:
    """Any thread. ``node``: a message with its conversation."""

    node: Callable[[Id], tuple[Conversation, Node]]
    cloud: Callable[[], Cloud]
    ledger: Callable[[], Ledger]
    consents: Callable[[], Consents]
    escalations: Callable[[], Escalations]
    kept: Callable[[], Kept]

    def follow(self, answer: Node, job: Job) -> Node:
        """The answer of the stronger model beside it, where the chat's own yes and cap let it be sent; else ``answer``,
        with what keeps it here. Of several who follow the same answer, in any process, one does; the others get ``answer``.

        Emits what `Escalations.send` does, and `Chosen` with the line of why. Raises what it raises once it is on its way.
        """
        turn = answer.turn
        if turn is None or turn.routed is None or not turn.routed.may_follow:
            return answer
        if not self.kept().claim(turn.id):
            return answer
        conversation, _node = self.node(answer.id)
        decision, preview = self._decided(conversation, answer, job)
        if decision.step is Step.SEND and preview is not None:
            decision, consent = self._accepted(preview)
            if consent is not None:
                return self._sent(answer, turn, turn.routed, preview, consent, job)
        if decision.why:
            self.kept().followed(turn.id, held=decision.why)
        return replace(answer, turn=replace(turn, routed=replace(turn.routed, held=decision.why)))

    def _decided(self, conversation: Conversation, answer: Node, job: Job) -> tuple[Decision, Preview | None]:
        """What would leave is made only where nothing else speaks against it: a brief takes the model here its time."""
        turn = answer.turn
        cloud, model = self.cloud(), self.cloud().proposed()
        case = Case(
            None if turn is None else turn.routed,
            None if turn is None else turn.finish,
            enabled=cloud.enabled,
            taken=any(is_from_elsewhere(one) for one in siblings(conversation, answer)),
            allowed=model is not None and self._allowed(model, conversation.id),
            left_micros=self._left(conversation.id),
        )
        decision = decided(case)
        if decision.step is not Step.PREPARE or model is None:
            return decision, None
        try:
            draft = self.escalations().draft(answer.id, job, model.full_name, tools=False)
            preview = self.escalations().preview(draft)
        except Cancelled:
            raise
        except WorkbenchError as error:
            return Decision(Step.PROPOSE, f"Not sent by itself: {error.message}"), None
        return decided(replace(case, request=_request(preview))), preview

    def _allowed(self, model: CloudModel, conversation_id: Id) -> bool:
        subject = self.cloud().provider(model.provider).subject
        return any(
            (one.kind, one.subject, one.conversation_id) == (ConsentKind.CLOUD, subject, conversation_id)
            for one in self.consents().standing()
        )

    def _left(self, conversation_id: Id) -> int | None:
        states = self.ledger().cap_states()
        own = [one for one in states if one.cap.kind is CapKind.CHAT and one.cap.name == conversation_id]
        return own[0].left_micros if own else None

    def _accepted(self, preview: Preview) -> tuple[Decision, Consent | None]:
        """By the yes as it stands now: it may have been taken back since it was looked at."""
        asked: Consent | None = None
        try:
            asked = self.escalations().propose(preview)
            return Decision(Step.SEND), self.consents().accept_standing(asked.id, in_chat=True)
        except WorkbenchError as error:
            if asked is not None:
                self._refuse(asked)
            return Decision(Step.PROPOSE, f"Not sent by itself: {error.message}"), None

    def _refuse(self, consent: Consent) -> None:
        """Nobody is asked about it again: it is proposed below the answer."""
        if self.escalations().is_unsent(consent.id):
            self.consents().refuse(consent.id)

    def _sent(self, answer: Node, turn: Turn, routed: Routed, preview: Preview, consent: Consent, job: Job) -> Node:
        most = 0 if preview.cost is None else preview.cost.high
        words = sent_words(preview.provider.name, routed.choice.proposal, most)
        draft = preview.draft
        choice = Choice(draft.model.full_name, draft.effort, words, routed.choice.rule, sent=True)

        def report(news: JobEvent) -> None:
            begun = news.payload.answer.turn if isinstance(news.payload, TurnStarted) else None
            if begun is None:
                return job.report(news)
            with suppress(StorageError):  # money is reserved by now: the disk alone stops nothing
                self.kept().began(draft.conversation_id, begun.id, choice)
                self.kept().followed(turn.id, sent=True)
            beside = replace(news.payload.answer, turn=replace(begun, routed=Routed(choice)))
            job.report(replace(news, payload=replace(news.payload, answer=beside)))
            return job.emit(Chosen(Routed(choice)))

        try:
            node = self.escalations().send(consent.id, Job(report, job.id, job.cancel))
        except RefusedError as error:  # a cap that others reached meanwhile: nothing has begun
            if not self.escalations().is_unsent(consent.id):
                raise
            self._refuse(consent)
            held = f"Not sent by itself: {error.message}"
            self.kept().followed(turn.id, held=held)
            return replace(answer, turn=replace(turn, routed=replace(routed, held=held)))
        return node if node.turn is None else replace(node, turn=replace(node.turn, routed=Routed(choice)))


def _request(preview: Preview) -> Request:
    """What a lasting yes does not cover is asked about."""
    cost, private = preview.cost, any(piece.private for piece in preview.draft.pieces)
    refused = preview.refused or (() if preview.standing else (NOT_COVERED,))
    return Request(private, refused, None if cost is None else cost.high)
