"""The column of messages as rows and heights: which rows are in view, without a scroll bar or a place on the screen.

Walking over rows opens their messages; ``measured`` makes a row's widget and lays it out. Everything else is arithmetic.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from ui.chat.transcript_section import Section

TOP, BOTTOM = 32, 24  # pixels above the first and below the last message


class Anchor(NamedTuple):
    """A row and where its top is in the viewport."""

    section: int
    row: int
    y: int


class Column:
    """``height`` is the viewport's, in pixels."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.height = 0

    # What is in view --------------------------------------------------------------------------------------------------

    def at_end(self) -> Anchor:
        """The first row in view when the end is at the bottom; a short conversation begins at the top."""
        y = self.height - BOTTOM
        first = Anchor(0, 0, TOP)
        for section, row in self.rows_up(len(self.sections), 0):
            y -= self.measured(section, row)
            first = Anchor(section, row, y)
            if y <= 0:
                return first
        return Anchor(0, 0, TOP) if y > TOP else first

    def from_anchor(self, anchor: Anchor) -> Anchor | None:
        """The first row in view when ``anchor`` stays where it is; None when that would leave room below the end."""
        self.sections[anchor.section].open()
        anchor = anchor._replace(
            row=min(anchor.row, len(self.sections[anchor.section].rows) - 1)
        )  # it may have less now
        y = anchor.y
        for section, row in self.rows_down(anchor.section, anchor.row):
            y += self.measured(section, row)
            if y > self.height - BOTTOM:
                break
        else:
            return None
        first = anchor
        for section, row in self.rows_up(anchor.section, anchor.row):
            if first.y <= 0:
                break
            first = Anchor(section, row, first.y - self.measured(section, row))
        if (first.section, first.row) == (0, 0) and first.y > TOP:
            return self.from_anchor(Anchor(0, 0, TOP))
        return self._first_visible(first)

    def at_offset(self, offset: int) -> Anchor:
        """The row at a far place of the scroll bar, where heights may be estimates: that place is the viewport's top."""
        offsets = self.offsets()
        index = max(0, min(bisect_right(offsets, offset - TOP), len(self.sections)) - 1)
        section = self.sections[index]
        share = (offset - TOP - offsets[index]) / max(1, section.height)
        section.open()
        inside = round(share * section.height)
        row = section.row_at(inside)
        return Anchor(index, row, section.row_top(row) - inside)

    def beyond(self, first: Anchor, viewports: float) -> Iterator[tuple[int, int]]:
        """The rows in view, those below and those above, as far as so many viewports."""
        reach = round(self.height * viewports)
        y = first.y
        for section, row in self.rows_down(first.section, first.row):
            yield section, row
            y += self.sections[section].row_height(row)
            if y > self.height + reach:
                break
        y = first.y
        for section, row in self.rows_up(first.section, first.row):
            if y < -reach:
                break
            yield section, row
            y -= self.sections[section].row_height(row)

    def _first_visible(self, first: Anchor) -> Anchor:
        y = first.y
        for section, row in self.rows_down(first.section, first.row):
            height = self.measured(section, row) if y < 0 else 0
            if y + height > 0 or y >= 0:
                return Anchor(section, row, y)
            y += height
        return first

    # Rows and offsets --------------------------------------------------------------------------------------------------

    def rows_down(self, section: int, row: int) -> Iterator[tuple[int, int]]:
        """From this row on."""
        for index in range(section, len(self.sections)):
            self.sections[index].open()
            for at in range(row if index == section else 0, len(self.sections[index].rows)):
                yield index, at

    def rows_up(self, section: int, row: int) -> Iterator[tuple[int, int]]:
        """Backwards from the row before this one."""
        for at in range(row - 1, -1, -1):
            yield section, at
        for index in range(section - 1, -1, -1):
            self.sections[index].open()
            for at in range(len(self.sections[index].rows) - 1, -1, -1):
                yield index, at

    def measured(self, section: int, row: int) -> int:
        self.sections[section].measure(row)
        return self.sections[section].row_height(row)

    def offsets(self) -> list[int]:
        """Where each section begins, and where the last one ends, in pixels from the first one's top."""
        return [0, *accumulate(section.height for section in self.sections)]

    def offset_of(self, anchor: Anchor) -> int:
        """How far the viewport's top is below the column's, by what is known of the heights."""
        above = self.offsets()[anchor.section] + self.sections[anchor.section].row_top(anchor.row)
        return TOP + above - anchor.y

    def row_y(self, section: int, row: int, first: Anchor) -> int:
        """Where a row's top is in the viewport, ``first`` being the first row in view."""
        return TOP + self.offsets()[section] + self.sections[section].row_top(row) - self.offset_of(first)

    def live(self) -> list[int]:
        """The sections that have widgets."""
        return [index for index, section in enumerate(self.sections) if section.container is not None]
