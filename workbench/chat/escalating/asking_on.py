"""The requests of one answer of a provider, round by round: each but the accepted first is a consent of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from workbench.chat.attaching.request import reserve_for
from workbench.chat.escalating.call import Call
from workbench.chat.escalating.counting import tokens_of_messages
from workbench.chat.escalating.escalation import Preview
from workbench.chat.escalating.growing import is_grown
from workbench.chat.escalating.refusing import LEAST_ANSWER_TOKENS
from workbench.chat.escalating.resuming import grown_messages
from workbench.chat.events import Preparing
from workbench.chat.tooling.requests import Halt
from workbench.chat.tooling.told import messages_of
from workbench.errors import Cancelled
from workbench.jobs import Job
from workbench.messages import Part, StreamEvent, Timings, Usage

USUAL_CONTEXT: Final = 32_768  # of a model of which nobody knows it

Further = Callable[[str, bool], Call | Halt]
"""The next request, reserved, or why there is none: by why no more tools may be called, and whether none are offered."""


class CloudRequests:
    """`AsksModel` over a provider. Of one answer, in one thread."""

    def __init__(
        self, preview: Preview, call: Call | None, further: Further, save: Callable[[], None], job: Job
    ) -> None:
        """``preview``: what was sent last, or is sent first. ``call``: what was accepted, and is sent first. ``save``: puts
        the answer on the disk, before a person is asked about what it holds."""
        self.preview = preview
        self.halt: Halt | None = None
        self._call, self._further, self._save, self._job = call, further, save, job
        self._last: Call | None = None
        sent = [piece for piece in preview.draft.pieces if is_grown(piece, preview.draft.grows)]
        self._covered = tokens_of_messages(grown_messages(sent))

    def stream(
        self, parts: Sequence[Part], closing: str = "", *, is_first: bool = False, without_tools: bool = False
    ) -> Iterator[StreamEvent]:
        """See `AsksModel.stream`."""
        del is_first  # what was accepted goes first, whatever came before it
        call, self._call = self._call, None
        if call is None:
            self._save()
            found = self._further(closing, without_tools)
            if isinstance(found, Halt):
                self.halt = found
                return
            call = found
        if self._job.cancel.cancelled:  # nothing has left by now
            call.drop()
            raise Cancelled
        self._last, self.preview, self._covered = call, call.preview, _tokens(parts)
        try:
            self._job.emit(Preparing(f"Asking {call.provider.name}…"))
        except BaseException:  # nothing has left: what was counted at its most is free again
            call.drop()
            raise
        yield from call.stream(self._job.cancel)

    def drop(self) -> None:
        """What was accepted and never asked is not charged."""
        if self._call is not None:
            self._call.drop()

    def timings(self) -> Timings:
        """Of the last request."""
        return Timings() if self._last is None else self._last.timings()

    def left(self, parts: Sequence[Part], known: Usage) -> int:
        """See `AsksModel.left`."""
        if known.prompt_tokens is not None and known.completion_tokens is not None:
            return self._context - known.prompt_tokens - known.completion_tokens - self._reserve
        return self._context - self._so_far(parts) - self._reserve

    def too_many(self, parts: Sequence[Part]) -> int:
        """See `AsksModel.too_many`. Our count is from above: an answer of the least length has room for sure."""
        if self.preview.draft.model.context_tokens is None:
            return 0
        return self._so_far(parts) + LEAST_ANSWER_TOKENS - self._context

    @property
    def _context(self) -> int:
        return self.preview.draft.model.context_tokens or USUAL_CONTEXT

    @property
    def _reserve(self) -> int:
        return reserve_for(self.preview.draft.most_tokens, self._context)

    def _so_far(self, parts: Sequence[Part]) -> int:
        return self.preview.prompt_tokens - self._covered + _tokens(parts)


def _tokens(parts: Sequence[Part]) -> int:
    return tokens_of_messages(messages_of(parts, running=True))
