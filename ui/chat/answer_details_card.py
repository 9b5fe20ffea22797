"""The card that tells how an answer came about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.chat.answer_details import Group, as_text
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.floating import Floating, Scrolled
from ui.widgets.labels import label, rule

if TYPE_CHECKING:
    from ui.appearance import Appearance

WIDTH, NAMES = 460, 112  # pixels of the card, and of the names in it at 100 %
BESIDE_VALUES = 78  # pixels: margins, gaps and a scroll bar
OTHER_LINES = 8  # of text, which what stands around the details may take


class DetailsCard(Floating):
    """Shows the groups beside the message they belong to. Escape closes it."""

    def __init__(self, groups: Sequence[Group], appearance: Appearance, window: QWidget) -> None:
        super().__init__(tr("Details of this answer"), window)
        self._groups = groups
        lines = QVBoxLayout(self)
        lines.setContentsMargins(18, 14, 14, 16)
        lines.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label(tr("Details of this answer"), "strong", wrap=True), 1)
        self.copy_button = Button(tr("Copy"), appearance, look="quiet", icon_name="copy", name=tr("Copy the details"))
        self.copy_button.clicked.connect(self._copy)
        close = IconButton("x", tr("Close the details"), appearance, size=16)
        close.clicked.connect(self.dismiss)
        head.addWidget(self.copy_button)
        head.addWidget(close)
        lines.addLayout(head)
        tables = QWidget()
        tables.setAccessibleName(tr("Details of this answer"))
        inside = QVBoxLayout(tables)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        for number, group in enumerate(groups):
            if number:
                inside.addWidget(rule())
            inside.addWidget(_table(group, appearance))
        self._tables = Scrolled(tables)
        lines.addWidget(self._tables)

    def open(self) -> None:
        self.appear()  # once its style is on, its heights are known
        width = min(WIDTH, self.host.width() - 48)
        self._tables.fit(width - 32, self.host.height() - OTHER_LINES * self.fontMetrics().lineSpacing())
        self.place_at_top(WIDTH)
        self.copy_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._groups))
        self.copy_button.say(tr("Copied"))


def _table(group: Group, appearance: Appearance) -> QWidget:
    table = QWidget()
    table.setAccessibleName(group.title)
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for line, row in enumerate(group.rows):
        name = label(row.name, "caption", wrap=True)
        name.setFixedWidth(min(appearance.pixels(NAMES), WIDTH // 3))
        value = label(row.value, wrap=True, selectable=True)
        value.setFixedWidth(WIDTH - min(appearance.pixels(NAMES), WIDTH // 3) - BESIDE_VALUES)
        value.setMinimumHeight(value.heightForWidth(value.width()))
        value.setAccessibleName(f"{row.name}: {row.value}")
        grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, line, 1)
    return table
