"""The table of calls or sums: read with the arrow keys, a row at a time."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.appearance import Appearance
from ui.cloud.ledger.items import LedgerModel, Sheet
from ui.translation import tr

ROOM = 14  # pixels above and below the words of a row
LEAST_WIDE, LEAST_HEIGHT, MOST_HEIGHT = 150, 140, 360
AROUND = 300  # pixels of the page that are not the table


class LedgerTable(QTableView):
    """``chosen`` carries what there is to know of the current row besides. ``resized``: it has another width or height."""

    chosen = Signal(str)
    resized = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._model = LedgerModel(self)
        self.setModel(self._model)
        self.setAccessibleName(tr("Calls"))
        self.setProperty("look", "offers")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerWidget(QWidget())  # else the style draws its own between two scroll bars
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.selectionModel().currentRowChanged.connect(lambda *_rows: self._tell())
        appearance.follow(self._fit)

    def show_sheet(self, sheet: Sheet) -> None:
        self._model.show_sheet(sheet)
        if sheet.rows and not self.currentIndex().isValid():
            self.setCurrentIndex(self._model.index(0, 0))
        self._fit()
        self._tell()

    def fit_height(self, room: int) -> bool:
        """As high as its rows, where ``room`` holds it with what is around it. Returns whether that is another height."""
        self._fit()
        rows = self.verticalHeader().length() + self.horizontalHeader().sizeHint().height() + 2
        if self.horizontalScrollBar().maximum():
            rows += self.horizontalScrollBar().sizeHint().height()
        most = min(room - self._appearance.pixels(AROUND), self._appearance.pixels(MOST_HEIGHT))
        before, wanted = self.height(), min(rows, max(LEAST_HEIGHT, most))
        self.setFixedHeight(wanted)
        return wanted != before

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self.resized.emit()

    def _tell(self) -> None:
        row = self.currentIndex().row()
        rows = self._model.sheet.rows
        self.chosen.emit(rows[row].more if 0 <= row < len(rows) else "")

    def _fit(self) -> None:
        header, wide = self.horizontalHeader(), self._model.sheet.wide
        header.setStretchLastSection(False)
        for column in range(header.count()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.resizeColumnToContents(column)
        taken = sum(header.sectionSize(column) for column in range(header.count()) if column != wide)
        least = max(header.sectionSize(wide), self._appearance.pixels(LEAST_WIDE))
        header.resizeSection(wide, max(self.viewport().width() - taken, least))
        row = self.fontMetrics().height() + ROOM
        self.verticalHeader().setMinimumSectionSize(row)
        self.verticalHeader().setDefaultSectionSize(row)
