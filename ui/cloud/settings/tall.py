"""A floating part with a title, a way to close it, and a body that scrolls where the window is not high enough."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.tools.parts import paragraph
from ui.translation import tr
from ui.widgets.buttons import IconButton
from ui.widgets.floating import Floating
from ui.widgets.scrolling import scrolling

MARGIN = 20
OUTSIDE = 88  # pixels of the window above and below it, at least
LEAST_BODY = 120


class Table(Protocol):
    """``resized``: a signal, its rows may need another height now. ``fit_height``: see `OfferTable`."""

    resized: Any

    def fit_height(self, room: int) -> bool: ...


class _Inside(QWidget):
    """Its height is asked for at the width that it has: wrapped words are high at the least width of all."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class TallDialog(Floating):
    """``body``: where its content goes; ``table``: of that, the part that takes what height there is."""

    def __init__(self, title: str, width: int, table: Table, appearance: Appearance, window: QWidget) -> None:
        super().__init__(title, window)
        self._appearance = appearance
        self._wanted = width
        self._table = table
        table.resized.connect(lambda: QTimer.singleShot(0, self, self._look_again))
        self.close_button = IconButton("x", tr("Close"), appearance)
        self.close_button.clicked.connect(self.dismiss)
        inside = _Inside()
        inside.setProperty("look", "column")
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(MARGIN, 0, MARGIN, 4)
        self.body.setSpacing(10)
        self._scroll = scrolling(inside)
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, 0, MARGIN, 0)
        head.addWidget(paragraph(title, "title"), 1)
        head.addWidget(self.close_button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 16, 0, 14)
        rows.setSpacing(10)
        rows.addLayout(head)
        rows.addWidget(self._scroll)

    def place(self) -> None:
        """As wide as wanted, as high as its content, within the window."""
        width = self._appearance.pixels(self._wanted)
        self.place_at_top(width)
        self._table.fit_height(self._room)
        needed = self.body.totalHeightForWidth(self.width())
        if needed > self._room:
            beside = self._scroll.verticalScrollBar().sizeHint().width()
            needed = self.body.totalHeightForWidth(self.width() - beside)
        self._scroll.setFixedHeight(min(needed, self._room))
        self.place_at_top(width)

    @property
    def _room(self) -> int:
        high = self.host.height()
        return max(LEAST_BODY, high - high // 8 - self._appearance.pixels(OUTSIDE))

    def _look_again(self) -> None:
        """Rows are as high as their words need at the width that they have by now."""
        if self.isVisible() and self._table.fit_height(self._room):
            self.place()

    def event(self, event: QEvent) -> bool:
        """Words of other length need other room."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.place()
        return done
