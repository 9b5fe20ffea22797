"""Which turns of the wheel are whose."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QScrollBar


def goes_sideways(event: QWheelEvent, bar: QScrollBar) -> bool:
    """Whether it moves what is too wide for its place; all else belongs to whoever scrolls the page."""
    return abs(event.angleDelta().x()) > abs(event.angleDelta().y()) and bar.maximum() > 0
