"""Selections and search hits as extra selections: they change nothing in a document, so its layout stays."""

from __future__ import annotations

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from ui.widgets.look import Look

_MOST_HITS = 500  # beyond, marking costs more than it tells


class Marks:
    """What is marked in one text view."""

    def __init__(self, view: QTextEdit | QPlainTextEdit, look: Look) -> None:
        self._view, self._look = view, look
        self._selected: tuple[int, int] | None = None
        self._found, self._current = "", -1

    def select(self, selected: tuple[int, int] | None) -> None:
        if selected != self._selected:
            self._selected = selected
            self.refresh()

    def show_found(self, text: str, current: int | None) -> int | None:
        """Returns how far below the view's top the current occurrence is, in pixels."""
        self._found, self._current = text, -1 if current is None else current
        hits = self.refresh()
        if not 0 <= self._current < len(hits):
            return None
        return self._view.cursorRect(hits[self._current]).top()

    def refresh(self) -> list[QTextCursor]:
        """Mark again, after the text changed too; returns the occurrences."""
        document = self._view.document()
        hits = _occurrences(document, self._found) if self._found else []
        shown = [
            _mark(hit, self._look.colour("accent"), self._look.colour("on_accent"))
            if index == self._current
            else _mark(hit, self._look.colour("selection"), self._look.colour("text"))
            for index, hit in enumerate(hits)
        ]
        if self._selected is not None and self._selected[0] != self._selected[1]:
            cursor = QTextCursor(document)
            last = document.characterCount() - 1
            cursor.setPosition(min(self._selected[0], last))
            cursor.setPosition(min(self._selected[1], last), QTextCursor.MoveMode.KeepAnchor)
            shown.append(_mark(cursor, self._look.colour("selection"), None))
        if shown or self._view.extraSelections():
            self._view.setExtraSelections(shown)
        return hits


def _occurrences(document: QTextDocument, text: str) -> list[QTextCursor]:
    found: list[QTextCursor] = []
    cursor = document.find(text, 0)
    while not cursor.isNull() and len(found) < _MOST_HITS:
        found.append(cursor)
        cursor = document.find(text, cursor)
    return found


def _mark(cursor: QTextCursor, ground: QColor, ink: QColor | None) -> QTextEdit.ExtraSelection:
    form = QTextCharFormat()
    form.setBackground(ground)
    if ink is not None:
        form.setForeground(ink)
    mark = QTextEdit.ExtraSelection()
    mark.cursor, mark.format = cursor, form
    return mark
