"""A few figures beside one another, each with its caption and what is to be said about it; in pairs where it is narrow."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.first_run.words import Fact
from ui.widgets.labels import label

NARROW, SPACE = 520, 20  # pixels


class Facts(QWidget):
    """As many columns as facts in a wide place, two in a narrow one, one where not even those have room."""

    def __init__(self, facts: tuple[Fact, ...]) -> None:
        super().__init__()
        self._cells = [_cell(*fact) for fact in facts]
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE)
        self._grid.setVerticalSpacing(12)
        self._arrange(len(facts))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self._fitting(self.width()))

    def _fitting(self, width: int) -> int:
        """How many columns have room in this width, in pixels."""
        wide = self.minimumSizeHint().width() + SPACE
        wanted = 2 if width < NARROW else len(self._cells)
        return next((columns for columns in (wanted, 2) if columns * wide - SPACE <= width), 1)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest cell."""
        wide = max((cell.minimumSizeHint().width() for cell in self._cells), default=0)
        return QSize(wide, super().minimumSizeHint().height())

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, cell in enumerate(self._cells):
            self._grid.addWidget(cell, place // columns, place % columns)
            self._grid.setColumnStretch(place, int(place < columns))


def _cell(caption: str, figure: str, words: str) -> QWidget:
    cell = QWidget()
    layout = QVBoxLayout(cell)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    layout.addWidget(label(caption, "caption"))
    layout.addWidget(label(figure, "strong", wrap=True))
    if words:
        layout.addWidget(label(words, "caption", wrap=True))
    layout.addStretch()
    return cell
