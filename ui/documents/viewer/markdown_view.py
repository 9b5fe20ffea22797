"""A Markdown document as it is meant to be read, through the same parser and sanitizer as answers."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.chat.transcript import TranscriptView
from ui.chat.transcript_items import BlockRow, TranscriptItem
from ui.chat.transcript_section import Section
from ui.translation import tr
from workbench.markup import Splitter
from workbench.messages import Text

_ID = "document"


class MarkdownView(TranscriptView):
    """Only what is near the viewport has widgets, however long the document is."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._item = TranscriptItem(_ID, "document", (Text(""),))
        self._split: Splitter | None = None
        self.setAccessibleName(tr("Text of the document"))
        self.viewport().setAccessibleName(tr("Text of the document"))
        appearance.follow(self._dress)

    def show_text(self, text: str, split: Splitter | None = None) -> None:
        """``split``: its blocks, where they were found already."""
        self._item, self._split = TranscriptItem(_ID, "document", (Text(text),)), split
        self.set_items([])
        self.set_items([self._item])
        self.verticalScrollBar().setValue(0)

    def mark(self, start: int, end: int) -> None:
        """Mark the blocks that a passage stands in, and go to the first one."""
        self._item = TranscriptItem(_ID, "document", self._item.parts, lit=(start, end))
        self.set_items([self._item])
        section = self.sections[0]
        section.open()
        lit = (place for place, row in enumerate(section.rows) if isinstance(row, BlockRow) and row.lit)
        if (first := next(lit, None)) is not None:
            self.show_row(0, first)

    def _section(self, item: TranscriptItem) -> Section:
        made = super()._section(item)
        if self._split is not None:
            made.take_blocks(0, self._split)
        return made

    def _place_jump(self, below: int) -> None:
        """A document has no latest message to go back to."""

    def _dress(self) -> None:
        self.set_theme(*self._appearance.reading)
