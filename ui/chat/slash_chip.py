"""The chip above the draft of the saved prompt that the next question is written with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.appearance import Appearance
from ui.chat.slash import chip_tip
from ui.icons import pixmap
from ui.translation import tr
from ui.widgets.buttons import IconButton
from ui.widgets.labels import ElidedLabel
from workbench.messages import UsedPrompt

WIDEST, ICON = 260, 15  # pixels at 100 %


class PromptChip(QFrame):
    """``removed``: the person took it out. Del or Backspace on its button does so too. Hidden while there is none."""

    removed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._used: UsedPrompt | None = None
        self._notes: tuple[str, ...] = ()
        self.setProperty("look", "card")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._icon = QLabel()
        self._name = ElidedLabel()
        self.remove_button = IconButton("x", tr("Leave out the prompt"), appearance, size=13)
        self.remove_button.clicked.connect(self.removed)
        self.remove_button.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 4, 3)
        row.setSpacing(7)
        row.addWidget(self._icon)
        row.addWidget(self._name, 1)
        row.addWidget(self.remove_button)
        appearance.follow(self._dress)
        self.hide()

    @property
    def used(self) -> UsedPrompt | None:
        return self._used

    def show_used(self, used: UsedPrompt | None, notes: Sequence[str] = ()) -> None:
        """``notes``: what of its wishes cannot be had, in sentences."""
        if (used, tuple(notes)) == (self._used, self._notes):
            return
        self._used, self._notes = used, tuple(notes)
        if used is not None:
            tip = chip_tip(used, notes)
            self._name.setText(used.title)
            self._name.explain(tip)
            self.setAccessibleName(tr("Written with the prompt {title}").format(title=used.title))
            self.setAccessibleDescription(tip.replace("\n", ", "))
            self.remove_button.say(tr("Leave out the prompt {title}").format(title=used.title))
            self.remove_button.setAccessibleDescription(tip.replace("\n", ", "))
            self._dress()
        self.setVisible(used is not None)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        words = self._name.fontMetrics().horizontalAdvance(self._name.text()) + 6
        wide = words + self.remove_button.sizeHint().width() + self._appearance.pixels(ICON) + 34
        return QSize(min(wide, self._appearance.pixels(WIDEST)), super().sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return True
        return False

    def _dress(self) -> None:
        tokens = self._appearance.tokens
        size = self._appearance.pixels(ICON)
        name, tone = ("triangle-alert", tokens.danger) if self._notes else ("book-open", tokens.accent)
        self._icon.setPixmap(pixmap(name, tone, size, self.devicePixelRatioF()))
