"""The lines that join the messages of a tree in a list: which there are in each row (pure), and their painting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.appearance import Appearance

GUIDE_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
MOST_LEVELS: Final = 9  # a deeper one stands where the last one stands: else nothing is left for the words
LEVEL, BEGIN, AFTER = 18, 14, 10  # pixels: between levels, before the first, between a dot and its words
DOT, BEND = 3.5, 5.0  # pixels: radius of a dot and of a bend


@dataclass(frozen=True, slots=True)
class Guide:
    """What is drawn in one row. ``through``: levels whose line goes from top to bottom; ``above`` and ``below``: the line
    goes on there from the dot; ``branches_off``: the level from which a line bends to it. ``own``: a person's message."""

    level: int
    own: bool = False
    in_view: bool = False
    above: bool = False
    below: bool = False
    branches_off: int | None = None
    through: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Place:
    """A message in reading order. ``parent``: the row of the message above it, None for a first one."""

    level: int
    parent: int | None
    own: bool = False
    in_view: bool = False


def guides(places: Sequence[Place]) -> tuple[Guide, ...]:
    """One for each row. A message stands on a deeper level than its parent where that has several answers."""
    through: list[set[int]] = [set() for _ in places]
    below, above = set[int](), set[int]()
    bends: dict[int, int] = {}
    for row, place in enumerate(places):
        if place.parent is None:
            continue
        level = places[place.parent].level
        below.add(place.parent)
        if level == place.level:
            above.add(row)
        else:
            bends[row] = level
        for between in range(place.parent + 1, row):
            through[between].add(level)
    return tuple(
        Guide(
            place.level, place.own, place.in_view, row in above, row in below, bends.get(row), frozenset(through[row])
        )
        for row, place in enumerate(places)
    )


class GuideDelegate(QStyledItemDelegate):
    """Paints a row with its `Guide`, the words behind it. What is in view has the accent."""

    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """The words are painted by `paint`, behind the lines."""
        super().initStyleOption(option, index)
        option.text = ""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        guide = index.data(GUIDE_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        if mirrored:
            painter.translate(option.rect.left() + option.rect.right() + 1, 0)
            painter.scale(-1, 1)
        self._draw(painter, QRectF(option.rect), guide)
        painter.restore()
        begin = round(_across(guide.level)) + AFTER
        box = QStyle.visualRect(option.direction, option.rect, option.rect.adjusted(begin, 0, -8, 0))
        self._write(painter, option, box, str(index.data()), in_view=guide.in_view)

    def _write(self, painter: QPainter, option: QStyleOptionViewItem, box: QRect, text: str, *, in_view: bool) -> None:
        painter.save()
        font = option.font
        font.setBold(in_view)
        painter.setFont(font)
        plain = in_view or bool(option.state & QStyle.StateFlag.State_Selected)  # muted is too pale on what is chosen
        painter.setPen(self._appearance.colour("text" if plain else "muted"))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        aligned = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(box, int(aligned), shown)
        painter.restore()

    def _draw(self, painter: QPainter, box: QRectF, guide: Guide) -> None:
        colour = self._appearance.colour("accent" if guide.in_view else "control_border")
        x, middle = box.left() + _across(guide.level), box.center().y()
        painter.setPen(QPen(self._appearance.colour("control_border"), 1.4))
        for level in guide.through:
            across = box.left() + _across(level)
            painter.drawLine(QPointF(across, box.top()), QPointF(across, box.bottom()))
        if guide.branches_off is not None:
            painter.drawPath(_bend(QPointF(box.left() + _across(guide.branches_off), box.top()), QPointF(x, middle)))
        if guide.above:
            painter.drawLine(QPointF(x, box.top()), QPointF(x, middle))
        if guide.below:
            painter.drawLine(QPointF(x, middle), QPointF(x, box.bottom()))
        painter.setPen(QPen(colour, 1.6))
        painter.setBrush(self._appearance.colour("raised") if guide.own else colour)
        painter.drawEllipse(QPointF(x, middle), DOT, DOT)


def _across(level: int) -> float:
    """Pixels from the beginning of a row to the line of this level."""
    return BEGIN + LEVEL * min(level, MOST_LEVELS)


def _bend(begin: QPointF, end: QPointF) -> QPainterPath:
    path = QPainterPath(begin)
    path.lineTo(begin.x(), end.y() - BEND)
    path.quadTo(QPointF(begin.x(), end.y()), QPointF(begin.x() + BEND, end.y()))
    path.lineTo(end.x(), end.y())
    return path
