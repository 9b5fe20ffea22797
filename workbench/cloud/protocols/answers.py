"""How an answer is read, whatever its dialect: payloads in, pieces out, and what it came to. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from workbench.cloud.provider import Billed
from workbench.messages import Finish, ReasoningDelta, TextDelta, ToolCallDelta

Piece = TextDelta | ReasoningDelta | ToolCallDelta


class AnswerReader(Protocol):
    """Takes the payloads of one answer in order. Raises `CloudError` for an error in it, and for what is no answer."""

    finish: Finish | None  # why it ended; None: it has not, as far as it says
    billed: Billed | None  # the count after all that was said; None where something was said since
    so_far: Billed | None  # the last count, also of a part
    withheld: str | None  # the provider held the answer back, or broke it off; why, empty where it does not say

    @property
    def done(self) -> bool:
        """Nothing comes any more."""
        ...

    def read(self, payload: str) -> Iterator[Piece]: ...

    def whole(self, body: str) -> Iterator[Piece]:
        """An answer that came at once, though a stream was asked for."""
        ...

    def end(self) -> Iterator[Piece]:
        """What was held back. After it, ``finish`` None says that the answer was cut."""
        ...


def text_of(value: Any) -> str:
    """A text, or the texts of a list of parts."""
    if isinstance(value, list):
        return "".join(text_of(part.get("text")) for part in value if isinstance(part, dict))
    return value if isinstance(value, str) else ""
