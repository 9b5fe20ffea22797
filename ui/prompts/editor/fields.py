"""What the editor is made of: a field with its words above, a text that grows, a part that folds."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.translation import tr
from ui.widgets.buttons import ElidedButton
from ui.widgets.direction import align_to_text
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.look import CODE_FAMILIES, TYPE
from workbench.prompts.prompt import Prompt

PADDING = 18  # pixels above and below the lines of a field, with its border
COMMA = ", "


class Section(QWidget):
    """A part of the editor. ``edited``: the person changed something in it."""

    edited = Signal()

    def show_prompt(self, prompt: Prompt) -> None:
        """Fill the fields; nothing is said to be edited."""
        raise NotImplementedError

    def written(self, prompt: Prompt) -> Prompt:
        """``prompt`` with what stands in the fields."""
        raise NotImplementedError


class GrowingEdit(QPlainTextEdit):
    """As high as its text, from ``least`` to ``most`` lines; then it scrolls. ``code``: in the type for code."""

    def __init__(
        self, name: str, appearance: Appearance, *, least: int = 1, most: int = 12, code: bool = False, hint: str = ""
    ) -> None:
        super().__init__()
        self._appearance = appearance
        self._least, self._most, self._code = least, most, code
        self.setProperty("look", "field")
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        if not code:
            align_to_text(self)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        appearance.follow(self._dress)

    @property
    def text(self) -> str:
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        """Without a sign that it was edited, and where the person's cursor stands as far as it can."""
        if text == self.toPlainText():
            return
        blocked = self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(blocked)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()  # other lines

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Where there is nothing to scroll the page does."""
        bar = self.verticalScrollBar()
        if bar.minimum() == bar.maximum():
            event.ignore()
        else:
            super().wheelEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._dress()  # the style sheet's font is the document's too

    def _dress(self) -> None:
        if self._code:
            font = QFont(CODE_FAMILIES)
            font.setPixelSize(self._appearance.pixels(TYPE.code))
            font.setStyleHint(QFont.StyleHint.Monospace)
            self.document().setDefaultFont(font)
        self._fit()

    def _fit(self) -> None:
        lines = max(self._least, round(self.document().size().height()))
        line = math.ceil(QFontMetricsF(self.document().defaultFont()).lineSpacing())
        height = min(lines, self._most) * line + PADDING
        scrolls = lines > self._most
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        if height != self.height():
            self.setFixedHeight(height)


class LineField(QLineEdit):
    """``width``: what it likes to have, in pixels; it makes do with less."""

    def __init__(self, name: str, hint: str = "", width: int = 0) -> None:
        super().__init__()
        self._width = width
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setMinimumWidth(60)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(self._width or hint.width(), hint.height())

    def show_text(self, text: str) -> None:
        """Without a sign that it was edited; the cursor stays where the person writes."""
        if text != self.text():
            blocked = self.blockSignals(True)
            self.setText(text)
            self.setCursorPosition(0)
            self.blockSignals(blocked)


def titled(words: str, control: QWidget, *, wrap: bool = True) -> QWidget:
    """A control with its words above; without ``wrap`` they stay on a line, for those that stand beside each other."""
    made = QWidget()
    rows = QVBoxLayout(made)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(3)
    above = label(words, "caption", wrap=True) if wrap else ElidedLabel(words, "caption")
    if not wrap:
        above.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    above.setBuddy(control)
    rows.addWidget(above)
    rows.addWidget(control)
    return made


class Fold(QFrame):
    """A card that opens and closes; closed, it says in a line what is in it. ``toggled`` carries whether it is open."""

    toggled = Signal(bool)

    def __init__(self, words: str, appearance: Appearance, *tools: QWidget) -> None:
        super().__init__()
        self._words = words
        self._told = ""
        self.setProperty("look", "card")
        self.setAccessibleName(words)
        self.button = ElidedButton(words, appearance, look="quiet", icon_name="chevron-right").gives_way()
        self.button.setCheckable(False)
        self._summary = ElidedLabel("", "caption")
        self._inside = QWidget()
        self.rows = QVBoxLayout(self._inside)
        self.rows.setContentsMargins(6, 0, 6, 8)
        self.rows.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.button)
        head.addWidget(self._summary, 1)
        for tool in tools:
            head.addWidget(tool)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 8, 4)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._inside)
        self.button.clicked.connect(lambda: self.open(opened=not self.is_open))
        self.open(opened=False)

    @property
    def is_open(self) -> bool:
        return not self._inside.isHidden()

    def open(self, *, opened: bool = True) -> None:
        self._inside.setVisible(opened)
        self._summary.setText("" if opened else self._told)
        self.button.show_icon("chevron-down" if opened else "chevron-right")
        self._name()
        self.toggled.emit(opened)

    def say(self, words: str, summary: str) -> None:
        """What it is called, and in a line what is in it."""
        self._words = words
        self.button.say(words)
        self.setAccessibleName(words)
        self._told = summary
        self._summary.setText("" if self.is_open else summary)
        self._name()

    def _name(self) -> None:
        what = tr("close") if self.is_open else tr("open")
        told = f": {self._told}" if self._told and not self.is_open else ""
        self.button.setAccessibleName(f"{self._words}, {what}{told}")


def listed(text: str) -> tuple[str, ...]:
    """The words between the commas."""
    return tuple(piece for one in text.split(",") if (piece := one.strip()))
