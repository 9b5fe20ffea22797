"""The cloud without a network: escalations that keep their contract, over real chats and consents.

`FakeEscalations` hides mail addresses only, counts words as tokens, and answers with what the test wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.fakes.backend import Step, perform
from workbench.cancel import CancelToken
from workbench.chat.escalating.counts import Count, CountedBy, Uncounted
from workbench.chat.escalating.escalation import (
    SOURCE_PREFIX,
    Draft,
    HandOff,
    Mode,
    Piece,
    PieceKind,
    Preview,
)
from workbench.chat.events import TurnStarted
from workbench.chat.store import ConversationStore
from workbench.chat.tree import Node, path_to
from workbench.chat.turn_rows import Outcome
from workbench.cloud.asking import NextStep, Outgoing
from workbench.cloud.hiding.redaction import Hidden, Redacted, Redaction
from workbench.cloud.provider import Billed, CloudModel, Price, Provider, Retention, Rung
from workbench.cloud.spending.money import CAPS, Range, Remaining
from workbench.consents.consent import Consent, ConsentKind, Consents, ConsentState, Question, Scope
from workbench.errors import UsageError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.messages import (
    ChatRequest,
    Finish,
    Finished,
    Id,
    Message,
    Role,
    StreamEvent,
    TextDelta,
    Timings,
    ToolCallDelta,
    ToolResult,
    Usage,
    assistant,
)

OPENROUTER = Provider(
    "openrouter",
    "OpenRouter",
    "https://openrouter.ai/api/v1",
    chat_page="https://openrouter.ai/chat",
    retention=Retention("Prompts are not kept unless you allow it.", "https://openrouter.ai/docs", "2026-11-01"),
)
ANTHROPIC = Provider("anthropic", "Anthropic", "https://api.anthropic.com/v1", chat_page="https://claude.ai")
PRICE = Price(150_000, 600_000, source="assets", date="2026-11-01")
OPEN_MODEL = CloudModel(
    "openrouter", "gpt-oss-120b", "gpt-oss-120b", Rung.OPEN, "gpt-oss", 131_072, 32_768, price=PRICE
)
FRONTIER_MODEL = CloudModel(
    "anthropic", "claude-opus", "Claude Opus", Rung.FRONTIER, "", 200_000, 32_000, sees=True,
    price=Price(4_000_000, 20_000_000, source="assets", date="2026-11-01"),
)  # fmt: skip
UNPRICED_MODEL = CloudModel("openrouter", "new-model", "New model", Rung.FRONTIER)
MODELS = (OPEN_MODEL, FRONTIER_MODEL, UNPRICED_MODEL)
MAIL = re.compile(r"[\w.]+@[\w.]+\w")


@dataclass
class FakeEscalations:
    """``answer``: what the next one says, or raises. ``refused``, ``steps``: added to each preview. ``sent``: what left.
    ``counts``: tokens are counted, which takes a moment."""

    store: ConversationStore
    consents: Consents
    bus: Bus
    answer: str | WorkbenchError = "A better answer."
    refused: tuple[str, ...] = ()
    steps: tuple[NextStep, ...] = ()
    models: Sequence[CloudModel] = MODELS
    left: Remaining = Remaining(1_250_000, CAPS[1])
    counts: bool = False
    sent: list[bytes] = field(default_factory=list)
    kept: dict[Id, Preview] = field(default_factory=dict)
    turns: dict[Id, Preview] = field(default_factory=dict)

    def draft(self, message_id: Id, job: Job, model: str = "", mode: Mode | None = None) -> Draft:
        conversation, node = self.store.node(message_id)
        question = node
        if node.message.role is Role.ASSISTANT:
            question = next(one for one in conversation.nodes if one.id == node.parent_id)
        mode = mode or Mode.QUESTION
        path = path_to(conversation, question.id) if mode is Mode.BRANCH else (question,)
        pieces = [Piece("system", PieceKind.SYSTEM, "System", "Be brief.", 0)]
        for place, one in enumerate(path, 1):
            asked = one.message.role is Role.USER
            kind = PieceKind.QUESTION if asked else PieceKind.ANSWER
            title = "Your question" if asked else "Answer"
            text = one.message.text
            pieces.append(Piece(f"message-{one.id}", kind, title, text, place, needed=one.id == question.id))
        pieces.append(
            Piece("passage-1", PieceKind.PASSAGE, "secret.txt", "Private words.", len(path), kept=False, private=True,
                  note="Its folder is private: it never leaves."),
        )  # fmt: skip
        if mode is Mode.CONDENSED:
            pieces = [Piece("brief", PieceKind.BRIEF, "Brief", f"A brief: {question.message.text}", 1, needed=True)]
        if mode is Mode.CHECK and node is not question:
            pieces.append(Piece("answer", PieceKind.ANSWER, "The local answer", node.message.text, 2, needed=True))
            pieces.append(Piece("check", PieceKind.INSTRUCTION, "What to do", "What is wrong with it?", 3, needed=True))
        chosen = next((one for one in self.models if one.full_name == model), self.models[0])
        answer = node.id if node is not question else None
        return Draft(conversation.id, question.id, answer, chosen, mode, tuple(pieces), 4_096)

    def preview(self, draft: Draft) -> Preview:
        kept = [piece.text for piece in draft.pieces if piece.kept and not piece.private]
        found = sorted({mail for text in kept for mail in MAIL.findall(text)} - set(draft.shown))
        redactions = []
        for number, original in enumerate(found if draft.redact else (), 1):
            hidden = f"[EMAIL_{number}]"
            redactions.append(Redaction(Hidden.EMAIL, original, hidden, sum(text.count(original) for text in kept)))
            kept = [text.replace(original, hidden) for text in kept]
        body = json.dumps({"model": draft.model.id, "messages": kept, "max_tokens": draft.most_tokens}).encode()
        tokens, price = sum(len(text.split()) for text in kept), draft.model.price
        low = 0 if price is None else -(-tokens * price.input_micros // 1_000_000)
        high = 0 if price is None else low + -(-draft.most_tokens * price.output_micros // 1_000_000)
        provider = ANTHROPIC if draft.model.provider == "anthropic" else OPENROUTER
        unpriced = ("The price of this model is not known.",) if price is None else ()
        return Preview(
            draft,
            provider,
            Outgoing(f"{provider.base_url}/chat/completions", {}, body),
            Count(tokens, tokens, CountedBy.ESTIMATE, Uncounted.COMING if self.counts else Uncounted.UNPUBLISHED),
            tuple(redactions),
            None if price is None else Range(low, high),
            self.left,
            (*unpriced, *self.refused),
            self.consents.stands(ConsentKind.CLOUD, provider.subject, draft.conversation_id),
            (*((NextStep.GIVE_PRICE,) if price is None else ()), *self.steps),
        )

    def counted(self, draft: Draft, cancel: CancelToken | None = None) -> Preview:
        preview = self.preview(draft)
        return replace(preview, count=Count(preview.count.most, preview.count.most + 30, CountedBy.PUBLISHED))

    def propose(self, preview: Preview) -> Consent:
        if preview.refused:
            raise UsageError(preview.refused[0])
        request = {
            "destination": preview.provider.host,
            "provider": preview.provider.id,
            "model": preview.draft.model.full_name,
            "mode": preview.draft.mode.value,
            "body": preview.body,
            "body_sha256": preview.outgoing.hash,
        }
        question = Question(
            ConsentKind.CLOUD,
            preview.provider.subject,
            f"Send this to {preview.provider.name}?",
            request,
            conversation_id=preview.draft.conversation_id,
            message_id=preview.draft.answer_id or preview.draft.question_id,
            scopes=(Scope.ONCE, Scope.CHAT, Scope.ALWAYS),
        )
        consent = self.consents.ask(question)
        self.kept[consent.id] = preview
        return consent

    def previewed(self, consent_id: Id) -> Preview:
        if consent_id not in self.kept:
            raise UsageError("There is no such question.")
        return self.kept[consent_id]

    def of_turn(self, turn_id: Id) -> Preview | None:
        return self.turns.get(turn_id)

    def is_unsent(self, consent_id: Id) -> bool:
        return self.previewed(consent_id).outgoing.body not in self.sent

    def waiting(self, body_hash: str) -> Consent:
        for consent in self.consents.list():
            if consent.id in self.kept and self.kept[consent.id].outgoing.hash.startswith(body_hash):
                return consent
        raise UsageError("Nothing with this hash waits.")

    def send(self, consent_id: Id, job: Job) -> Node:
        preview = self.previewed(consent_id)
        if self.consents.get(consent_id).state is not ConsentState.ACCEPTED or preview.outgoing.body in self.sent:
            raise UsageError("This was not accepted, or was sent before.")
        self.sent.append(preview.outgoing.body)
        draft = preview.draft
        _asked, answer, turn = self.store.begin_turn(
            draft.conversation_id, draft.question_id, None,
            model=draft.model.full_name, backend=f"{SOURCE_PREFIX}{preview.provider.id}",
        )  # fmt: skip
        self.turns[turn.id] = preview
        job.emit(TurnStarted(draft.conversation_id, None, answer))
        if isinstance(self.answer, WorkbenchError):
            error = self.answer
            failed = Outcome(Finish.ERROR, error=error.message, hint=error.hint, error_kind=error.kind)
            self.store.finish_turn(turn.id, answer.id, (), failed)
            self.bus.publish(Topic.CHATS, origin=job.id)
            raise error
        done = Finished(
            Finish.STOP, Usage(preview.prompt_tokens, 0, len(self.answer.split())), Timings(0.4, None, 120.0, 4.0)
        )
        for event in (TextDelta(self.answer), done):
            job.emit(event)
        said = assistant(self.answer)
        outcome = Outcome(done.finish, done.usage, done.timings)
        self.store.finish_turn(turn.id, answer.id, said.parts, outcome)
        self.bus.publish(Topic.CHATS, Topic.CLOUD, origin=job.id)
        return replace(answer, message=said, turn=replace(turn, finish=done.finish, usage=done.usage))

    def hand_off(self, draft: Draft) -> HandOff:
        provider = self.preview(draft).provider
        text = "\n\n".join(piece.text for piece in draft.pieces if piece.kept and not piece.private)
        return HandOff(text, provider.chat_page, provider.name)

    def paste_back(self, draft: Draft, text: str, name: str) -> Node:
        if not text.strip():
            raise UsageError("There is nothing to paste.")
        _asked, answer, turn = self.store.begin_turn(
            draft.conversation_id, draft.question_id, None, model=name, backend=f"handoff:{name}"
        )
        self.store.finish_turn(turn.id, answer.id, assistant(text).parts, Outcome(Finish.STOP))
        self.bus.publish(Topic.CHATS)
        return replace(answer, message=assistant(text))


class MailRedactor:
    """Hides mail addresses and ``own`` words only."""

    def redact(
        self,
        texts: Sequence[str],
        *,
        own: Sequence[str] = (),
        shown: Sequence[str] = (),
        before: Sequence[Redaction] = (),
        beside: Sequence[str] = (),
    ) -> Redacted:
        found = [mail for text in texts for mail in MAIL.findall(text)]
        words = [*dict.fromkeys(found), *(word for word in own if any(word in text for text in texts))]
        redactions = []
        known = {one.original: one.placeholder for one in before}
        for number, original in enumerate((one for one in words if one not in shown), 1 + len(known)):
            kind = Hidden.EMAIL if original in found else Hidden.OWN
            placeholder = known.get(original, f"[{kind.value.upper()}_{number}]")
            count = sum(text.count(original) for text in texts)
            redactions.append(Redaction(kind, original, placeholder, count))
            texts = [text.replace(original, placeholder) for text in texts]
        return Redacted(tuple(texts), tuple(redactions))


@dataclass
class WholeRestorer:
    """Waits for the closing bracket."""

    redactions: Sequence[Redaction]
    held: str = ""

    def feed(self, text: str) -> str:
        self.held += text
        for one in self.redactions:
            self.held = self.held.replace(one.placeholder, one.original)
        place = self.held.rfind("[")
        said, self.held = (self.held, "") if place < 0 else (self.held[:place], self.held[place:])
        if "]" in self.held:
            said, self.held = said + self.held, ""
        return said

    def rest(self) -> str:
        said, self.held = self.held, ""
        return said


@dataclass
class ScriptedReply:
    """``steps`` as of `ScriptedBackend`; ``counted``: what the provider tells at the end, ``running`` before it."""

    steps: Sequence[Step]
    counted: Billed | None
    cancel: CancelToken
    running: Billed | None = None
    over: bool = False
    closed: bool = False

    def events(self) -> Iterator[StreamEvent]:
        said = 0
        for step in self.steps:
            self.cancel.check()
            event = perform(step, self.cancel)
            if event is not None:
                said += 1
                yield event
        self.over = True
        told = self.counted
        calls = any(isinstance(step, ToolCallDelta) for step in self.steps)
        yield Finished(
            Finish.TOOL_CALLS if calls else Finish.STOP,
            Usage() if told is None else Usage(told.prompt_tokens, None, told.completion_tokens),
        )

    @property
    def billed(self) -> Billed | None:
        return self.counted if self.over else None

    @property
    def so_far(self) -> Billed | None:
        return self.counted if self.over else self.running

    def close(self) -> None:
        self.closed = True


@dataclass
class ScriptedClient:
    """A `CloudClient` that reaches nobody. ``failure``: what `send` raises before the first token. ``running``: what it
    has counted before the end. ``rounds``: what it answers before ``steps``, one for each request."""

    steps: Sequence[Step] = (TextDelta("A better "), TextDelta("answer."))
    rounds: list[Sequence[Step]] = field(default_factory=list)
    counted: Billed | None = Billed(120, 0, 0, 7)
    running: Billed | None = None
    failure: Exception | None = None
    cannot: str = ""
    asked: list[ChatRequest] = field(default_factory=list)
    sent: list[tuple[Provider, Outgoing, str]] = field(default_factory=list)
    replies: list[ScriptedReply] = field(default_factory=list)

    def outgoing(self, provider: Provider, model: CloudModel, request: ChatRequest) -> Outgoing:
        if self.cannot:
            raise UsageError(self.cannot)
        self.asked.append(request)
        messages = [{"role": one.role.value, "content": _content(one)} for one in request.messages]
        told: dict[str, Any] = {"model": model.id, "messages": messages, "max_tokens": request.max_tokens}
        if request.tools:
            told["tools"] = [tool.name for tool in request.tools]
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        return Outgoing(f"{provider.base_url}/chat/completions", {"content-type": "application/json"}, body)

    def send(self, provider: Provider, outgoing: Outgoing, key: str, cancel: CancelToken) -> ScriptedReply:
        self.sent.append((provider, outgoing, key))
        if self.failure is not None:
            raise self.failure
        steps = self.rounds.pop(0) if self.rounds else self.steps
        reply = ScriptedReply(steps, self.counted, cancel, self.running)
        self.replies.append(reply)
        return reply


def _content(message: Message) -> str:
    """What it says, or what a tool gave."""
    return message.text or "\n".join(part.text for part in message.parts if isinstance(part, ToolResult))
