"""The files of a folder as an item model: a page at a time, for folders of a hundred thousand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.documents.words import shown_path, spoken_file
from workbench.documents.collection import Document

Index = QModelIndex | QPersistentModelIndex
FILE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_NO_PARENT = QModelIndex()


class FileListModel(QAbstractListModel):
    """``more_asked``: the view has come to the end of what is here, and there is more."""

    more_asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: list[Document] = []
        self._whole = True
        self._asked = False

    @property
    def files(self) -> Sequence[Document]:
        """As many as were read until now."""
        return self._files

    @property
    def whole(self) -> bool:
        """Whether there is no more."""
        return self._whole

    def show_files(self, files: Sequence[Document], *, whole: bool) -> bool:
        """These, from the first one. What only changed in place is announced as such, and the view keeps its place; else
        it begins anew: says whether it does."""
        self._asked = False
        if [one.id for one in files] != [one.id for one in self._files]:
            self.beginResetModel()
            self._files, self._whole = list(files), whole
            self.endResetModel()
            return True
        changed = [place for place, one in enumerate(files) if one != self._files[place]]
        self._files, self._whole = list(files), whole
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
        return False

    def add_files(self, files: Sequence[Document], *, whole: bool) -> None:
        """Those that follow."""
        self._asked = False
        self._whole = whole
        if files:
            self.beginInsertRows(_NO_PARENT, len(self._files), len(self._files) + len(files) - 1)
            self._files += files
            self.endInsertRows()

    def give_up(self) -> None:
        """What was asked for did not come; it may be asked for again."""
        self._asked = False

    def file_at(self, index: Index) -> Document | None:
        return self._files[index.row()] if index.isValid() and index.row() < len(self._files) else None

    # Qt ---------------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._files)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._whole and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.more_asked.emit()

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        file = self.file_at(index)
        if file is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_path(file.path)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken_file(file)
        return file if role == FILE_ROLE else None
