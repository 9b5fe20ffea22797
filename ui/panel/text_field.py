"""The text of the panel: coloured and to be edited, or what changed between two versions, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QPlainTextEdit

from ui.appearance import Appearance
from ui.panel.changes import grounds
from ui.panel.documents import Line
from ui.translation import tr
from ui.widgets.highlight import CodeHighlighter
from ui.widgets.look import CODE_FAMILIES, TYPE

MOST_COLOURED = 200_000  # characters


class TextField(QPlainTextEdit):
    """Read only while it shows changes."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._language = self._unedited = ""
        self._highlighter: CodeHighlighter | None = None
        self.setProperty("look", "field")
        self.setAccessibleName(tr("Text of the panel"))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        appearance.follow(self._dress)

    def show_text(self, text: str, language: str) -> None:
        """To be edited."""
        self._language = language if len(text) <= MOST_COLOURED else ""
        self._show(text)

    def show_changes(self, lines: Sequence[Line]) -> None:
        """Each with its sign and its ground."""
        self._language = ""
        self._show("\n".join(f"{line.change} {line.text}" for line in lines), read_only=True)
        self.setExtraSelections(grounds(self.document(), lines, self._appearance))

    @property
    def typed(self) -> str:
        """As it stands, its spaces that do not break too."""
        return self.document().toRawText().replace("\u2029", "\n")

    @property
    def is_edited(self) -> bool:
        """Against what was made of the text: the field takes in no text with all its kinds of line ends."""
        return not self.isReadOnly() and self.typed != self._unedited

    def take_as_it_is(self) -> None:
        """What was typed counts as what is shown."""
        self._unedited = self.typed

    def _show(self, text: str, *, read_only: bool = False) -> None:
        self.setReadOnly(read_only)
        self.setExtraSelections([])
        self._colour()
        self.setPlainText(text)
        self.take_as_it_is()

    def _colour(self) -> None:
        if self._highlighter is not None:
            self._highlighter.setDocument(None)
            self._highlighter.deleteLater()
            self._highlighter = None
        if self._language:
            dark = self._appearance.tokens.dark
            self._highlighter = CodeHighlighter(self.document(), self._language, dark=dark)

    def _dress(self) -> None:
        font = QFont(CODE_FAMILIES)
        font.setPixelSize(self._appearance.pixels(TYPE.code))
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.document().setDefaultFont(font)
        if self.isVisible():
            self._colour()
