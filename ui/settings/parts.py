"""What the settings are made of: a row with its words, and a button that shows what is chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.widgets.buttons import ICON_GAP, Button
from ui.widgets.labels import label

LEFT_TO_RIGHT_MARK = "\u200e"  # keeps the gap between words and sign where the layout is mirrored


class Picker(Button):
    """A button that shows what is chosen and opens the list of choices."""

    def __init__(self, name: str, appearance: Appearance) -> None:
        super().__init__("", appearance, icon_name="chevron-down", name=name)
        self.name = name
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the sign stands behind the words

    def show_choice(self, words: str) -> None:
        self.setText(f"{words}{ICON_GAP}{LEFT_TO_RIGHT_MARK}".replace("&", "&&"))
        self.setAccessibleName(f"{self.name}: {words}")


def setting_row(title: str, words: str, control: QWidget) -> QWidget:
    """What it is and what it does at the left, the control at the right."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(16)
    left = QVBoxLayout()
    left.setSpacing(2)
    left.addWidget(label(title))
    left.addWidget(label(words, "caption", wrap=True))
    line.addLayout(left, 1)
    line.addWidget(control)
    return row
