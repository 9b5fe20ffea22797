"""The quick entry: a small field over whatever is in front. What is written there begins a new chat.

It is built once and kept hidden, so that it is there at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from ui.appearance import Appearance
from ui.chat.composer import DraftEdit
from ui.chat.mention_list import MentionList
from ui.chat.slash import PromptOffer, slash_in
from ui.translation import marked, tr
from ui.widgets.buttons import IconButton
from ui.widgets.labels import label

WIDTH, MARGIN = 640, 16
SEND_SIZE = 34
HINT = marked("Enter sends to a new chat, Shift+Enter breaks the line, / finds a prompt, Esc closes.")


class QuickEntry(QFrame):
    """``asked`` carries what was written. What was not sent is still there the next time. ``prompts_asked`` carries what
    stands behind a "/", for `show_prompts`; ``prompt_chosen`` the id of the prompt, and what was written beside it."""

    asked = Signal(str)
    prompts_asked = Signal(str)
    prompt_chosen = Signal(str, str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(
            None, Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        )
        self._appearance = appearance
        self.setWindowTitle(tr("Quick entry"))
        self.setAccessibleName(tr("Quick entry"))
        self.setProperty("look", "quick")
        self.draft = DraftEdit()
        self.draft.setPlaceholderText(tr("Ask in a new chat"))
        self.send_button = IconButton("arrow-up", tr("Send"), appearance, look="send", colour="on_accent", size=16)
        self.send_button.setFixedSize(SEND_SIZE, SEND_SIZE)
        self._frame = frame = QFrame()
        frame.setProperty("look", "composer")
        row = QHBoxLayout(frame)
        row.setContentsMargins(14, 10, 10, 10)
        row.addWidget(self.draft, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.send_button, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, 12)
        layout.setSpacing(8)
        layout.addWidget(frame)
        listed = QVBoxLayout()
        layout.addLayout(listed)
        layout.addWidget(label(tr(HINT), "caption", wrap=True))
        self.prompts = MentionList(appearance, self.draft, slash_in, tr("Prompts"), below=listed)
        self.prompts.asked.connect(self.prompts_asked)
        self.prompts.chosen.connect(self._choose)
        self.draft.submitted.connect(self._send)
        self.draft.pasted.connect(self.draft.insertPlainText)
        self.draft.focused.connect(self._show_focus)
        self.draft.textChanged.connect(self._on_text)
        self.send_button.clicked.connect(self._send)
        self._on_text()
        self.ensurePolished()
        self.winId()  # the system's window, before anybody waits for it

    def show_prompts(self, query: str, offers: Sequence[PromptOffer]) -> None:
        """What there is for ``query``, if that still stands there."""
        self.prompts.show_places(query, offers)

    def open(self) -> None:
        """In front of everything on the screen of the pointer, with the caret in the field."""
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        area = screen.availableGeometry()
        self.setFixedWidth(min(self._appearance.pixels(WIDTH), area.width() - 2 * MARGIN))
        self.adjustSize()
        self.move(area.x() + (area.width() - self.width()) // 2, area.y() + area.height() // 4)
        self.show()
        self.raise_()
        self.activateWindow()
        self.draft.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.hide()  # the person has turned to something else; the words stay

    def _send(self) -> None:
        text = self.draft.toPlainText().strip()
        if text:
            self.draft.clear()
            self.hide()
            self.asked.emit(text)

    def _choose(self, offer: PromptOffer) -> None:
        """The window goes on with it: there is room for a form, and to see what is sent."""
        text = self.draft.toPlainText().strip()
        self.draft.clear()
        self.hide()
        self.prompt_chosen.emit(offer.prompt_id, text)

    def _show_focus(self, focused: bool) -> None:
        self._frame.setProperty("focused", "true" if focused else "false")
        self._frame.style().polish(self._frame)

    def _on_text(self) -> None:
        self.send_button.setEnabled(bool(self.draft.toPlainText().strip()))
        self.adjustSize()
