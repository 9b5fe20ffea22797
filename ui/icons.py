"""Lucide icons, coloured from the tokens and sharp on every screen."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from workbench.paths import asset

STROKE = "1.75"
FILLED = "-filled"  # after a name: the same shape, filled
DEVICE_RATIOS = (1, 2, 3)


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    text = asset(f"icons/lucide/{name.removesuffix(FILLED)}.svg").read_text(encoding="utf-8")
    if name.endswith(FILLED):
        text = text.replace('fill="none"', 'fill="currentColor"')
    return text.replace('stroke-width="2"', f'stroke-width="{STROKE}"')


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """The icon ``name`` of the Lucide set, ``size`` logical pixels square. ``colour`` as #RRGGBB."""
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    side = round(size * ratio)
    image = QPixmap(QSize(side, side))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


@lru_cache(maxsize=512)
def icon(name: str, colour: str, size: int = 16, disabled: str | None = None) -> QIcon:
    """An icon for a control; ``disabled`` is its colour while the control is off."""
    made = QIcon()
    for ratio in DEVICE_RATIOS:
        made.addPixmap(pixmap(name, colour, size, ratio))
        if disabled:
            made.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return made
