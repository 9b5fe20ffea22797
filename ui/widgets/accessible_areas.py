"""Scroll areas as assistive technology sees them.

Qt's own interface for them (6.11) looks a child up without asking whether it is there: a screen reader that walks the
window while a scroll bar goes asks for one too many, and the program ends there.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractScrollArea, QAccessibleWidget

_CLASSES = frozenset({"QScrollArea", "QAbstractScrollArea"})  # lists, tables and texts have interfaces of their own


class _Area(QAccessibleWidget):
    """Its child widgets, hidden scroll bars too: how many there are does not change by scrolling."""

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # None is what Qt takes for none
        return super().child(index) if 0 <= index < self.childCount() else None


def guard_scroll_areas() -> None:
    """For all areas of this process that nobody has looked at yet. Once."""
    QAccessible.installFactory(_made)


def _made(name: str, thing: QObject) -> QAccessibleInterface | None:
    if name in _CLASSES and isinstance(thing, QAbstractScrollArea):
        return _Area(thing, QAccessible.Role.Client)
    return None
