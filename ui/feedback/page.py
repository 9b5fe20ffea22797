"""The page of feedback and test cases: search, what is shown, the rows. Layout and signals only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.feedback import words
from ui.feedback.entries import Entry, Filter, Shown, in_view
from ui.feedback.rows import EntryList
from ui.models.parts import card
from ui.page_frame import column, head_button, header, lay_out
from ui.settings.parts import Picker
from ui.translation import tr
from ui.widgets.buttons import IconButton
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.scrolling import scrolling

WIDTH: Final = 720


class FeedbackPage(QWidget):
    """``closed``: back to the chat. ``looked_at``: it came into view."""

    closed = Signal()
    looked_at = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Feedback and test cases"))
        self._entries: tuple[Entry, ...] = ()
        self._has_just_come = False
        self.filter = Filter()
        self.export = head_button(tr("Export…"), appearance, name=tr("Export feedback or test cases"))
        self.close_button = IconButton("x", tr("Close feedback"), appearance)
        self.search = QLineEdit()
        self.which = Picker(tr("What is shown"), appearance)
        self.count = label("", "caption", wrap=True)
        self.rows = EntryList(appearance)
        self._lay_out()
        self.close_button.clicked.connect(self.closed)
        self.search.textChanged.connect(self._search)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """As it is on the disk."""
        self._entries = tuple(entries)
        self._show()
        if self._has_just_come and self.close_button.hasFocus() and self._entries:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self._has_just_come = False

    def show_only(self, shown: Shown) -> None:
        """Entries of this kind."""
        self.filter = replace(self.filter, shown=shown)
        self._show()

    def _search(self, text: str) -> None:
        self.filter = replace(self.filter, words=text)
        self._show()

    def _show(self) -> None:
        shown = in_view(self._entries, self.filter)
        self.rows.show_entries(shown, tr(words.NOT_FOUND))
        self.count.setText(words.count_words(shown, self._entries) if self._entries else "")
        self.which.show_choice(tr(words.SHOWN[self.filter.shown]))
        for filled in (self._intro, self._finding, self.count, self._framed):
            filled.setVisible(bool(self._entries))
        self._nothing.setVisible(not self._entries)
        self.export.setEnabled(bool(self._entries))

    def _lay_out(self) -> None:
        self.search.setAccessibleName(tr("Search feedback and test cases"))
        self.search.setPlaceholderText(tr("Search"))
        self.search.setClearButtonEnabled(True)
        self._finding = QWidget()
        finding = QHBoxLayout(self._finding)
        finding.setContentsMargins(0, 0, 0, 0)
        finding.setSpacing(8)
        finding.addWidget(self.search, 1)
        finding.addWidget(self.which)
        self._nothing = _nothing()
        self._nothing.hide()
        self._intro = label(tr(words.INTRO), "muted", wrap=True)
        inside = QWidget()
        inside.setProperty("look", "column")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 8, 0, 32)
        rows.setSpacing(14)
        rows.addWidget(self._intro)
        rows.addWidget(self._finding)
        rows.addWidget(self.count)
        self._framed, within = card(tr("Feedback and test cases"))
        within.addWidget(self.rows)
        rows.addWidget(self._framed)
        rows.addWidget(self._nothing)
        rows.addStretch(1)
        title = ElidedLabel(tr("Feedback and test cases"), "title")
        head = header((title,), (self.export, self.close_button))
        lay_out(self, head, scrolling(column(inside, WIDTH)))

    # Qt ---------------------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._has_just_come = not self._entries  # they are being read: the search is there in a moment
        first = self.search if self._entries else self.close_button
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looked_at.emit()


def _nothing() -> QWidget:
    """What the page is for, and where what it shows is made."""
    made = QWidget()
    rows = QVBoxLayout(made)
    rows.setContentsMargins(0, 24, 0, 0)
    rows.setSpacing(12)
    rows.addWidget(label(tr(words.NOTHING), "heading", wrap=True))
    rows.addWidget(label(tr(words.EMPTY), "muted", wrap=True))
    return made
