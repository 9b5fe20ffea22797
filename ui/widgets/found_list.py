"""A list of what was found, painted by whoever knows what it is: walked by keys, chosen by Enter, a click or a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.appearance import Appearance
from ui.theme import RADIUS_SMALL

Index = QModelIndex | QPersistentModelIndex
FOUND_ROLE = int(Qt.ItemDataRole.UserRole) + 1
LEAST_WIDTH = 120
_NO_PARENT = QModelIndex()


class FoundModel(QAbstractListModel):
    """``title`` and ``spoken``: of one that was found, as a person reads and hears it."""

    def __init__(
        self, title: Callable[[Any], str], spoken: Callable[[Any], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._spoken = spoken
        self.hits: tuple[Any, ...] = ()

    def show_hits(self, hits: Sequence[Any]) -> None:
        if tuple(hits) != self.hits:
            self.beginResetModel()
            self.hits = tuple(hits)
            self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.row() >= len(self.hits):
            return None
        hit = self.hits[index.row()]
        if role == FOUND_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(hit)
        return self._spoken(hit) if role == Qt.ItemDataRole.AccessibleTextRole else None


class FoundPainter(Protocol):
    """What a row looks like, but for its ground."""

    def height(self, font: QFont, hit: Any, width: int) -> int:
        """Pixels of a row of this width."""
        ...

    def paint(self, painter: QPainter, font: QFont, box: QRect, hit: Any, *, selected: bool) -> None: ...


class FoundDelegate(QStyledItemDelegate):
    def __init__(self, appearance: Appearance, rows: FoundPainter, view: QListView) -> None:
        super().__init__(view)
        self._appearance = appearance
        self._rows = rows
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hit = index.data(FOUND_ROLE)
        height = 0 if hit is None else self._rows.height(option.font, hit, self._view.viewport().width()) + 2
        return QSize(LEAST_WIDTH, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.data(FOUND_ROLE)
        if hit is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box: QRect = option.rect.adjusted(0, 1, 0, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.colour("active" if selected else "hover"))
            painter.drawRoundedRect(box, RADIUS_SMALL + 2, RADIUS_SMALL + 2)
        self._rows.paint(painter, option.font, box, hit, selected=selected)
        painter.restore()


class FoundList(QListView):
    """``chosen`` carries what was found. The field above may keep the focus; `step` walks."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance, rows: FoundPainter, model: FoundModel) -> None:
        super().__init__()
        self.found = model
        model.setParent(self)
        self.setModel(model)
        self.setItemDelegate(FoundDelegate(appearance, rows, self))
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._choose_index)
        appearance.changed.connect(self.doItemsLayout)

    @property
    def current_row(self) -> int:
        """The one that Enter chooses, -1 for none. Assistive technology selects without making it the current one."""
        selected = self.selectionModel().selectedIndexes()
        row = (selected[0] if selected else self.currentIndex()).row()
        return row if row < len(self.found.hits) else -1

    def step(self, by: int) -> None:
        """Walk down (1) or up (-1), around the end."""
        if self.found.hits:
            self.go_to((self.currentIndex().row() + by) % len(self.found.hits))

    def go_to(self, row: int) -> None:
        """Make it the current one; out of range: none."""
        self.setCurrentIndex(self.found.index(row) if 0 <= row < len(self.found.hits) else QModelIndex())

    def choose(self) -> None:
        """Go to the current one."""
        if self.current_row >= 0:
            self.chosen.emit(self.found.hits[self.current_row])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()  # other lines, other heights

    def _choose_index(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.found.hits[index.row()])
