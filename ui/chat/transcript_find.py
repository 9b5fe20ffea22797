"""Find in chat: searches the messages, not the widgets, and marks what it found in those that are on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ui.chat.transcript_items import BlockRow, BubbleRow, TranscriptItem
from workbench.messages import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ui.chat.transcript_live import LiveRows


class _Hit(NamedTuple):
    section: int
    part: int
    position: int


class Finder:
    """The occurrences of one text; at most one of them is the current one."""

    def __init__(self, view: LiveRows) -> None:
        self._view = view
        self._text = ""
        self._hits: list[_Hit] = []
        self._current = -1
        self._marked = False

    def find(self, text: str) -> int:
        """Search; the current occurrence is none until ``step``."""
        self._text, self._current = text, -1
        self._hits = [
            _Hit(index, part, at)
            for index, section in enumerate(self._view.sections)
            for part, at in _positions(section.item, text.lower())
        ]
        self.show()
        return len(self._hits)

    def step(self, by: int) -> tuple[int, int]:
        """Go to the next (1) or previous (-1) occurrence, around the end; the first step backwards goes to the last."""
        if not self._hits:
            return 0, 0
        start = -1 if by > 0 else 0
        self._current = ((self._current if self._current >= 0 else start) + by) % len(self._hits)
        section, row, nth = self._row_of(self._hits[self._current])
        pane = self._view.row_widget(section, row).pane
        offset = pane.show_found(self._text, nth) if pane is not None else None
        self._view.show_row(section, row, offset or 0)
        return self._current + 1, len(self._hits)

    def step_to(self, section: int) -> tuple[int, int]:
        """Go to the first occurrence in this section; where there is none, show how it begins."""
        places = [place for place, hit in enumerate(self._hits) if hit.section == section]
        if not places:
            self._view.show_row(section, 0)
            return 0, len(self._hits)
        self._current = places[0] - 1  # also -1, before the first
        return self.step(1)

    def show(self) -> None:
        """Mark the occurrences in every text that has a widget."""
        if not self._text and not self._marked:
            return
        self._marked = bool(self._text)
        current = self._row_of(self._hits[self._current]) if 0 <= self._current < len(self._hits) else None
        for section, row, widget in self._view.live_rows():
            if widget.pane is not None:
                is_here = current is not None and current[:2] == (section, row)
                widget.pane.show_found(self._text, current[2] if current is not None and is_here else None)

    def _row_of(self, hit: _Hit) -> tuple[int, int, int]:
        """(section, row, how many occurrences before it in that row)."""
        section = self._view.sections[hit.section]
        section.open()
        for index, row in enumerate(section.rows):
            begin, end = _span(row, hit.part)
            if begin <= hit.position < end:
                before = section.item.parts[hit.part].text[begin : hit.position].lower()
                return hit.section, index, before.count(self._text.lower())
        return hit.section, 0, 0


def _span(row: object, part: int) -> tuple[int, int]:
    """Which characters of a part a row shows."""
    if isinstance(row, BubbleRow):
        return 0, len(row.text)
    if isinstance(row, BlockRow) and row.part == part:
        return row.block.begin, row.block.end
    return 0, 0


def _positions(item: TranscriptItem, text: str) -> Iterator[tuple[int, int]]:
    if not text:
        return
    for index, part in enumerate(item.parts):
        if not isinstance(part, Text):
            continue
        folded = part.text.lower()
        at = folded.find(text)
        while at >= 0:
            yield index, at
            at = folded.find(text, at + len(text))
