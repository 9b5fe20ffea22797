"""Models and prices as a table: those of one provider, or one model at many. What nobody stated comes last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.cloud.settings.words import (
    column_words,
    model_words,
    retention_words,
    rung_words,
    short_retention,
    source_words,
    speed_words,
    tokens_words,
)
from ui.translation import marked, tr
from workbench.cloud.comparing import Offer
from workbench.cloud.provider import Price

Index = QModelIndex | QPersistentModelIndex
Rank = Callable[[Offer], float | str | None]
_NO_PARENT = QModelIndex()
NUMBERS = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
WORDS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column:
    """``rank``: what it is sorted by; None: nobody stated it. ``more``: the tooltip."""

    title: str
    words: Callable[[Offer], str]
    rank: Rank
    number: bool = True
    more: Callable[[Offer], str] = lambda _offer: ""


def _micros(price: Price | None, *, written: bool) -> float | None:
    return None if price is None else price.output_micros if written else price.input_micros


READ = Column(
    marked("Read"),
    lambda one: column_words(one.model.price, written=False),
    lambda one: _micros(one.model.price, written=False),
    more=lambda one: source_words(one.model.price),
)
WRITTEN = Column(
    marked("Written"),
    lambda one: column_words(one.model.price, written=True),
    lambda one: _micros(one.model.price, written=True),
    more=lambda one: source_words(one.model.price),
)
CONTEXT = Column(
    marked("Context"), lambda one: tokens_words(one.model.context_tokens), lambda one: one.model.context_tokens
)
SPEED = Column(
    marked("Speed, as stated"),
    lambda one: speed_words(one.model.tokens_per_second),
    lambda one: one.model.tokens_per_second,
)
NAME = Column(
    marked("Model"),
    lambda one: model_words(one.model),
    lambda one: model_words(one.model).casefold(),
    number=False,
    more=lambda one: one.model.id,
)
KIND = Column(
    marked("Kind"),
    lambda one: rung_words(one.model),
    lambda one: rung_words(one.model) or None,
    number=False,
)
PROVIDER = Column(
    marked("Provider"),
    lambda one: one.provider.name,
    lambda one: one.provider.name.casefold(),
    number=False,
    more=lambda one: one.provider.host,
)
KEEPS = Column(
    marked("What it says it keeps"),
    lambda one: short_retention(one.provider),
    lambda one: one.provider.retention.words or None,
    number=False,
    more=lambda one: retention_words(one.provider),
)
OF_PROVIDER = (NAME, READ, WRITTEN, CONTEXT, KIND)
SIDE_BY_SIDE = (PROVIDER, READ, WRITTEN, SPEED, CONTEXT, KEEPS)


class OfferModel(QAbstractTableModel):
    """Rows are `Offer`s, in the order of the column that was chosen last."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._offers: tuple[Offer, ...] = ()
        self._order: tuple[int, bool] | None = None

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """In the order in which they are given, until a column is chosen."""
        self.beginResetModel()
        self._offers = self._sorted(tuple(offers))
        self.endResetModel()

    def offer_at(self, row: int) -> Offer | None:
        return self._offers[row] if 0 <= row < len(self._offers) else None

    def row_of(self, full_name: str) -> int:
        """-1: it is not there."""
        rows = (row for row, one in enumerate(self._offers) if one.model.full_name == full_name)
        return next(rows, -1)

    def _sorted(self, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
        if self._order is None:
            return offers
        column, down = self._order
        rank = self._columns[column].rank
        known = sorted((one for one in offers if rank(one) is not None), key=rank, reverse=down)  # type: ignore[arg-type]
        return (*known, *(one for one in offers if rank(one) is None))

    # Qt ---------------------------------------------------------------------------------------------------------------

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """What is not known comes last in both directions."""
        if not 0 <= column < len(self._columns):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        names = [self._offers[index.row()].model.full_name for index in before]
        self._order = (column, order == Qt.SortOrder.DescendingOrder)
        self._offers = self._sorted(self._offers)
        after = [self.index(self.row_of(name), index.column()) for name, index in zip(names, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._offers)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(self._columns[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return NUMBERS if self._columns[section].number else WORDS
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        offer = self.offer_at(index.row()) if index.isValid() else None
        if offer is None:
            return None
        column = self._columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.words(offer)
            case Qt.ItemDataRole.ToolTipRole:
                return column.more(offer) or None
            case Qt.ItemDataRole.TextAlignmentRole:
                return NUMBERS if column.number else WORDS
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{tr(column.title)}: {column.words(offer)}"
        return None
