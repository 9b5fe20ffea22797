"""The catalog as an item model: one row a model, in the order that the filter gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.models.state import CatalogRow
from ui.models.words import row_words
from workbench.engine.runtimes.builds import EngineBuild

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_NO_PARENT = QModelIndex()


class CatalogListModel(QAbstractListModel):
    """Rows that only changed in place are announced as such: the view keeps its place while downloads go on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[CatalogRow, ...] = ()
        self._builds: Sequence[EngineBuild] = ()

    @property
    def rows(self) -> tuple[CatalogRow, ...]:
        return self._rows

    @property
    def builds(self) -> Sequence[EngineBuild]:
        """The engines that a fit may need."""
        return self._builds

    def show_rows(self, rows: tuple[CatalogRow, ...], builds: Sequence[EngineBuild] = ()) -> None:
        same_models = [row.model.id for row in rows] == [row.model.id for row in self._rows]
        if not same_models:
            self.beginResetModel()
            self._rows, self._builds = rows, builds
            self.endResetModel()
            return
        changed = [place for place, row in enumerate(rows) if row != self._rows[place] or builds != self._builds]
        self._rows, self._builds = rows, builds
        for place in changed:
            self.dataChanged.emit(self.index(place), self.index(place))

    def row_at(self, index: Index) -> CatalogRow | None:
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def place_of(self, model_id: str) -> int:
        """The row of a model, or -1."""
        return next((place for place, row in enumerate(self._rows) if row.model.id == model_id), -1)

    # Qt ---------------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.model.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row_words(row, self._builds)
        return row if role == ROW_ROLE else None
