"""The bar above the settings while a question waits on its sheet: a key, a price or a cap was wanted for it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.page_frame import column
from ui.translation import tr
from ui.widgets.buttons import ElidedButton
from ui.widgets.labels import label

WIDTH = 640


class ReturnBar(QWidget):
    """``pressed``: back to the sheet. It stands above what scrolls, so that it is there wherever one has scrolled to."""

    pressed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.words = label(
            tr("Your question waits as you left it. Nothing has left this computer."), "small", wrap=True
        )
        self.words.setMinimumWidth(1)
        self.back = ElidedButton(tr("Back to what you were sending"), appearance, look="cloud", icon_name="cloud")
        self.back.clicked.connect(self.pressed)
        inside = QFrame()
        inside.setProperty("look", "cloud")
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(14, 10, 14, 10)
        lines.setSpacing(8)
        lines.addWidget(self.words)
        lines.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 8)
        outside.addWidget(column(inside, WIDTH))
        self.hide()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())
