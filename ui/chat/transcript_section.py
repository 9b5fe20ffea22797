"""One message on the screen: its rows, how tall they are, and the widgets of those near the viewport."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from operator import add

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.chat.transcript_items import ItemRows, Row, TranscriptItem, estimated_height, estimated_row_height
from ui.chat.transcript_row import BLEED, Host, RowWidget
from ui.chat.transcript_rows import fits, gap_above, row_widget
from ui.translation import tr
from ui.widgets.look import TYPE, Look
from workbench.markup import Block, Splitter

GAPS = {
    "question": 16,
    "answer": 36,
    "document": 16,
}  # pixels below a message: an answer is nearer to its question than to the next


class Section:
    """Knows its height at every time: estimated, until ``measure`` has laid a row out.

    Rows are made from the item when ``open`` is first called; until then one number stands for the whole message.
    """

    def __init__(self, item: TranscriptItem, look: Look, host: Host, viewport: QWidget) -> None:
        self._look, self._host, self._viewport = look, host, viewport
        self._source = ItemRows(item)
        self._line = look.px(TYPE.body * 1.6)
        self._width = 0
        self.height = 0  # pixels, the gap below included
        self.rows: list[Row] = []
        self._gaps: list[int] = []
        self._heights: list[int] = []
        self._tops: list[int] = []
        self._measured: list[bool] = []
        self.widgets: dict[int, RowWidget] = {}
        self.container: QWidget | None = None
        self.fresh: set[int] = set()  # rows whose widgets nobody has put in order yet

    # The item ---------------------------------------------------------------------------------------------------------

    @property
    def item(self) -> TranscriptItem:
        return self._source.item

    @property
    def is_open(self) -> bool:
        return bool(self.rows)

    def open(self) -> None:
        """Make the rows."""
        if not self.rows:
            self._take_rows(self._source.rows())

    def update(self, item: TranscriptItem) -> None:
        """Show a newer version of the item: only rows that differ are shown and measured again."""
        self._source.item = item
        if self.container is not None:
            self.container.setAccessibleName(self.name)
        if self.rows:
            self._take_rows(self._source.rows())
        else:
            self._recount()

    def fold(self, part: int) -> None:
        """Fold or unfold the reasoning of a part."""
        self._source.unfolded ^= {part}
        self._take_rows(self._source.rows())

    def blocks(self, part: int) -> list[Block]:
        return self._source.blocks(part)

    def take_blocks(self, part: int, split: Splitter) -> None:
        """The blocks of a part were found already, in another thread."""
        self._source.take_blocks(part, split)

    def unfold(self, part: int) -> None:
        if part not in self._source.unfolded:
            self.fold(part)

    @property
    def name(self) -> str:
        known = {"question": tr("You"), "document": tr("Document")}
        return known.get(self.item.kind) or self.item.author or tr("Answer")

    # Heights ----------------------------------------------------------------------------------------------------------

    def set_width(self, width: int) -> None:
        """What was measured at another width is an estimate from now on."""
        self._width = width
        self._measured = [False] * len(self.rows)
        self._recount()

    def row_height(self, index: int) -> int:
        """Pixels of a row, the gap above it included, and below the last one the gap to the next message."""
        gap = GAPS[self.item.kind] if index == len(self.rows) - 1 else 0
        return self._gaps[index] + self._heights[index] + gap

    def row_top(self, index: int) -> int:
        """Where a row begins, its gap included, from the section's top."""
        return self._tops[index]

    def row_at(self, offset: int) -> int:
        """The row at a distance from the section's top."""
        for index in range(len(self.rows)):
            offset -= self.row_height(index)
            if offset < 0:
                return index
        return max(0, len(self.rows) - 1)

    # Widgets ----------------------------------------------------------------------------------------------------------

    def measure(self, index: int) -> bool:
        """Lay the row out, making its widget if need be; returns whether its height is another than thought."""
        widget = self.widgets.get(index)
        if widget is None:
            widget = self.widgets[index] = self._make(index)
        elif self._measured[index]:
            return False
        height = widget.height_for(self._width)
        self._measured[index] = True
        if height == self._heights[index]:
            return False
        self._heights[index] = height
        self._recount()
        return True

    def is_laid_out(self, index: int) -> bool:
        return self._measured[index] and index in self.widgets

    def set_look(self, look: Look) -> None:
        """Another theme: widgets are made again when they are next in view, heights are estimates until then."""
        self._look, self._line = look, look.px(TYPE.body * 1.6)
        self.drop(range(0))
        self._measured = [False] * len(self.rows)
        self._recount()

    def forget_height(self, widget: RowWidget) -> None:
        """Something in the row grew by itself."""
        for index, known in self.widgets.items():
            if known is widget:
                self._measured[index] = False

    def place(self, x: int, y: int) -> None:
        """Put the widgets where they belong, the section's top being at (x, y) of the viewport."""
        if self.container is None:
            return
        self.container.setGeometry(x - BLEED, y, self._width + 2 * BLEED, self.height)
        for index, widget in self.widgets.items():
            top, wider = self._tops[index] + self._gaps[index], widget.bleed
            widget.setGeometry(BLEED - wider, top, self._width + 2 * wider, self._heights[index])

    def drop(self, keep: range) -> bool:
        """Delete the widgets of rows outside ``keep``; returns whether there were any."""
        gone = [index for index in self.widgets if index not in keep]
        for index in gone:
            _delete(self.widgets.pop(index))
        if not self.widgets and self.container is not None:
            _delete(self.container)
            self.container = None
        return bool(gone)

    def ordered(self) -> Iterator[tuple[int, RowWidget]]:
        yield from sorted(self.widgets.items())

    @property
    def is_new(self) -> bool:
        """Whether nothing of it has been placed yet."""
        return len(self.fresh) == len(self.widgets)

    def put_in_order(self, above: QWidget | None) -> None:
        """Stack new widgets in reading order, which screen readers follow; ``above``: the next message's container.

        Only the new ones, and only if they are not on top anyway: stacking paints again.
        """
        if self.container is not None and above is not None and self.is_new:
            self.container.stackUnder(above)
        after: RowWidget | None = None
        for index, widget in sorted(self.widgets.items(), reverse=True):
            if index in self.fresh and after is not None:
                widget.stackUnder(after)
            after = widget
        self.fresh.clear()

    # Inside -----------------------------------------------------------------------------------------------------------

    def _recount(self) -> None:
        if self.rows:
            *self._tops, total = accumulate(map(add, self._gaps, self._heights), initial=0)
        else:
            total = estimated_height(self.item, self._width, self._line)
        self.height = total + GAPS[self.item.kind]

    def _make(self, index: int) -> RowWidget:
        if self.container is None:
            self.container = QWidget(self._viewport)
            self.container.setAccessibleName(self.name)
            self.container.setAttribute(Qt.WidgetAttribute.WA_StaticContents)  # growing paints only what is new
            self.container.show()
        widget = row_widget(self.rows[index], self._look, self.item.id, self._host, self.container)
        self.fresh.add(index)
        widget.show()  # at once: a widget shown later overlaps the frame before
        return widget

    def _take_rows(self, rows: list[Row]) -> None:
        """Rows that stay equal keep their widgets and heights; those that follow a change keep their widget if it fits."""
        old, self.rows = self.rows, rows
        heights, measured, widgets = self._heights, self._measured, self.widgets
        self._heights, self._measured, self.widgets = [], [], {}
        shift = len(rows) - len(old)
        for index, row in enumerate(rows):
            source = index if index < len(old) and (old[index] is row or old[index] == row) else None
            if source is None and shift and 0 <= index - shift < len(old) and old[index - shift] == row:
                source = index - shift
            if (source is not None and source in widgets) or (source is not None and heights):
                self._heights.append(heights[source])
                self._measured.append(measured[source])
                if source in widgets:
                    self.widgets[index] = widgets.pop(source)
            else:
                known = heights[index] if index < len(heights) and type(old[index]) is type(row) else 0
                self._heights.append(known or estimated_row_height(row, self._width, self._line))
                self._measured.append(False)
                if index in widgets and fits(widgets[index], row):
                    widget = widgets.pop(index)
                    widget.show_row(row)
                    self.widgets[index] = widget
        for widget in widgets.values():
            _delete(widget)
        self._gaps = [gap_above(row, before) for row, before in zip(rows, [None, *rows], strict=False)]
        self._recount()


def _delete(widget: QWidget) -> None:
    widget.hide()  # not unparented: that would dress it again, in another style sheet
    widget.deleteLater()
