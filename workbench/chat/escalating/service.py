"""`Escalations`: from a question to what would leave, to a yes, to an answer beside the local one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from workbench import settings
from workbench.chat.asking.options import ProjectRules
from workbench.chat.attaching.request import Pictures
from workbench.chat.escalating.asked_about import asked_about
from workbench.chat.escalating.drafting import Ground, drafted, for_brief, with_private_cut
from workbench.chat.escalating.escalation import (
    HANDED_OFF_PREFIX,
    Draft,
    HandOff,
    Mode,
    Piece,
    PieceKind,
    Preview,
)
from workbench.chat.escalating.pricing import priced
from workbench.chat.escalating.refusing import CLOUD_OFF, PRIVATE_PROJECT, Facts, refusals
from workbench.chat.escalating.requesting import Asked, as_one_text, asked, goes
from workbench.chat.escalating.sending import Ending, Sending, turn_of
from workbench.chat.escalating.store import EscalationStore, KeptState
from workbench.chat.escalating.wording import question_of
from workbench.chat.store import Outcome
from workbench.chat.tree import Conversation, Node, path_to
from workbench.cloud.asking import NextStep, Outgoing
from workbench.cloud.hiding.redaction import Redactor
from workbench.cloud.provider import CloudModel, Provider
from workbench.cloud.spending.money import Range, Remaining
from workbench.consents.consent import Consent, ConsentKind, Consents, ConsentState
from workbench.errors import RefusedError, StorageError, UsageError, WorkbenchError
from workbench.events import Topic
from workbench.jobs import Job
from workbench.messages import Attachment, ChatRequest, Finish, Id, Image, Passage, assistant

MOST_TOKENS: Final = 8_192
ANOTHER_ADDRESS = "The address of {name} is another one by now: nothing was sent."


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What escalations ask of the chats and the settings.

    ``told_first``: of a chat and a question of it, the instructions and what is remembered, as a local model is told.
    ``privacy``: makes the function that says of a passage whether it is private by now. ``brief``: the local model's, of
    these pieces. ``count``: tokens by a tokenizer of the model's own family; None: there is none. ``remember``: settings
    that a person chose by sending.
    """

    projects: ProjectRules
    pictures: Pictures
    told_first: Callable[[Conversation, Id], tuple[str, str]]
    privacy: Callable[[], Callable[[Passage], bool]]
    brief: Callable[[Sequence[Piece], Job], str]
    count: Callable[[CloudModel, ChatRequest], int | None]
    settings: Callable[[], settings.Cloud]
    remember: Callable[[str, str], None]


class EscalationService:
    """Any thread."""

    def __init__(
        self,
        sending: Sending,
        kept: EscalationStore,
        consents: Consents,
        redactor: Callable[[], Redactor],
        around: Surroundings,
    ) -> None:
        self._sending, self._kept, self._consents = sending, kept, consents
        self._redactor, self._around = redactor, around
        self._store, self._cloud, self._ledger = sending.store, sending.cloud, sending.ledger

    def draft(self, message_id: Id, job: Job, model: str = "", mode: Mode | None = None) -> Draft:
        if not self._cloud.enabled:
            raise RefusedError(CLOUD_OFF, hint="`workbench cloud on` switches it on; nothing is sent by that.")
        conversation, node = self._store.node(message_id)
        if self._around.projects.is_private(conversation.id):
            raise RefusedError(PRIVATE_PROJECT, hint="Ask in a chat outside that project.")
        question, answer = asked_about(conversation, node)
        chosen = self._model(model)
        mode = self._mode(mode, answer)
        ground = self._ground(conversation, question, answer, chosen)
        brief = self._around.brief(for_brief(ground), job) if mode is Mode.CONDENSED else ""
        most = min(MOST_TOKENS, chosen.most_output_tokens or MOST_TOKENS)
        beside = None if answer is None else answer.id
        redact = self._around.settings().redact
        pieces = drafted(ground, mode, brief)
        return Draft(conversation.id, question.id, beside, chosen, mode, pieces, most, redact=redact)

    def preview(self, draft: Draft) -> Preview:
        draft, found = self._asked(draft)
        provider = self._cloud.provider(draft.model.provider)
        count = self._around.count(draft.model, found.request)
        price = priced(draft.model, found.request, count)
        request = replace(found.request, max_tokens=price.most_tokens)
        outgoing, cannot = self._outgoing(provider, draft.model, request)
        remaining = self._ledger.remaining(provider.id, draft.conversation_id)
        refused, steps = self._refusals(draft, provider, price.cost, remaining, price.least_tokens, cannot)
        return Preview(
            draft,
            provider,
            outgoing,
            price.prompt_tokens,
            found.redactions,
            price.cost,
            remaining,
            refused,
            self._consents.stands(ConsentKind.CLOUD, provider.subject, draft.conversation_id),
            steps,
            counted=price.counted,
        )

    def propose(self, preview: Preview) -> Consent:
        now = self.preview(preview.draft)
        if now.refused:
            raise RefusedError(now.refused[0], hint=_hint(now.steps))
        if now.outgoing != preview.outgoing:
            raise UsageError("What would be sent is another text by now.", hint="Look at it again.")
        consent = self._consents.ask(question_of(now))
        self._kept.keep(consent.id, now)
        return consent

    def previewed(self, consent_id: Id) -> Preview:
        """What cannot be sent by now says so: the key is gone, a cap is reached."""
        kept = self._kept.get(consent_id).preview
        draft, provider = kept.draft, kept.provider
        remaining = self._ledger.remaining(provider.id, draft.conversation_id)
        refused, steps = self._refusals(draft, provider, kept.cost, remaining)
        standing = self._consents.stands(ConsentKind.CLOUD, provider.subject, draft.conversation_id)
        return replace(kept, remaining=remaining, standing=standing, refused=refused, steps=steps)

    def of_turn(self, turn_id: Id) -> Preview | None:
        return self._kept.of_turn(turn_id)

    def waiting(self, body_hash: str) -> Consent:
        found = [self._consents.get(one) for one in self._kept.unsent(body_hash)]
        open_ones = [one for one in found if one.state is not ConsentState.REFUSED]
        if not open_ones:
            raise UsageError(
                f"Nothing with the hash {body_hash!r} waits to be sent.", hint="`--preview` shows it, with its hash."
            )
        if len({one.request["body_sha256"] for one in open_ones}) > 1:
            raise UsageError(f"Several requests have a hash that begins with {body_hash!r}.", hint="Give more of it.")
        return open_ones[0]

    def is_unsent(self, consent_id: Id) -> bool:
        """Whether it may still be sent. Raises `UsageError` for one that is not kept."""
        return self._kept.get(consent_id).state is KeptState.KEPT and not self._kept.is_in_bin(consent_id)

    def send(self, consent_id: Id, job: Job) -> Node:
        preview = self._kept.get(consent_id).preview
        if self._consents.get(consent_id).state is not ConsentState.ACCEPTED:
            raise UsageError("This was not accepted: nothing was sent.", hint="`workbench consents list` shows it.")
        if self._kept.is_in_bin(consent_id):
            raise RefusedError("Its chat or its question is in the bin: nothing was sent.", hint="Restore it first.")
        self._check_still_allowed(preview)
        if not self._kept.take(consent_id):
            raise UsageError(
                "This was sent before, or came back with a backup: it is never sent twice.",
                hint="Ask again for another answer.",
            )
        try:
            begun = self._sending.begin(preview)
        except BaseException:
            self._kept.give_back(consent_id)
            raise
        with suppress(StorageError):  # that it was taken is on the disk: it is never sent again
            self._kept.belongs(consent_id, turn_of(begun.node).id)
        self._remember(preview)
        try:
            return self._sending.finish(preview, begun, job)
        finally:
            with suppress(StorageError):
                self._kept.end(consent_id)

    def hand_off(self, draft: Draft) -> HandOff:
        draft, found = self._asked(draft)
        provider = self._cloud.provider(draft.model.provider)
        if self._around.projects.is_private(draft.conversation_id):
            raise RefusedError(PRIVATE_PROJECT, hint="Ask in a chat outside that project.")
        return HandOff(as_one_text(found.request.messages), provider.chat_page, provider.name)

    def paste_back(self, draft: Draft, text: str, name: str) -> Node:
        if not text.strip():
            raise UsageError("There is nothing to paste back.", hint="Copy the answer of the chat page first.")
        _draft, found = self._asked(draft)
        restorer = self._sending.restorer(found.redactions)
        said = assistant(restorer.feed(text.strip()) + restorer.rest())
        name = " ".join(name.split()) or "another chat"
        answer = self._sending.beside(draft, model=name, backend=f"{HANDED_OFF_PREFIX}{name}")
        ending: Ending = (turn_of(answer).id, answer.id, said.parts, Outcome(Finish.STOP))
        self._sending.keep_ending(ending)
        self._ledger.handed_off(name, draft.conversation_id)
        self._sending.bus.publish(Topic.CHATS, Topic.CLOUD)
        return self._store.node(answer.id)[1]

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _asked(self, draft: Draft) -> tuple[Draft, Asked]:
        """The draft without what is private by now, and its request with what is hidden."""
        conversation, question = self._store.node(draft.question_id)
        answer = next((node for node in conversation.nodes if node.id == draft.answer_id), None)
        if draft.answer_id is not None and answer is None:  # nobody knows any more what it stood on
            raise RefusedError("The local answer was deleted since: nothing was sent.", hint="Ask again.")
        ground = self._ground(conversation, question, answer, draft.model)
        draft = replace(draft, pieces=with_private_cut(draft.pieces, ground))
        own = tuple(filter(None, (word.strip() for word in self._around.settings().hidden_words.split(","))))
        return draft, asked(draft, self._shown(draft, ground), self._redactor(), own)

    def _ground(self, conversation: Conversation, question: Node, answer: Node | None, model: CloudModel) -> Ground:
        branch = path_to(conversation, question.id)
        system, memory = self._around.told_first(conversation, question.id)
        has_passages = any(node.message.passages or node.after for node in (*branch, *([answer] if answer else [])))
        is_private = self._around.privacy() if has_passages else lambda passage: passage.private
        return Ground(branch, answer, conversation.seen, system, memory, is_private, model.sees)

    def _shown(self, draft: Draft, ground: Ground) -> dict[str, Image]:
        """The pictures of the pieces that go."""
        there: dict[str, Attachment] = {
            f"{node.id}.attachment-{number}": attachment
            for node in ground.branch
            for number, attachment in enumerate(node.message.attachments, 1)
        }
        wanted = [piece.id for piece in draft.pieces if piece.kind is PieceKind.PICTURE and goes(piece)]
        return {piece: self._around.pictures.load(there[piece]) for piece in wanted if piece in there}

    def _outgoing(self, provider: Provider, model: CloudModel, request: ChatRequest) -> tuple[Outgoing, str]:
        """What would leave, and why it cannot be asked of this model; then there is nothing."""
        try:
            return self._sending.client().outgoing(provider, model, request), ""
        except UsageError as error:
            return Outgoing(provider.base_url, {}, b""), error.message

    def _refusals(
        self,
        draft: Draft,
        provider: Provider,
        cost: Range | None,
        remaining: Remaining,
        prompt_tokens: int = 0,
        cannot: str = "",
    ) -> tuple[tuple[str, ...], tuple[NextStep, ...]]:
        private = self._around.projects.is_private(draft.conversation_id)
        has_key = bool(self._cloud.key_state(provider.id).last_four)
        model, pieces = draft.model, draft.pieces
        return refusals(
            Facts(
                self._cloud.enabled, has_key, private, provider, model, pieces, prompt_tokens, cost, remaining, cannot
            )
        )

    def _mode(self, wanted: Mode | None, answer: Node | None) -> Mode:
        """As wanted, else as chosen last. Without an answer there is nothing to check: raises `UsageError` where that is
        wanted."""
        mode = wanted or Mode(self._around.settings().mode)
        if mode is not Mode.CHECK or (answer is not None and answer.message.text):
            return mode
        if wanted is not None:
            raise UsageError("There is no answer to check yet.", hint="Send the question instead.")
        return Mode.QUESTION

    def _model(self, name: str) -> CloudModel:
        chosen = self._cloud.model(name) if name else self._cloud.proposed()
        if chosen is None:
            raise RefusedError("No model of a provider is chosen yet.", hint="`workbench cloud providers` lists some.")
        return chosen

    def _check_still_allowed(self, preview: Preview) -> None:
        """What was accepted may have become private, or its provider another one. Raises `RefusedError`."""
        draft = preview.draft
        if not self._cloud.enabled:
            raise RefusedError(CLOUD_OFF)
        if self._around.projects.is_private(draft.conversation_id):
            raise RefusedError(PRIVATE_PROJECT)
        now, _found = self._asked(draft)
        if now.pieces != draft.pieces:
            raise RefusedError(
                "Something in it was deleted since, or has become private: nothing was sent.", hint="Ask again."
            )
        provider = self._cloud.provider(preview.provider.id)
        if provider.base_url != preview.provider.base_url:
            raise RefusedError(ANOTHER_ADDRESS.format(name=provider.name), hint="Ask again.")

    def _remember(self, preview: Preview) -> None:
        """What was chosen is proposed the next time; that it cannot be kept keeps nobody from an answer."""
        chosen, now = preview.draft, self._around.settings()
        try:
            if now.mode != chosen.mode.value:
                self._around.remember("cloud.mode", chosen.mode.value)
            if now.model != chosen.model.full_name:
                self._around.remember("cloud.model", chosen.model.full_name)
        except WorkbenchError:
            return


def _hint(steps: Sequence[NextStep]) -> str:
    return _HINTS.get(steps[0], "") if steps else ""


_HINTS = {
    NextStep.LOGIN: "`workbench cloud login PROVIDER` keeps a key; nothing was sent.",
    NextStep.RAISE_BUDGET: "`workbench cloud budget` shows and changes the caps; nothing was sent.",
    NextStep.SHORTEN: "Send only the question, or cut what is not needed.",
    NextStep.GIVE_PRICE: "`workbench cloud prices` takes one; nothing was sent.",
    NextStep.OTHER_PROVIDER: "Choose another model.",
}
