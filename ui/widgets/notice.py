"""A card that says what happened and offers the next step as a button."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.icons import pixmap
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.direction import leave_room
from ui.widgets.labels import label

Step = tuple[str, Callable[[], None]]


class NoticeCard(QFrame):
    """``severe`` draws it as an error. ``detail`` is folded behind a button and can be copied."""

    def __init__(
        self,
        appearance: Appearance,
        text: str,
        hint: str = "",
        *,
        detail: str = "",
        severe: bool = False,
        steps: Sequence[Step] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._severe = severe
        self._detail_text = detail
        self.setProperty("look", "notice")
        self.setProperty("tone", "danger" if severe else "")
        self.setAccessibleName(text)
        self.setAccessibleDescription(hint)
        self._sign = QLabel()
        self._sign.setAccessibleName(tr("Error") if severe else tr("Note"))
        self._detail = label(detail, "caption", wrap=True, selectable=True)
        self._detail.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(self._words(text, hint))
        layout.addWidget(self._detail)
        layout.addLayout(self._buttons(steps))
        appearance.follow(self._recolour)

    def _words(self, text: str, hint: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(label(text, "strong" if self._severe else "", wrap=True, selectable=True))
        if hint:
            column.addWidget(label(hint, "muted", wrap=True, selectable=True))
        row.addLayout(column, 1)
        return row

    def _buttons(self, steps: Sequence[Step]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        leave_room(row, 28, 0, 0, 0)
        for place, (text, act) in enumerate(steps):
            button = Button(text, self._appearance, look="primary" if place == 0 and self._severe else "")
            button.clicked.connect(act)
            row.addWidget(button)
        if self._detail_text:
            row.addWidget(self._detail_button())
            copy = Button(tr("Copy details"), self._appearance, look="quiet")
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._detail_text))
            row.addWidget(copy)
        row.addStretch()
        return row

    def _detail_button(self) -> Button:
        button = Button(tr("Show details"), self._appearance, look="quiet")

        def toggle() -> None:
            self._detail.setVisible(not self._detail.isVisible())
            button.setText(tr("Hide details") if self._detail.isVisible() else tr("Show details"))
            button.setAccessibleName(button.text())

        button.clicked.connect(toggle)
        return button

    def _recolour(self) -> None:
        tokens = self._appearance.tokens
        name, colour = ("triangle-alert", tokens.danger) if self._severe else ("info", tokens.muted)
        self._sign.setPixmap(pixmap(name, colour, 18, self.devicePixelRatioF()))
