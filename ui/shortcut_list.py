"""The list of shortcuts, over the window."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.actions import shortcut_rows
from ui.appearance import Appearance
from ui.translation import tr
from ui.widgets.buttons import IconButton
from ui.widgets.floating import Floating
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.scrolling import scrolling

WIDTH = 520
LARGE = 1.25  # text from which on the keys of an action stand below its words


class ShortcutList(Floating):
    """``own``: the person's keys by action."""

    def __init__(self, appearance: Appearance, window: QWidget, own: Mapping[str, str] | None = None) -> None:
        super().__init__(tr("Keyboard shortcuts"), window)
        self._close = IconButton("x", tr("Close"), appearance)
        self._close.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.addWidget(label(tr("Keyboard shortcuts"), "subheading", wrap=True), 1)
        head.addWidget(self._close)
        self._grid = grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(0, 1)
        grid.setContentsMargins(0, 0, 8, 0)
        large = appearance.scale > LARGE
        for row, (words, keys) in enumerate(shortcut_rows(own)):
            grid.addWidget(label(tr(words), wrap=True), 2 * row, 0)
            caps = Flow(gap=6, trailing=True, one_line=not large)
            for key in keys:
                caps.addWidget(label(key, "key"))
            grid.addLayout(caps, 2 * row + large, 0 if large else 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 8, 20)
        layout.setSpacing(14)
        layout.addLayout(head)
        self._rows = QWidget()
        self._rows.setProperty("look", "column")
        self._rows.setLayout(grid)
        self._scroll = scrolling(self._rows)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the keys scroll it: there is nothing else to stop at
        self._scroll.setAccessibleName(tr("Shortcuts"))
        layout.addWidget(self._scroll)

    def open(self) -> None:
        """As tall as its rows, as far as the window allows."""
        width = min(WIDTH, self.host.width() - 48)
        rows = self._grid.totalHeightForWidth(width - 40)
        self._scroll.setFixedHeight(max(80, min(rows, self.host.height() * 3 // 4 - 60)))
        self.place_at_top(WIDTH)
        self.appear()
        self._close.setFocus(Qt.FocusReason.PopupFocusReason)
