"""Added and removed lines on a ground of their own, besides their sign."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from ui.appearance import Appearance
from ui.panel.documents import Change, Line


def grounds(document: QTextDocument, lines: Sequence[Line], appearance: Appearance) -> list[QTextEdit.ExtraSelection]:
    """For the lines of ``document``, which shows ``lines`` one below the other."""
    marks = []
    block = document.begin()
    for line in lines:
        if line.change is not Change.SAME:
            form = QTextCharFormat()
            form.setProperty(QTextCharFormat.Property.FullWidthSelection, True)
            form.setBackground(_ground(line.change, appearance))
            mark = QTextEdit.ExtraSelection()
            mark.format, mark.cursor = form, QTextCursor(block)
            marks.append(mark)
        block = block.next()
    return marks


def _ground(change: Change, appearance: Appearance) -> QColor:
    if change is Change.ADDED:
        return appearance.colour("accent_soft")
    colour = appearance.colour("danger")
    colour.setAlpha(40)
    return colour
