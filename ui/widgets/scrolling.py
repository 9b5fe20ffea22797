"""What is higher than its place scrolls."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class _AsHighAsItsWords(QWidget):
    """As high as its words need at its width, where Qt would ask for the height that they need at their narrowest."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(inside)

    def minimumSizeHint(self) -> QSize:
        """Without a height where the scroll area asks for that at its width besides."""
        least = super().minimumSizeHint()
        return QSize(least.width(), 0) if self.hasHeightForWidth() else least


def scrolling(inside: QWidget) -> QScrollArea:
    """``inside`` as wide as its place and as high as it likes, without a frame; Tab goes on to what it holds."""
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setWidget(_AsHighAsItsWords(inside))
    return made
