"""The best passages once more, read beside the question by a reranker: slower and more exact than what found them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from workbench.cancel import CancelToken
from workbench.documents.collection import Chunk
from workbench.errors import EngineError, ModelError

JUDGED: Final = 30  # passages
AT_ONCE: Final = 6
MOST_SECONDS: Final = 3.0  # then the others stay in the order in which they were found
LENGTHS: Final = (3_000, 1_200, 400)  # characters of a passage: what is too long for the model is cut shorter
LEFT_ALONE_SECONDS: Final = 60.0
_SHORT: Final = "."
_QUESTION: Final = 400  # characters of a question


class Ranker(Protocol):
    """As `ports.Ranker`."""

    def rank(self, question: str, texts: Sequence[str], cancel: CancelToken) -> tuple[float, ...]: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """``scores`` by passage, of those that were read, to be compared with each other only. ``problem``: why none was."""

    scores: Mapping[int, float] = field(default_factory=dict)
    problem: str = ""


class Judge:
    """``ranker``: what ranks now, None where a person wants none; raises `ModelError` where it is gone. One that
    failed is left alone for a minute: no search waits for an engine that does not start. Any thread."""

    def __init__(self, ranker: Callable[[], Ranker | None], clock: Callable[[], float] = time.monotonic) -> None:
        self._ranker = ranker
        self._clock = clock
        self._failed, self._failed_until = "", 0.0

    def judge(
        self,
        question: str,
        best: Sequence[int],
        chunks: Callable[[Sequence[int]], Mapping[int, tuple[int, Chunk]]],
        cancel: CancelToken,
    ) -> Judged:
        """``best``: ids of passages, the best first; ``chunks``: what stands in them. Raises `Cancelled`."""
        try:
            ranker = self._ranker()
            if ranker is None:
                return Judged()
            if self._clock() < self._failed_until:
                return Judged(problem=self._failed)
            return Judged(self._judged(ranker, question[:_QUESTION], best[:JUDGED], chunks, cancel))
        except ModelError as error:
            return Judged(problem=error.message)
        except EngineError as error:
            self._failed, self._failed_until = error.message, self._clock() + LEFT_ALONE_SECONDS
            return Judged(problem=error.message)

    def _judged(
        self,
        ranker: Ranker,
        question: str,
        best: Sequence[int],
        chunks: Callable[[Sequence[int]], Mapping[int, tuple[int, Chunk]]],
        cancel: CancelToken,
    ) -> dict[int, float]:
        texts = {one: _text(chunk) for one, (_content, chunk) in chunks(best).items()}
        there = [one for one in best if one in texts]
        until = self._clock() + MOST_SECONDS
        scores: dict[int, float] = {}
        for begin in range(0, len(there), AT_ONCE):
            if self._clock() >= until:
                break
            some = there[begin : begin + AT_ONCE]
            found = _ranked(ranker, question, [texts[one] for one in some], cancel)
            scores.update(zip(some, found, strict=True))
        return scores


def _ranked(ranker: Ranker, question: str, texts: Sequence[str], cancel: CancelToken) -> tuple[float, ...]:
    for length in LENGTHS:
        cancel.check()
        try:
            return ranker.rank(question, [text[:length] for text in texts], cancel)
        except EngineError:
            if length == LENGTHS[-1]:
                raise
            ranker.rank(question, [_SHORT], cancel)  # raises where length is not what is wrong
    return ()


def _text(chunk: Chunk) -> str:
    return "\n".join(piece for piece in (" > ".join(chunk.headings), chunk.text) if piece)
