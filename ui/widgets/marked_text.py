"""Paints lines of text with what was found in them marked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption

from ui.appearance import Appearance

Marks = tuple[tuple[int, int], ...]


class MarkedText:
    """The pen of the painter is the colour of the words; marks lie on the selection's ground."""

    def __init__(self, appearance: Appearance) -> None:
        self._appearance = appearance

    def paint(self, painter: QPainter, font: QFont, text: str, marks: Marks, box: QRect, lines: int) -> None:
        """As many lines as there are, at most ``lines``; the last one ends in … where there is more."""
        height = QFontMetrics(font).height()
        begins = self._begins(font, text, box.width(), lines)
        for number, begin in enumerate(begins):
            last = number == len(begins) - 1
            end = len(text) if last else begin + len(text[begin : begins[number + 1]].rstrip())
            here = tuple((max(0, first - begin), min(stop, end) - begin) for first, stop in marks if stop > begin)
            place = QRect(box.left(), box.top() + number * height, box.width(), height)
            self.line(painter, font, text[begin:end], here, place)

    def lines(self, font: QFont, text: str, width: int, most: int) -> int:
        """How many lines `paint` takes."""
        return len(self._begins(font, text, width, most))

    def line(self, painter: QPainter, font: QFont, text: str, marks: Marks, box: QRect) -> None:
        """One line, elided where it is too long."""
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        layout = QTextLayout(shown, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        layout.setFormats([self._mark(begin, end, len(shown)) for begin, end in marks if begin < min(end, len(shown))])
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        layout.draw(painter, QPointF(box.left(), box.top()))

    def _begins(self, font: QFont, text: str, width: int, most: int) -> list[int]:
        """Where each line begins."""
        layout = QTextLayout(text, font)
        layout.beginLayout()
        begins: list[int] = []
        for _ in range(most):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            begins.append(line.textStart())
        layout.endLayout()
        return begins

    def _mark(self, begin: int, end: int, most: int) -> QTextLayout.FormatRange:
        look = QTextCharFormat()
        look.setBackground(self._appearance.colour("selection"))
        look.setForeground(self._appearance.colour("text"))
        found = QTextLayout.FormatRange()
        found.start, found.length, found.format = begin, min(end, most) - begin, look
        return found
