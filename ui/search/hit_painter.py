"""Paints one hit: the chat's title and the day, and below the piece of text with what was found marked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from ui.appearance import Appearance
from ui.dates import date_words
from ui.theme import TypeScale
from ui.translation import tr
from ui.widgets.marked_text import MarkedText

if TYPE_CHECKING:
    from workbench.chat.searching.search import Hit  # only its type: the window is painted first

PADDING, GAP = 8, 2
SIDE = 12


class HitPainter:
    """``lines``: of the piece of text."""

    def __init__(self, appearance: Appearance, lines: int) -> None:
        self._appearance = appearance
        self._lines = lines
        self._marked = MarkedText(appearance)

    def height(self, font: QFont, hit: Hit, width: int = 0) -> int:
        title, text = QFontMetrics(self._strong(font)).height(), QFontMetrics(self._small(font)).height()
        return 2 * PADDING + title + (GAP + self._lines * text if hit.snippet else 0)

    def paint(self, painter: QPainter, font: QFont, box: QRect, hit: Hit, *, selected: bool = False) -> None:
        """In ``box``; its ground is painted already."""
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # the places below are counted from the left
        area = box.adjusted(SIDE, PADDING, -SIDE, -PADDING)
        small = self._small(font)
        day = when(hit.at)
        side = QFontMetrics(small).horizontalAdvance(day)
        painter.setFont(small)
        painter.setPen(self._appearance.colour("muted"))
        strong = self._strong(font)
        head = QRect(area.left(), area.top(), area.width(), QFontMetrics(strong).height())
        painter.drawText(head, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), day)
        painter.setPen(self._appearance.colour("text"))
        self._marked.line(
            painter, strong, hit.title or tr("New chat"), hit.title_marks, head.adjusted(0, 0, -side - 10, 0)
        )
        if hit.snippet:
            below = area.adjusted(0, head.height() + GAP, 0, 0)
            painter.setPen(self._appearance.colour("muted" if hit.where == "reasoning" else "text"))
            self._marked.paint(painter, small, hit.snippet, hit.marks, below, self._lines)

    def _small(self, font: QFont) -> QFont:
        small = QFont(font)
        small.setPixelSize(self._appearance.pixels(TypeScale().caption))
        return small

    def _strong(self, font: QFont) -> QFont:
        strong = QFont(font)
        strong.setWeight(QFont.Weight.DemiBold)
        return strong


def when(at: float) -> str:
    """The day, as short as it can be told."""
    now = datetime.now().astimezone()
    then = datetime.fromtimestamp(at, now.tzinfo)
    if then.date() == now.date():
        return f"{then:%H:%M}"
    if (now.date() - then.date()).days == 1:
        return tr("Yesterday")
    return date_words(then, "d MMM" if then.year == now.year else "MMM yyyy")


def spoken(hit: Hit) -> str:
    """A hit for a screen reader."""
    who = {"user": tr("you"), "assistant": tr("the model")}.get(hit.role, "")
    where = {"attachment": tr("in an attachment"), "reasoning": tr("in its reasoning")}.get(hit.where, "")
    said = " ".join(piece for piece in (who, where) if piece)
    return ", ".join(piece for piece in (hit.title or tr("New chat"), when(hit.at), said, hit.snippet) if piece)
