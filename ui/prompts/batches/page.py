"""The page of batches: all of them, a new one, or one with its results. Layout only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.page_frame import column, header, lay_out
from ui.prompts.batches.batch_view import BatchView
from ui.prompts.batches.list_view import BatchList
from ui.prompts.batches.start_view import StartView
from ui.translation import tr
from ui.widgets.buttons import IconButton
from ui.widgets.labels import label
from ui.widgets.scrolling import scrolling

WIDTH = 720


class BatchesPage(QWidget):
    """``closed``: back to the chat. ``looked_at``: it came into view."""

    closed = Signal()
    looked_at = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Many inputs"))
        self.list = BatchList(appearance)
        self.start = StartView(appearance)
        self.batch = BatchView(appearance)
        self.close_button = IconButton("x", tr("Close"), appearance)
        self._list_scroll, self._start_scroll = _scrolling(self.list), _scrolling(self.start)
        self._views = QStackedWidget()
        for view in (self._list_scroll, self._start_scroll, self.batch):
            self._views.addWidget(view)
        lay_out(self, header((label(tr("Many inputs"), "title"),), (self.close_button,)), self._views)
        self.close_button.clicked.connect(self.closed)
        self.start.left.connect(self.show_list)
        self.batch.left.connect(self.show_list)

    def show_list(self) -> None:
        self._views.setCurrentWidget(self._list_scroll)
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.looked_at.emit()

    def show_start(self) -> None:
        self._views.setCurrentWidget(self._start_scroll)
        self.start.path.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_batch(self) -> None:
        self._views.setCurrentWidget(self.batch)
        self.batch.take_focus()

    @property
    def in_batch(self) -> bool:
        """Whether the results of one are in view."""
        return self._views.currentWidget() is self.batch

    def leave(self) -> bool:
        """A step back within the page; says whether there was one."""
        if self._views.currentWidget() is self._list_scroll:
            return False
        self.show_list()
        return True

    # Qt ---------------------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._views.currentWidget() is self._start_scroll:
            self.start.path.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.in_batch:
            self.batch.take_focus()
        else:
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looked_at.emit()


def _scrolling(inside: QWidget) -> QScrollArea:
    outside = QWidget()
    outside.setProperty("look", "column")
    rows = QVBoxLayout(outside)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.addWidget(inside)
    return scrolling(column(outside, WIDTH))
