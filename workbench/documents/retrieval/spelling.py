"""How much alike words are spelled. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_LONG: Final = 8


def nearest(word: str, counts: Mapping[str, int], limit: int) -> list[str]:
    """Of words with their frequencies, those that are spelled most like ``word``, of equals the most frequent first.

    At most one change apart, two for a long word: a letter more, less or other, or two neighbours swapped.
    """
    most = 2 if len(word) >= _LONG else 1
    far = {one: _distance(one, word) for one in counts if one != word and abs(len(one) - len(word)) <= most}
    close = [one for one, distance in far.items() if distance <= most]
    return sorted(close, key=lambda one: (far[one], -counts[one], one))[:limit]


def _distance(one: str, other: str) -> int:
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        older, before, row = before, row, [place]
        for at, wanted in enumerate(other, 1):
            cost = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (letter != wanted))
            if older and at > 1 and letter == other[at - 2] and one[place - 2] == wanted:
                cost = min(cost, older[at - 2] + 1)
            row.append(cost)
    return row[-1]
