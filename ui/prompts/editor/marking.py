"""Variables, results of steps and conditions stand out in the text of a prompt; what is wrong is underlined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from ui.appearance import Appearance
from workbench.prompts.filling.parsing import Kind, Segment, parse

MOST_WHOLE = 8_000  # characters; longer texts are read line by line, so that every key is answered within a frame
MOST_COLOURED = 300_000  # still longer ones stay plain
COLOURS = {
    Kind.VARIABLE: ("accent", "accent_soft"),
    Kind.STEP: ("accent", "accent_soft"),
    Kind.CODE: ("text", "bubble"),
    Kind.TAG: ("text", "bubble"),
    Kind.BRACES: ("muted", ""),
    Kind.RAW: ("muted", ""),
    Kind.COMMENT: ("muted", ""),
}
HEAVY = (Kind.VARIABLE, Kind.STEP, Kind.CODE, Kind.TAG)


class PromptHighlighter(QSyntaxHighlighter):
    """Colours a document as a prompt's text. In a text that is not long, a piece that goes over several lines colours all
    of them: each line's state is the kind of the piece that goes on behind it."""

    def __init__(self, document: QTextDocument, appearance: Appearance) -> None:
        self._appearance = appearance
        self._read = False
        self._coloured: tuple[Segment, ...] = ()
        self._text = ""
        document.contentsChange.connect(lambda *_change: setattr(self, "_read", False))  # before it is coloured anew
        super().__init__(document)
        appearance.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        self.setCurrentBlockState(0)
        characters = self.document().characterCount()
        if characters > MOST_WHOLE:
            if characters <= MOST_COLOURED and "{" in text:
                self._colour_line(text)
            return
        start = self.currentBlock().position()
        for segment in self._pieces():
            first, end = self._place(segment)
            if end <= start or first > start + units(text):
                continue
            begin = max(first, start)
            self.setFormat(begin - start, min(end, start + units(text)) - begin, self._look(segment.kind))
            if end > start + units(text):
                self.setCurrentBlockState(1 + list(Kind).index(segment.kind))

    def _colour_line(self, text: str) -> None:
        for segment in parse(text).segments:
            if segment.kind in COLOURS:
                first = at_unit(text, segment.start)
                self.setFormat(first, at_unit(text, segment.end) - first, self._look(segment.kind))

    def _pieces(self) -> tuple[Segment, ...]:
        """Those with a colour; read once for each state of the document."""
        document = self.document()
        if not self._read:
            self._read = True
            self._text = document.toPlainText()
            self._coloured = tuple(one for one in parse(self._text).segments if one.kind in COLOURS)
        return self._coloured

    def _place(self, segment: Segment) -> tuple[int, int]:
        return at_unit(self._text, segment.start), at_unit(self._text, segment.end)

    def _look(self, kind: Kind) -> QTextCharFormat:
        colour, ground = COLOURS[kind]
        look = QTextCharFormat()
        look.setForeground(self._appearance.colour(colour))
        if ground:
            look.setBackground(self._appearance.colour(ground))
        if kind in HEAVY:
            look.setFontWeight(QFont.Weight.Medium)
        if kind is Kind.COMMENT:
            look.setFontItalic(True)
        return look


def underline(edit: QPlainTextEdit, places: Sequence[tuple[int, int, bool]], appearance: Appearance) -> None:
    """Underline these characters of a field, from and to; severe ones in the colour of danger."""
    edit.setExtraSelections(list(_marks(edit, places, appearance)))


def _marks(
    edit: QPlainTextEdit, places: Sequence[tuple[int, int, bool]], appearance: Appearance
) -> Iterator[QTextEdit.ExtraSelection]:
    text = edit.toPlainText()
    for start, end, severe in places:
        if end <= start:
            continue
        cursor = QTextCursor(edit.document())
        cursor.setPosition(at_unit(text, min(start, len(text))))
        cursor.setPosition(at_unit(text, min(end, len(text))), QTextCursor.MoveMode.KeepAnchor)
        mark = QTextEdit.ExtraSelection()
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(appearance.colour("danger" if severe else "cloud"))
        mark.format, mark.cursor = look, cursor
        yield mark


def at_unit(text: str, character: int) -> int:
    """Where Qt, which counts UTF-16 units, has this character of ``text``."""
    return character if text.isascii() else units(text[:character])


def units(text: str) -> int:
    """How many UTF-16 units ``text`` has."""
    return len(text) if text.isascii() else len(text) + sum(letter > "\uffff" for letter in text)
