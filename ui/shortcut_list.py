"""The list of shortcuts, over the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.actions import shortcut_rows
from ui.appearance import Appearance
from ui.widgets.buttons import IconButton
from ui.widgets.floating import Floating
from ui.widgets.labels import label

WIDTH = 520


class ShortcutList(Floating):
    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        super().__init__("Keyboard shortcuts", window)
        self._close = IconButton("x", "Close", appearance)
        self._close.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.addWidget(label("Keyboard shortcuts", "subheading"))
        head.addStretch()
        head.addWidget(self._close)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(0, 1)
        for row, (words, keys) in enumerate(shortcut_rows()):
            grid.addWidget(label(words), row, 0)
            caps = QHBoxLayout()
            caps.setSpacing(6)
            caps.addStretch()
            for key in keys:
                caps.addWidget(label(key, "key"))
            grid.addLayout(caps, row, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 16, 20)
        layout.setSpacing(14)
        layout.addLayout(head)
        layout.addLayout(grid)

    def open(self) -> None:
        self.place_at_top(WIDTH)
        self.appear()
        self._close.setFocus(Qt.FocusReason.PopupFocusReason)
