"""A small picture of a picture that leaves."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImageReader, QPixmap

from ui.translation import tr


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """``words``: how large it is. ``pixmap`` is null where nobody can read it."""

    pixmap: QPixmap
    words: str


def thumbnail(content: bytes, side: int, ratio: float) -> Thumbnail:
    """``side``: the longest, in pixels of the window; ``ratio``: of the screen's."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    words = tr("{count} bytes").format(count=f"{len(content):,}")
    if not size.isValid() or size.isEmpty():
        return Thumbnail(QPixmap(), words)
    longest = round(side * ratio)
    small = size.scaled(QSize(longest, longest), Qt.AspectRatioMode.KeepAspectRatio)
    if small.width() < size.width():  # a small one is not blown up
        reader.setScaledSize(small.expandedTo(QSize(1, 1)))
    pixmap = QPixmap.fromImage(reader.read())
    pixmap.setDevicePixelRatio(ratio)
    return Thumbnail(pixmap, f"{size.width():,} × {size.height():,} · {words}")
