"""What a search found before it chooses. Values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.documents.retrieval import fuse


@dataclass(frozen=True, slots=True)
class Candidates:
    """Scores by passage, and the content of each. ``exhausted``: there are no more. ``problem``: why meaning was not
    searched. ``judged``: what a reranker says of the best; ``unjudged``: why it was not asked."""

    words: Mapping[int, float]
    vectors: Mapping[int, float]
    contents: Mapping[int, int]
    exhausted: bool = False
    meaning: bool = False
    problem: str = ""
    judged: Mapping[int, float] | None = None
    unjudged: str = ""

    def scores(self) -> dict[int, float]:
        """By passage, from 0 to 1; the larger, the better."""
        return fuse.judged(fuse.fused(self.words, self.vectors), self.judged or {})
