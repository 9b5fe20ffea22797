"""A button that is on or off, shows it, and says so."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from ui.appearance import Appearance
from ui.icons import DEVICE_RATIOS
from ui.theme import Tokens
from ui.translation import tr
from ui.widgets.buttons import Button

WIDTH, HEIGHT = 30, 18  # pixels of the drawn switch at 100 %
GAP = 6  # between it and its word
KNOB = 3  # from the knob to the outline


class Switch(Button):
    """``name``: what is on or off. Its word and what is drawn follow `setChecked` and clicks alike."""

    def __init__(self, name: str, appearance: Appearance, *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__("", appearance, look="switch", name=name, parent=parent)
        self.setCheckable(True)
        self._draw_at_the_end()
        appearance.follow(self.recolour)
        self.toggled.connect(self._tell)
        self.setChecked(on)
        self._tell(on)

    def recolour(self) -> None:
        scale = self._appearance.scale
        self.setIconSize(QSize(round((WIDTH + GAP) * scale), round(HEIGHT * scale)))
        self.setIcon(drawn(self._appearance.tokens, scale, leftwards=_leftwards()))

    def _draw_at_the_end(self) -> None:
        """The word comes first: switches below each other stand in one line, however long their words are."""
        first = Qt.LayoutDirection
        self.setLayoutDirection(first.LeftToRight if _leftwards() else first.RightToLeft)

    def _tell(self, on: bool) -> None:
        self.say(tr("On") if on else tr("Off"))


def _leftwards() -> bool:
    return QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft


@lru_cache(maxsize=16)
def drawn(tokens: Tokens, scale: float, *, leftwards: bool = False) -> QIcon:
    """A knob in its track, on and off, for use and for what cannot be changed. On, the knob is where reading ends."""
    made = QIcon()
    for ratio in DEVICE_RATIOS:
        for on in (True, False):
            state = QIcon.State.On if on else QIcon.State.Off
            for enabled in (True, False):
                mode = QIcon.Mode.Normal if enabled else QIcon.Mode.Disabled
                made.addPixmap(_pixmap(tokens, scale, ratio, on=on, enabled=enabled, leftwards=leftwards), mode, state)
    return made


def _pixmap(tokens: Tokens, scale: float, ratio: int, *, on: bool, enabled: bool, leftwards: bool) -> QPixmap:
    image = QPixmap(round((WIDTH + GAP) * scale) * ratio, round(HEIGHT * scale) * ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale * ratio, scale * ratio)
    track = QRectF(0 if leftwards else GAP, 0, WIDTH, HEIGHT).adjusted(0.75, 0.75, -0.75, -0.75)
    fill, outline, knob = _colours(tokens, on=on, enabled=enabled)
    painter.setPen(QPen(QColor(outline), 1.5))
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
    side = track.height() - 2 * KNOB
    left = track.right() - KNOB - side if on is not leftwards else track.left() + KNOB
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(knob))
    painter.drawEllipse(QRectF(left, track.top() + KNOB, side, side))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def _colours(tokens: Tokens, *, on: bool, enabled: bool) -> tuple[str, str, str]:
    """Track, its outline, and the knob."""
    if not enabled:
        return tokens.hover if on else tokens.surface, tokens.border, tokens.strong_border
    if on:
        return tokens.accent, tokens.accent, tokens.on_accent
    return tokens.raised, tokens.control_border, tokens.control_border
