"""What the model is told before every chat. Kept a moment after the last key."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit

from ui.translation import tr
from workbench.settings import Settings

KEY = "chat.system"
HEIGHT = 96
SAVE_MILLISECONDS = 600


class InstructionsRow(QPlainTextEdit):
    """``saved`` carries the key and the text."""

    saved = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._kept = ""
        self.setProperty("look", "field")
        self.setAccessibleName(tr("Instructions for the model"))
        self.setPlaceholderText(tr("What the model is told before every chat. For example: Answer in two sentences."))
        self.setTabChangesFocus(True)
        self.setFixedHeight(HEIGHT)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SAVE_MILLISECONDS)
        self._soon.timeout.connect(self._save)
        self.textChanged.connect(self._soon.start)

    def show_settings(self, settings: Settings) -> None:
        """Show the text as it is, unless somebody is writing another."""
        self._kept = settings.chat.system
        if not self.hasFocus() and not self._soon.isActive():
            self.setPlainText(self._kept)
            self._soon.stop()  # this was no typing

    def unsaved(self) -> str | None:
        """What was typed a moment ago, to be kept here and now; None where all is kept."""
        if not self._soon.isActive():
            return None
        self._soon.stop()
        return self.toPlainText()

    def _save(self) -> None:
        if self.toPlainText() != self._kept:
            self.saved.emit(KEY, self.toPlainText())
