"""The two texts that a person writes for every chat, or for those of a project: kept as they are typed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.memory import words
from ui.translation import tr
from ui.widgets.labels import label
from workbench.memory.memory import AboutMe
from workbench.memory.wording import MOST_TEXT_CHARACTERS

SAVE_MILLISECONDS: Final = 600
LINES: Final = 4


class MemoryTexts(QWidget):
    """``written`` carries an `AboutMe`, a moment after the last key. ``whose``: of the fields, as "in this project"."""

    written = Signal(object)

    def __init__(self, appearance: Appearance, whose: str = "") -> None:
        super().__init__()
        self._shown = AboutMe()
        self._appearance = appearance
        self.about = _field(" ".join(filter(None, (tr("About me"), whose))), words.ABOUT_HINT)
        self.how = _field(" ".join(filter(None, (tr("How to answer"), whose))), words.HOW_HINT)
        self._problem = label("", "danger", wrap=True)
        self._problem.hide()
        self._save_soon = QTimer(self)
        self._save_soon.setSingleShot(True)
        self._save_soon.setInterval(SAVE_MILLISECONDS)
        self._save_soon.timeout.connect(self.keep_typed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for title, field in ((tr("About me"), self.about), (tr("How to answer"), self.how)):
            column.addWidget(label(title, "strong"))
            column.addWidget(field)
            column.addSpacing(4)
            field.textChanged.connect(self._typed)
        column.addWidget(self._problem)
        appearance.follow(self._fit)

    def show_texts(self, texts: AboutMe, *, afresh: bool = False) -> None:
        """As they are on the disk; what is being typed stays."""
        if self._save_soon.isActive() and not afresh:
            return
        self._shown = texts
        for field, text in ((self.about, texts.about), (self.how, texts.how)):
            if field.toPlainText() != text and (afresh or not field.hasFocus()):
                field.setPlainText(text)
        self._save_soon.stop()  # this was no typing

    def typed(self) -> AboutMe | None:
        """What was typed and is not kept yet; None where nothing was, or it is too long."""
        texts = AboutMe(self.about.toPlainText(), self.how.toPlainText())
        return None if self._too_long() or texts == self._shown else texts

    def keep_typed(self) -> None:
        """Now."""
        self._save_soon.stop()
        texts = self.typed()
        if texts is not None:
            self._shown = texts
            self.written.emit(texts)

    def _typed(self) -> None:
        problem = self._too_long()
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._save_soon.start()

    def _too_long(self) -> str:
        for title, field in ((tr("About me"), self.about), (tr("How to answer"), self.how)):
            more = len(field.toPlainText().strip()) - MOST_TEXT_CHARACTERS
            if more > 0:
                told = tr("“{text}” is {count} characters too long to be told every time: it is not kept like this.")
                return told.format(text=title, count=f"{more:,}")
        return ""

    def _fit(self) -> None:
        for field in (self.about, self.how):
            field.setFixedHeight(LINES * field.fontMetrics().lineSpacing() + 24)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.keep_typed()


def _field(name: str, hint: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setProperty("look", "field")
    made.setAccessibleName(name)
    made.setPlaceholderText(tr(hint))
    made.setTabChangesFocus(True)
    return made
