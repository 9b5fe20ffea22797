"""Labels with a tone, an elided one, and the rule between groups."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget


def label(text: str, tone: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """Plain text, never markup. ``tone``: muted, caption, body, title, heading, strong, danger, badge, key, ..."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def rule() -> QFrame:
    """A thin line between groups."""
    line = QFrame()
    line.setProperty("look", "rule")
    line.setFixedHeight(1)
    return line


PIECES = " · "
_HORIZONTAL = Qt.AlignmentFlag.AlignHorizontal_Mask


class ElidedLabel(QLabel):
    """One line of plain text that ends in … when it does not fit; the whole text is then its tooltip."""

    def __init__(self, text: str = "", tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._explained = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, super().minimumSizeHint().height())

    def explain(self, words: str) -> None:
        """Tell more in the tooltip, below what did not fit."""
        self._explained = words
        self._tell()

    def _tell(self) -> str:
        """The text as far as it fits, and the tooltip that goes with it."""
        shown = self.fontMetrics().elidedText(self._wanted(), Qt.TextElideMode.ElideRight, self.width())
        cut = self.text() if shown != self.text() else ""
        self.setToolTip("\n".join(words for words in (cut, self._explained) if words))
        return shown

    def _wanted(self) -> str:
        """What is shown where there is room for it."""
        return self.text()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self._tell()
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | (self.alignment() & _HORIZONTAL)), shown)


class PiecesLabel(ElidedLabel):
    """Words in pieces, with " · " between: as many of the first ones as there is room for, at the line's end."""

    def __init__(self, tone: str = "") -> None:
        super().__init__("", tone)
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """The room that it asks for; what is left over is its own too."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        first = self.text().split(PIECES)[0]
        width = min(self.fontMetrics().horizontalAdvance(first), 12 * self.fontMetrics().averageCharWidth())
        return QSize(width + 1, super().minimumSizeHint().height())

    def _wanted(self) -> str:
        pieces = self.text().split(PIECES)
        while len(pieces) > 1 and self.fontMetrics().horizontalAdvance(PIECES.join(pieces)) > self.width():
            pieces.pop()
        return PIECES.join(pieces)


def short_label(text: str, tone: str = "") -> ElidedLabel:
    """As wide as its text; elided where there is less room."""
    made = ElidedLabel(text, tone)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    return made
