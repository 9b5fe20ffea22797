"""The requests of one answer, round by round: each begins with all of the one before it, so that it is found again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from workbench.cancel import CancelToken
from workbench.chat.attaching.given import Messages
from workbench.chat.attaching.request import Pictures, as_the_model_can_take, reserve_for
from workbench.chat.context import context
from workbench.chat.tooling.told import messages_of
from workbench.messages import ChatRequest, Finish, Part, StreamEvent, Usage
from workbench.ports import ChatBackend


@dataclass(frozen=True, slots=True)
class Halt:
    """Why a model is not asked again by itself: ``finish`` and ``note`` are the answer's then."""

    finish: Finish
    note: str = ""


class AsksModel(Protocol):
    """The requests of one answer, whoever answers: a model here, or one of a provider. One thread."""

    @property
    def halt(self) -> Halt | None:
        """None while it may be asked. Set by `stream`, which then yields nothing."""
        ...

    def stream(
        self, parts: Sequence[Part], closing: str = "", *, is_first: bool = False, without_tools: bool = False
    ) -> Iterator[StreamEvent]:
        """Ask it to go on from ``parts``. ``closing``: why no more tools may be called. ``without_tools``: none are shown
        any more. Raises what the backend raises."""
        ...

    def left(self, parts: Sequence[Part], known: Usage) -> int:
        """Tokens that results may take beside an answer. ``known``: of the round before, where it was told."""
        ...

    def too_many(self, parts: Sequence[Part]) -> int:
        """Tokens by which the next request would leave too little for an answer; 0 or less: none."""
        ...


@dataclass(frozen=True, slots=True)
class Requests:
    """Those to a model here, or of another machine of the person's own. ``before``: what stands before the answer, with all
    that is attached. ``asked``: how it is asked, but for its messages; ``wanted``: the most tokens of one round.
    ``first``: tokens of the first request, None where nobody has counted. ``most``: tokens after which a round that nobody
    limited is ended; no room is kept free for them."""

    backend: ChatBackend
    before: Messages
    asked: ChatRequest
    wanted: int | None
    pictures: Pictures
    cancel: CancelToken
    first: int | None = None
    most: int | None = None

    @property
    def halt(self) -> Halt | None:
        """It is always asked."""
        return None

    def stream(
        self, parts: Sequence[Part], closing: str = "", *, is_first: bool = False, without_tools: bool = False
    ) -> Iterator[StreamEvent]:
        """See `AsksModel.stream`. Raises `ContextFullError`, `CannotSeeError`, and what the backend raises."""
        request = self.next(parts, closing, is_first=is_first, without_tools=without_tools)
        return self.backend.stream(request, self.cancel)

    def next(
        self, parts: Sequence[Part], closing: str = "", *, is_first: bool = False, without_tools: bool = False
    ) -> ChatRequest:
        """The request that goes on from ``parts``. ``closing``: why no more tools may be called. ``without_tools``: none
        are shown any more, so that all has to be read again.

        Raises `ContextFullError`, `CannotSeeError`, and what the backend raises.
        """
        messages = self._messages(parts, closing)
        taken = as_the_model_can_take(messages, self.backend.info, self.pictures)
        request = replace(self.asked, messages=taken, tools=() if without_tools else self.asked.tools)
        limit = self.backend.info.context_tokens
        counted = self.first if is_first else None
        if counted is None and context.surely_fits(messages, limit, self.asked.tools):
            return replace(request, max_tokens=self.wanted or self.most)
        tokens = self._count(messages) if counted is None else counted
        return replace(request, max_tokens=context.answer_budget(tokens, limit, self.wanted or self.most))

    def left(self, parts: Sequence[Part], known: Usage) -> int:
        """See `AsksModel.left`."""
        limit = self.backend.info.context_tokens
        if known.prompt_tokens is not None and known.completion_tokens is not None:
            return limit - known.prompt_tokens - known.completion_tokens - self._reserve
        return limit - self._count(self._messages(parts)) - self._reserve

    def too_many(self, parts: Sequence[Part]) -> int:
        """See `AsksModel.too_many`."""
        messages = self._messages(parts)
        limit = self.backend.info.context_tokens
        if context.surely_fits(messages, limit, self.asked.tools):
            return 0
        return self._count(messages) + self._reserve - limit

    @property
    def _reserve(self) -> int:
        return reserve_for(self.wanted, self.backend.info.context_tokens)

    def _messages(self, parts: Sequence[Part], closing: str = "") -> Messages:
        return (*self.before, *messages_of(parts, running=True, closing=closing))

    def _count(self, messages: Messages) -> int:
        return self.backend.count_tokens(replace(self.asked, messages=messages, prefix=""), self.cancel)
