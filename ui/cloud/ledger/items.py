"""Calls and sums as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.cloud.ledger.words import (
    PURPOSES,
    costs,
    model_words,
    state_words,
    tokens_words,
    told_words,
    total_title,
    when_words,
)
from ui.translation import marked, tr
from workbench.cloud.spending.money import By, Entry, Total

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
NUMBERS = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
WORDS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
FIRST = {By.DAY: marked("Day"), By.PROVIDER: marked("Provider"), By.MODEL: marked("Model")}


@dataclass(frozen=True, slots=True)
class Row:
    """``more``: what there is to know besides."""

    cells: tuple[str, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``numbers``: columns that stand at the right; ``wide``: the one that takes what is left."""

    titles: tuple[str, ...]
    numbers: frozenset[int]
    wide: int
    rows: tuple[Row, ...]


def of_calls(entries: Sequence[Entry], names: Mapping[str, str]) -> Sheet:
    """``names`` of providers, by id."""
    titles = (tr("When"), tr("Model"), tr("Read"), tr("Written"), tr("Cost"), tr("What"), tr("Known"))
    amounts = costs([one.cost_micros for one in entries])
    rows = (_call(one, cost, names) for one, cost in zip(entries, amounts, strict=True))
    return Sheet(titles, frozenset({2, 3, 4}), 1, tuple(rows))


def of_totals(by: By, totals: Sequence[Total], names: Mapping[str, str]) -> Sheet:
    """``names`` of providers, by id."""
    titles = (tr(FIRST[by]), tr("Calls"), tr("Read"), tr("Written"), tr("Cost"))
    amounts = costs([one.cost_micros for one in totals])
    rows = (_total(by, one, cost, names) for one, cost in zip(totals, amounts, strict=True))
    return Sheet(titles, frozenset({1, 2, 3, 4}), 0, tuple(rows))


def _total(by: By, total: Total, cost: str, names: Mapping[str, str]) -> Row:
    counts = (f"{count:,}" for count in (total.calls, total.prompt_tokens, total.completion_tokens))
    return Row((total_title(by, total.key, names), *counts, cost), total.key if by is By.MODEL else "")


def _call(entry: Entry, cost: str, names: Mapping[str, str]) -> Row:
    what = (tr(PURPOSES[entry.purpose]), state_words(entry))
    cells = (when_words(entry.at), model_words(entry, names), *tokens_words(entry), cost, *what)
    return Row(cells, told_words(entry))


class LedgerModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sheet = of_calls((), {})

    def show_sheet(self, sheet: Sheet) -> None:
        if sheet != self.sheet:
            self.beginResetModel()
            self.sheet = sheet
            self.endResetModel()

    # Qt ---------------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.sheet.rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.sheet.titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.sheet.titles):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.sheet.titles[section]
        return self._alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.sheet.rows):
            return None
        row, column = self.sheet.rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.cells[column]
            case Qt.ItemDataRole.ToolTipRole:
                return row.more or None
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.sheet.titles[column]}: {row.cells[column]}"
        return None

    def _alignment(self, column: int) -> Any:
        return NUMBERS if column in self.sheet.numbers else WORDS
