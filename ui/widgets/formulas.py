"""Pictures of formulas, drawn one after the other beside the main thread, and kept.

A text asks for a picture; while there is none it shows the LaTeX, and it asks again when ``drawn`` says that some came.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from ui.widgets.look import TYPE, Look
from workbench.markup.drawing import Drawing, FormulaError, draw

MOST_LINES = 12  # a taller formula says less than its source
_KEPT = 1_000  # pictures
_GATHER_MILLISECONDS = 40  # one layout for those that come one after the other
_SCHEME = "formula:"


class Formula(NamedTuple):
    """What decides a picture. ``size``: of the type, in pixels; ``colour``: #rrggbb."""

    latex: str
    display: bool
    size: int
    colour: str


@dataclass(frozen=True, slots=True)
class Picture:
    """``name``: what an ``img`` refers to it by; sizes in pixels. The line of the text goes where Qt aligns a middle."""

    name: str
    formula: Formula
    drawing: Drawing
    width: int
    height: int
    top: float

    def image(self, ratio: float) -> QImage:
        """At ``ratio`` device pixels each."""
        image = QImage(round(self.width * ratio), round(self.height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(0)
        painter = QPainter(image)
        QSvgRenderer(QByteArray(self.drawing.svg.encode())).render(
            painter, QRectF(0, self.top, self.drawing.width, self.drawing.height)
        )
        painter.end()
        return image


Run = Callable[[Callable[[], object], Callable[[object], None]], object]


class Formulas(QObject):
    """All that were drawn. What ``use`` is given does the work, by default the main thread when it is idle."""

    drawn = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: Run = _when_idle
        self._known: OrderedDict[Formula, Picture | None] = OrderedDict()  # None: show the source
        self._named: dict[str, Picture] = {}
        self._wanted: list[Formula] = []
        self._drawing = False
        self._number = 0
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.setInterval(_GATHER_MILLISECONDS)
        self._told.timeout.connect(self.drawn)

    def use(self, run: Run | None) -> None:
        """From now on ``run(work, done)`` works beside the main thread; None: nobody does. What ran is begun again."""
        self._run = run or _when_idle
        self._drawing = False
        self._go_on()

    def picture(self, latex: str, look: Look, *, display: bool, muted: bool) -> tuple[Picture | None, bool]:
        """The picture, or None; and whether one may still come."""
        size, colour = look.px(TYPE.body - muted), getattr(look.tokens, "muted" if muted else "text")
        wanted = Formula(latex, display, size, colour)
        if wanted in self._known:
            return self._known[wanted], False
        if wanted not in self._wanted:
            self._wanted.append(wanted)
            self._go_on()
        return None, True

    def named(self, name: str) -> Picture | None:
        return self._named.get(name)

    @property
    def idle(self) -> bool:
        return not self._wanted and not self._told.isActive()

    def _go_on(self) -> None:
        """The newest first: it is in view."""
        if self._drawing or not self._wanted:
            return
        self._drawing = True
        formula = self._wanted[-1]
        self._run(lambda: _drawn(formula), lambda made: self._take(formula, made))

    def _take(self, formula: Formula, made: object) -> None:
        if formula not in self._wanted:  # begun again, and ended already
            return
        self._drawing = False
        self._wanted.remove(formula)
        self._known[formula] = self._fitting(formula, made) if isinstance(made, Drawing) else None
        while len(self._known) > _KEPT:
            _, oldest = self._known.popitem(last=False)
            if oldest is not None:
                del self._named[oldest.name]
        if not self._told.isActive():
            self._told.start()
        self._go_on()

    def _fitting(self, formula: Formula, drawing: Drawing) -> Picture | None:
        """With as much air as puts its line on the text's: Qt centres a picture around half the height of an x."""
        if drawing.height > MOST_LINES * formula.size * 1.6:
            return None
        height, top = drawing.height, 0.0
        if not formula.display:
            font = QFont(Look().font(formula.size))
            font.setPixelSize(formula.size)
            half = QFontMetricsF(font).xHeight() / 2
            below = drawing.height - drawing.above
            height = max(2 * drawing.above - half, 2 * below + half)
            top = (height + half) / 2 - drawing.above
        self._number += 1
        name = f"{_SCHEME}{self._number}"
        picture = Picture(name, formula, drawing, round(drawing.width + 0.5), round(height + 0.5), top)
        self._named[name] = picture
        return picture


def formulas() -> Formulas:
    """The one of this process."""
    application = QApplication.instance()
    known = None if application is None else application.findChild(Formulas)
    return Formulas(application) if known is None else known


def _drawn(formula: Formula) -> Drawing | None:
    try:
        return draw(formula.latex, size=formula.size, colour=formula.colour, display=formula.display)
    except FormulaError:
        return None


def _when_idle(work: Callable[[], object], done: Callable[[object], None]) -> None:
    QTimer.singleShot(0, lambda: done(work()))
