"""A long text to read: filled piece by piece, so that nothing waits for it, with a passage marked and found words."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from ui.appearance import Appearance
from ui.documents.viewer.colouring import GradualHighlighter
from ui.documents.viewer.shown_text import ShownText
from ui.translation import tr
from ui.widgets.look import CODE_FAMILIES, TYPE

PIECE = 60_000  # characters that are laid out at once
MOST_COLOURED = 200_000  # characters
MOST_FOUND = 2_000


class TextView(QPlainTextEdit):
    """Read only; the keyboard moves through it and selects. Positions given and told are those of the document's text."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._text = ShownText("")
        self._rest: Iterator[str] = iter(())
        self._passage: tuple[int, int] | None = None
        self._target: int | None = None  # the character to scroll to, once it is filled in
        self._language, self._code = "", False
        self._found: list[tuple[int, int]] = []
        self._current = -1
        self._highlighter: GradualHighlighter | None = None
        self._filling = QTimer(self)
        self._filling.setInterval(0)
        self._filling.timeout.connect(self._fill)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName(tr("Text of the document"))
        appearance.follow(self._dress)

    # Content ----------------------------------------------------------------------------------------------------------

    def show_text(self, text: ShownText, *, language: str = "", code: bool = False) -> None:
        """``code``: in the code's font, its lines not wrapped; ``language``: coloured as this one."""
        self._filling.stop()
        self._text, self._language, self._code = text, language, code
        self._passage, self._found, self._current, self._target = None, [], -1, None
        self._drop_colours()
        self.clear()
        wide = code and not text.breaks  # very long lines are wrapped: else each would be measured for the scroll bar
        mode = QPlainTextEdit.LineWrapMode.NoWrap if wide else QPlainTextEdit.LineWrapMode.WidgetWidth
        self.setLineWrapMode(mode)
        self._dress()
        self._drop_colours()
        self._rest = text.pieces(PIECE)
        self._filling.start()
        self._fill()

    def mark(self, start: int, end: int) -> None:
        """Mark a passage, and go there as soon as it is filled in."""
        self._passage = (start, end)
        self._show_marks()
        self._go_to(start)

    @property
    def is_filling(self) -> bool:
        return self._filling.isActive()

    @property
    def marked(self) -> str:
        """The text of the passage as the view has it."""
        return self._cursor(*self._passage).selection().toPlainText() if self._passage is not None else ""

    # Find -------------------------------------------------------------------------------------------------------------

    def find(self, text: str) -> int:  # type: ignore[override]  # QPlainTextEdit.find is another thing
        """Mark every occurrence ("" ends the search); returns how many there are."""
        self._found, self._current = [], -1
        shown = self._text.folded
        wanted = text if shown is self._text.text else text.lower()
        at = shown.find(wanted) if wanted else -1
        while at >= 0 and len(self._found) < MOST_FOUND:
            self._found.append((at, at + len(text)))
            at = shown.find(wanted, at + len(text))
        self._show_marks()
        return len(self._found)

    def find_next(self, *, backwards: bool = False) -> tuple[int, int]:
        """Go to the next occurrence; returns (its number from 1, how many there are), (0, 0) when there is none."""
        if not self._found:
            return 0, 0
        start = -1 if not backwards else 0
        step = -1 if backwards else 1
        self._current = ((self._current if self._current >= 0 else start) + step) % len(self._found)
        self._show_marks()
        self._go_to(self._found[self._current][0])
        return self._current + 1, len(self._found)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        """One more piece; colours once all is there, if it is not too much."""
        piece = next(self._rest, None)
        if piece is None:
            self._filling.stop()
            self._colour()
            self._show_marks()
            if self._target is not None:
                self._go_to(self._target)
            return
        bar = self.verticalScrollBar().value()
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece)
        self.verticalScrollBar().setValue(bar)
        if self._target is not None:
            self._go_to(self._target)

    def _go_to(self, offset: int) -> None:
        """In the upper third of the view, as soon as the text is filled in so far and a little farther."""
        self._target = offset
        reached = self._text.position(offset) + PIECE // 4 <= self.document().characterCount()
        if not reached and self._filling.isActive():
            return
        self._target = None
        self._show_marks()
        cursor = self._cursor(offset, offset)
        self.setTextCursor(cursor)
        self.centerCursor()
        above = self.cursorRect(cursor).top() - self.viewport().height() // 4
        lines = above // max(1, self.fontMetrics().lineSpacing())
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + lines)

    def _cursor(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        last = self.document().characterCount() - 1
        cursor.setPosition(min(self._text.position(start), last))
        cursor.setPosition(min(self._text.position(end), last), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _show_marks(self) -> None:
        marks = [self._mark(*self._passage, "accent_soft")] if self._passage is not None else []
        marks += [
            self._mark(*span, "accent" if place == self._current else "selection")
            for place, span in enumerate(self._found)
        ]
        self.setExtraSelections(marks)

    def _mark(self, start: int, end: int, ground: str) -> QTextEdit.ExtraSelection:
        form = QTextCharFormat()
        form.setBackground(self._appearance.colour(ground))
        if ground == "accent":
            form.setForeground(self._appearance.colour("on_accent"))
        made = QTextEdit.ExtraSelection()
        made.cursor, made.format = self._cursor(start, end), form
        return made

    def _colour(self) -> None:
        if self._language and len(self._text.text) <= MOST_COLOURED and self._highlighter is None:
            dark = self._appearance.tokens.dark
            self._highlighter = GradualHighlighter(self.document(), self._language, dark=dark)

    def _drop_colours(self) -> None:
        if self._highlighter is not None:
            self._highlighter.end()
            self._highlighter = None

    def _dress(self) -> None:
        font = QFont(CODE_FAMILIES) if self._code else QFont(self.font().families())
        font.setPixelSize(self._appearance.pixels(TYPE.code if self._code else TYPE.body))
        if self._code:
            font.setStyleHint(QFont.StyleHint.Monospace)
        self.document().setDefaultFont(font)
        self._drop_colours()
        if not self._filling.isActive():
            self._colour()
        self._show_marks()
