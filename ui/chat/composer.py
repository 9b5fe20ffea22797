"""Where a message is written: grows with its text, sends with Enter, stops with the same button."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.attach import PASTED_PICTURE, PASTED_TEXT, Chip, ChipState, ready_chip
from ui.chat.attach_row import AttachRow
from ui.chat.folder_row import FolderRow
from ui.chat.slash import for_cloud
from ui.chat.slash_chip import PromptChip
from ui.translation import marked, tr
from ui.widgets.buttons import ElidedButton, IconButton
from ui.widgets.direction import align_to_text
from ui.widgets.html_words import words_of_html
from ui.widgets.labels import ElidedLabel, label
from workbench.chat.context.context import ContextUse
from workbench.messages import Attachment, UsedPrompt

MAX_LINES = 8
SEND_SIZE = 34
LONG_PASTE_CHARACTERS = 8_000
PNG_QUALITY = 80  # of Qt: less time for a somewhat larger file
NOT_WHOLE = marked("Too long for the model's context: it is given the parts that match your question best.")
HERE = marked("Runs on this computer. Nothing leaves it.")


class DraftEdit(QPlainTextEdit):
    """Enter submits, Shift+Enter breaks the line, Up in an empty field asks for the last message.

    A very long paste is handed to ``pasted`` instead of being laid out as one field of text; files to ``files`` (their
    paths) and a picture to ``picture``, where `takes_files` is set.
    """

    submitted = Signal()
    recalled = Signal()
    pasted = Signal(str)
    files = Signal(list)
    picture = Signal(QImage)
    focused = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.takes_files = False
        self.setProperty("look", "draft")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setPlaceholderText(tr("Message the model"))
        self.setAccessibleName(tr("Message"))
        self.setAccessibleDescription(tr("Enter sends, Shift+Enter makes a new line."))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        align_to_text(self)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        plain = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if enter and self._composing:
            event.accept()  # it was meant for what is being composed
        elif enter and plain:
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Up and self.document().isEmpty():
            self.recalled.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if self.takes_files and (files := local_files(source)):
            self.files.emit(files)
        elif self.takes_files and source.hasImage() and not source.hasText():
            self.picture.emit(QImage(source.imageData()))
        elif len(text := text_of(source)) > LONG_PASTE_CHARACTERS:
            self.pasted.emit(text)
        elif text:
            self.insertPlainText(text)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        has_words = source.hasText() or source.hasHtml()
        return has_words or (self.takes_files and (source.hasImage() or bool(local_files(source))))

    @property
    def _composing(self) -> bool:
        """An input method has letters here that are not decided yet."""
        layout = self.textCursor().block().layout()
        return layout is not None and bool(layout.preeditAreaText())

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


def local_files(source: QMimeData) -> list[str]:
    """The files of a paste or drop; none where it has anything else, such as addresses of the web."""
    urls = source.urls()
    return [url.toLocalFile() for url in urls] if urls and all(url.isLocalFile() for url in urls) else []


def text_of(source: QMimeData) -> str:
    """The words of a paste or drop. Some programs give them as HTML alone: nothing of it is loaded."""
    if source.hasText() or not source.hasHtml():
        return source.text()
    return words_of_html(source.html())


class Composer(QWidget):
    """The draft and what is attached to it, the chips of model and effort, the context meter and the button that sends or
    stops.

    ``edited`` follows each change of the draft. ``submitted`` carries its text; `attached` tells the rest. ``refused``:
    there is no model to send it to. ``attach_asked``: the person wants to choose files. ``chip_added`` and
    ``chip_removed`` carry the `Chip`; who reads it calls `show_chip` when it has changed.
    """

    submitted = Signal(str)
    refused = Signal()
    stopped = Signal()
    recalled = Signal()
    edited = Signal()
    model_asked = Signal()
    effort_asked = Signal()
    editing_ended = Signal()
    attach_asked = Signal()
    chip_added = Signal(object)
    chip_removed = Signal(object)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._busy = False
        self._can_send: bool | None = None  # None: not known yet
        self._waiting = False  # for a model, or for an attachment to be read
        self.draft = DraftEdit()
        self.draft.takes_files = True
        self.attach_button = IconButton("paperclip", tr("Attach files"), appearance)
        self.attach_row = AttachRow(appearance)
        folders, prompts = tr("Ask folders and files"), tr("Use a prompt")
        self.folders_button = IconButton("folder-open", folders, appearance)
        self.folders_button.setToolTip(f"{folders}  @")
        self.folder_row = FolderRow(appearance)
        self.prompts_button = IconButton("book-open", prompts, appearance)
        self.prompts_button.setToolTip(f"{prompts}  /")
        self.tools_button = IconButton("wrench", tr("Tools of this chat"), appearance)
        self.prompt_chip = PromptChip(appearance)
        self.attach_note = label(tr(NOT_WHOLE), "caption", wrap=True)
        self.attach_note.hide()
        self.model_chip = ElidedButton(tr("Choose a model"), appearance, look="chip", icon_name="cpu", name=tr("Model"))
        self.effort_chip = ElidedButton(tr("Effort"), appearance, look="chip", icon_name="lightbulb", name=tr("Effort"))
        self.effort_chip.hide()
        self.second_chip = ElidedButton("", appearance, look="chip", icon_name="columns-2")
        self.second_chip.hide()
        self.second: tuple[str, str] | None = None
        self.send_button = IconButton("arrow-up", tr("Send"), appearance, look="send", colour="on_accent", size=16)
        self.send_button.setFixedSize(SEND_SIZE, SEND_SIZE)
        self.queue_button = IconButton("arrow-up", tr("Send after this answer"), appearance)
        self.queue_button.say(tr("Send after this answer"), "Enter")
        self.queue_button.hide()
        self.meter = label("", "caption")
        self.meter.setAccessibleName(tr("Context in use"))
        self._host = ""
        self._cloud: tuple[bool, tuple[str, ...]] = (False, ())
        self.footer = ElidedLabel(tr(HERE), "caption")
        self.footer.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._frame = QFrame()
        self._editing = self._editing_bar()
        self._lay_out()
        self._connect()
        self._refresh()

    # What the page tells it -------------------------------------------------------------------------------------------

    def text(self) -> str:
        """The draft, as it will be sent; what is attached stands beside it."""
        return self.draft.toPlainText().strip()

    def show_text(self, text: str) -> None:
        """Replace the draft; the cursor stands at its end. A very long one is attached instead of being laid out."""
        self.draft.clear()
        if len(text) > LONG_PASTE_CHARACTERS:
            self._attach_paste(text)
        else:
            self.draft.setPlainText(text)
            self.draft.moveCursor(QTextCursor.MoveOperation.End)
        self.draft.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """No draft, nothing attached."""
        self.draft.clear()
        self.prompt_chip.show_used(None)
        self.show_chips(())

    @property
    def prompt(self) -> UsedPrompt | None:
        """The saved prompt that the draft is written with."""
        return self.prompt_chip.used

    def show_prompt(self, used: UsedPrompt | None, notes: Sequence[str] = ()) -> None:
        """``notes``: what the prompt wishes for and cannot have."""
        self.prompt_chip.show_used(used, notes)
        self._on_edited()

    @property
    def chips(self) -> tuple[Chip, ...]:
        return self.attach_row.chips

    def attached(self) -> tuple[Attachment, ...]:
        """What can be sent now."""
        return tuple(chip.attachment for chip in self.chips if chip.attachment is not None)

    def attach(self, source: Path | bytes, name: str) -> None:
        """A file, or the content of what has none; it is read by whoever hears of the chip."""
        chip = Chip(name, source)
        self.attach_row.show_chip(chip)
        self.chip_added.emit(chip)
        self._on_edited()

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """These chips and no others, whatever their state."""
        self.attach_row.show_chips(chips)
        self.attach_note.setVisible(bool(chips) and not self.attach_note.isHidden())
        for chip in chips:
            self.chip_added.emit(chip)
        self._on_edited()

    def show_attached(self, attachments: Sequence[Attachment]) -> None:
        """What was attached before, and nothing else."""
        self.show_chips([ready_chip(one) for one in attachments])

    def show_chip(self, chip: Chip) -> bool:
        """Its new state, if it stands here; then what waited for it is sent."""
        if chip not in self.chips:
            return False
        self.attach_row.show_chip(chip)
        waiting = self._waiting
        self._on_edited()
        if waiting:
            self._submit()
        return True

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
        waiting, self._waiting = self._waiting, False
        if can_send and waiting:
            self._submit()

    def show_model(self, name: str, *, of_chat: bool = False) -> None:
        """``of_chat``: it was chosen for this chat."""
        self.model_chip.say(name or tr("Choose a model"))
        self.model_chip.show_icon("pin" if of_chat else "cpu")
        said = tr("Model: {name}, chosen for this chat") if of_chat else tr("Model: {name}")
        self.model_chip.setAccessibleName(said.format(name=name) if name else tr("Model: none chosen"))

    def show_second(self, second: tuple[str, str] | None) -> None:
        """The model that is asked the next question too: its name, and what `Options.model` calls it; None: no other is."""
        self.second = second
        self.second_chip.setVisible(second is not None)
        if second is not None:
            self.second_chip.say(tr("and {name}").format(name=second[0]))
            said = tr("Asked the next question too: {name}. Press to ask one model alone.")
            self.second_chip.setAccessibleName(said.format(name=second[0]))

    def _drop_second(self) -> None:
        self.show_second(None)
        self.draft.setFocus()

    def show_host(self, host: str) -> None:
        """``host``: the other machine that answers, with its port; empty where it is this one."""
        self._host = host
        self._say_where()

    def show_cloud(self, *, on: bool, names: Sequence[str] = ()) -> None:
        """Whether questions may be taken to providers; ``names``: of those that this chat may go to without asking."""
        self._cloud = (on, tuple(names))
        self._say_where()

    def _say_where(self) -> None:
        """Where this message goes. Amber only where it may leave by itself."""
        on, names = self._cloud
        words = tr("Answers come from {host}.").format(host=self._host) if self._host else tr(HERE)
        if names:
            words = tr("May go to {names} without asking: you allowed it.").format(names=", ".join(names))
        elif on and not self._host:
            words = tr("Stays on this computer. What leaves is shown to you first.")
        self.footer.setText(words)
        tone = "cloud-caption" if names else "caption"
        if self.footer.property("tone") != tone:
            self.footer.setProperty("tone", tone)
            self.footer.style().polish(self.footer)

    def show_effort(self, words: str, *, of_chat: bool = False) -> None:
        """How much the model thinks; empty: it has no choice, and there is no chip. ``of_chat``: chosen for this chat."""
        self.effort_chip.setVisible(bool(words))
        if words:
            self.effort_chip.say(words)
            self.effort_chip.show_icon("pin" if of_chat else "lightbulb")
            said = tr("Effort: {effort}, chosen for this chat") if of_chat else tr("Effort: {effort}")
            self.effort_chip.setAccessibleName(said.format(effort=words))

    def show_context(self, use: ContextUse) -> None:
        """ "1,234 / 8,192", empty while nobody can count; and whether all that is attached fits."""
        self.attach_note.setVisible(bool(use.note and self.chips))
        if use.tokens is None or use.limit is None:
            self.meter.clear()
            return
        self.meter.setText(f"{use.tokens:,} / {use.limit:,}")
        said = tr("Context: {used} of {limit} tokens").format(used=f"{use.tokens:,}", limit=f"{use.limit:,}")
        self.meter.setAccessibleName(said)
        full = use.tokens > use.limit * 0.9
        self.meter.setToolTip(tr("Almost full: start a new chat soon.") if full else tr("Tokens of the context in use"))
        self.meter.setProperty("tone", "danger" if full else "caption")
        self.meter.style().polish(self.meter)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._frame.setProperty("look", "composer")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(16, 12, 10, 10)
        inside.setSpacing(8)
        inside.addWidget(self._editing)
        inside.addWidget(self.prompt_chip, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self.folder_row)
        inside.addWidget(self.attach_row)
        inside.addWidget(self.attach_note)
        inside.addWidget(self.draft)
        row = QHBoxLayout()
        row.setSpacing(12)
        beside = QHBoxLayout()  # what stands beside the message: near each other, so that the model's name has room
        beside.setSpacing(4)
        for button in (self.attach_button, self.folders_button, self.prompts_button, self.tools_button):
            beside.addWidget(button)
        row.addLayout(beside)
        row.addWidget(self.model_chip, 1)
        row.addWidget(self.second_chip, 1)
        row.addWidget(self.effort_chip)
        row.addStretch(100)
        row.addWidget(self.meter)
        row.addWidget(self.queue_button)
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
        self.draft.pasted.connect(self._attach_paste)
        self.draft.files.connect(self._attach_files)
        self.draft.picture.connect(self._attach_picture)
        self.attach_button.clicked.connect(self.attach_asked)
        self.attach_row.removed.connect(self._on_chip_removed)
        self.attach_row.left.connect(self.draft.setFocus)
        self.folder_row.left.connect(self.draft.setFocus)
        self.draft.focused.connect(self._on_focus)
        self.draft.textChanged.connect(self._on_edited)
        self.send_button.clicked.connect(self._on_button)
        self.queue_button.clicked.connect(self._submit)
        self.model_chip.clicked.connect(self.model_asked)
        self.effort_chip.clicked.connect(self.effort_asked)
        self.second_chip.clicked.connect(self._drop_second)

    def _editing_bar(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(tr("Editing your last message: sending makes a new branch."), "caption"))
        row.addStretch()
        cancel = IconButton("x", tr("Cancel editing"), self._appearance, size=14)
        cancel.clicked.connect(self.editing_ended)
        row.addWidget(cancel)
        bar.hide()
        return bar

    def _attach_paste(self, text: str) -> None:
        taken = {chip.name for chip in self.chips}
        names = (tr(PASTED_TEXT), *(f"{tr(PASTED_TEXT)} {number}" for number in range(2, 1000)))
        self.attach(text.encode("utf-8", "replace"), next(name for name in names if name not in taken))

    def _attach_picture(self, picture: QImage) -> None:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        if picture.save(buffer, "PNG", PNG_QUALITY):  # type: ignore[call-overload]
            self.attach(bytes(buffer.data().data()), f"{tr(PASTED_PICTURE)}.png")

    def _attach_files(self, files: list[str]) -> None:
        for file in files:
            self.attach(Path(file), Path(file).name)

    def _on_chip_removed(self, chip: Chip) -> None:
        self.attach_note.setVisible(bool(self.chips) and not self.attach_note.isHidden())
        self.chip_removed.emit(chip)
        self._on_edited()

    def _on_edited(self) -> None:
        self._waiting = False  # what is still being written is not sent by itself
        self._refresh()
        self.edited.emit()

    def _on_focus(self, inside: bool) -> None:
        self._frame.setProperty("focused", "true" if inside else "false")
        self._frame.style().polish(self._frame)

    def _on_recalled(self) -> None:
        """Attachments without a word are a message too."""
        if not self.chips:
            self.recalled.emit()

    def _on_button(self) -> None:
        if self._busy:
            self.stopped.emit()
        else:
            self._submit()

    def _submit(self) -> None:
        if self._empty() or self.attach_row.point_at_failed():
            return
        if any(chip.state is ChipState.READING for chip in self.chips):
            self._waiting = True
        elif self._can_send or self._goes_elsewhere:
            self.submitted.emit(self.text())
        elif self._can_send is None:
            self._waiting = True
        else:
            self.refused.emit()

    @property
    def _goes_elsewhere(self) -> bool:
        """No model is needed here for it."""
        return self._cloud[0] and for_cloud(self.text()) is not None

    def _empty(self) -> bool:
        return not self.chips and not self.draft.toPlainText().strip()

    def _refresh(self) -> None:
        if self._busy:
            self.send_button.show_icon("square-filled")
            self.send_button.say(tr("Stop"), "Esc")
        else:
            self.send_button.show_icon("arrow-up")
            self.send_button.say(tr("Send"), "Enter")
        self.queue_button.setVisible(self._busy and not self._empty())
        can_send = self._can_send is not False or self._goes_elsewhere
        self.send_button.setEnabled(self._busy or (can_send and not self._empty()))
