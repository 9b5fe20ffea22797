"""The conversation as a scrolling column.

Only what is near the viewport has widgets; everything else is a height, estimated until it was laid out once. The place on
the screen is held by an *anchor*, one row and where its top is, so that heights can be corrected above and below without a
jump. While the person is at the end, the anchor is the end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QMenu, QWidget

from ui.chat.transcript_find import Finder
from ui.chat.transcript_items import TranscriptItem
from ui.chat.transcript_rows import RowWidget
from ui.chat.transcript_section import Section
from ui.chat.transcript_selection import Selection
from ui.theme import COLUMN_WIDTH, LIGHT, Tokens
from ui.widgets.look import Look
from ui.widgets.quiet_button import QuietButton

TOP, BOTTOM, SIDE = 32, 24, 24  # pixels around the column
UPDATE_MILLISECONDS = 33  # between two frames of a streamed answer
IDLE_MILLISECONDS = 30
AHEAD = 1.0  # viewports above and below that are made while idle
ANNOUNCED_CHARACTERS = 600
KEEP = 2.5  # viewports above and below whose widgets are kept


class _Anchor(NamedTuple):
    """The row that stays where it is: ``y`` is its top in the viewport."""

    section: int
    row: int
    y: int


class TranscriptView(QAbstractScrollArea):
    """Shows ``TranscriptItem``s. ``action``: (item id, action id) of a pressed button."""

    action = Signal(str, str)
    link_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look(LIGHT)
        self._sections: list[Section] = []
        self._index: dict[str, int] = {}
        self._anchor: _Anchor | None = None  # None: the end
        self._waiting: dict[str, TranscriptItem] = {}
        self._first = _Anchor(0, 0, TOP)  # the first row in view
        self._value = 0  # of the scroll bar, when everything was placed last
        self._column = COLUMN_WIDTH
        self._placing = False
        self._updates = self._timer(UPDATE_MILLISECONDS, self.flush)
        self._idle = self._timer(IDLE_MILLISECONDS, self._prepare_ahead)
        self._jump = QuietButton(self._look, "Jump to latest", "arrow-down", self, outlined=True)
        self._jump.hide()
        self._jump.clicked.connect(self.scroll_to_end)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Conversation")
        self.viewport().setAccessibleName("Messages")
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._selection = Selection(self)
        self._finder = Finder(self)

    # What to show -----------------------------------------------------------------------------------------------------

    def set_items(self, items: tuple[TranscriptItem, ...] | list[TranscriptItem]) -> None:
        """Show a conversation. The same one, with items changed or added at its end, keeps its place; another one opens
        at its end."""
        known = [section.item.id for section in self._sections]
        same = bool(known) and bool(items) and known[0] == items[0].id
        if not same:
            self._anchor = None
            self._selection.clear()
        self._waiting.clear()
        sections: list[Section] = []
        for index, item in enumerate(items):
            section = self._sections[index] if index < len(known) and known[index] == item.id else None
            sections.append(self._kept(section, item) if section else self._section(item))
        for section in self._sections:
            if section not in sections:
                section.drop(range(0))
        self._sections = sections
        self._index = {section.item.id: index for index, section in enumerate(sections)}
        if self._anchor is not None and self._anchor.section >= len(sections):
            self._anchor = None
        self._arrange()

    def update_item(self, item: TranscriptItem) -> None:
        """Show a newer version of an item, at most about 30 times a second; an unknown id is added at the end."""
        if item.id not in self._index:
            self._index[item.id] = len(self._sections)
            self._sections.append(self._section(item))
        self._waiting[item.id] = item
        if not item.live:
            self.flush()
        elif not self._updates.isActive():
            self.flush()
            self._updates.start()

    def set_theme(self, tokens: Tokens, scale: float = 1.0) -> None:
        """Use these colours and this text scale; everything in view is made again, in its place."""
        if Look(tokens, scale) == self._look:
            return
        self._look = Look(tokens, scale)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, self._look.colour("background"))
        palette.setColor(QPalette.ColorRole.Window, self._look.colour("background"))
        self.setPalette(palette)
        for section in self._sections:
            section.set_look(self._look)
        self._jump.set_look(self._look)
        self._arrange()

    @property
    def items(self) -> tuple[TranscriptItem, ...]:
        return tuple(section.item for section in self._sections)

    @property
    def following(self) -> bool:
        """Whether the view stays at the end while an answer grows."""
        return self._anchor is None

    def scroll_to_end(self) -> None:
        self._anchor = None
        self._arrange()

    def find(self, text: str) -> int:  # type: ignore[override]  # QWidget.find is another thing
        """Mark every occurrence of ``text`` in the conversation ("" ends the search); returns how many there are."""
        return self._finder.find(text)

    def find_next(self, *, backwards: bool = False) -> tuple[int, int]:
        """Go to the next occurrence; returns (its number from 1, how many there are), (0, 0) when there is none."""
        return self._finder.step(-1 if backwards else 1)

    def selected_text(self) -> str:
        """What is selected, in reading order, as plain text."""
        return self._selection.text()

    # What rows, selection and search ask for --------------------------------------------------------------------------

    @property
    def sections(self) -> list[Section]:
        return self._sections

    def live_rows(self) -> Iterator[tuple[int, int, RowWidget]]:
        """(section, row, widget) of every row that has a widget, in reading order."""
        for index in self._live_sections():
            for row, widget in self._sections[index].ordered():
                yield index, row, widget

    def row_widget(self, section: int, row: int) -> RowWidget:
        """The widget of a row, made if need be."""
        self._sections[section].open()
        self._sections[section].measure(row)
        return self._sections[section].widgets[row]

    def show_row(self, section: int, row: int, offset: int = 0) -> None:
        """Scroll so that a place ``offset`` pixels into a row stands in the upper third, unless it is in view already."""
        self._sections[section].open()
        top = self._row_y(section, row) + offset
        if not 0 <= top < self.viewport().height() - 48:
            self._anchor = _Anchor(section, row, self.viewport().height() // 3 - offset)
        self._arrange()

    def scroll_by(self, pixels: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pixels)

    def act(self, item_id: str, action: str) -> None:
        self.action.emit(item_id, action)

    def follow_link(self, url: str) -> None:
        self.link_activated.emit(url)

    def fold(self, item_id: str, part: int) -> None:
        """The switch stays under the pointer: what unfolds grows downward."""
        index = self._index[item_id]
        section = self._sections[index]
        row = next(at for at, row in enumerate(section.rows) if getattr(row, "part", None) == part)
        self._anchor = _Anchor(index, row, self._row_y(index, row))
        section.fold(part)
        self._arrange()

    def remeasure(self, widget: QWidget) -> None:
        """A row grew by itself, as a person asked it to: it stays where it is."""
        for index, row, known in list(self.live_rows()):
            if known is widget:
                self._anchor = _Anchor(index, row, self._row_y(index, row))
                self._sections[index].forget_height(known)
        self._arrange()

    # Arranging --------------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Measure what is in view, starting from what must not move, and put everything in its place."""
        if self._placing or not self._sections:
            self._jump.hide()
            return
        self._placing = True
        self._use_width()
        self._first = self._from_end() if self._anchor is None else self._from_anchor(self._anchor)
        if self._anchor is not None:
            self._anchor = self._first
        self._place()
        self._placing = False
        self._idle.start()

    def _from_end(self) -> _Anchor:
        """The first row in view when the end is at the bottom; a short conversation begins at the top."""
        y = self.viewport().height() - BOTTOM
        first = _Anchor(0, 0, TOP)
        for section, row in self._rows_up(len(self._sections), 0):
            y -= self._measured(section, row)
            first = _Anchor(section, row, y)
            if y <= 0:
                return first
        return _Anchor(0, 0, TOP) if y > TOP else first

    def _from_anchor(self, anchor: _Anchor) -> _Anchor:
        """The first row in view when ``anchor`` stays; at either end of the conversation the end wins."""
        y = anchor.y
        bottom = self.viewport().height()
        for section, row in self._rows_down(anchor.section, anchor.row):
            y += self._measured(section, row)
            if y > bottom - BOTTOM:
                break
        else:
            self._anchor = None
            return self._from_end()
        first = anchor
        for section, row in self._rows_up(anchor.section, anchor.row):
            if first.y <= 0:
                return self._first_visible(first)
            first = _Anchor(section, row, first.y - self._measured(section, row))
        if (first.section, first.row) == (0, 0) and first.y > TOP:
            return self._from_anchor(_Anchor(0, 0, TOP))
        return self._first_visible(first)

    def _first_visible(self, first: _Anchor) -> _Anchor:
        y = first.y
        for section, row in self._rows_down(first.section, first.row):
            height = self._measured(section, row) if y < 0 else 0
            if y + height > 0 or y >= 0:
                return _Anchor(section, row, y)
            y += height
        return first

    def _place(self) -> None:
        offsets = self._offsets()
        first = self._first
        above = offsets[first.section] + self._sections[first.section].row_top(first.row)
        value = TOP + above - first.y
        total = TOP + offsets[-1] + BOTTOM
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(48)
        bar.setRange(0, max(0, total - self.viewport().height()))
        bar.setValue(bar.maximum() if self._anchor is None else value)
        self._value = bar.value()
        x = (self.viewport().width() - self._column) // 2
        fresh = False
        for index in self._live_sections():
            section = self._sections[index]
            section.place(x, first.y + offsets[index] - above)
            fresh = fresh or section.fresh
        if fresh:
            self._put_in_reading_order()
        self._place_jump(bar.maximum() - bar.value())
        self._selection.show()
        self._finder.show()

    def _put_in_reading_order(self) -> None:
        """For the keyboard, and for screen readers, which take the stacking order."""
        before: QWidget = self
        for index in self._live_sections():
            section = self._sections[index]
            section.fresh = False
            if section.container is not None:
                section.container.raise_()
            for _, widget in section.ordered():
                widget.raise_()
                self._selection.watch(widget)
                for stop in widget.tab_stops():
                    QWidget.setTabOrder(before, stop)
                    before = stop

    def _place_jump(self, below: int) -> None:
        self._jump.setVisible(self._anchor is not None and below > 60)
        size = self._jump.sizeHint()
        x = (self.viewport().width() - size.width()) // 2
        self._jump.setGeometry(x, self.viewport().height() - size.height() - 14, size.width(), size.height())
        self._jump.raise_()

    # Ahead of the person, while nothing else is to do ------------------------------------------------------------------

    def _prepare_ahead(self) -> None:
        """Make the next row beyond the viewport, one at a time; when all are there, delete what is far away."""
        if not self._sections:
            return
        for section, row in self._beyond(AHEAD):
            if not self._sections[section].is_laid_out(row):
                self._sections[section].measure(row)
                self._arrange()
                return
        kept: dict[int, list[int]] = {}
        for section, row in self._beyond(KEEP):
            kept.setdefault(section, []).append(row)
        for index in self._live_sections():
            rows = kept.get(index)
            self._sections[index].drop(range(min(rows), max(rows) + 1) if rows else range(0))
        self._idle.stop()

    def _beyond(self, viewports: float) -> Iterator[tuple[int, int]]:
        """The rows in view, those below and those above, as far as so many viewports."""
        reach = round(self.viewport().height() * viewports)
        first = self._first
        y = first.y
        for section, row in self._rows_down(first.section, first.row):
            yield section, row
            y += self._sections[section].row_height(row)
            if y > self.viewport().height() + reach:
                break
        y = first.y
        for section, row in self._rows_up(first.section, first.row):
            if y < -reach:
                break
            yield section, row
            y -= self._sections[section].row_height(row)

    # Rows and offsets --------------------------------------------------------------------------------------------------

    def _rows_down(self, section: int, row: int) -> Iterator[tuple[int, int]]:
        for index in range(section, len(self._sections)):
            self._sections[index].open()
            for at in range(row if index == section else 0, len(self._sections[index].rows)):
                yield index, at

    def _rows_up(self, section: int, row: int) -> Iterator[tuple[int, int]]:
        """Backwards from the row before this one."""
        for at in range(row - 1, -1, -1):
            yield section, at
        for index in range(section - 1, -1, -1):
            self._sections[index].open()
            for at in range(len(self._sections[index].rows) - 1, -1, -1):
                yield index, at

    def _measured(self, section: int, row: int) -> int:
        self._sections[section].measure(row)
        return self._sections[section].row_height(row)

    def _offsets(self) -> list[int]:
        return [0, *accumulate(section.height for section in self._sections)]

    def _row_y(self, section: int, row: int) -> int:
        """Where a row's top is in the viewport, by what is known of the heights."""
        offsets, first = self._offsets(), self._first
        above = offsets[first.section] + self._sections[first.section].row_top(first.row)
        return first.y + offsets[section] + self._sections[section].row_top(row) - above

    def _live_sections(self) -> list[int]:
        return [index for index, section in enumerate(self._sections) if section.container is not None]

    # Events -----------------------------------------------------------------------------------------------------------

    def _on_scrolled(self, value: int) -> None:
        if self._placing or not self._sections:
            return
        bar, moved = self.verticalScrollBar(), value - self._value
        if value >= bar.maximum():
            self._anchor = None
        elif value <= 0:
            self._anchor = _Anchor(0, 0, TOP)
        elif abs(moved) < 2 * self.viewport().height():
            self._anchor = self._first._replace(y=self._first.y - moved)
        else:
            self._anchor = self._anchor_at(value)
        self._arrange()

    def _anchor_at(self, value: int) -> _Anchor:
        """The row at a far place of the scroll bar, where heights may be estimates."""
        offsets = self._offsets()
        index = max(0, min(bisect_right(offsets, value - TOP), len(self._sections)) - 1)
        section = self._sections[index]
        share = (value - TOP - offsets[index]) / max(1, section.height)
        section.open()
        offset = round(share * section.height)
        row = section.row_at(offset)
        return _Anchor(index, row, section.row_top(row) - offset)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Nothing: the value's change arranges the rows."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._selection.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._selection.select_all()
        elif event.key() == Qt.Key.Key_Home:
            self.verticalScrollBar().setValue(0)
        elif event.key() == Qt.Key.Key_End:
            self.scroll_to_end()
        elif event.key() == Qt.Key.Key_Space:
            self.scroll_by(self.viewport().height() - 48)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """What the keyboard reaches comes into view."""
        moved = super().focusNextPrevChild(forward)
        focused = QApplication.focusWidget()
        if moved and focused is not None and self.viewport().isAncestorOf(focused):
            top = focused.mapTo(self.viewport(), QPoint(0, 0)).y()
            overshoot = top + focused.height() - self.viewport().height() + SIDE
            if top < 0:
                self.scroll_by(top - SIDE)
            elif overshoot > 0:
                self.scroll_by(overshoot)
        return moved

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction("Copy", self._selection.copy)
        copy.setEnabled(bool(self._selection))
        menu.addAction("Select all", self._selection.select_all)
        menu.popup(event.globalPos())

    # Streaming --------------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for item in waiting.values():
            section = self._sections[self._index[item.id]]
            ended = section.item.live and not item.live
            section.update(item)
            if ended:
                self._announce(section)
        if waiting:
            self._arrange()
        else:
            self._updates.stop()

    def _announce(self, section: Section) -> None:
        """Tell a screen reader, once, that the answer is there."""
        if not QAccessible.isActive():
            return
        ending = section.item.error or section.item.text or section.item.status
        event = QAccessibleAnnouncementEvent(self, f"{section.name}: {ending[:ANNOUNCED_CHARACTERS]}")
        QAccessible.updateAccessibility(event)

    def _kept(self, section: Section, item: TranscriptItem) -> Section:
        if section.item != item:
            section.update(item)
        return section

    def _section(self, item: TranscriptItem) -> Section:
        section = Section(item, self._look, self, self.viewport())
        section.set_width(self._column)
        return section

    def _use_width(self) -> None:
        column = max(200, min(COLUMN_WIDTH, self.viewport().width() - 2 * SIDE))
        if column != self._column:
            self._column = column
            for section in self._sections:
                section.set_width(column)

    def _timer(self, milliseconds: int, receiver: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.timeout.connect(receiver)
        return timer
