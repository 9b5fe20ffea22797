"""What every piece of shown text can do for a selection that spans several of them."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget


class TextPane(Protocol):
    """A widget with text in it; positions count its shown characters."""

    def surface(self) -> QWidget:
        """The widget that gets the mouse."""
        ...

    def position_at(self, point: QPoint) -> int:
        """The character nearest to a point of the surface."""
        ...

    def length(self) -> int: ...

    def text_between(self, begin: int, end: int) -> str: ...

    def word_at(self, position: int) -> tuple[int, int]: ...

    def select(self, selected: tuple[int, int] | None) -> None:
        """Show these characters as selected."""
        ...

    def show_found(self, text: str, current: int | None) -> int | None:
        """Mark every occurrence of ``text`` ("" none); occurrence number ``current`` stands out.

        Returns how far below the widget's top that one is, in pixels.
        """
        ...
