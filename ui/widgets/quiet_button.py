"""A small button that stays in the background until it is needed: icon and word, a pill or bare."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from ui.icons import pixmap
from ui.widgets.look import TYPE, Look

_ICON = 14
_GAP = 6


class QuietButton(QPushButton):
    """Painted from the tokens. ``outlined``: with the border of a chip; ``strong``: in the accent, for the step to take;
    ``leaves``: in the colour of what leaves this computer."""

    def __init__(
        self,
        look: Look,
        text: str,
        icon: str = "",
        parent: QWidget | None = None,
        *,
        outlined: bool = False,
        strong: bool = False,
        leaves: bool = False,
    ) -> None:
        super().__init__(text, parent)
        self._leaves = leaves
        self._look, self._icon = look, icon
        self._outlined, self._strong = outlined, strong
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoDefault(False)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def set_icon(self, name: str) -> None:
        if name != self._icon:
            self._icon = name
            self.updateGeometry()
            self.update()

    def set_text(self, text: str) -> None:
        """Change the words; the size follows at the next layout."""
        if text != self.text():
            self.setText(text)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font)
        words = metrics.horizontalAdvance(self.text())
        icon = self._side + (_GAP if words else 0) if self._icon else 0
        padding = 12 if self._outlined or self._strong else 8
        return QSize(
            words + icon + 2 * padding, max(metrics.height() + 10, 28 if self._outlined or self._strong else 26)
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        colour = self._colour
        icon = self._side if self._icon else 0
        words = QFontMetrics(self._font).horizontalAdvance(self.text())
        x = (self.width() - words - (icon + (_GAP if words else 0) if icon else 0)) / 2
        if self._icon:
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(QPointF(x, (self.height() - icon) / 2), pixmap(self._icon, colour, icon, ratio))
            x += icon + _GAP
        painter.setFont(self._font)
        painter.setPen(colour)
        painter.drawText(QRectF(x, 0, self.width() - x, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    @property
    def _font(self):  # type: ignore[no-untyped-def]
        return self._look.font(TYPE.interface if self._outlined or self._strong else TYPE.caption, 500)

    @property
    def _side(self) -> int:
        return self._look.px(_ICON)

    @property
    def _colour(self) -> str:
        tokens = self._look.tokens
        if self._strong:
            return tokens.background if self._leaves else tokens.on_accent
        if self._leaves:
            return tokens.cloud
        return tokens.text if self.underMouse() or self.isDown() or self.hasFocus() else tokens.muted

    def _paint_ground(self, painter: QPainter) -> None:
        tokens = self._look.tokens
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = area.height() / 2 if self._outlined or self._strong else 6
        if self._strong:
            ground = tokens.cloud if self._leaves else tokens.accent
        elif self.isDown():
            ground = tokens.active
        elif self.underMouse():
            ground = tokens.hover
        else:
            ground = tokens.background if self._outlined else ""
        border = self._look.colour("cloud" if self._leaves else "strong_border")
        painter.setPen(QPen(border, 1) if self._outlined else Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("hover") if ground == tokens.hover else _brush(ground))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5) if self._outlined else area, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._look.colour("text" if self._strong else "accent"), 2))
            painter.drawRoundedRect(area, radius, radius)


def _brush(colour: str):  # type: ignore[no-untyped-def]
    from PySide6.QtGui import QBrush, QColor

    return QBrush(QColor(colour)) if colour else QBrush(Qt.BrushStyle.NoBrush)
