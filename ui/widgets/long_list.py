"""A list of any length whose rows are painted, all of one height: two lines beside a sign.

A table of one column: a list asks the model for each of its rows when it is laid out, which takes seconds for a hundred
thousand.
"""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui.appearance import Appearance
from ui.theme import RADIUS_SMALL, TypeScale
from ui.widgets.focus_ring import FocusRing

Index = QModelIndex | QPersistentModelIndex
SIDE = 12  # pixels beside what a row says
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class RowDelegate(QStyledItemDelegate):
    """Paints the ground of a row; what stands on it is `paint_row`'s."""

    padding: ClassVar[int] = 8
    gap: ClassVar[int] = 3  # between both lines

    def __init__(self, appearance: Appearance, view: QTableView) -> None:
        super().__init__(view)
        self.appearance = appearance

    def paint_row(self, painter: QPainter, font: QFont, box: QRect, index: Index, *, selected: bool) -> None:
        """What a row says, in ``box``."""
        raise NotImplementedError

    def small(self, font: QFont) -> QFont:
        small = QFont(font)
        small.setPixelSize(self.appearance.pixels(TypeScale().caption))
        small.setWeight(QFont.Weight.Normal)
        return small

    def strong(self, font: QFont) -> QFont:
        strong = QFont(font)
        strong.setWeight(QFont.Weight.Medium)
        return strong

    # Qt ---------------------------------------------------------------------------------------------------------------

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        first, second = QFontMetrics(option.font), QFontMetrics(self.small(option.font))
        return QSize(160, 2 * self.padding + first.height() + self.gap + second.height() + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box: QRect = option.rect.adjusted(0, 1, 0, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.appearance.colour("active" if selected else "hover"))
            painter.drawRoundedRect(box, RADIUS_SMALL + 2, RADIUS_SMALL + 2)
        if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QPen(self.appearance.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS_SMALL + 1, RADIUS_SMALL + 1)
        self.paint_row(painter, option.font, box, index, selected=selected)
        painter.restore()


Rows = TypeVar("Rows", bound=RowDelegate)


class LongList(QTableView, Generic[Rows]):
    """Home and End go to its ends; a larger text makes all rows higher."""

    def __init__(self, appearance: Appearance, model: QAbstractItemModel, rows: type[Rows]) -> None:
        super().__init__()
        self.setModel(model)
        self.rows = rows(appearance, self)
        self.setItemDelegate(self.rows)
        self.setProperty("look", "files")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        FocusRing(self, appearance)
        appearance.follow(self._fit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.model().rowCount() - 1}
        if Qt.Key(event.key()) in ends and not event.modifiers():
            self.setCurrentIndex(self.model().index(ends[Qt.Key(event.key())], 0))
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.model() is not None:
            self._fit()

    def _fit(self) -> None:
        """All rows are as high as the two lines need at this text size."""
        option = QStyleOptionViewItem()
        option.font = self.font()
        height = self.rows.sizeHint(option, QModelIndex()).height()
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self.viewport().update()
