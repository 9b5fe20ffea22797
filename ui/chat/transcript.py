"""The conversation as a scrolling column.

Only what is near the viewport has widgets; everything else is a height, estimated until it was laid out once. The place on
the screen is held by an *anchor*, one row and where its top is, so that heights can be corrected above and below without a
jump. While the person is at the end, the anchor is the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from ui.chat.citations import spoken, target_of
from ui.chat.consents import ConsentAnswer
from ui.chat.footer_actions import NEXT, PREVIOUS
from ui.chat.transcript_column import BOTTOM, TOP, Anchor, Column
from ui.chat.transcript_find import Finder
from ui.chat.transcript_items import ReasoningRow, TranscriptItem
from ui.chat.transcript_row import RowWidget
from ui.chat.transcript_section import Section
from ui.chat.transcript_selection import Selection
from ui.theme import COLUMN_WIDTH, LIGHT, Tokens
from ui.translation import tr
from ui.widgets.look import Look
from ui.widgets.quiet_button import QuietButton

SIDE = 24  # pixels beside the column, at least
UPDATE_MILLISECONDS = 40  # between two frames of a streamed answer
IDLE_MILLISECONDS = 30
AHEAD = 1.0  # viewports above and below that are made while idle
ANNOUNCED_CHARACTERS = 600
JUMP_FROM = 60  # pixels below the viewport from which a way back is offered
KEEP = 2.5  # viewports above and below whose widgets are kept


class TranscriptView(QAbstractScrollArea):
    """Shows ``TranscriptItem``s. ``action``: (item id, action id) of a pressed button.
    ``code_opened``: (item id, which block, code, language) of a block to be read beside the chat.
    ``passage_opened``: (item id, number, where in its text the number stands, -1: in the list under it).
    ``consent_answered``: (item id, `ConsentAnswer`) to a question of an answer.
    ``menu_asked``: where in the window what can be done with the selection is asked for."""

    action = Signal(str, str)
    menu_asked = Signal(QPoint)
    link_activated = Signal(str)
    code_opened = Signal(str, str, str, str)
    passage_opened = Signal(str, int, int)
    consent_answered = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look(LIGHT)
        self._column = Column()
        self._index: dict[str, int] = {}
        self._anchor: Anchor | None = None  # None: the end
        self._waiting: dict[str, TranscriptItem] = {}
        self._first = Anchor(0, 0, TOP)  # the first row in view
        self._value = 0  # of the scroll bar, when everything was placed last
        self._width = self._widest = COLUMN_WIDTH
        self._placing = False
        self._updates = self._timer(UPDATE_MILLISECONDS, self.flush)
        self._idle = self._timer(IDLE_MILLISECONDS, self._prepare_ahead)
        self.jump_button = QuietButton(self._look, tr("Jump to latest"), "arrow-down", self, outlined=True)
        self.jump_button.hide()
        self.jump_button.clicked.connect(self.scroll_to_end)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Conversation"))
        self.viewport().setAccessibleName(tr("Messages"))
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        for keys, action in (("Alt+Left", PREVIOUS), ("Alt+Right", NEXT)):  # buttons take arrow keys for themselves
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._step, action))
        self._selection = Selection(self, self)
        self._finder = Finder(self)

    # What to show -----------------------------------------------------------------------------------------------------

    def set_items(self, items: tuple[TranscriptItem, ...] | list[TranscriptItem]) -> None:
        """Show a conversation: the same one, changed or longer, in its place; another one at its end."""
        known = [section.item.id for section in self._column.sections]
        same = bool(known) and bool(items) and known[0] == items[0].id
        if not same:
            self._anchor = None
            self._selection.clear()
        self._waiting.clear()
        sections: list[Section] = []
        for index, item in enumerate(items):
            section = self._column.sections[index] if index < len(known) and known[index] == item.id else None
            sections.append(self._kept(section, item) if section else self._section(item))
        kept = set(sections)
        for section in self._column.sections:
            if section not in kept:
                section.drop(range(0))
        self._column.sections = sections
        self._index = {section.item.id: index for index, section in enumerate(sections)}
        if self._anchor is not None and self._anchor.section >= len(sections):
            self._anchor = None
        self._arrange()

    def update_item(self, item: TranscriptItem) -> None:
        """Show a newer version of an item, at most 25 times a second; an unknown id is added at the end."""
        if item.id not in self._index:
            self._index[item.id] = len(self._column.sections)
            self._column.sections.append(self._section(item))
        self._waiting[item.id] = item
        if not item.live:
            self.flush()
        elif not self._updates.isActive():
            self.flush()
            self._updates.start()

    def set_theme(
        self, tokens: Tokens, scale: float = 1.0, font: str = "inter", column_width: int = COLUMN_WIDTH
    ) -> None:
        """Use these colours, this text scale, font and width; everything in view is made again, in its place."""
        if Look(tokens, scale, font) == self._look and column_width == self._widest:
            return
        self._look, self._widest = Look(tokens, scale, font), column_width
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, self._look.colour("background"))
        palette.setColor(QPalette.ColorRole.Window, self._look.colour("background"))
        self.setPalette(palette)
        for section in self._column.sections:
            section.set_look(self._look)
        self.jump_button.set_look(self._look)
        self._arrange()

    @property
    def items(self) -> tuple[TranscriptItem, ...]:
        return tuple(section.item for section in self._column.sections)

    @property
    def following(self) -> bool:
        """Whether the view stays at the end while an answer grows."""
        return self._anchor is None

    @property
    def is_preparing(self) -> bool:
        """Whether rows beyond the viewport are still to be made."""
        return self._idle.isActive()

    def flush(self) -> None:
        """Show the updates that wait for the next frame."""
        waiting, self._waiting = self._waiting, {}
        for item in waiting.values():
            section = self._column.sections[self._index[item.id]]
            ended = section.item.live and not item.live
            section.update(item)
            if ended:
                self._announce(section)
        if waiting:
            self._arrange()
        else:
            self._updates.stop()

    def scroll_to_end(self) -> None:
        self._anchor = None
        self._arrange()

    def find(self, text: str) -> int:  # type: ignore[override]  # QWidget.find is another thing
        """Mark every occurrence of ``text`` in the conversation ("" ends the search); returns how many there are."""
        return self._finder.find(text)

    def find_next(self, *, backwards: bool = False) -> tuple[int, int]:
        """Go to the next occurrence; returns (its number from 1, how many there are), (0, 0) when there is none."""
        return self._finder.step(-1 if backwards else 1)

    def button(self, item_id: str, action: str) -> QWidget | None:
        """The button of an action of a message, if it is near the viewport."""
        for index, _row, widget in self.live_rows():
            if self._column.sections[index].item.id == item_id:
                for button in widget.findChildren(QuietButton, action):
                    return button
        return None

    def hold(self, item_id: str) -> None:
        """Keep a message where it is, whatever comes into view around it; the one in its place, if it goes."""
        index = self._index.get(item_id)
        if index is not None:
            self._column.sections[index].open()
            self._anchor = Anchor(index, 0, self._column.row_y(index, 0, self._first))

    def go_to(self, item_id: str) -> None:
        """Bring the beginning of a message into view."""
        index = self._index.get(item_id)
        if index is not None:
            self.show_row(index, 0)

    def focused_item(self) -> str:
        """The message that has the keyboard; else the last one in view, else ""."""
        focused, inside = QApplication.focusWidget(), ""
        for index, _row, widget in self.live_rows():
            item_id = self._column.sections[index].item.id
            if focused is not None and widget.isAncestorOf(focused):
                return item_id
            top = widget.mapTo(self.viewport(), QPoint(0, 0)).y()
            if 0 <= top < self.viewport().height():
                inside = item_id
        return inside

    def find_in(self, item_id: str) -> tuple[int, int]:
        """Go to the first occurrence in a message, as `find_next` does; where there is none, to the message."""
        index = self._index.get(item_id)
        return (0, 0) if index is None else self._finder.step_to(index)

    def selected_text(self) -> str:
        """What is selected, in reading order, as plain text."""
        return self._selection.text()

    def copy_selection(self) -> None:
        self._selection.copy()

    def select_all(self) -> None:
        self._selection.select_all()

    # What rows, selection and search ask for --------------------------------------------------------------------------

    @property
    def sections(self) -> list[Section]:
        return self._column.sections

    def live_rows(self) -> Iterator[tuple[int, int, RowWidget]]:
        """(section, row, widget) of every row that has a widget, in reading order."""
        for index in self._column.live():
            for row, widget in self._column.sections[index].ordered():
                yield index, row, widget

    def row_widget(self, section: int, row: int) -> RowWidget:
        """The widget of a row, made if need be."""
        self._column.sections[section].open()
        self._column.sections[section].measure(row)
        return self._column.sections[section].widgets[row]

    def show_row(self, section: int, row: int, offset: int = 0) -> None:
        """Scroll so that a place ``offset`` pixels into a row stands in the upper third, unless it is in view already."""
        self._column.sections[section].open()
        top = self._column.row_y(section, row, self._first) + offset
        if not 0 <= top < self.viewport().height() - 48:
            self._anchor = Anchor(section, row, self.viewport().height() // 3 - offset)
        self._arrange()

    def scroll_by(self, pixels: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pixels)

    def act(self, item_id: str, action: str) -> None:
        self.action.emit(item_id, action)

    def open_code(self, item_id: str, place: str, code: str, language: str) -> None:
        self.code_opened.emit(item_id, place, code, language)

    def open_passage(self, item_id: str, number: int, start: int) -> None:
        self.passage_opened.emit(item_id, number, start)

    def answer_consent(self, item_id: str, answer: ConsentAnswer) -> None:
        self.consent_answered.emit(item_id, answer)

    def words_of(self, item_id: str, address: str) -> str:
        """What a link of a message tells when it is pointed at: of a number the passage, else its true target."""
        target, index = target_of(address), self._index.get(item_id)
        if target is None or index is None:
            return address
        return spoken(self._column.sections[index].item.sources, *target)

    def follow_link(self, url: str) -> None:
        self.link_activated.emit(url)

    def fold(self, item_id: str, part: int) -> None:
        """The switch stays under the pointer: what unfolds grows downward."""
        index = self._index[item_id]
        section = self._column.sections[index]
        row = next(at for at, row in enumerate(section.rows) if getattr(row, "part", None) == part)
        self._anchor = Anchor(index, row, self._column.row_y(index, row, self._first))
        section.fold(part)
        self._arrange()

    def unfold(self, item_id: str) -> None:
        """Show what is folded away in a message."""
        section = self._column.sections[self._index[item_id]]
        section.open()
        for part in [row.part for row in section.rows if isinstance(row, ReasoningRow) and not row.expanded]:
            self.fold(item_id, part)

    def remeasure(self, widget: QWidget) -> None:
        """A row grew by itself, as a person asked it to: it stays where it is."""
        for index, row, known in list(self.live_rows()):
            if known is widget:
                self._anchor = Anchor(index, row, self._column.row_y(index, row, self._first))
                self._column.sections[index].forget_height(known)
        self._arrange()

    def regrow(self, widget: QWidget) -> None:
        """A row grew by itself, which nobody asked for: what is in view stays, and at the end it stays the end."""
        for index, _, known in self.live_rows():
            if known is widget:
                self._column.sections[index].forget_height(known)
        self._anchor = self._first if self._anchor is not None else None
        self._arrange()

    # Arranging --------------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Measure what is in view, starting from what must not move, and put everything in its place."""
        if self._placing or not self._column.sections:
            self.jump_button.hide()
            return
        self._placing = True
        self._use_width()
        self._column.height = self.viewport().height()
        self._anchor = self._column.from_anchor(self._anchor) if self._anchor is not None else None
        self._first = self._anchor or self._column.at_end()
        self._place()
        self._placing = False
        self._idle.start()

    def _place(self) -> None:
        offsets = self._column.offsets()
        value = self._column.offset_of(self._first)
        total = TOP + offsets[-1] + BOTTOM
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(48)
        bar.setRange(0, max(0, total - self.viewport().height()))
        bar.setValue(bar.maximum() if self._anchor is None else value)
        self._value = bar.value()
        self._scroll_pixels(offsets, value)
        x = (self.width() - self._width) // 2  # with or without a scroll bar, above the composer
        for index in self._column.live():
            section = self._column.sections[index]
            section.place(x, TOP + offsets[index] - value)
        if any(self._column.sections[index].fresh for index in self._column.live()):
            self._put_in_reading_order()
        self._place_jump(bar.maximum() - bar.value())
        self._selection.show()
        self._finder.show()

    def _scroll_pixels(self, offsets: list[int], value: int) -> None:
        """Move what is painted already: painting all of it again costs more than a frame has."""
        for index in reversed(self._column.live()):
            container = self._column.sections[index].container
            if container is not None and not self._column.sections[index].is_new:
                moved = TOP + offsets[index] - value - container.y()
                if 0 < abs(moved) < self.viewport().height():
                    self.viewport().scroll(0, moved)
                return

    def _put_in_reading_order(self) -> None:
        """For the keyboard, and for screen readers."""
        live = [self._column.sections[index] for index in self._column.live()]
        above: QWidget | None = None
        for section in reversed(live):
            for index in section.fresh:
                self._selection.watch(section.widgets[index])
            section.put_in_order(above)
            above = section.container
        before: QWidget = self
        for section in live:
            for _, widget in section.ordered():
                for stop in widget.tab_stops():
                    QWidget.setTabOrder(before, stop)
                    before = stop

    def _place_jump(self, below: int) -> None:
        """``below``: pixels of the conversation under the viewport."""
        shown = self._anchor is not None and below > JUMP_FROM
        self.jump_button.setVisible(shown)
        if shown:
            size, area = self.jump_button.sizeHint(), self.viewport().size()
            x, y = (area.width() - size.width()) // 2, area.height() - size.height() - 14
            self.jump_button.setGeometry(x, y, size.width(), size.height())
            self.jump_button.raise_()

    # Ahead of the person, while nothing else is to do ------------------------------------------------------------------

    def _prepare_ahead(self) -> None:
        """Make the next row beyond the viewport, one at a time; when all are there, delete what is far away."""
        if not self._column.sections:
            return
        for section, row in self._column.beyond(self._first, AHEAD):
            if not self._column.sections[section].is_laid_out(row):
                self._column.sections[section].measure(row)
                self._arrange()
                return
        kept: dict[int, list[int]] = {}
        for section, row in self._column.beyond(self._first, KEEP):
            kept.setdefault(section, []).append(row)
        for index in self._column.live():
            rows = kept.get(index)
            self._column.sections[index].drop(range(min(rows), max(rows) + 1) if rows else range(0))
        self._idle.stop()

    # Events -----------------------------------------------------------------------------------------------------------

    def _on_scrolled(self, value: int) -> None:
        if self._placing or not self._column.sections:
            return
        bar, moved = self.verticalScrollBar(), value - self._value
        if value >= bar.maximum():
            self._anchor = None
        elif value <= 0:
            self._anchor = Anchor(0, 0, TOP)
        elif abs(moved) < 2 * self.viewport().height():
            self._anchor = self._first._replace(y=self._first.y - moved)
        else:
            self._anchor = self._column.at_offset(value)
        self._arrange()

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
        moved, focused = super().focusNextPrevChild(forward), QApplication.focusWidget()
        if moved and focused is not None and self.viewport().isAncestorOf(focused):
            top = focused.mapTo(self.viewport(), QPoint(0, 0)).y()
            overshoot = top + focused.height() - self.viewport().height() + SIDE
            if top < 0:
                self.scroll_by(top - SIDE)
            elif overshoot > 0:
                self.scroll_by(overshoot)
        return moved

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(self.window().mapFromGlobal(event.globalPos()))

    # Inside -----------------------------------------------------------------------------------------------------------

    def _step(self, action: str) -> None:
        """To another version of the message that has the keyboard, or of the nearest one above it that has some."""
        above = self._column.sections[: self._index.get(self.focused_item(), -1) + 1]
        self.act(next((section.item.id for section in reversed(above) if section.item.place[1]), ""), action)

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
        section.set_width(self._width)
        return section

    def _use_width(self) -> None:
        column = max(200, min(self._widest, self.width() - 2 * SIDE))
        if column != self._width:
            self._width = column
            for section in self._column.sections:
                section.set_width(column)

    def _timer(self, milliseconds: int, receiver: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.timeout.connect(receiver)
        return timer
