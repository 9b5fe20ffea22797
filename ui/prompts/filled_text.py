"""A filled prompt as the model would be told it; what was filled in stands out."""

from __future__ import annotations

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from ui.appearance import Appearance
from ui.prompts.editor.marking import at_unit
from ui.prompts.form_filling import FilledPrompt

MOST_SHOWN = 50_000  # characters
MOST_MARKED = 500


class FilledText(QPlainTextEdit):
    """To be read only; Tab leaves it."""

    def __init__(self, appearance: Appearance, name: str) -> None:
        super().__init__()
        self._appearance = appearance
        self._marks: tuple[tuple[int, int], ...] = ()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        appearance.changed.connect(self._mark)

    def show_filled(self, filled: FilledPrompt) -> None:
        """What one has scrolled to stays in view."""
        whole = filled.whole
        shown = whole if len(whole) <= MOST_SHOWN else whole[:MOST_SHOWN] + "…"
        if shown != self.toPlainText():
            place = self.verticalScrollBar().value()
            self.setPlainText(shown)
            self.verticalScrollBar().setValue(place)
        self._marks = tuple(one for one in filled.marks if one[1] <= len(shown))[:MOST_MARKED]
        self._mark()

    def _mark(self) -> None:
        text, marks = self.toPlainText(), list[QTextEdit.ExtraSelection]()
        look = QTextCharFormat()
        look.setForeground(self._appearance.colour("accent"))
        look.setBackground(self._appearance.colour("accent_soft"))
        for start, end in self._marks:
            cursor = QTextCursor(self.document())
            cursor.setPosition(at_unit(text, start))
            cursor.setPosition(at_unit(text, end), QTextCursor.MoveMode.KeepAnchor)
            mark = QTextEdit.ExtraSelection()
            mark.format, mark.cursor = look, cursor
            marks.append(mark)
        self.setExtraSelections(marks)
