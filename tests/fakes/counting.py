"""What counts tokens, as a fake: words, and a model that is loaded where a test says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.chat.escalating.tokenizing import Found, Sources, TokenCounts
from workbench.engine.counting.keeper import Keeper
from workbench.errors import WorkbenchError
from workbench.messages import ChatRequest
from workbench.ports import ChatBackend


@dataclass
class Words:
    """Counts the words of texts, or of the messages of a request; or fails with ``error``."""

    error: WorkbenchError | None = None
    closed: int = 0

    def count(self, question: Sequence[str] | tuple[Path, ChatRequest], _cancel: CancelToken) -> int:
        if self.error is not None:
            raise self.error
        return sum(len(text.split()) for text in _texts(question))

    def close(self) -> None:
        self.closed += 1


def _texts(question: Sequence[str] | tuple[Path, ChatRequest]) -> list[str]:
    if isinstance(question[-1], ChatRequest):
        return [message.text for message in question[-1].messages]
    return [text for text in question if isinstance(text, str)]


def counts_of(
    loaded: Callable[[], tuple[str, ChatBackend] | None] = lambda: None,
    found: Sequence[Found] = (),
    vocabulary: Words | None = None,
    published: Words | None = None,
) -> TokenCounts:
    """Close it."""
    there, public = vocabulary or Words(), published or Words()
    return TokenCounts(Sources(loaded, lambda: found, Keeper(lambda _cancel: there), Keeper(lambda _cancel: public)))
