"""Which passages of given texts match a question best: BM25 over their words. Pure.

Good enough for a few documents in one question; folders of documents have an index of their own.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

_K1 = 1.2  # how soon repeating a word stops to count
_B = 0.75  # how much long passages are discounted
_WORD = re.compile(r"[^\W_]+")
_NO_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ENDINGS = ("en", "es", "er", "s", "e", "n")
_SHORTEST_STEM = 4


def scores(question: str, passages: Sequence[str]) -> list[float]:
    """How well each passage matches, 0 for those that share no word with the question."""
    counts = [Counter(words(passage)) for passage in passages]
    lengths = [sum(count.values()) for count in counts]
    average = sum(lengths) / len(lengths) if lengths else 1.0
    found = [0.0] * len(passages)
    for word in set(words(question)):
        holding = sum(word in count for count in counts)
        if not holding:
            continue
        rarity = math.log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
        for place, count in enumerate(counts):
            if times := count[word]:
                weight = 1 - _B + _B * lengths[place] / (average or 1.0)
                found[place] += rarity * times * (_K1 + 1) / (times + _K1 * weight)
    return found


def words(text: str) -> list[str]:
    """Words without case and common endings; scripts without spaces in pairs of characters."""
    found = []
    for word in _WORD.findall(text.casefold()):
        if _NO_SPACES.search(word):
            found += [word[place : place + 2] for place in range(max(1, len(word) - 1))]
        else:
            found.append(_stem(word))
    return found


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
