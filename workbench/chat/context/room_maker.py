"""Makes room in a full context: fewer messages are sent, or a summary stands for the earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workbench.cancel import CancelToken
from workbench.chat.context import context, room
from workbench.chat.context.room import FILLED_SHARE, WhenFull
from workbench.chat.tree import Node, Seen
from workbench.errors import EngineError
from workbench.messages import ChatRequest, Effort, Message, Sampling, TextDelta
from workbench.ports import ChatBackend


@dataclass(frozen=True, slots=True)
class RoomMaker:
    """For one conversation with one backend. ``request``: how the next turn is asked, but for its messages; ``tell``
    hears what is going on, in words."""

    backend: ChatBackend
    request: ChatRequest
    system_text: str
    cancel: CancelToken
    tell: Callable[[str], None]

    def make(self, branch: Sequence[Node], seen: Seen, how: WhenFull) -> Seen:
        """What is sent of ``branch`` from now on; its last message is the question that found no room.

        Raises `ContextFullError` when that question alone does not fit, and what the backend raises.
        """
        limit = self.backend.info.context_tokens
        most = int(limit * FILLED_SHARE)
        if how is WhenFull.SUMMARISE:
            most -= room.summary_tokens(limit)
        shown = room.part_seen(branch, seen)

        def tokens_from(position: int) -> int:
            kept = Seen(shown[position].id, seen.summary)
            return self._tokens(context.messages_for(shown[position:], self.system_text, "", kept))

        first = room.first_to_keep(shown, lambda position: tokens_from(position) <= most)
        context.answer_budget(tokens_from(first), limit, None)  # the last question may still be too long by itself
        kept = Seen(shown[first].id, seen.summary)
        if how is not WhenFull.SUMMARISE or first == 0:
            return kept
        return replace(kept, summary=self._summary(shown[:first], seen.summary))

    def _summary(self, branch: Sequence[Node], summary: str) -> str:
        """Of what was summarised before and ``branch``: in several steps where it is too much for one."""
        limit = self.backend.info.context_tokens
        room_for_prompt = limit - room.summary_tokens(limit) - context.ANSWER_RESERVE_TOKENS
        left = tuple(branch)
        while left:
            part = self._largest_part(left, summary, room_for_prompt)
            self.tell("Summarising the earlier messages…" if len(left) > 1 else "Summarising the earlier message…")
            summary = self._ask(self._asked(left[:part], summary))
            left = left[part:]
        return summary

    def _largest_part(self, branch: Sequence[Node], summary: str, most_tokens: int) -> int:
        """How many messages can be summarised at once: at least one."""
        low, high = 1, len(branch)
        while low < high:
            middle = (low + high + 1) // 2
            fits = self._tokens(self._asked(branch[:middle], summary)) <= most_tokens
            low, high = (middle, high) if fits else (low, middle - 1)
        return low

    def _asked(self, branch: Sequence[Node], summary: str) -> tuple[Message, ...]:
        earlier = Seen(branch[0].id, summary) if branch else Seen()
        return room.asking_for_summary(context.messages_for(branch, self.system_text, "", earlier))

    def _ask(self, messages: tuple[Message, ...]) -> str:
        limit = self.backend.info.context_tokens
        request = ChatRequest(
            messages,
            max_tokens=room.summary_tokens(limit),
            sampling=Sampling(temperature=0.0),
            effort=self._least_effort(),
        )
        events = self.backend.stream(request, self.cancel)
        summary = "".join(event.text for event in events if isinstance(event, TextDelta)).strip()
        if not summary:
            raise EngineError("The model wrote no summary.", hint="Leave out the oldest messages instead.")
        return summary

    def _least_effort(self) -> Effort | None:
        return next(iter(self.backend.info.efforts), None)

    def _tokens(self, messages: tuple[Message, ...]) -> int:
        return self.backend.count_tokens(replace(self.request, messages=messages), self.cancel)
