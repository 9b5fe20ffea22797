"""Selecting text across the blocks of a transcript: the blocks know only their own part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea

from ui.chat.transcript_items import BlockRow, BubbleRow, Row
from ui.chat.transcript_row import RowWidget
from workbench.markup import to_text, unfolded

if TYPE_CHECKING:
    from ui.chat.transcript_live import LiveRows

_SCROLL_MILLISECONDS = 40
_WHOLE = 1 << 30  # a position behind every text


class _Place(NamedTuple):
    section: int
    row: int
    position: int


class Selection(QObject):
    """Follows the mouse over the texts it ``watch``es, and shows, on every arrangement, what is selected."""

    def __init__(self, area: QAbstractScrollArea, rows: LiveRows) -> None:
        super().__init__(area)
        self._area = area
        self._rows = rows
        self._from: _Place | None = None
        self._to: _Place | None = None
        self._dragging = False
        self._pointer = QPoint()
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(_SCROLL_MILLISECONDS)
        self._scrolling.timeout.connect(self._scroll_along)

    def __bool__(self) -> bool:
        return self._from is not None and self._from != self._to

    def watch(self, widget: RowWidget) -> None:
        if widget.pane is not None:
            widget.pane.surface().installEventFilter(self)

    def clear(self) -> None:
        self._from = self._to = None

    def select_all(self) -> None:
        last = len(self._rows.sections) - 1
        if last < 0:
            return
        self._rows.sections[last].open()
        self._from = _Place(0, 0, 0)
        self._to = _Place(last, len(self._rows.sections[last].rows) - 1, _WHOLE)
        self.show()

    def copy(self) -> None:
        if self:
            QGuiApplication.clipboard().setText(self.text())

    def text(self) -> str:
        """The selected text in reading order; blocks that are selected whole read as they are shown."""
        if not self._from or not self._to:
            return ""
        begin, end = sorted((self._from, self._to))
        pieces = []
        for index in range(begin.section, end.section + 1):
            section = self._rows.sections[index]
            section.open()
            first = begin.row if index == begin.section else 0
            last = end.row if index == end.section else len(section.rows) - 1
            pieces += [self._row_text(index, row, section.rows[row]) for row in range(first, last + 1)]
        return unfolded("\n\n".join(piece for piece in pieces if piece))

    def show(self) -> None:
        """Mark what is selected in every text that has a widget."""
        if self._shown_nothing and not self:
            return
        self._shown_nothing = not self
        for section, row, widget in self._rows.live_rows():
            if widget.pane is not None:
                widget.pane.select(self._range(section, row, widget.pane.length()))

    _shown_nothing = True

    # The mouse --------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
                self._begin(event.globalPosition().toPoint(), extend=bool(event.modifiers() & _SHIFT))
            elif event.type() == QEvent.Type.MouseMove and self._dragging:
                self._extend(event.globalPosition().toPoint())
            elif event.type() == QEvent.Type.MouseButtonRelease:
                self._dragging = False
                self._scrolling.stop()
            elif event.type() == QEvent.Type.MouseButtonDblClick:
                self._take_word(event.globalPosition().toPoint())
        return False

    def _begin(self, point: QPoint, *, extend: bool) -> None:
        place = self._place_at(point)
        if not (extend and self._from):
            self._from = place
        self._to = place
        self._dragging = True
        self._area.setFocus(Qt.FocusReason.MouseFocusReason)
        self.show()

    def _extend(self, point: QPoint) -> None:
        self._pointer = point
        self._to = self._place_at(point) or self._to
        y = self._area.viewport().mapFromGlobal(point).y()
        if 0 <= y < self._area.viewport().height():
            self._scrolling.stop()
        elif not self._scrolling.isActive():
            self._scrolling.start()
        self.show()

    def _scroll_along(self) -> None:
        """The pointer is held above or below the view: the farther, the faster."""
        y = self._area.viewport().mapFromGlobal(self._pointer).y()
        beyond = y if y < 0 else y - self._area.viewport().height()
        self._rows.scroll_by(max(-120, min(120, beyond)))
        self._to = self._place_at(self._pointer) or self._to
        self.show()

    def _take_word(self, point: QPoint) -> None:
        place = self._place_at(point)
        if place is None:
            return
        pane = self._rows.row_widget(place.section, place.row).pane
        if pane is not None:
            begin, end = pane.word_at(place.position)
            self._from, self._to = place._replace(position=begin), place._replace(position=end)
        self.show()

    # Places -----------------------------------------------------------------------------------------------------------

    def _place_at(self, point: QPoint) -> _Place | None:
        """The character nearest to a point of the screen: in the text at its height, or in the last one above."""
        found: _Place | None = None
        for section, row, widget in self._rows.live_rows():
            pane = widget.pane
            if pane is None:
                continue
            inside = pane.surface().mapFromGlobal(point)
            if inside.y() < 0 and found is not None:
                break
            found = _Place(section, row, pane.position_at(inside))
        return found

    def _range(self, section: int, row: int, length: int) -> tuple[int, int] | None:
        """Which characters of a row are selected."""
        if not self._from or not self._to:
            return None
        begin, end = sorted((self._from, self._to))
        if not (begin.section, begin.row) <= (section, row) <= (end.section, end.row):
            return None
        first = begin.position if (section, row) == (begin.section, begin.row) else 0
        last = end.position if (section, row) == (end.section, end.row) else length
        return min(first, length), min(last, length)

    def _row_text(self, section: int, row: int, shown: Row) -> str:
        whole = self._range(section, row, _WHOLE)
        if whole == (0, _WHOLE) or not isinstance(shown, BlockRow | BubbleRow):
            return _text(shown)
        pane = self._rows.row_widget(section, row).pane
        if pane is None:
            return ""
        part = self._range(section, row, pane.length())
        return _text(shown) if part == (0, pane.length()) else pane.text_between(*(part or (0, 0)))


_SHIFT = Qt.KeyboardModifier.ShiftModifier


def _text(row: Row) -> str:
    if isinstance(row, BubbleRow):
        return row.text
    return to_text(row.block) if isinstance(row, BlockRow) else ""
