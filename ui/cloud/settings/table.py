"""The table of offers, with the ways to sort it as buttons: a header alone is for those who have a mouse."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QButtonGroup, QHeaderView, QTableView, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.cloud.settings.items import Column, OfferModel
from ui.cloud.settings.words import UNKNOWN
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from workbench.cloud.comparing import Offer

ROOM = 14  # pixels above and below the words of a row
CELL_SIDE = 9  # pixels beside them: of the style sheet, and of Qt itself
LOOKED_AT = 40  # rows that a column is measured by: a provider may have hundreds
LEAST_SECTION, STRETCHED, LEAST_HEIGHT, MOST_HEIGHT = 64, 180, 140, 380


class _View(QTableView):
    """``resized``: there is more room, or less."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class OfferTable(QWidget):
    """``chosen`` carries the `Offer` of the current row, or None. ``resized``: its rows may need another height now."""

    chosen = Signal(object)
    resized = Signal()

    def __init__(
        self, name: str, columns: Sequence[Column], wide: int, appearance: Appearance, *, wraps: bool = False
    ) -> None:
        """``wide``: the column with what room is left. ``wraps``: rows are as high as its words need."""
        super().__init__()
        self._columns = tuple(columns)
        self._wraps = wraps
        self._appearance = appearance
        self._wide = wide
        self.model = OfferModel(columns, self)
        self.view = _View()
        self.view.resized.connect(self._fit)
        self.view.resized.connect(self.resized)
        self.view.setAccessibleName(name)
        self.sorts = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._sort_line(columns))
        layout.addWidget(self.view, 1)
        self._dress()
        appearance.follow(self._fit)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """The row that was current stays so, if it is still there."""
        before = self.current()
        self.model.show_offers(offers)
        row = max(0, self.model.row_of(before.model.full_name) if before is not None else 0)
        if offers:
            self.view.setCurrentIndex(self.model.index(row, 0))
        self._fit()
        self.chosen.emit(self.current())

    def current(self) -> Offer | None:
        index = self.view.currentIndex()
        return self.model.offer_at(index.row()) if index.isValid() else None

    def fit_height(self, room: int) -> bool:
        """As high as its rows at the width that it has, within ``room`` pixels. Returns whether that was another height."""
        self._fit()
        view = self.view
        rows = view.verticalHeader().length() + view.horizontalHeader().sizeHint().height() + 2
        if view.horizontalScrollBar().maximum():
            rows += view.horizontalScrollBar().sizeHint().height()
        most = max(LEAST_HEIGHT, min(room, self._appearance.pixels(MOST_HEIGHT)))
        shown = Qt.ScrollBarPolicy.ScrollBarAsNeeded if rows > most else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        view.setVerticalScrollBarPolicy(shown)  # one that comes and goes would change the width, and so the rows
        before = view.height()
        view.setFixedHeight(min(rows, most))
        self.updateGeometry()
        return before != view.minimumHeight()

    # Inside -----------------------------------------------------------------------------------------------------------

    def _sort_line(self, columns: Sequence[Column]) -> QWidget:
        made = QWidget()
        line = Flow(made, gap=6)
        line.addWidget(label(tr("Sort by"), "caption"))
        for place, column in enumerate(columns):
            words = tr(column.title)
            name = tr("Sort by {column}").format(column=words)
            button = Button(words.partition(",")[0], self._appearance, look="filter", name=name)
            button.setCheckable(True)
            button.clicked.connect(partial(self._sort, place))
            self.sorts.addButton(button, place)
            line.addWidget(button)
        return made

    def _sort(self, column: int) -> None:
        """The same one again: the other way round."""
        header = self.view.horizontalHeader()
        up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        again = header.sortIndicatorSection() == column and header.sortIndicatorOrder() == up
        self.view.sortByColumn(column, down if again else up)

    def _sorted(self, column: int, _order: Qt.SortOrder) -> None:
        button = self.sorts.button(column)
        if button is not None:
            button.setChecked(True)

    def _changed(self, _current: QModelIndex, _before: QModelIndex) -> None:
        self.chosen.emit(self.current())

    def _dress(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setTabKeyNavigation(False)
        view.setShowGrid(False)
        view.setProperty("look", "offers")
        view.setWordWrap(self._wraps)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setCornerWidget(QWidget())  # else the style draws its own between two scroll bars
        view.verticalHeader().hide()
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(LOOKED_AT)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._sorted)
        view.setSortingEnabled(True)
        header.setSortIndicatorClearable(False)
        view.selectionModel().currentRowChanged.connect(self._changed)

    def _fit(self) -> None:
        """Columns as wide as their words, the long one with what is left; rows by its words."""
        view, header = self.view, self.view.horizontalHeader()
        longest = (
            view.fontMetrics().horizontalAdvance(tr(UNKNOWN)) + 2 * CELL_SIDE + 2
        )  # as long as a price or a context
        header.setMinimumSectionSize(max(longest, self._appearance.pixels(LEAST_SECTION)))
        header.setStretchLastSection(False)
        for column in range(self.model.columnCount()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            if column != self._wide:
                view.resizeColumnToContents(column)
        taken = sum(header.sectionSize(column) for column in range(header.count()) if column != self._wide)
        left = view.viewport().width() - taken
        header.resizeSection(self._wide, max(left, self._appearance.pixels(STRETCHED)))
        row = view.fontMetrics().height() + ROOM
        view.verticalHeader().setMinimumSectionSize(row)
        view.verticalHeader().setDefaultSectionSize(row)
        if self._wraps:
            self._fit_rows(header.sectionSize(self._wide) - 2 * CELL_SIDE)

    def _fit_rows(self, width: int) -> None:
        metrics, words = self.view.fontMetrics(), self._columns[self._wide].words
        for row in range(self.model.rowCount()):
            offer = self.model.offer_at(row)
            if offer is not None:
                box = metrics.boundingRect(0, 0, width, 10_000, int(Qt.TextFlag.TextWordWrap), words(offer))
                self.view.setRowHeight(row, max(metrics.height(), box.height()) + ROOM)
