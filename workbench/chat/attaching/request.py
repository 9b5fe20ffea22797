"""The messages of one request with its attachments, as the model that answers can take them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.cancel import CancelToken
from workbench.chat.attaching.given import (
    Fitted,
    Fitting,
    Messages,
    with_pictures,
    without_pictures,
)
from workbench.chat.context import context
from workbench.chat.context.room import FILLED_SHARE, part_seen
from workbench.chat.tooling.told import messages_of, without_tools
from workbench.chat.tree import Node, Seen
from workbench.errors import ModelError, StorageError
from workbench.messages import Attachment, ChatRequest, Image, Part, Sources, UsedPrompt
from workbench.ports import BackendInfo, ChatBackend

WANTED_FOR_ANSWER = 1024
LEFT_OUT_PASSAGES = "The passages of earlier questions were left out, for the context is full."
LEFT_OUT_RESULTS = "What tools found for earlier questions was left out, for the context is full."


class CannotSeeError(ModelError):
    """The question has pictures, and the model does not see."""

    kind = "cannot_see"


def _no_pictures(attachment: Attachment) -> Image:
    raise StorageError(f"The picture {attachment.name} is not kept anywhere.")


@dataclass(frozen=True, slots=True)
class Pictures:
    """``load`` gives what a model is sent; ``seeing`` the names of models on this disk that see."""

    load: Callable[[Attachment], Image] = _no_pictures
    seeing: Callable[[], Sequence[str]] = lambda: ()


NO_PICTURES = Pictures()


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked: a branch, and what stands in the composer. ``grown``: of the answer that is gone on with. ``sources``:
    what the last question's answer is to stand on. ``alone``: earlier questions stand without their passages.
    ``prompt``: the saved prompt that the draft is written with."""

    branch: Sequence[Node]
    seen: Seen
    system: str
    draft: str = ""
    attachments: Sequence[Attachment] = ()
    grown: Sequence[Part] = ()
    sources: Sources = Sources()
    alone: bool = False
    prompt: UsedPrompt | None = None

    def messages(self, given: Mapping[str, str]) -> Messages:
        said = context.messages_for(
            self.branch,
            self.system,
            self.draft,
            self.seen,
            attachments=self.attachments,
            given=given,
            sources=self.sources,
            without_earlier_passages=self.alone,
            prompt=self.prompt,
        )
        return (*said, *messages_of(self.grown, running=True))

    def fitted(
        self,
        backend: ChatBackend,
        request: Callable[[Messages], ChatRequest],
        wanted_tokens: int | None,
        cancel: CancelToken,
    ) -> Fitted:
        """Its documents whole, or as much of them as there is room for beside an answer. Where there is none, passages of
        earlier questions make room first."""
        limit = backend.info.context_tokens
        fitted = self._fitted(backend, request, wanted_tokens, cancel)
        if not context.has_earlier_passages(self.branch, self.seen):
            return fitted
        if self.alone:
            found = context.has_earlier_results(self.branch, self.seen)
            told = LEFT_OUT_RESULTS if found else LEFT_OUT_PASSAGES
            return replace(fitted, note=" ".join(note for note in (fitted.note, told) if note))
        if context.surely_fits(fitted.messages, limit):
            return fitted
        tokens = backend.count_tokens(request(fitted.messages), cancel) if fitted.tokens is None else fitted.tokens
        if tokens <= limit - reserve_for(wanted_tokens, limit):
            return replace(fitted, tokens=tokens)
        return replace(self, alone=True).fitted(backend, request, wanted_tokens, cancel)

    def _fitted(
        self,
        backend: ChatBackend,
        request: Callable[[Messages], ChatRequest],
        wanted_tokens: int | None,
        cancel: CancelToken,
    ) -> Fitted:
        limit = backend.info.context_tokens
        reserve = reserve_for(wanted_tokens, limit)
        fitting = Fitting(
            self.messages,
            lambda messages: backend.count_tokens(request(messages), cancel),
            lambda messages: context.surely_fits(messages, limit),
            limit - reserve,
            int(limit * FILLED_SHARE),
        )
        shown = part_seen(self.branch, self.seen)
        attached = [one for node in shown for one in node.message.attachments]
        questions = [self.draft, *(node.message.text for node in reversed(shown) if node.message.attachments)]
        last = next((node.message.text for node in reversed(shown) if node.message.role == "user"), "")
        return fitting.fit([*attached, *self.attachments], " ".join([*questions[:2], last]))


def reserve_for(wanted_tokens: int | None, context_tokens: int) -> int:
    """Tokens that are kept free for an answer."""
    return max(context.ANSWER_RESERVE_TOKENS, min(wanted_tokens or WANTED_FOR_ANSWER, context_tokens // 4))


def as_the_model_can_take(messages: Messages, info: BackendInfo, pictures: Pictures) -> Messages:
    """With the pictures themselves for a model that sees. One that does not is not sent earlier pictures; one that knows
    no tools, what it would have to know them for.

    Raises `CannotSeeError` where it is asked about some, `StorageError` where a picture is gone.
    """
    messages = messages if info.tools else without_tools(messages)
    if info.vision:
        return with_pictures(messages, pictures.load)
    asked = next((message for message in reversed(messages) if message.role == "user"), None)
    if asked is not None and asked.attachments:
        seeing = [name for name in pictures.seeing() if name != info.model]
        hint = (
            f"Choose one that sees: {', '.join(seeing[:3])}."
            if seeing
            else "Install one that sees, with its projector."
        )
        raise CannotSeeError(f"{info.model} cannot see pictures.", hint=hint)
    return without_pictures(messages)
