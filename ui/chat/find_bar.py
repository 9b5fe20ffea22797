"""Find in the chat in view: a field under the title bar, over the model of the transcript and not its widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ui.appearance import Appearance
from ui.translation import tr
from ui.widgets.buttons import IconButton
from ui.widgets.labels import label

if TYPE_CHECKING:
    from ui.chat.transcript import TranscriptView


class Findable(Protocol):
    """A view that can search what it shows."""

    def find(self, text: str) -> int:
        """Mark every occurrence ("" ends the search); returns how many there are."""
        ...

    def find_next(self, *, backwards: bool = False) -> tuple[int, int]:
        """Go on to the next one; returns (its number from 1, how many there are), (0, 0) when there is none."""
        ...


class FindBar(QWidget):
    """Enter goes to the next place, Shift+Enter to the one before, Escape closes."""

    closed = Signal()

    def __init__(self, appearance: Appearance, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transcript: Findable | None = None
        self.field = QLineEdit()
        self.field.setPlaceholderText(words or tr("Find in this chat"))
        self.field.setAccessibleName(words or tr("Find in this chat"))
        self.field.setMaximumWidth(360)
        self._count = label("", "caption")
        before = IconButton("chevron-up", tr("Previous place"), appearance)
        after = IconButton("chevron-down", tr("Next place"), appearance)
        close = IconButton("x", tr("Close find"), appearance)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 16, 8)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self._count)
        row.addWidget(before)
        row.addWidget(after)
        row.addStretch(1)
        row.addWidget(close)
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self.step)
        before.clicked.connect(lambda: self.step(backwards=True))
        after.clicked.connect(lambda: self.step())
        close.clicked.connect(self.close_bar)
        self.hide()

    def open_on(self, transcript: Findable) -> None:
        self._transcript = transcript
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._search(self.field.text())

    def open_at(self, transcript: TranscriptView, text: str, item_id: str) -> None:
        """Open on a message, at ``text`` in it; where that does not stand in it, at its begin."""
        self._transcript = transcript
        self.setVisible(bool(text))
        if text:
            self.field.setText(text)
            self._search(text)
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        place, count = transcript.find_in(item_id)
        if place:
            self._count.setText(tr("{place} of {count}").format(place=place, count=f"{count:,}"))

    def close_bar(self) -> None:
        """Hide, and take the marks off the transcript."""
        if self._transcript is not None:
            self._transcript.find("")
        self.hide()
        self.closed.emit()

    def event(self, event: QEvent) -> bool:
        """Claim Escape before the window's own shortcut gets it."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.close_bar()
                return True
        return super().event(event)

    def _search(self, text: str) -> None:
        if self._transcript is None:
            return
        count = self._transcript.find(text)
        found = tr("{count} found").format(count=f"{count:,}") if count else tr("Nothing found")
        self._count.setText(found if text else "")

    def step(self, *, backwards: bool = False) -> None:
        """Go to the next place found, while the bar is open."""
        if self._transcript is None or not self.field.text() or self.isHidden():
            return
        place, count = self._transcript.find_next(backwards=backwards)
        self._count.setText(
            tr("{place} of {count}").format(place=place, count=f"{count:,}") if count else tr("Nothing found")
        )
