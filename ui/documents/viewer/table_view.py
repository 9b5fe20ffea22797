"""A sheet or a CSV file as a table, with the rows of a passage marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from ui.appearance import Appearance
from ui.documents.viewer.tables import TableRow, names_columns
from ui.translation import tr

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
WIDEST = 320  # pixels of a column at first
HEADER = -1
MEASURED = 200  # rows whose cells decide how wide the columns are


class Rows(QAbstractTableModel):
    """``marked``: the characters of the document whose rows stand out. ``header``: the first row, where it names the
    columns; it stays in sight above the ``rows``."""

    def __init__(self, appearance: Appearance, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.header: TableRow | None = None
        self.rows: tuple[TableRow, ...] = ()
        self.marked = (0, 0)
        self.found = ""
        self._columns = 0

    def show_rows(self, rows: tuple[TableRow, ...]) -> None:
        self.beginResetModel()
        self.header = rows[0] if len(rows) > 1 and names_columns(rows[0]) else None
        self.rows = rows if self.header is None else rows[1:]
        self._columns = max((len(row.cells) for row in rows), default=0)
        self.endResetModel()

    def is_marked(self, row: int) -> bool:
        one = self.rows[row]
        return one.begin < self.marked[1] and self.marked[0] < max(one.end, one.begin + 1)

    def refresh(self) -> None:
        """Something about the marks has changed."""
        if self.rows and self._columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, self._columns - 1))

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._columns

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if self.header is None:
            return section + 1
        if orientation == Qt.Orientation.Vertical:
            return section + 2
        return self.header.cells[section] if section < len(self.header.cells) else ""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.column() >= len(self.rows[index.row()].cells):
            return None
        cell = self.rows[index.row()].cells[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cell if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join((cell, tr("in the passage"))) if self.is_marked(index.row()) else cell
        if role == Qt.ItemDataRole.BackgroundRole:
            if self.found and self.found in cell.lower():
                return self._appearance.colour("selection")
            return self._appearance.colour("accent_soft") if self.is_marked(index.row()) else None
        return None


class TableView(QTableView):
    """Read only, as many rows as there are."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = Rows(appearance, self)
        self._places: list[int] = []
        self._current = -1
        self.setModel(self.rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(tr("Table of the document"))
        self.horizontalHeader().setResizeContentsPrecision(MEASURED)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setMaximumSectionSize(WIDEST * 4)
        self.verticalHeader().setDefaultSectionSize(appearance.pixels(28))
        appearance.follow(self.rows.refresh)

    def show_rows(self, rows: tuple[TableRow, ...]) -> None:
        self._places, self._current = [], -1
        self.rows.show_rows(rows)
        self.resizeColumnsToContents()
        for column in range(self.rows.columnCount()):
            if self.columnWidth(column) > WIDEST:
                self.setColumnWidth(column, WIDEST)

    def mark(self, start: int, end: int) -> None:
        """Mark the rows of these characters, and go to the first one."""
        self.rows.marked = (start, end)
        self.rows.refresh()
        first = next((place for place in range(len(self.rows.rows)) if self.rows.is_marked(place)), None)
        if first is not None:
            self._go_to(first)

    def find(self, text: str) -> int:  # type: ignore[override]  # QWidget.find is another thing
        """Mark the cells with ``text`` in them ("" ends the search); returns how many rows have it."""
        self.rows.found, self._current = text.lower(), -1
        wanted = self.rows.found
        self._places = [
            place for place, row in self._shown() if wanted and any(wanted in cell.lower() for cell in row.cells)
        ]
        self.rows.refresh()
        return len(self._places)

    def find_next(self, *, backwards: bool = False) -> tuple[int, int]:
        if not self._places:
            return 0, 0
        start = 0 if backwards else -1
        self._current = ((self._current if self._current >= 0 else start) + (-1 if backwards else 1)) % len(
            self._places
        )
        self._go_to(self._places[self._current])
        return self._current + 1, len(self._places)

    def _shown(self) -> Iterator[tuple[int, TableRow]]:
        """The rows with their places; the header's is before the first."""
        if self.rows.header is not None:
            yield HEADER, self.rows.header
        yield from enumerate(self.rows.rows)

    def _go_to(self, row: int) -> None:
        """The header is in sight anyway."""
        if row == HEADER:
            self.scrollToTop()
            return
        index = self.rows.index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
