"""The prompts of the library as an item model."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.prompts.words import spoken
from workbench.messages import Id
from workbench.prompts.prompt import SavedPrompt

Index = QModelIndex | QPersistentModelIndex
PROMPT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
DRAFT_ROLE = PROMPT_ROLE + 1
GAIN_ROLE = PROMPT_ROLE + 2
_NO_PARENT = QModelIndex()


class PromptListModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.prompts: tuple[SavedPrompt, ...] = ()
        self._drafts: frozenset[Id] = frozenset()
        self._gains: Mapping[Id, str] = {}

    def show_gains(self, gains: Mapping[Id, str]) -> None:
        """What it brings that favourites are kept warm, in words."""
        if gains != self._gains:
            self._gains = dict(gains)
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def show_prompts(self, prompts: Sequence[SavedPrompt], drafts: frozenset[Id] = frozenset()) -> bool:
        """These instead. What only changed in place is announced as such and the view keeps its place; else it begins
        anew: says whether it does."""
        before, drafts_before = self.prompts, self._drafts
        if [one.id for one in prompts] != [one.id for one in before]:
            self.beginResetModel()
            self.prompts, self._drafts = tuple(prompts), drafts
            self.endResetModel()
            return True
        self.prompts, self._drafts = tuple(prompts), drafts
        for row, (one, other) in enumerate(zip(prompts, before, strict=True)):
            if one != other or (one.id in drafts) is not (one.id in drafts_before):
                self.dataChanged.emit(self.index(row), self.index(row))
        return False

    def prompt_at(self, index: Index) -> SavedPrompt | None:
        return self.prompts[index.row()] if index.isValid() and index.row() < len(self.prompts) else None

    def row_of(self, prompt_id: Id) -> int:
        """-1 where it is not shown."""
        return next((row for row, one in enumerate(self.prompts) if one.id == prompt_id), -1)

    # Qt ---------------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.prompts)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        one = self.prompt_at(index)
        if one is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return one.prompt.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(one, time.time(), draft=one.id in self._drafts, gain=self._gains.get(one.id, ""))
        if role == DRAFT_ROLE:
            return one.id in self._drafts
        if role == GAIN_ROLE:
            return self._gains.get(one.id, "")
        return one if role == PROMPT_ROLE else None
