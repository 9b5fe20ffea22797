"""What several methods found, as one order. Pure. How it was chosen: docs/retrieval.md."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

MEANING: Final = 0.65  # the share of the vectors; the words have the rest
AGAIN: Final = 0.85  # of its score, what a further passage of the same document keeps


def fused(words: Mapping[int, float], vectors: Mapping[int, float], meaning: float = MEANING) -> dict[int, float]:
    """The score of each passage that either method found, from 0 to 1; the larger, the better.

    ``words``: BM25, 0 where it is absent; ``vectors``: cosines, none where a passage has no vector yet. Each is measured by
    how far it stands out from the others of its method: one passage with the rare word of the question stands out more
    than the nearest of many that are all near.
    """
    found = words.keys() | vectors.keys()
    by_words = _outstanding({one: words.get(one, 0.0) for one in found})
    by_vectors = _outstanding(vectors)
    return {
        one: _squeezed((1 - meaning) * by_words[one] + meaning * by_vectors.get(one, 0.0) if vectors else by_words[one])
        for one in found
    }


def judged(scores: Mapping[int, float], judgements: Mapping[int, float]) -> dict[int, float]:
    """``scores`` of passages, put in the order of their ``judgements``: those that were judged keep their places together
    and change them among each other. Judgements of different models have different scales, so only their order counts."""
    some = [one for one in judgements if one in scores]
    places = sorted((scores[one] for one in some), reverse=True)
    ordered = sorted(some, key=lambda one: (-judgements[one], -scores[one], one))
    return {**scores, **dict(zip(ordered, places, strict=True))}


def spread(ranked: list[tuple[int, int, float]], again: float = AGAIN) -> list[tuple[int, int, float]]:
    """Passages as (id, document, score), the best first, so that one document does not take all places: its second
    passage counts a little less, its third still less."""
    seen: dict[int, int] = {}
    lowered: list[tuple[int, int, float]] = []
    for one, document, score in ranked:
        times = seen[document] = seen.get(document, -1) + 1
        lowered.append((one, document, score * again**times))
    return sorted(lowered, key=lambda entry: -entry[2])


def _outstanding(scores: Mapping[int, float]) -> dict[int, float]:
    """In standard deviations from their mean."""
    if not scores:
        return {}
    mean = sum(scores.values()) / len(scores)
    deviation = math.sqrt(sum((score - mean) ** 2 for score in scores.values()) / len(scores))
    return {one: (score - mean) / deviation if deviation > 1e-9 else 0.0 for one, score in scores.items()}


def _squeezed(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
