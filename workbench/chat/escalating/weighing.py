"""What an answer can have cost, by what was seen of it, and how long it may be. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from workbench.chat.escalating.counting import (
    PICTURE_TOKENS,
    TOKENS_OF_CALL,
    TOKENS_OF_MESSAGE,
    TOKENS_OF_REQUEST,
    TOKENS_OF_TOOLS,
    said_tokens,
    tokens_of_text,
)
from workbench.chat.escalating.escalation import PieceKind, Preview
from workbench.chat.escalating.offering import offers_any
from workbench.cloud.asking import CloudError
from workbench.cloud.provider import Billed
from workbench.cloud.spending.money import Bounds
from workbench.messages import Part, Reasoning, ReasoningDelta, StreamEvent, Text, TextDelta, ToolCall, ToolCallDelta

SHARE_OF_LEAST: Final = 4
"""Our count is from above: tokenizers make about half of it, of long numbers a third. Less than a quarter is no count."""
SHARE_OF_MOST: Final = 4
"""By the same count an answer may be so many times as long as was asked for: about twice as long in truth."""
_OF_TEMPLATES: Final = TOKENS_OF_REQUEST + 10 * TOKENS_OF_MESSAGE  # what templates may say, or not
_FRAMED: Final = (PieceKind.TOOL, PieceKind.CALL, PieceKind.RESULT)
_COUNTED_AT_ONCE: Final = 512


def said(parts: Sequence[Part]) -> int:
    """Tokens of an answer, from above."""
    return said_tokens(part.text for part in parts if isinstance(part, Text | Reasoning | ToolCall))


def our_count(preview: Preview, parts: Sequence[Part]) -> Billed | None:
    """None where the model may have thought unseen, which is charged too."""
    draft = preview.draft
    thinks = bool(draft.model.efforts) or draft.effort is not None
    if thinks and not any(isinstance(part, Reasoning) for part in parts):
        return None
    return Billed(preview.prompt_tokens, completion_tokens=said(parts))


def bounds_of(preview: Preview, parts: Sequence[Part]) -> Bounds:
    """An answer may be longer than was asked for, as thoughts do not count everywhere: as long as its model can. Of an
    address of the person's own nobody vouches for what its model can."""
    draft, model = preview.draft, preview.draft.model
    pictures = sum(piece.kind is PieceKind.PICTURE and piece.kept for piece in draft.pieces)
    frames = sum(piece.kind in _FRAMED and piece.kept for piece in draft.pieces)
    told = TOKENS_OF_TOOLS if offers_any(draft.pieces) else 0
    words = preview.prompt_tokens - PICTURE_TOKENS * pictures - _OF_TEMPLATES - told - TOKENS_OF_CALL * frames
    if preview.counted:  # what was counted is there, whatever is told of tools and pictures
        words = preview.count.least
    least = Billed(max(1, words // SHARE_OF_LEAST), completion_tokens=said(parts) // SHARE_OF_LEAST)
    room = 0 if preview.provider.own else model.context_tokens or 0
    longest = 0 if preview.provider.own else model.most_output_tokens or room
    most = Billed(max(2 * preview.prompt_tokens, room), completion_tokens=max(2 * draft.most_tokens, longest))
    return Bounds(least, most)


class Room:
    """Of an answer of ``most_tokens``: what a provider may send before it is hung up."""

    def __init__(self, most_tokens: int) -> None:
        self._left = SHARE_OF_MOST * most_tokens
        self._uncounted = ""
        self.is_full = False

    def cut(self, event: StreamEvent) -> StreamEvent | None:
        """As much of ``event`` as there is room for; None: there is none."""
        text = _text_of(event)
        self._uncounted += text
        if len(self._uncounted) < _COUNTED_AT_ONCE:
            return event
        # No text has fewer tokens than a quarter of its signs: the longest ones need no counting.
        if len(self._uncounted) <= SHARE_OF_MOST * self._left:
            tokens = tokens_of_text(self._uncounted)
            if tokens <= self._left:
                self._left -= tokens
                self._uncounted = ""
                return event
        self.is_full = True
        return replace(event, text=text[: self._left]) if isinstance(event, TextDelta | ReasoningDelta) else None


def endless(name: str) -> CloudError:
    return CloudError(
        f"{name} writes on beyond the longest answer that was asked for: it was cut off.",
        hint="What came stays, and is charged by estimate. Ask another model, or somebody else.",
    )


def _text_of(event: StreamEvent) -> str:
    match event:
        case TextDelta() | ReasoningDelta():
            return event.text
        case ToolCallDelta():
            return event.name + event.arguments
        case _:
            return ""
