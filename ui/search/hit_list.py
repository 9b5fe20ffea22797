"""The hits of a search as a list: title, day, and the piece of text that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui.appearance import Appearance
from ui.search.hit_painter import HitPainter, spoken
from ui.theme import RADIUS_SMALL

if TYPE_CHECKING:
    from workbench.chat.searching.search import Hit  # only its type: the window is painted first

Index = QModelIndex | QPersistentModelIndex
HIT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
LINES = 2
_NO_PARENT = QModelIndex()


class HitListModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hits: tuple[Hit, ...] = ()

    def show_hits(self, hits: tuple[Hit, ...]) -> None:
        if hits != self.hits:
            self.beginResetModel()
            self.hits = hits
            self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.hits):
            return None
        hit = self.hits[index.row()]
        if role == HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title or "New chat"
        return spoken(hit) if role == Qt.ItemDataRole.AccessibleTextRole else None


class HitDelegate(QStyledItemDelegate):
    def __init__(self, appearance: Appearance, view: QListView) -> None:
        super().__init__(view)
        self._appearance = appearance
        self._painter = HitPainter(appearance, LINES)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, self._painter.height(option.font, index.data(HIT_ROLE)) + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = option.rect.adjusted(0, 1, 0, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.colour("active" if selected else "hover"))
            painter.drawRoundedRect(box, RADIUS_SMALL + 2, RADIUS_SMALL + 2)
        self._painter.paint(painter, option.font, box, index.data(HIT_ROLE))
        painter.restore()


class HitList(QListView):
    """``chosen`` carries a `Hit`. The field above keeps the focus; `step` walks."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._model = HitListModel(self)
        self.setModel(self._model)
        self.setItemDelegate(HitDelegate(appearance, self))
        self.setAccessibleName("Found in chats")
        self.setAccessibleDescription("Enter goes to the message.")
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._choose_index)
        appearance.changed.connect(self.doItemsLayout)

    @property
    def hits(self) -> tuple[Hit, ...]:
        return self._model.hits

    @property
    def current(self) -> Hit | None:
        """The one that Enter chooses."""
        row = self.currentIndex().row()
        return self.hits[row] if 0 <= row < len(self.hits) else None

    def show_hits(self, hits: tuple[Hit, ...]) -> None:
        """Show these; the first one is chosen by Enter."""
        self._model.show_hits(hits)
        self.setCurrentIndex(self._model.index(0) if hits else QModelIndex())
        self.scrollToTop()

    def step(self, by: int) -> None:
        """Walk down (1) or up (-1), around the end."""
        if self.hits:
            row = (self.currentIndex().row() + by) % len(self.hits)
            self.setCurrentIndex(self._model.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose()
        else:
            super().keyPressEvent(event)

    def choose(self) -> None:
        """Go to the current hit."""
        if self.current is not None:
            self.chosen.emit(self.current)

    def _choose_index(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.hits[index.row()])
