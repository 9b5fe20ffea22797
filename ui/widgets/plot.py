"""A small plot of a measured line with its spread, over the band where it was expected; told in words too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.appearance import Appearance
from ui.theme import TypeScale

HEIGHT = 148
BAND_ALPHA = 0.16
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Point:
    """One measured value, and between where its rounds lie."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Expected:
    """Where a value was expected."""

    x: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Points and band from left to right. ``words``: what it shows, for who does not see it."""

    points: tuple[Point, ...]
    band: tuple[Expected, ...] = ()
    words: str = ""


def round_step(most: float) -> float:
    """The distance between the lines of a scale from 0 to ``most``: two to four of them, at round numbers."""
    if most <= 0:
        return 1.0
    power = 1.0
    while power * 10 <= most / 3:
        power *= 10
    while power > most / 3:
        power /= 10
    return next(power * step for step in STEPS if power * step >= most / 4)


def short(number: float) -> str:
    """ "8k" of 8192, "2.5" of 2.5: room is small."""
    return f"{number / 1024:.0f}k" if number >= 1024 else f"{number:g}"


class Plot(QWidget):
    """See `Drawing`."""

    def __init__(self, name: str, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._drawing = Drawing(())
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.follow(self.recolour)

    def draw(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self.setAccessibleDescription(drawing.words)
        self.setToolTip(drawing.words)
        self.update()

    def recolour(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self._appearance.pixels(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._drawing.points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(self._appearance.pixels(TypeScale().caption))
        painter.setFont(font)
        scale = Scale.of(self._drawing, self._inside(painter))
        self._paint_scale(painter, scale)
        self._paint_band(painter, scale)
        self._paint_line(painter, scale)

    # Parts ------------------------------------------------------------------------------------------------------------

    def _inside(self, painter: QPainter) -> QRectF:
        metrics = painter.fontMetrics()
        left, below = metrics.horizontalAdvance("8888") + 6, metrics.height() + 6
        edge = metrics.height() / 2
        return QRectF(left, edge, self.width() - left - metrics.horizontalAdvance("88k"), self.height() - below - edge)

    def _paint_scale(self, painter: QPainter, scale: Scale) -> None:
        box, metrics = scale.box, painter.fontMetrics()
        value = 0.0
        while value <= scale.most_y * 1.0001:
            y = round(scale.y(value)) + 0.5
            painter.setPen(QPen(self._appearance.colour("border"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(self._appearance.colour("muted"))
            place = QRectF(0, y - metrics.height() / 2, box.left() - 6, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, short(value))
            value += scale.step
        self._paint_depths(painter, scale)

    def _paint_depths(self, painter: QPainter, scale: Scale) -> None:
        """Under each point; what would run into the one before is left out."""
        metrics, free_from = painter.fontMetrics(), 0.0
        for point in self._drawing.points:
            text = short(point.x)
            width = metrics.horizontalAdvance(text)
            left = scale.x(point.x) - width / 2
            if left >= free_from:
                painter.drawText(QPointF(left, self.height() - metrics.descent() - 1), text)
                free_from = left + width + 6

    def _paint_band(self, painter: QPainter, scale: Scale) -> None:
        band = self._drawing.band
        if not band:
            return
        colour = self._appearance.colour("accent")
        colour.setAlphaF(BAND_ALPHA)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if len(band) == 1:  # no width of its own: a bar as wide as a point needs
            only, half = band[0], self._appearance.pixels(14)
            top, bottom = scale.y(only.high), scale.y(only.low)
            painter.drawRect(QRectF(scale.x(only.x) - half, top, 2 * half, bottom - top))
            return
        above = [QPointF(scale.x(one.x), scale.y(one.high)) for one in band]
        below = [QPointF(scale.x(one.x), scale.y(one.low)) for one in reversed(band)]
        painter.drawPolygon(QPolygonF([*above, *below]))

    def _paint_line(self, painter: QPainter, scale: Scale) -> None:
        places = [QPointF(scale.x(point.x), scale.y(point.y)) for point in self._drawing.points]
        accent, cap = self._appearance.colour("accent"), self._appearance.pixels(4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, self._appearance.pixels(2)))
        painter.drawPolyline(places)
        painter.setPen(QPen(accent, 1.5))
        for point in self._drawing.points:
            x, low, high = scale.x(point.x), scale.y(point.low), scale.y(point.high)
            painter.drawLine(QPointF(x, low), QPointF(x, high))
            for y in (low, high):
                painter.drawLine(QPointF(x - cap, y), QPointF(x + cap, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        for place in places:
            painter.drawEllipse(place, self._appearance.pixels(3), self._appearance.pixels(3))


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values lie in ``box``."""

    box: QRectF
    most_x: float
    most_y: float
    step: float

    @classmethod
    def of(cls, drawing: Drawing, box: QRectF) -> Scale:
        most = max(_highest(drawing.points), max((one.high for one in drawing.band), default=0.0))
        step = round_step(most)
        lines = -(-most // step) or 1
        return cls(box, max(point.x for point in drawing.points), lines * step, step)

    def x(self, value: float) -> float:
        share = value / self.most_x if self.most_x else 0.5
        return self.box.left() + share * self.box.width()

    def y(self, value: float) -> float:
        return self.box.bottom() - value / self.most_y * self.box.height()


def _highest(points: Sequence[Point]) -> float:
    return max(max(point.y, point.high) for point in points)
