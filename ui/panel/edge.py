"""The left edge of what stands beside the chat: pulled with the mouse, moved with the arrow keys."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QWidget

from ui.appearance import Appearance
from ui.translation import tr

STEP = 40  # pixels


class Panel(Protocol):
    """What has such an edge."""

    def as_widget(self) -> QWidget: ...

    def fit(self, wanted: int | None = None) -> None:
        """As wide as wished, in pixels, with room for what stands beside it."""
        ...


class Edge(QFrame):
    """The panel's left edge: pulled with the mouse, moved with the arrow keys."""

    def __init__(self, panel: Panel, appearance: Appearance) -> None:
        super().__init__(panel.as_widget())
        self._panel, self._appearance = panel, appearance
        self.setFixedWidth(7)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAccessibleName(tr("Width of the panel: left and right arrow keys"))
        appearance.follow(self.update)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        panel = self._panel.as_widget()
        right = panel.mapToGlobal(panel.rect().topRight()).x()
        self._panel.fit(right - round(event.globalPosition().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: STEP, Qt.Key.Key_Right: -STEP}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._panel.fit(self._panel.as_widget().width() + step)

    def paintEvent(self, _event: object) -> None:
        tone, wide = ("accent", 3) if self.hasFocus() else ("border", 1)
        QPainter(self).fillRect(0, 0, wide, self.height(), self._appearance.colour(tone))
