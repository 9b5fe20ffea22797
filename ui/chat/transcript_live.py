"""What finding and selecting ask of the transcript: its messages, and the widgets of the rows that have one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ui.chat.transcript_row import RowWidget
from ui.chat.transcript_section import Section


class LiveRows(Protocol):
    """Rows by the number of their section and their own."""

    @property
    def sections(self) -> list[Section]: ...

    def live_rows(self) -> Iterator[tuple[int, int, RowWidget]]:
        """(section, row, widget) of every row that has a widget, in reading order."""
        ...

    def row_widget(self, section: int, row: int) -> RowWidget:
        """The widget of a row, made if need be."""
        ...

    def show_row(self, section: int, row: int, offset: int = 0) -> None:
        """Bring the place ``offset`` pixels into a row into view."""
        ...

    def scroll_by(self, pixels: int) -> None: ...
