"""The files of a folder, painted: name and place, status and why, size."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView

from ui.appearance import Appearance
from ui.documents.file_items import FILE_ROLE, FileListModel, Index
from ui.documents.words import LOOKS, file_size_words, file_words, shown_path
from ui.icons import pixmap
from ui.translation import tr
from ui.widgets.long_list import LEFT, RIGHT, SIDE, LongList, RowDelegate
from workbench.documents.collection import Document, FileStatus

ICON = 15
BAD = (FileStatus.FAILED, FileStatus.NO_PERMISSION)
READABLE = {"strong_border": "muted", "control_border": "muted", "border": "muted"}  # colours of the bar, as of a sign


class FileDelegate(RowDelegate):
    """Name, place and size; below, what became of it."""

    padding, gap = 7, 2

    def paint_row(self, painter: QPainter, font: QFont, box: QRect, index: Index, *, selected: bool) -> None:
        file = index.data(FILE_ROLE)
        if isinstance(file, Document):
            self._paint_lines(painter, font, box, file, selected=selected)

    def _paint_lines(self, painter: QPainter, font: QFont, box: QRect, file: Document, *, selected: bool) -> None:
        area = box.adjusted(SIDE, self.padding, -SIDE, -self.padding)
        side, strong = self.appearance.pixels(ICON), self.strong(font)
        first = QRect(area.left() + side + 10, area.top(), area.width() - side - 10, QFontMetrics(strong).height())
        self._paint_sign(painter, QRect(area.left(), first.top(), side, first.height()), file, selected=selected)
        small = self.small(font)
        below = QRect(first.left(), first.bottom() + 1 + self.gap, first.width(), QFontMetrics(small).height())
        quiet = self.appearance.colour("text" if selected else "muted")  # muted is too pale on a selection
        painter.setFont(small)
        painter.setPen(quiet)
        size = file_size_words(file.bytes)
        painter.drawText(first, RIGHT, size)
        taken = painter.fontMetrics().horizontalAdvance(size) + SIDE
        self._paint_name(painter, strong, first.adjusted(0, 0, -taken, 0), file, quiet)
        if file.status in BAD and not selected:
            painter.setPen(self.appearance.colour("danger"))
        painter.setFont(small)
        painter.drawText(below, LEFT, _elided(painter, file_words(file), below.width(), Qt.TextElideMode.ElideRight))

    def _paint_name(self, painter: QPainter, font: QFont, box: QRect, file: Document, quiet: QColor) -> None:
        """The name, and behind it in which folder it stands."""
        path = shown_path(file.path)
        folder, _slash, name = path.rpartition("/")
        painter.setFont(font)
        painter.setPen(self.appearance.colour("text"))
        shown = _elided(painter, name, box.width(), Qt.TextElideMode.ElideMiddle)
        painter.drawText(box, LEFT, shown)
        used = painter.fontMetrics().horizontalAdvance(shown) + SIDE
        if folder and box.width() - used > 60:
            painter.setFont(self.small(font))
            painter.setPen(quiet)
            room = box.adjusted(used, 0, 0, 0)
            painter.drawText(room, LEFT, _elided(painter, folder, room.width(), Qt.TextElideMode.ElideMiddle))

    def _paint_sign(self, painter: QPainter, box: QRect, file: Document, *, selected: bool) -> None:
        look = LOOKS[file.status]
        token = "text" if selected else READABLE.get(look.colour, look.colour)
        colour = self.appearance.colour(token).name()
        ratio = painter.device().devicePixelRatio()
        place = QPointF(box.left(), box.center().y() - box.width() / 2 + 1)
        painter.drawPixmap(place, pixmap(look.icon, colour, box.width(), ratio))


class FileList(LongList[FileDelegate]):
    """``opened`` carries a `Document`; ``more_asked`` where the list of actions opens; ``chosen``: others are selected."""

    opened = Signal(object)
    more_asked = Signal(QPoint)
    chosen = Signal()

    def __init__(self, appearance: Appearance, model: FileListModel) -> None:
        super().__init__(appearance, model, FileDelegate)
        self._model = model
        self.setAccessibleName(tr("Files"))
        self.setAccessibleDescription(tr("Enter opens what was read, the menu key lists the actions."))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.doubleClicked.connect(self._open)
        self.selectionModel().selectionChanged.connect(lambda *_changes: self.chosen.emit())

    @property
    def selected(self) -> tuple[Document, ...]:
        """The files that actions are about, by path."""
        chosen = self.selectionModel().selection()
        parts = [chosen.at(place) for place in range(chosen.count())]
        ranges = sorted((one.top(), one.bottom()) for one in parts)
        return tuple(file for top, bottom in ranges for file in self._model.files[top : bottom + 1])

    def show_files(self, files: Sequence[Document], *, whole: bool) -> None:
        """These instead, with the place and the selection kept as far as they are still there."""
        kept = {one.id for one in self.selected}
        current = self._model.file_at(self.currentIndex())
        bar = self.verticalScrollBar()
        place = bar.value()
        if self._model.show_files(files, whole=whole):
            self._select(kept, current.id if current else 0)
            bar.setValue(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif event.key() == Qt.Key.Key_Menu and self.selected:
            self.more_asked.emit(self.visualRect(self.currentIndex()).bottomLeft())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        where = event.position().toPoint()
        index = self.indexAt(where)
        if event.button() != Qt.MouseButton.RightButton:
            super().mousePressEvent(event)
            return
        if index.isValid() and not self.selectionModel().isSelected(index):
            self.setCurrentIndex(index)
        if self.selected:
            self.more_asked.emit(where)

    def _select(self, ids: set[int], current: int) -> None:
        if not ids and not current:
            return
        selection = QItemSelection()
        for row, one in enumerate(self._model.files):
            if one.id in ids:
                selection.select(self._model.index(row), self._model.index(row))
            if one.id == current:
                flag = QItemSelectionModel.SelectionFlag.NoUpdate
                self.selectionModel().setCurrentIndex(self._model.index(row), flag)
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _open(self, index: Index) -> None:
        file = self._model.file_at(index)
        if file is not None:
            self.opened.emit(file)


def _elided(painter: QPainter, text: str, width: int, where: Qt.TextElideMode) -> str:
    return painter.fontMetrics().elidedText(text, where, max(0, width))
