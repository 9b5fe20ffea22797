"""Blocks: the smallest pieces that a text is cut into where it has a structure, before they are packed into passages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

TEXT = "text"
CODE = "code"
TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """``start`` and ``end``: characters of the whole text. ``path``: the titles it stands under, its own included.
    ``level``: a new part begins, of this depth, 1 is outermost; None: it goes on with the part before it. ``context``: what
    it needs to be understood alone; ``continued``: the same for what is cut off it: a header, the line of a definition."""

    start: int
    end: int
    kind: str = TEXT
    path: tuple[str, ...] = ()
    level: int | None = None
    context: str = ""
    continued: str = ""

    @property
    def length(self) -> int:
        return self.end - self.start


Structure = Callable[[str, int, int], Iterator[Block]]
"""What finds the blocks of a text between two offsets: in order, without a gap."""


def lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Each line and where it begins; without what ends it."""
    place = start
    while place < end:
        stop = text.find("\n", place, end)
        stop = end if stop < 0 else stop
        yield place, text[place:stop]
        place = stop + 1
