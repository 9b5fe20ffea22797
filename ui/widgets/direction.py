"""Which way text runs: by its first strong character, as the Unicode bidirectional algorithm has it for paragraphs."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLayout, QPlainTextEdit

LOOKED_AT = 500  # characters: enough for a beginning of digits and signs


def runs_to_the_left(text: str) -> bool:
    """Whether the first letter of ``text`` belongs to a script that is written from right to left. Pure."""
    for character in text[:LOOKED_AT]:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def align_to_text(field: QPlainTextEdit) -> None:
    """Have ``field`` begin at the side where its text begins, now and after every change.

    Qt finds the direction of each line by itself, but a plain text field puts all of them at its left.
    """

    def align() -> None:
        document = field.document()
        first = document.firstBlock()
        while first.isValid() and not first.text().strip() and first.next().isValid():
            first = first.next()
        side = Qt.AlignmentFlag.AlignRight if runs_to_the_left(first.text()) else Qt.AlignmentFlag.AlignLeft
        option = document.defaultTextOption()
        if option.alignment() != side:
            option.setAlignment(side)
            document.setDefaultTextOption(option)

    field.textChanged.connect(align)
    align()


def leave_room(layout: QLayout, before: int, top: int, after: int, bottom: int) -> None:
    """Margins in pixels, ``before`` where reading begins: Qt mirrors what a layout holds, but not its margins."""
    mirrored = QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    left, right = (after, before) if mirrored else (before, after)
    layout.setContentsMargins(left, top, right, bottom)
