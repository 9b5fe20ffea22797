"""How the files of a folder stand, as a thin bar: the words beside it say the same."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.appearance import Appearance
from ui.documents.words import STATUSES
from workbench.documents.collection import FileStatus

HEIGHT = 6
LEAST = 3.0  # pixels: one failed file of thousands is seen


class StatusBar(QWidget):
    """Painted from the tokens, a piece for each status."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._counts: Mapping[FileStatus, int] = {}
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.update)

    def show_counts(self, counts: Mapping[FileStatus, int]) -> None:
        if counts != self._counts:
            self._counts = dict(counts)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(area, HEIGHT / 2, HEIGHT / 2)
        painter.fillPath(path, self._appearance.colour("active"))
        painter.setClipPath(path)
        left = 0.0
        for colour, width in widths(self._counts, area.width()):
            painter.fillRect(QRectF(left, 0, width, HEIGHT), self._appearance.colour(colour))
            left += width


def widths(counts: Mapping[FileStatus, int], whole: float) -> tuple[tuple[str, float], ...]:
    """A colour and a width for each status that is there; together as wide as ``whole``. Pure."""
    there = [(look.colour, counts.get(look.status, 0)) for look in STATUSES if counts.get(look.status, 0)]
    total = sum(count for _colour, count in there)
    raised = [(colour, max(LEAST, whole * count / total)) for colour, count in there]
    wide = sum(width for _colour, width in raised)
    return tuple((colour, width * whole / wide) for colour, width in raised)
