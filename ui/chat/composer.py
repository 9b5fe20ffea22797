"""Where a message is written: grows with its text, sends with Enter, stops with the same button."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.widgets.buttons import ElidedButton, IconButton
from ui.widgets.labels import ElidedLabel, label
from workbench.chat.context import ContextUse

MAX_LINES = 8
SEND_SIZE = 34
LONG_PASTE_CHARACTERS = 8_000
HERE = "Runs on this computer. Nothing leaves it."


class DraftEdit(QPlainTextEdit):
    """Enter submits, Shift+Enter breaks the line, Up in an empty field asks for the last message.

    A very long paste is handed to ``pasted`` instead of being laid out as one field of text.
    """

    submitted = Signal()
    recalled = Signal()
    pasted = Signal(str)
    focused = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "draft")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setPlaceholderText("Message the model")
        self.setAccessibleName("Message")
        self.setAccessibleDescription("Enter sends, Shift+Enter makes a new line.")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        plain = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if enter and plain:
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Up and self.document().isEmpty():
            self.recalled.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if not source.hasText():
            return
        if len(source.text()) > LONG_PASTE_CHARACTERS:
            self.pasted.emit(source.text())
        else:
            self.insertPlainText(source.text())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)

    def _fit(self) -> None:
        """As high as its text, up to `MAX_LINES`; then it scrolls."""
        lines = max(1, round(self.document().size().height()))
        margin = round(2 * self.document().documentMargin())
        self.setFixedHeight(min(lines, MAX_LINES) * self.fontMetrics().lineSpacing() + margin + 2)
        scrolls = lines > MAX_LINES
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.height())


class Composer(QWidget):
    """The draft, the chips of model and effort, the context meter and the button that sends or stops.

    ``edited`` follows each change of the draft. ``submitted`` carries the whole text, long pastes included. ``refused``:
    there is no model to send it to.
    """

    submitted = Signal(str)
    refused = Signal()
    stopped = Signal()
    recalled = Signal()
    edited = Signal()
    model_asked = Signal()
    effort_asked = Signal()
    editing_ended = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._pastes: list[tuple[str, QWidget]] = []
        self._busy = False
        self._can_send: bool | None = None  # None: not known yet
        self._waiting = False
        self.draft = DraftEdit()
        self.model_chip = ElidedButton("Choose a model", appearance, look="chip", icon_name="cpu", name="Model")
        self.effort_chip = ElidedButton("Effort", appearance, look="chip", icon_name="lightbulb", name="Effort")
        self.effort_chip.hide()
        self.send_button = IconButton("arrow-up", "Send", appearance, look="send", colour="on_accent", size=16)
        self.send_button.setFixedSize(SEND_SIZE, SEND_SIZE)
        self.meter = label("", "caption")
        self.meter.setAccessibleName("Context in use")
        self.footer = ElidedLabel(HERE, "caption")
        self.footer.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._frame = QFrame()
        self._chips = QVBoxLayout()
        self._editing = self._editing_bar()
        self._lay_out()
        self._connect()
        self._refresh()

    # What the page tells it -------------------------------------------------------------------------------------------

    def text(self) -> str:
        """The draft and the long pastes, as they will be sent."""
        pieces = [self.draft.toPlainText().strip(), *(text.strip("\n") for text, _chip in self._pastes)]
        return "\n\n".join(piece for piece in pieces if piece)

    def show_text(self, text: str) -> None:
        """Replace the draft; the cursor stands at its end."""
        self.clear()
        if len(text) > LONG_PASTE_CHARACTERS:
            self._keep_paste(text)
        else:
            self.draft.setPlainText(text)
            self.draft.moveCursor(QTextCursor.MoveOperation.End)
        self.draft.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        self.draft.clear()
        for _text, chip in self._pastes:
            chip.deleteLater()
        self._pastes = []
        self._refresh()

    def show_editing(self, editing: bool) -> None:
        """Say that sending replaces an earlier message."""
        self._editing.setVisible(editing)

    def show_busy(self, busy: bool) -> None:
        if busy != self._busy:  # asked with every piece of an answer
            self._busy = busy
            self._refresh()

    def show_sendable(self, can_send: bool) -> None:
        """Whether there is a model that could answer. What was sent before it was there is sent now."""
        self._can_send = can_send
        self._refresh()
        if can_send and self._waiting:
            self._submit()
        self._waiting = False

    def show_model(self, name: str) -> None:
        self.model_chip.say(name or "Choose a model")
        self.model_chip.setAccessibleName(f"Model: {name}" if name else "Model: none chosen")

    def show_host(self, host: str) -> None:
        """``host``: the other machine that answers, with its port; empty where it is this one."""
        self.footer.setText(f"Answers come from {host}." if host else HERE)

    def show_effort(self, words: str) -> None:
        """How much the model thinks; empty: it has no choice, and there is no chip."""
        self.effort_chip.setVisible(bool(words))
        if words:
            self.effort_chip.say(words)
            self.effort_chip.setAccessibleName(f"Effort: {words}")

    def show_context(self, use: ContextUse) -> None:
        """ "1,234 / 8,192", empty while nobody can count."""
        if use.tokens is None or use.limit is None:
            self.meter.clear()
            return
        self.meter.setText(f"{use.tokens:,} / {use.limit:,}")
        self.meter.setAccessibleName(f"Context: {use.tokens:,} of {use.limit:,} tokens")
        full = use.tokens > use.limit * 0.9
        self.meter.setToolTip("Almost full: start a new chat soon." if full else "Tokens of the context in use")
        self.meter.setProperty("tone", "danger" if full else "caption")
        self.meter.style().polish(self.meter)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._frame.setProperty("look", "composer")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(16, 12, 10, 10)
        inside.setSpacing(8)
        inside.addWidget(self._editing)
        inside.addLayout(self._chips)
        inside.addWidget(self.draft)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.model_chip, 1)
        row.addWidget(self.effort_chip)
        row.addStretch(100)
        row.addWidget(self.meter)
        row.addWidget(self.send_button)
        inside.addLayout(row)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 10)
        outside.setSpacing(8)
        outside.addWidget(self._frame)
        outside.addWidget(self.footer)

    def _connect(self) -> None:
        self.draft.submitted.connect(self._submit)
        self.draft.recalled.connect(self._on_recalled)
        self.draft.pasted.connect(self._keep_paste)
        self.draft.focused.connect(self._on_focus)
        self.draft.textChanged.connect(self._on_edited)
        self.send_button.clicked.connect(self._on_button)
        self.model_chip.clicked.connect(self.model_asked)
        self.effort_chip.clicked.connect(self.effort_asked)

    def _editing_bar(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label("Editing your last message: sending makes a new branch.", "caption"))
        row.addStretch()
        cancel = IconButton("x", "Cancel editing", self._appearance, size=14)
        cancel.clicked.connect(self.editing_ended)
        row.addWidget(cancel)
        bar.hide()
        return bar

    def _keep_paste(self, text: str) -> None:
        chip = QFrame()
        chip.setProperty("look", "card")
        row = QHBoxLayout(chip)
        row.setContentsMargins(12, 4, 4, 4)
        lines = text.count("\n") + 1
        row.addWidget(label(f"Pasted text · {len(text):,} characters, {lines:,} {'line' if lines == 1 else 'lines'}"))
        row.addStretch()
        remove = IconButton("x", "Remove pasted text", self._appearance, size=14)
        row.addWidget(remove)
        entry = (text, chip)
        remove.clicked.connect(lambda: self._drop_paste(entry))
        self._pastes.append(entry)
        self._chips.addWidget(chip)
        self._on_edited()

    def _drop_paste(self, entry: tuple[str, QWidget]) -> None:
        self._pastes.remove(entry)
        entry[1].deleteLater()
        self.draft.setFocus()
        self._on_edited()

    def _on_edited(self) -> None:
        self._waiting = False  # what is still being written is not sent by itself
        self._refresh()
        self.edited.emit()

    def _on_focus(self, inside: bool) -> None:
        self._frame.setProperty("focused", "true" if inside else "false")
        self._frame.style().polish(self._frame)

    def _on_recalled(self) -> None:
        """Long pastes without a word of their own are a message too."""
        if not self._pastes:
            self.recalled.emit()

    def _on_button(self) -> None:
        if self._busy:
            self.stopped.emit()
        else:
            self._submit()

    def _submit(self) -> None:
        if self._busy or self._empty():
            return
        if self._can_send:
            self.submitted.emit(self.text())
        elif self._can_send is None:
            self._waiting = True
        else:
            self.refused.emit()

    def _empty(self) -> bool:
        return not self._pastes and not self.draft.toPlainText().strip()

    def _refresh(self) -> None:
        if self._busy:
            self.send_button.show_icon("square-filled")
            self.send_button.say("Stop", "Esc")
        else:
            self.send_button.show_icon("arrow-up")
            self.send_button.say("Send", "Enter")
        self.send_button.setEnabled(self._busy or (self._can_send is not False and not self._empty()))
