"""A document's text as a text view holds it, and where its characters are there. Pure.

Views count in UTF-16, in which a character beyond the first 65,536 takes two; and a line of a megabyte takes seconds to lay
out, so that long ones are broken.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

LONGEST_LINE = 2_000  # characters
_WIDE = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class ShownText:
    """``text``: as it was read of the document."""

    text: str

    @cached_property
    def breaks(self) -> list[int]:
        """Where lines are broken that are not in the document: before these characters."""
        found: list[int] = []
        begin = 0
        for line in self.text.split("\n"):
            if len(line) > LONGEST_LINE:
                found += range(begin + LONGEST_LINE, begin + len(line), LONGEST_LINE)
            begin += len(line) + 1
        return found

    @cached_property
    def _wide(self) -> list[int]:
        return [found.start() for found in _WIDE.finditer(self.text)] if not self.text.isascii() else []

    @cached_property
    def folded(self) -> str:
        """To search in without regard to capitals; as it is where some letters would change their length."""
        lower = self.text.lower()
        return lower if len(lower) == len(self.text) else self.text

    @cached_property
    def shown(self) -> str:
        """What the view is given."""
        if not self.breaks:
            return self.text
        places = [0, *self.breaks, len(self.text)]
        return "\n".join(self.text[begin:end] for begin, end in pairwise(places))

    def position(self, offset: int) -> int:
        """Where the character at ``offset`` of the text is in the view."""
        offset = max(0, min(offset, len(self.text)))
        return offset + bisect_right(self.breaks, offset) + bisect_left(self._wide, offset)

    def offset(self, position: int) -> int:
        """Which character of the text is at a position of the view."""
        return bisect_left(range(len(self.text) + 1), position, key=self.position)

    def pieces(self, characters: int) -> Iterator[str]:
        """What is shown, in pieces of about so many characters that end with a line."""
        begin, shown = 0, self.shown
        while begin < len(shown):
            end = begin + characters
            stop = len(shown) if end >= len(shown) else shown.rfind("\n", begin, end) + 1 or end
            yield shown[begin:stop]
            begin = stop


def span_of_page(starts: list[int], page_at: int, length: int) -> tuple[int, int]:
    """The characters of a section by its place in the list of their starts."""
    begin = starts[page_at] if page_at < len(starts) else 0
    end = starts[page_at + 1] if page_at + 1 < len(starts) else length
    return begin, end


def section_at(starts: list[int], offset: int) -> int:
    """The place of the section that a character stands in."""
    return max(0, bisect_right(starts, offset) - 1)
