"""A whole page for a failure that leaves nothing else to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.icons import pixmap
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import label

Step = tuple[str, Callable[[], None]]
CARD_WIDTH, MOST_LINES = 520, 7


class FailurePage(QWidget):
    """What happened, what to do, and the steps; the first one is the proposed one."""

    def __init__(
        self,
        appearance: Appearance,
        message: str,
        hint: str,
        *,
        detail: str = "",
        report: str = "",
        steps: Sequence[Step] = (),
    ) -> None:
        super().__init__()
        self._appearance = appearance
        self.first: QWidget = self
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Workbench cannot start"))
        self._sign = QLabel()
        card = QFrame()
        card.setProperty("look", "card")
        card.setFixedWidth(CARD_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(32, 28, 32, 28)
        inside.setSpacing(12)
        inside.addWidget(self._sign)
        inside.addWidget(label(tr("Workbench cannot start"), "heading"))
        inside.addWidget(label(message, "body", wrap=True, selectable=True))
        if hint:
            inside.addWidget(label(hint, "muted", wrap=True, selectable=True))
        if detail:
            inside.addWidget(_details(detail))
        inside.addSpacing(8)
        inside.addLayout(self._row(steps, report or message))
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        appearance.follow(self._recolour)

    def _row(self, steps: Sequence[Step], report: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for place, (text, act) in enumerate(steps):
            button = Button(text, self._appearance, look="" if place else "primary")
            button.clicked.connect(act)
            row.addWidget(button)
            self.first = button if place == 0 else self.first
        copy = Button(tr("Copy details"), self._appearance, look="quiet", icon_name="copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
        row.addWidget(copy)
        row.addStretch()
        return row

    def _recolour(self) -> None:
        colour = self._appearance.tokens.danger
        self._sign.setPixmap(pixmap("triangle-alert", colour, 32, self.devicePixelRatioF()))


def _details(text: str) -> QPlainTextEdit:
    field = QPlainTextEdit(text)
    field.setReadOnly(True)
    field.setProperty("look", "field")
    field.setAccessibleName(tr("Details"))
    lines = min(MOST_LINES, text.count("\n") + 1 + len(text) // 70)
    field.setFixedHeight(lines * field.fontMetrics().lineSpacing() + 28)
    field.setTabChangesFocus(True)
    return field
