"""A page of the window that has several views: a header with a tab for each way in, and one view below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QWidget

from ui.appearance import Appearance
from ui.page_frame import header, lay_out, tab
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import label

AROUND = 120  # pixels of the header that are not for its words


class TabbedPage(QWidget):
    """``closed``: back to the chat. ``looked_at``: it came into view.

    Subclasses make their tabs and views, call `_put_views` once, and `_turn_to` whenever another comes into view.
    """

    closed = Signal()
    looked_at = Signal()

    def __init__(self, appearance: Appearance, title: str, *, close_words: str) -> None:
        super().__init__()
        self.setProperty("look", "page")
        self.setAccessibleName(title)
        self.close_button = IconButton("x", close_words, appearance)
        self.close_button.clicked.connect(self.closed)
        self._appearance = appearance
        self._title = label(title, "title")
        self._title.setContentsMargins(0, 0, 8, 0)
        self._group = QButtonGroup(self)
        self._tabs: list[Button] = []
        self._views = QStackedWidget()

    def _tab(self, words: str, icon_name: str) -> Button:
        made = tab(words, icon_name, self._appearance, self._group)
        self._tabs.append(made)
        return made

    def _put_views(self, views: Sequence[QWidget]) -> None:
        """The first of each comes into view."""
        for view in views:
            self._views.addWidget(view)
        self._tabs[0].setChecked(True)
        lay_out(self, header((self._title, *self._tabs), (self.close_button,)), self._views)

    def _turn_to(self, view: QWidget, tab: Button) -> None:
        tab.setChecked(True)
        self._views.setCurrentWidget(view)

    # Qt ---------------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name of the page goes first where there is no room for it beside the ways through it."""
        tabs = sum(one.sizeHint().width() for one in self._tabs)
        self._title.setVisible(self._title.sizeHint().width() + tabs + AROUND <= event.size().width())
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looked_at.emit()
