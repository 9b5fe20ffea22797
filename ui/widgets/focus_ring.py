"""The ring around a large control that the keyboard has reached, where the style sheet cannot draw one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.style_sheet import FOCUS_WIDTH
from ui.theme import RADIUS_SMALL

_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class FocusRing(QWidget):
    """Lies over ``control`` while it has the focus from the Tab key."""

    def __init__(self, control: QWidget, appearance: Appearance) -> None:
        super().__init__(control)
        self._appearance = appearance
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        control.installEventFilter(self)
        appearance.changed.connect(self.update)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            self.setVisible(event.gotFocus() and event.reason() in _KEYS)
            self.raise_()
        if isinstance(watched, QWidget) and event.type() in (QEvent.Type.FocusIn, QEvent.Type.Resize):
            self.setGeometry(watched.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._appearance.colour("accent"), FOCUS_WIDTH))
        area = QRectF(self.rect()).adjusted(3, 1, -3, -1)
        painter.drawRoundedRect(area, RADIUS_SMALL, RADIUS_SMALL)
