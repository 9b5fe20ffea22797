"""The results of a batch as a table model: a page at a time, for batches of a hundred thousand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.prompts.batches.words import RUN_STATES, answer_line, seconds_of, seconds_words, spoken_run
from ui.translation import marked, tr
from workbench.prompts.running.run import Run

Index = QModelIndex | QPersistentModelIndex
RUN_ROLE = int(Qt.ItemDataRole.UserRole) + 1
PAGE = 200
COLUMNS = (marked("Input"), marked("State"), marked("Answer"), marked("Time"))
_NO_PARENT = QModelIndex()


class ResultModel(QAbstractTableModel):
    """``asked`` carries from which row on a page is wanted; rows that are not read yet are empty."""

    asked = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._total = 0
        self._runs: dict[int, Run] = {}
        self._wanted: set[int] = set()
        self._seen: set[int] = set()

    @property
    def pages(self) -> tuple[int, ...]:
        """The first rows of the pages that were looked at."""
        return tuple(sorted(self._seen))

    def begin(self, total: int) -> None:
        """Another batch, of so many inputs."""
        self.beginResetModel()
        self._total, self._runs = total, {}
        self._wanted, self._seen = set(), set()
        self.endResetModel()

    def show_page(self, first: int, runs: Sequence[Run]) -> None:
        """What stands from row ``first`` on now."""
        self._wanted.discard(first)
        self._seen.add(first)
        changed = [row for row, run in enumerate(runs, first) if self._runs.get(row) != run and row < self._total]
        self._runs.update(zip(range(first, first + len(runs)), runs, strict=False))
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(COLUMNS) - 1))

    def run_at(self, row: int) -> Run | None:
        return self._runs.get(row)

    # Qt ---------------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return tr(COLUMNS[section]) if orientation is Qt.Orientation.Horizontal else f"{section + 1:,}"

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            RUN_ROLE,
        ):
            return None
        run = self._runs.get(index.row())
        if run is None:
            self._want(index.row())
        if role == RUN_ROLE:
            return run
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken_run(run, index.row() + 1)
        return "" if run is None else _cell(run, index.column())

    def _want(self, row: int) -> None:
        first = row - row % PAGE
        if first not in self._wanted:
            self._wanted.add(first)
            self.asked.emit(first)


def _cell(run: Run, column: int) -> str:
    match column:
        case 0:
            return run.label
        case 1:
            return tr(RUN_STATES[run.state]) if RUN_STATES[run.state] else ""
        case 2:
            return answer_line(run)
    return seconds_words(seconds_of(run))
