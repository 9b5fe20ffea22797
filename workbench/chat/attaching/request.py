"""The messages of one request with its attachments, as the model that answers can take them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

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
from workbench.chat.tree import Node, Seen
from workbench.errors import ModelError, StorageError
from workbench.messages import Attachment, ChatRequest, Image, assistant
from workbench.ports import BackendInfo, ChatBackend

WANTED_FOR_ANSWER = 1024


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
    """What is asked: a branch, and what stands in the composer. ``partial``: the answer that is gone on with."""

    branch: Sequence[Node]
    seen: Seen
    system: str
    draft: str = ""
    attachments: Sequence[Attachment] = ()
    partial: str = ""

    def messages(self, given: Mapping[str, str]) -> Messages:
        said = context.messages_for(
            self.branch, self.system, self.draft, self.seen, attachments=self.attachments, given=given
        )
        return (*said, assistant(self.partial)) if self.partial else said

    def fitted(
        self,
        backend: ChatBackend,
        request: Callable[[Messages], ChatRequest],
        wanted_tokens: int | None,
        cancel: CancelToken,
    ) -> Fitted:
        """Its documents whole, or as much of them as there is room for beside an answer."""
        limit = backend.info.context_tokens
        reserve = max(context.ANSWER_RESERVE_TOKENS, min(wanted_tokens or WANTED_FOR_ANSWER, limit // 4))
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


def as_the_model_can_take(messages: Messages, info: BackendInfo, pictures: Pictures) -> Messages:
    """With the pictures themselves for a model that sees. One that does not is not sent earlier pictures.

    Raises `CannotSeeError` where it is asked about some, `StorageError` where a picture is gone.
    """
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
