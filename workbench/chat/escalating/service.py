"""`Escalations`: from a question to what would leave, to a yes, to an answer beside the local one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Final

from workbench.cancel import CancelToken
from workbench.chat.asking.elsewhere import SOURCE_PREFIX
from workbench.chat.escalating.answering import CloudAnswering
from workbench.chat.escalating.call import Call
from workbench.chat.escalating.escalation import HANDED_OFF_PREFIX, Draft, HandOff, Mode, Preview
from workbench.chat.escalating.handing_off import HandOffStore
from workbench.chat.escalating.offering import offers_any
from workbench.chat.escalating.previewing import Previewing, Surroundings
from workbench.chat.escalating.refusing import PRIVATE_PROJECT
from workbench.chat.escalating.requesting import as_one_text
from workbench.chat.escalating.sending import Ending, Sending, turn_of
from workbench.chat.escalating.store import EscalationStore, Kept, KeptState
from workbench.chat.escalating.wording import question_of
from workbench.chat.events import ConsentWaits
from workbench.chat.tooling.requests import Halt
from workbench.chat.tree import Node
from workbench.chat.turn_rows import Outcome
from workbench.cloud.asking import NextStep
from workbench.cloud.hiding.redaction import Redactor
from workbench.consents.consent import Consent, Consents, ConsentState
from workbench.errors import RefusedError, StorageError, UsageError, WorkbenchError
from workbench.events import Topic
from workbench.jobs import Job
from workbench.messages import Finish, Id, assistant

NOT_LET: Final = "You did not let what its tools gave be sent: the answer ends here."


class EscalationService:
    """Any thread."""

    def __init__(
        self,
        sending: Sending,
        kept: EscalationStore,
        consents: Consents,
        redactor: Callable[[], Redactor],
        around: Surroundings,
        handed: HandOffStore,
    ) -> None:
        self._sending, self._kept, self._consents, self._around = sending, kept, consents, around
        self._store, self._ledger = sending.store, sending.ledger
        self._handed = handed
        self._previewing = Previewing(sending, kept, consents, redactor, around)
        self._answering = CloudAnswering(sending, around.tools)

    def draft(
        self, message_id: Id, job: Job, model: str = "", mode: Mode | None = None, tools: bool | None = None
    ) -> Draft:
        return self._previewing.draft(message_id, job, model, mode, tools)

    def preview(self, draft: Draft) -> Preview:
        return self._previewing.preview(draft)

    def counted(self, draft: Draft, cancel: CancelToken | None = None) -> Preview:
        return self._previewing.preview(draft, wait=cancel or CancelToken())

    def close(self) -> None:
        """End what counts tokens; for good."""
        self._around.count.close()

    def propose(self, preview: Preview) -> Consent:
        now = self._previewing.preview(preview.draft, count=preview.count)
        if now.refused:
            raise RefusedError(now.refused[0], hint=_hint(now.steps))
        self._previewing.check_price(now.draft)
        if now.outgoing != preview.outgoing:
            raise UsageError("What would be sent is another text by now.", hint="Look at it again.")
        consent = self._consents.ask(question_of(now, self._previewing.why_asked_anew(now.draft)))
        self._kept.keep(consent.id, now)
        return consent

    def previewed(self, consent_id: Id) -> Preview:
        return self._previewing.as_kept(self._kept.get(consent_id).preview)

    def of_turn(self, turn_id: Id) -> Preview | None:
        found = self._kept.of_turn(turn_id)
        return found[-1] if found else None

    def requests_of(self, turn_id: Id) -> int:
        return len(self._kept.of_turn(turn_id))

    def waiting(self, body_hash: str) -> Consent:
        found = [self._consents.get(one) for one in self._kept.unsent(body_hash)]
        open_ones = [one for one in found if one.state is not ConsentState.REFUSED]
        if not open_ones:
            raise UsageError(
                f"Nothing with the hash {body_hash!r} waits to be sent.", hint="`--preview` shows it, with its hash."
            )
        if len({one.request["body_sha256"] for one in open_ones}) > 1:
            raise UsageError(f"Several requests have a hash that begins with {body_hash!r}.", hint="Give more of it.")
        if len({one.question.subject for one in open_ones}) > 1:
            raise UsageError(
                "The same text waits for several providers: its hash does not say which one is meant.",
                hint="`workbench consents list` shows them; `workbench consents accept ID` sends one.",
            )
        return open_ones[0]

    def is_unsent(self, consent_id: Id) -> bool:
        """Whether it may still be sent. Raises `UsageError` for one that is not kept."""
        return self._kept.get(consent_id).state is KeptState.KEPT and not self._kept.is_in_bin(consent_id)

    def send(self, consent_id: Id, job: Job) -> Node:
        kept = self._kept.get(consent_id)
        if self._consents.get(consent_id).state is not ConsentState.ACCEPTED:
            raise UsageError("This was not accepted: nothing was sent.", hint="`workbench consents list` shows it.")
        draft = kept.preview.draft
        answer, call = self._taken(kept, partial(self._sending.begin, draft))
        if draft.grows is None:
            self._remember(draft)
        return self._answered(answer, kept.preview, call, job)

    def resume(self, answer_id: Id, job: Job) -> Node:
        _conversation, answer = self._store.node(answer_id)
        sent = self._kept.of_answer(answer_id)
        if answer.turn is None or not answer.turn.backend.startswith(SOURCE_PREFIX) or not sent:
            raise UsageError("Nobody knows any more what this answer was asked with.", hint="Ask the question again.")
        if not (answer.turn.can_continue or answer.turn.finish is Finish.WAITING):
            raise UsageError("This answer is complete.", hint="Ask a new question, or ask a stronger model again.")
        heeds = answer.turn.finish is Finish.WAITING
        return self._answered(self._sending.again(sent[-1].draft, answer), sent[-1], None, job, heeds=heeds)

    def hand_off(self, draft: Draft) -> HandOff:
        before = self._handed.hidden(draft.question_id) or ()
        draft, found = self._previewing.asked(draft, before)
        provider = self._sending.cloud.provider(draft.model.provider)
        if self._around.projects.is_private(draft.conversation_id):
            raise RefusedError(PRIVATE_PROJECT, hint="Ask in a chat outside that project.")
        with suppress(StorageError):  # on a full disk it may be handed off all the same
            self._handed.keep(draft.conversation_id, draft.question_id, found.redactions)
        return HandOff(as_one_text(found.request.messages), provider.chat_page, provider.name)

    def last_handed(self, conversation_id: Id) -> Id | None:
        return self._handed.last(conversation_id)

    def paste_back(self, draft: Draft, text: str, name: str) -> Node:
        if not text.strip():
            raise UsageError("There is nothing to paste back.", hint="Copy the answer of the chat page first.")
        hidden = self._handed.hidden(draft.question_id)
        restorer = self._sending.restorer(self._previewing.asked(draft)[1].redactions if hidden is None else hidden)
        said = assistant(restorer.feed(text.strip()) + restorer.rest())
        name = " ".join(name.split()) or "another chat"
        answer = self._sending.beside(draft, model=name, backend=f"{HANDED_OFF_PREFIX}{name}")
        ending: Ending = (turn_of(answer).id, answer.id, said.parts, Outcome(Finish.STOP))
        self._sending.keep_ending(ending)
        self._ledger.handed_off(name, draft.conversation_id)
        self._sending.bus.publish(Topic.CHATS, Topic.CLOUD)
        return self._store.node(answer.id)[1]

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _answered(self, answer: Node, preview: Preview, call: Call | None, job: Job, *, heeds: bool = False) -> Node:
        """``heeds``: a no of the person ends it; else it is asked about anew."""
        further = partial(self._further, answer, preview.draft, heeds, job)
        return self._answering.answered(answer, preview, call, further, job)

    def _taken(self, kept: Kept, begin: Callable[[], Node]) -> tuple[Node, Call]:
        """What was accepted, taken by this process alone and counted at its most, and the answer that it fills. Raises
        `UsageError` where it was sent before, `RefusedError`; then nothing is kept."""
        if self._kept.is_in_bin(kept.id):
            raise RefusedError("Its chat or its question is in the bin: nothing was sent.", hint="Restore it first.")
        self._previewing.check_still_allowed(kept.preview)
        if not self._kept.take(kept.id):
            raise UsageError(
                "This was sent before, or came back with a backup: it is never sent twice.",
                hint="Ask again for another answer.",
            )
        try:
            answer, call = self._begun(kept.preview, begin)
        except BaseException:
            self._kept.give_back(kept.id)
            raise
        with suppress(StorageError):  # that it was taken is on the disk: it is never sent again
            self._kept.belongs(kept.id, turn_of(answer).id)
        call.when_over = partial(self._end, kept.id)
        return answer, call

    def _begun(self, preview: Preview, begin: Callable[[], Node]) -> tuple[Node, Call]:
        call = self._sending.reserve(preview)
        try:
            answer = begin()
            call.belongs(turn_of(answer).id)
        except BaseException:
            call.drop()
            raise
        return answer, call

    def _end(self, consent_id: Id) -> None:
        with suppress(StorageError):
            self._kept.end(consent_id)

    def _further(
        self, answer: Node, last: Draft, heeds: bool, job: Job, closing: str, without_tools: bool
    ) -> Call | Halt:
        """The next request of an answer, or why there is none."""
        sent = self._kept.of_answer(answer.id)
        before = sent[-1].draft if sent else last
        try:
            draft = self._previewing.next(before, answer.id, closing, without_tools=without_tools)
            if heeds and self._was_refused(answer.id, draft):
                return Halt(Finish.LENGTH, NOT_LET)
            kept = self._open(answer.id, draft) or self._proposed(draft)
            if not self._is_allowed(kept):
                job.emit(ConsentWaits(self._consents.get(kept.id)))
                return Halt(Finish.WAITING)
            return self._taken(kept, lambda: answer)[1]
        except (RefusedError, UsageError) as error:
            return Halt(Finish.LENGTH, error.message)

    def _proposed(self, draft: Draft) -> Kept:
        """Raises `RefusedError` with all that keeps it from being sent."""
        preview = self.preview(draft)
        if preview.refused:
            raise RefusedError(" ".join(preview.refused))
        return self._kept.get(self.propose(preview).id)

    def _open(self, answer_id: Id, draft: Draft) -> Kept | None:
        """What of this draft waits for a person, or was accepted and not sent yet, however they have cut it. What was asked
        about before the answer became another one is taken back."""
        for kept in self._kept.proposed_for(answer_id):
            if kept.state is not KeptState.KEPT or self._state(kept) is ConsentState.REFUSED:
                continue
            if _is_of(kept.preview.draft, draft) and self._previewing.is_as_shown(kept.preview.draft):
                return kept
            with suppress(UsageError):
                self._consents.refuse(kept.id)
        return None

    def _was_refused(self, answer_id: Id, draft: Draft) -> bool:
        """Whether the person has refused this, the last time that they were asked."""
        asked = (kept for kept in self._kept.proposed_for(answer_id) if _is_of(kept.preview.draft, draft))
        last = next(asked, None)
        return last is not None and self._state(last) is ConsentState.REFUSED

    def _is_allowed(self, kept: Kept) -> bool:
        """Whether it was accepted, or a lasting yes covers it now."""
        consent = self._consents.get(kept.id)
        if consent.state is ConsentState.WAITING and self._previewing.is_covered(kept.preview):
            with suppress(RefusedError):  # taken back an instant ago: it waits
                consent = self._consents.accept_standing(consent.id)
        return consent.state is ConsentState.ACCEPTED

    def _state(self, kept: Kept) -> ConsentState:
        return self._consents.get(kept.id).state

    def _remember(self, chosen: Draft) -> None:
        """What was chosen is proposed the next time; that it cannot be kept keeps nobody from an answer."""
        now, tools = self._around.settings(), offers_any(chosen.pieces)
        try:
            if now.mode != chosen.mode.value:
                self._around.remember("cloud.mode", chosen.mode.value)
            if now.model != chosen.model.full_name:
                self._around.remember("cloud.model", chosen.model.full_name)
            if tools is not None and now.tools != tools:
                self._around.remember("cloud.tools", tools)
        except WorkbenchError:
            return


def _is_of(kept: Draft, draft: Draft) -> bool:
    """Whether both ask the same, however each is cut."""
    return _asks(kept) == _asks(draft)


def _asks(draft: Draft) -> frozenset[tuple[str, str]]:
    return frozenset((piece.id, piece.text) for piece in draft.pieces)


def _hint(steps: Sequence[NextStep]) -> str:
    return _HINTS.get(steps[0], "") if steps else ""


_HINTS = {
    NextStep.LOGIN: "`workbench cloud login PROVIDER` keeps a key; nothing was sent.",
    NextStep.RAISE_BUDGET: "`workbench cloud budget` shows and changes the caps; nothing was sent.",
    NextStep.SHORTEN: "Send only the question, or cut what is not needed.",
    NextStep.GIVE_PRICE: "`workbench cloud prices` takes one; nothing was sent.",
    NextStep.OTHER_PROVIDER: "Choose another model.",
}
