"""A dialog inside the window that asks step by step: one part at a time, with what is wrong below it, and its buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.widgets.buttons import Button
from ui.widgets.floating import Floating
from ui.widgets.labels import label

SPACING = 12


class StepDialog(Floating):
    """Whoever makes one calls `lay_out` once, shows and hides its parts and buttons, and then calls `tell`."""

    def __init__(self, name: str, window: QWidget) -> None:
        super().__init__(name, window)
        self._problem = label("", "danger", wrap=True, selectable=True)
        self._waiting = label("", "muted", wrap=True)

    def lay_out(self, parts: Sequence[QWidget], buttons: Sequence[Button]) -> None:
        """``parts`` below each other; ``buttons`` at the end of the line below them."""
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(SPACING)
        for part in (*parts, self._problem, self._waiting):
            column.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        for button in buttons:
            row.addWidget(button)
        column.addLayout(row)

    def tell(self, *, problem: str = "", waiting: str = "", question: str = "", width: int) -> None:
        """What is wrong, or what is waited for, below what is shown; else ``question`` is what a screen reader hears of
        it. ``width``: pixels that it takes where the window has them."""
        for words, shown in ((self._problem, problem), (self._waiting, waiting)):
            words.setText(shown)
            words.setVisible(bool(shown))
        self.setAccessibleDescription(problem or waiting or question)
        self.place_at_top(width)
