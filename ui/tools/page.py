"""The Tools page: what comes along, servers that offer more, and what was allowed for more than once. Layout only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.page_frame import column, header, lay_out
from ui.tools.own import OwnTools
from ui.tools.servers import ServersSection
from ui.tools.standing import StandingSection
from ui.translation import tr
from ui.widgets.buttons import IconButton
from ui.widgets.labels import label
from ui.widgets.scrolling import scrolling

WIDTH = 720


class ToolsPage(QWidget):
    """``closed``: back to the chat. ``looked_at``: it came into view."""

    closed = Signal()
    looked_at = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Tools"))
        self.own = OwnTools(appearance)
        self.servers = ServersSection(appearance)
        self.standing = StandingSection(appearance)
        self.close_button = IconButton("x", tr("Close tools"), appearance)
        self.close_button.clicked.connect(self.closed)
        inside = QWidget()
        inside.setProperty("look", "column")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 8, 0, 32)
        rows.setSpacing(20)
        for part in (self.own, self.servers, self.standing):
            rows.addWidget(part)
        rows.addStretch()
        scroll = scrolling(column(inside, WIDTH))
        lay_out(self, header((label(tr("Tools"), "title"),), (self.close_button,)), scroll)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looked_at.emit()
