"""Byte pair encoding by ranks: how many tokens a text has. Pure.

A text is cut into pieces by a pattern. A piece that is in the vocabulary is one token; else the two neighbours that make
the known piece of the lowest rank are joined, the leftmost first, until no two make one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol

_MOST_KEPT: Final = 50_000  # pieces whose count is remembered: words come again


class Cutter(Protocol):
    """What cuts a text into pieces: a compiled pattern."""

    def findall(self, text: str) -> list[str]: ...


class PairEncoding:
    """``ranks``: the vocabulary. Every single byte is in it."""

    def __init__(self, cutter: Cutter, ranks: Mapping[bytes, int]) -> None:
        self._cutter, self._ranks = cutter, ranks
        self._kept: dict[str, int] = {}

    def count(self, text: str) -> int:
        """Tokens of ``text``, in which nothing is a special token."""
        return sum(map(self._of_piece, self._cutter.findall(text)))

    def _of_piece(self, piece: str) -> int:
        found = self._kept.get(piece)
        if found is None:
            found = pair_count(piece.encode("utf-8", "replace"), self._ranks)
            if len(self._kept) < _MOST_KEPT:
                self._kept[piece] = found
        return found


def pair_count(piece: bytes, ranks: Mapping[bytes, int]) -> int:
    """Tokens of one piece. As long as it takes for n log n, however long the piece is."""
    if piece in ranks:
        return 1
    return sum(1 for _part in _parts(piece, ranks))


def _parts(piece: bytes, ranks: Mapping[bytes, int]) -> Iterator[tuple[int, int]]:
    """Where each token of ``piece`` begins and ends."""
    size = len(piece)
    ends = list(range(1, size + 1))  # of the part that begins here
    before = list(range(-1, size))  # where the part before this one begins
    gone = bytearray(size)  # no part begins here any more
    heap = list(_pairs(piece, ranks, ends, range(size - 1)))
    heapq.heapify(heap)
    while heap:
        _rank, start, end = heapq.heappop(heap)
        middle = ends[start]
        if gone[start] or middle >= size or ends[middle] != end:
            continue  # one of both was joined to another meanwhile
        ends[start], gone[middle] = end, 1
        if end < size:
            before[end] = start
        for pair in _pairs(piece, ranks, ends, (start, before[start])):
            heapq.heappush(heap, pair)
    start = 0
    while start < size:
        yield start, ends[start]
        start = ends[start]


def _pairs(
    piece: bytes, ranks: Mapping[bytes, int], ends: list[int], starts: Iterable[int]
) -> Iterator[tuple[int, int, int]]:
    """Of the parts that begin there, each with the next: rank, start and end of what both make, where that is known."""
    for start in starts:
        if start < 0 or ends[start] >= len(piece):
            continue
        end = ends[ends[start]]
        rank = ranks.get(piece[start:end])
        if rank is not None:
            yield rank, start, end
