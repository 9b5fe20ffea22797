"""The prompts of the library, painted: star, title and slash name, how it begins, tags, how much it is used."""

from __future__ import annotations

import time

from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView

from ui.appearance import Appearance
from ui.icons import FILLED, pixmap
from ui.prompts.items import DRAFT_ROLE, GAIN_ROLE, PROMPT_ROLE, Index, PromptListModel
from ui.prompts.words import first_line, steps_words, uses_words
from ui.translation import tr
from ui.widgets.long_list import LEFT, RIGHT, SIDE, LongList, RowDelegate
from workbench.prompts.prompt import SavedPrompt

ICON = 16
STAR_ROOM = 10  # pixels around the star that belong to it


class PromptDelegate(RowDelegate):
    """Star, title, slash name and uses; below, how it begins, and its tags."""

    def star_place(self, box: QRect, font: QFont) -> QRect:
        """Where the star of a row stands."""
        side = self.appearance.pixels(ICON)
        middle = box.top() + 1 + self.padding + QFontMetrics(font).height() // 2
        return QRect(box.left() + SIDE, middle - side // 2, side, side)

    def paint_row(self, painter: QPainter, font: QFont, box: QRect, index: Index, *, selected: bool) -> None:
        one = index.data(PROMPT_ROLE)
        if not isinstance(one, SavedPrompt):
            return
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # the places below are counted from the left
        self._paint_star(painter, self.star_place(box.adjusted(0, -1, 0, 1), font), one, selected=selected)
        used = tr("Not saved") if (draft := bool(index.data(DRAFT_ROLE))) else uses_words(one, time.time())
        gain = str(index.data(GAIN_ROLE) or "")
        right = used if draft else " · ".join(piece for piece in (gain, used) if piece)
        self._paint_lines(painter, font, box, one, right, draft=draft, selected=selected)

    def _paint_star(self, painter: QPainter, place: QRect, one: SavedPrompt, *, selected: bool) -> None:
        name = "star" + FILLED if one.favourite else "star"
        token = "text" if selected else "accent" if one.favourite else "muted"
        ratio = painter.device().devicePixelRatio()
        colour = self.appearance.colour(token).name()
        painter.drawPixmap(QPointF(place.topLeft()), pixmap(name, colour, place.width(), ratio))

    def _paint_lines(
        self, painter: QPainter, font: QFont, box: QRect, one: SavedPrompt, right: str, *, draft: bool, selected: bool
    ) -> None:
        strong, small = self.strong(font), self.small(font)
        left = box.left() + SIDE + self.appearance.pixels(ICON) + 12
        width = box.right() - SIDE - left
        first = QRect(left, box.top() + self.padding, width, QFontMetrics(strong).height())
        below = QRect(left, first.bottom() + 1 + self.gap, width, QFontMetrics(small).height())
        quiet = self.appearance.colour("text" if selected else "muted")  # muted is too pale on a selection
        painter.setFont(small)
        painter.setPen(self.appearance.colour("text" if selected else "cloud") if draft else quiet)
        first.setWidth(width - self._paint_right(painter, first, right))
        painter.setFont(strong)
        painter.setPen(self.appearance.colour("text"))
        title = painter.fontMetrics().elidedText(one.prompt.title, Qt.TextElideMode.ElideRight, first.width())
        painter.drawText(first, LEFT, title)
        taken = painter.fontMetrics().horizontalAdvance(title) + 8
        painter.setFont(small)
        painter.setPen(quiet)
        self._paint_left(painter, first.adjusted(taken, 0, 0, 0), f"/{one.prompt.name}")
        notes = " ".join(
            (*((steps_words(one.prompt),) if one.prompt.steps else ()), *(f"#{t}" for t in one.prompt.tags))
        )
        below.setWidth(width - self._paint_right(painter, below, notes, share=0.4))
        self._paint_left(painter, below, first_line(one.prompt))

    def _paint_right(self, painter: QPainter, box: QRect, words: str, share: float = 0.6) -> int:
        """At the right end, elided; returns the pixels taken, with the gap before."""
        if not words:
            return 0
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, round(box.width() * share))
        painter.drawText(box, RIGHT, shown)
        return painter.fontMetrics().horizontalAdvance(shown) + SIDE

    def _paint_left(self, painter: QPainter, box: QRect, words: str) -> None:
        if box.width() > 30:
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, LEFT, shown)


class PromptList(LongList[PromptDelegate]):
    """``opened`` and ``starred`` carry a `SavedPrompt`; ``removed`` too. ``more_asked``: where actions are listed."""

    opened = Signal(object)
    starred = Signal(object)
    removed = Signal(object)
    more_asked = Signal(object, QPoint)

    def __init__(self, appearance: Appearance, model: PromptListModel) -> None:
        super().__init__(appearance, model, PromptDelegate)
        self._model = model
        self.setAccessibleName(tr("Prompts"))
        self.setAccessibleDescription(
            tr("Enter opens, Space makes a favourite, Delete removes, the menu key lists the actions.")
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.clicked.connect(self._open)

    @property
    def current(self) -> SavedPrompt | None:
        return self._model.prompt_at(self.currentIndex())

    def show_prompts(self, prompts: tuple[SavedPrompt, ...], drafts: frozenset[str]) -> None:
        """These instead, with the place and the current one kept as far as they are still there."""
        current = self.current
        place = self.verticalScrollBar().value()
        if self._model.show_prompts(prompts, drafts):
            row = self._model.row_of(current.id) if current else -1
            if row >= 0:
                self.setCurrentIndex(self._model.index(row))
            self.verticalScrollBar().setValue(place if row >= 0 else 0)

    def go_to(self, row: int) -> None:
        """Make it the current one and give the list the keyboard."""
        if 0 <= row < self._model.rowCount():
            self.setCurrentIndex(self._model.index(row))
        self.setFocus(Qt.FocusReason.TabFocusReason)

    # Qt ---------------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        one = self.current
        key = Qt.Key(event.key())
        asked = {
            Qt.Key.Key_Return: self.opened,
            Qt.Key.Key_Enter: self.opened,
            Qt.Key.Key_Space: self.starred,
            Qt.Key.Key_Delete: self.removed,
        }
        if one is not None and key in asked and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            asked[key].emit(one)
        elif one is not None and key == Qt.Key.Key_Menu:
            self.more_asked.emit(one, self._in_window(self.visualRect(self.currentIndex()).bottomLeft()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        where = event.position().toPoint()
        index = self.indexAt(where)
        one = self._model.prompt_at(index)
        if one is not None and event.button() == Qt.MouseButton.RightButton:
            self.setCurrentIndex(index)
            self.more_asked.emit(one, self._in_window(where))
        elif one is not None and self._on_star(index, where):
            self.starred.emit(one)
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        where = event.position().toPoint()
        if not self._on_star(self.indexAt(where), where):  # else it would be a click on the row
            super().mouseReleaseEvent(event)

    def _on_star(self, index: QModelIndex, where: QPoint) -> bool:
        place = self.rows.star_place(self.visualRect(index), self.font())
        return index.isValid() and place.adjusted(-STAR_ROOM, -STAR_ROOM, STAR_ROOM, STAR_ROOM).contains(where)

    def _in_window(self, where: QPoint) -> QPoint:
        return self.viewport().mapTo(self.window(), where)

    def _open(self, index: Index) -> None:
        one = self._model.prompt_at(index)
        if one is not None:
            self.opened.emit(one)
