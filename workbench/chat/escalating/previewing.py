"""What would leave, drafted and previewed: nothing is sent by it, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from workbench import settings
from workbench.cancel import CancelToken
from workbench.chat.asking.options import ProjectRules
from workbench.chat.attaching.request import Pictures
from workbench.chat.escalating.asked_about import asked_about
from workbench.chat.escalating.counts import Count, CountsTokens
from workbench.chat.escalating.drafting import Ground, drafted, for_brief, with_private_cut
from workbench.chat.escalating.escalation import Draft, Mode, Piece, PieceKind, Preview
from workbench.chat.escalating.growing import LEAKED, Growth, grown, is_grown, with_private_cut_again
from workbench.chat.escalating.offering import OF_SERVER, may_tell_of_servers, tool_pieces, why_asked_anew
from workbench.chat.escalating.pricing import priced
from workbench.chat.escalating.refusing import CLOUD_OFF, PRIVATE_PROJECT, Facts, refusals
from workbench.chat.escalating.requesting import Asked, asked, goes
from workbench.chat.escalating.sending import Sending
from workbench.chat.escalating.store import EscalationStore
from workbench.chat.tooling.elsewhere import ToolsElsewhere
from workbench.chat.tree import Conversation, Node, path_to
from workbench.cloud.asking import NextStep, Outgoing
from workbench.cloud.hiding.redaction import Redaction, Redactor
from workbench.cloud.protocols.quirks import Quirk
from workbench.cloud.provider import CloudModel, Provider
from workbench.cloud.spending.money import Range, Remaining
from workbench.cloud.spending.pricing import is_dearer
from workbench.consents.consent import ConsentKind, Consents
from workbench.errors import RefusedError, UsageError
from workbench.jobs import Job
from workbench.messages import Attachment, ChatRequest, Id, Image, Passage

MOST_TOKENS: Final = 8_192
ANOTHER_ADDRESS = "The address of {name} is another one by now: nothing was sent."
DEARER = "{name} costs more by now than was shown, or nobody knows what it costs: nothing was sent."
ANSWER_GONE: Final = "The local answer was deleted since: nothing was sent."
GROWING_GONE: Final = "The answer that was to go on was deleted since: nothing was sent."


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What escalations ask of the chats and the settings.

    ``told_first``: of a chat and a question of it, the instructions and what is remembered, as a local model is told.
    ``privacy``: makes the function that says of a passage whether it is private by now. ``brief``: the local model's, of
    these pieces. ``count``: how long a request is. ``remember``: settings that a person chose by sending.
    """

    projects: ProjectRules
    pictures: Pictures
    told_first: Callable[[Conversation, Id], tuple[str, str]]
    privacy: Callable[[], Callable[[Passage], bool]]
    brief: Callable[[Sequence[Piece], Job], str]
    count: CountsTokens
    settings: Callable[[], settings.Cloud]
    remember: Callable[[str, str | bool], None]
    tools: ToolsElsewhere


class Previewing:
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

    def draft(
        self, message_id: Id, job: Job, model: str = "", mode: Mode | None = None, tools: bool | None = None
    ) -> Draft:
        """See `Escalations.draft`."""
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
        pieces = (*drafted(ground, mode, brief), *self._tools(conversation, chosen, mode, tools))
        return Draft(conversation.id, question.id, beside, chosen, mode, pieces, most, redact=redact)

    def next(self, last: Draft, answer_id: Id, closing: str, *, without_tools: bool) -> Draft:
        """The draft that goes on with an answer for which ``last`` was sent: the same, as the person had cut it, and what
        was said, called and given since. The model at its price of now. Raises `UsageError`."""
        _conversation, node = self._store.node(answer_id)
        first = tuple(piece for piece in last.pieces if not is_grown(piece, answer_id))
        if without_tools:
            first = tuple(replace(one, kept=False) if one.kind is PieceKind.TOOL else one for one in first)
        is_private = self._is_private((node,))
        growth = Growth(node.id, node.message.parts, _after(first), is_private, self._thoughts(last), "", closing)
        own = grown(growth, {piece.id: piece.kept for piece in last.pieces if piece.kind is PieceKind.RESULT})
        return replace(last, model=self._cloud.model(last.model.full_name), pieces=(*first, *own), grows=answer_id)

    def preview(self, draft: Draft, *, wait: CancelToken | None = None, count: Count | None = None) -> Preview:
        """See `Escalations.preview` and, with ``wait``, `Escalations.counted`. ``count``: as it was shown, which holds."""
        draft, found = self.asked(draft)
        provider = self._cloud.provider(draft.model.provider)
        count = count or self._around.count(provider, draft.model, found.request, wait=wait is not None, cancel=wait)
        price = priced(draft.model, found.request, count)
        request = replace(found.request, max_tokens=price.most_tokens)
        outgoing, cannot = self._outgoing(provider, draft.model, request)
        remaining = self._ledger.remaining(provider.id, draft.conversation_id)
        refused, steps = self._refusals(draft, provider, price.cost, remaining, count.least, cannot)
        return Preview(
            draft,
            provider,
            outgoing,
            count,
            found.redactions,
            price.cost,
            remaining,
            refused,
            self._stands(provider, draft),
            steps,
        )

    def as_kept(self, kept: Preview) -> Preview:
        """As it was shown. What cannot be sent by now says so: the key is gone, a cap is reached."""
        draft, provider = kept.draft, kept.provider
        remaining = self._ledger.remaining(provider.id, draft.conversation_id)
        refused, steps = self._refusals(draft, provider, kept.cost, remaining)
        refused += self._dearer(draft)
        standing = self._stands(provider, draft)
        return replace(kept, remaining=remaining, standing=standing, refused=refused, steps=steps)

    def is_covered(self, preview: Preview) -> bool:
        """Whether a lasting yes covers it now."""
        return self._stands(preview.provider, preview.draft)

    def why_asked_anew(self, draft: Draft) -> str:
        """Why a lasting yes does not cover it; empty: it would."""
        if draft.grows is None:
            return OF_SERVER if self._may_tell_of_servers(draft) else ""
        sent = (piece for kept in self._kept.of_answer(draft.grows) for piece in kept.draft.pieces)
        return why_asked_anew(draft.pieces, sent)

    def _may_tell_of_servers(self, draft: Draft) -> bool:
        conversation, question = self._store.node(draft.question_id)
        answer = [one for one in conversation.nodes if one.id == draft.answer_id]
        own = self._around.tools.own_names(conversation)
        return may_tell_of_servers(draft.pieces, (*path_to(conversation, question.id), *answer), own)

    # Pieces -----------------------------------------------------------------------------------------------------------

    def asked(self, draft: Draft, before: Sequence[Redaction] = ()) -> tuple[Draft, Asked]:
        """The draft without what is private by now, and its request with what is hidden. ``before``: what was hidden when
        it was handed off."""
        conversation, question = self._store.node(draft.question_id)
        answer = next((node for node in conversation.nodes if node.id == draft.answer_id), None)
        if draft.answer_id is not None and answer is None:  # nobody knows any more what it stood on
            raise RefusedError(ANSWER_GONE, hint="Ask again.")
        ground = self._ground(conversation, question, answer, draft.model)
        first = with_private_cut([one for one in draft.pieces if not is_grown(one, draft.grows)], ground)
        draft = replace(draft, pieces=(*first, *self._grown_still(draft, first, conversation)))
        own = tuple(filter(None, (word.strip() for word in self._around.settings().hidden_words.split(","))))
        before = before if draft.grows is None else self._hidden_before(draft.grows)
        around = [node.message.text for node in (*ground.branch, *([answer] if answer else []))]
        return draft, asked(draft, self._shown(draft, ground), self._redactor(), own, before, around)

    def _grown_still(self, draft: Draft, first: Sequence[Piece], conversation: Conversation) -> tuple[Piece, ...]:
        """The pieces of the answer that goes on, without what is private by now. A model that was sent what has become
        private since may repeat it in all that it wrote."""
        if draft.grows is None:
            return ()
        node = next((one for one in conversation.nodes if one.id == draft.grows), None)
        if node is None:
            raise RefusedError(GROWING_GONE, hint="Ask again.")
        growth = Growth(node.id, node.message.parts, _after(first), self._is_private((node,)), self._thoughts(draft))
        now = grown(growth, {})
        sent = {piece.id for kept in self._kept.of_answer(node.id) for piece in kept.draft.pieces if goes(piece)}
        if any(piece.private and piece.id in sent for piece in (*first, *now)):
            now = grown(replace(growth, leaked=LEAKED), {})
        return with_private_cut_again([one for one in draft.pieces if is_grown(one, draft.grows)], now)

    def _hidden_before(self, answer_id: Id) -> tuple[Redaction, ...]:
        """What earlier requests of this answer hid: the same original keeps its placeholder."""
        hidden = (one for kept in self._kept.of_answer(answer_id) for one in kept.redactions)
        return tuple({(one.kind, one.original): one for one in hidden}.values())

    def _stands(self, provider: Provider, draft: Draft) -> bool:
        stands = self._consents.stands(ConsentKind.CLOUD, provider.subject, draft.conversation_id)
        return stands and not self.why_asked_anew(draft)

    def _tools(
        self, conversation: Conversation, model: CloudModel, mode: Mode, wanted: bool | None
    ) -> tuple[Piece, ...]:
        """Those that may be offered. To check an answer none is needed."""
        if mode is Mode.CHECK or model.calls_tools is False:
            return ()
        kept = self._around.settings().tools if wanted is None else wanted
        return tool_pieces(self._around.tools.offered(conversation), kept=kept)

    def _thoughts(self, draft: Draft) -> bool:
        """Whether its provider wants the thoughts back that led to a call."""
        return Quirk.THOUGHTS_WITH_CALLS in self._cloud.provider(draft.model.provider).quirks

    def _ground(self, conversation: Conversation, question: Node, answer: Node | None, model: CloudModel) -> Ground:
        branch = path_to(conversation, question.id)
        system, memory = self._around.told_first(conversation, question.id)
        is_private = self._is_private((*branch, *([answer] if answer else [])))
        return Ground(branch, answer, conversation.seen, system, memory, is_private, model.sees)

    def _is_private(self, nodes: Sequence[Node]) -> Callable[[Passage], bool]:
        """Whether a passage is private by now. Nothing is looked at where none of these messages has one."""
        has_passages = any(node.message.passages or node.after for node in nodes)
        return self._around.privacy() if has_passages else lambda passage: passage.private

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
            raise UsageError(
                "No model of this computer has answered this yet: there is nothing to check.",
                hint="Send the question instead.",
            )
        return Mode.QUESTION

    def _model(self, name: str) -> CloudModel:
        chosen = self._cloud.model(name) if name else self._cloud.proposed()
        if chosen is None:
            raise RefusedError("No model of a provider is chosen yet.", hint="`workbench cloud providers` lists some.")
        return chosen

    def is_unchanged(self, draft: Draft) -> bool:
        """Whether nothing of it was deleted since, or has become private. Raises `RefusedError` where nobody can say."""
        return self.asked(draft)[0].pieces == draft.pieces

    def is_as_shown(self, draft: Draft) -> bool:
        """Whether it may go as it was shown: unchanged, and no dearer. Raises `RefusedError` where nobody can say."""
        return self.is_unchanged(draft) and not self._dearer(draft)

    def check_price(self, draft: Draft) -> None:
        """A cap is kept by what was shown. Raises `RefusedError` where the same may cost more by now."""
        for words in self._dearer(draft):
            raise RefusedError(words, hint="Ask again: it is shown anew.")

    def _dearer(self, draft: Draft) -> tuple[str, ...]:
        """The sentence, where it is so; none where its provider is gone, which others tell."""
        model = draft.model
        try:
            dearer = is_dearer(self._cloud.model(model.full_name).price, model.price)
        except (UsageError, RefusedError):
            return ()
        return (DEARER.format(name=model.name or model.id),) if dearer else ()

    def check_still_allowed(self, preview: Preview) -> None:
        """What was accepted may have become private or dearer, or its provider another one. Raises `RefusedError`."""
        draft = preview.draft
        if not self._cloud.enabled:
            raise RefusedError(CLOUD_OFF)
        if self._around.projects.is_private(draft.conversation_id):
            raise RefusedError(PRIVATE_PROJECT)
        if not self.is_unchanged(draft):
            raise RefusedError(
                "Something in it was deleted since, or has become private: nothing was sent.", hint="Ask again."
            )
        provider = self._cloud.provider(preview.provider.id)
        if provider.base_url != preview.provider.base_url:
            raise RefusedError(ANOTHER_ADDRESS.format(name=provider.name), hint="Ask again.")
        self.check_price(draft)


def _after(pieces: Sequence[Piece]) -> int:
    """The index of the message that follows them."""
    return 1 + max((piece.index for piece in pieces), default=0)
