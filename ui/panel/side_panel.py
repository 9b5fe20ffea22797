"""The panel: code or a document beside the chat, to edit, compare, copy and save. What it holds is text, never run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.panel.documents import Document, difference
from ui.panel.edge import Edge
from ui.panel.text_field import TextField
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.file_names import file_name
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.popover import Choice, Popover

WIDTH, NARROWEST = 480, 320
KEPT_FOR_CHAT = 360  # pixels that stay for the conversation


class SidePanel(QFrame):
    """Hidden until ``show_document``. ``closed``: the focus may go back. ``saved`` carries the path of a written file,
    ``not_saved`` the words of what went wrong. ``version_made``: the key of a document, and its newest text.
    ``covers``: whether it has the room of the chat too, as the window is narrow."""

    closed = Signal()
    covers = Signal(bool)
    version_made = Signal(str, str)
    saved = Signal(str)
    not_saved = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.taken: Callable[[], int] = lambda: 0  # by what stands beside panel and chat, in pixels
        self.least: Callable[[], int] = lambda: 0  # pixels that the page beside needs
        self._documents: dict[str, Document] = {}
        self._key = ""
        self._comparing = False
        self._wanted = WIDTH
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Panel"))
        self.title = ElidedLabel("", "title")
        self.note = label("", "caption", wrap=True)
        self.editor = TextField(appearance)
        self.editor.textChanged.connect(self._show_edited)
        self.keep = Button(
            tr("Keep version"), appearance, icon_name="check", name=tr("Keep this text as a new version")
        )
        self.versions = Button("", appearance, look="quiet", icon_name="clock", name=tr("Versions"))
        self.compare = Button(
            tr("Compare"), appearance, look="quiet", icon_name="columns-2", name=tr("Compare with the version before")
        )
        self.copy = IconButton("copy", tr("Copy the text"), appearance)
        self.save = IconButton("download", tr("Save to a file"), appearance)
        self.close_button = IconButton("x", tr("Close the panel"), appearance)
        self._lay_out()
        self.keep.clicked.connect(self.keep_version)
        self.versions.clicked.connect(self._choose_version)
        self.compare.clicked.connect(self._toggle_comparing)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._ask_where)
        self.close_button.clicked.connect(self.dismiss)
        self.hide()

    # What is shown ----------------------------------------------------------------------------------------------------

    def show_document(self, key: str, title: str, language: str, text: str, *, stays: bool = False) -> None:
        """Open the document ``key``; one that was opened before comes back with its versions. ``stays``: somebody keeps
        what `version_made` tells."""
        self._keep_edits()
        known = self._documents.get(key)
        if known is None or known.versions[0] != text:
            known = Document(title, language, (text,), stays=stays)
        self._documents[key] = known
        self._key, self._comparing = key, False
        self.show()
        self.fit()
        self._show()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_versions(self, key: str, kept: Sequence[str]) -> None:
        """What was made of a document before, oldest first. What is being typed stays."""
        document = self._documents.get(key)
        if document is None or not kept:
            return
        in_view = key == self._key
        typed = in_view and self.editor.is_edited
        self._documents[key] = document.with_kept(kept)
        if in_view and typed:
            self._documents[key] = self._documents[key].going_to(0)
            self._show_words(self._documents[key], too_long=False)
            self._show_edited()
        elif in_view:
            self._show()

    def keep_edits(self) -> tuple[str, str] | None:
        """The window closes: what is being typed becomes a version too. Returns its key and text; None for nothing new."""
        before = self.document
        self._keep_edits()
        after = self.document
        return (self._key, after.text) if after is not None and after != before else None

    @property
    def document(self) -> Document | None:
        return self._documents.get(self._key)

    def keep_version(self) -> None:
        """The text as it was edited becomes the newest version."""
        self._keep_edits()
        self._show()

    def dismiss(self) -> None:
        self._keep_edits()
        self.hide()
        self.covers.emit(False)
        self.closed.emit()

    def write(self, path: Path) -> None:
        """Write the text to ``path``."""
        try:
            path.write_text(self._text, encoding="utf-8")
        except OSError as error:
            told = tr("{path} could not be written: {reason}.")
            self.not_saved.emit(told.format(path=path, reason=error.strerror or error))
        else:
            self.saved.emit(str(path))

    def as_widget(self) -> QWidget:
        return self

    def fit(self, wanted: int | None = None) -> None:
        """As wide as wished, with room for the conversation."""
        self._wanted = self._wanted if wanted is None else wanted
        window, kept = self.window().width() - self.taken(), max(KEPT_FOR_CHAT, self.least())
        alone = window < kept + NARROWEST
        self.setFixedWidth(window if alone else max(NARROWEST, min(self._wanted, window - kept)))
        if self.isVisible():
            self.covers.emit(alone)

    # Inside -----------------------------------------------------------------------------------------------------------

    @property
    def _text(self) -> str:
        document = self.document
        return self.editor.typed if document is None or self.editor.is_edited else document.text

    def _keep_edits(self) -> None:
        document = self.document
        if document is None or not self.editor.is_edited:
            return
        after = document.with_version(self.editor.typed)
        self.editor.take_as_it_is()
        if after != document:
            self._documents[self._key] = after
            self.version_made.emit(self._key, after.text)

    def _show(self) -> None:
        document = self.document
        if document is None:
            return
        self.title.setText(document.title)
        self.setAccessibleName(tr("Panel: {title}").format(title=document.title))
        lines = difference(document.versions[max(0, document.shown - 1)], document.text) if self._comparing else ()
        if self._comparing:
            self.editor.show_changes(lines or ())
        else:
            self.editor.show_text(document.text, document.language)
        self._show_words(document, too_long=lines is None)
        self._show_edited()

    def _show_words(self, document: Document, *, too_long: bool) -> None:
        version = tr("Version {number} of {count}")
        self.versions.say(version.format(number=document.shown + 1, count=len(document.versions)))
        self.versions.setVisible(len(document.versions) > 1)
        self.compare.setVisible(document.shown > 0)
        self.compare.say(tr("Edit") if self._comparing else tr("Compare"))
        words = tr("These versions are too long to compare.") if too_long else ""
        if not words and document.language in ("html", "svg", "xml"):
            words = tr("Shown as its source: nothing in it is run or loaded.")
        if not words and document.stays:
            words = tr("Versions are kept with this chat.")
        self.note.setText(words or tr("Versions are kept until Workbench is closed; save to a file what is to stay."))

    def _show_edited(self) -> None:
        self.keep.setVisible(not self._comparing)
        self.keep.setEnabled(self.document is not None and self.editor.is_edited)

    def _choose_version(self) -> None:
        document = self.document
        if document is None:
            return
        self._keep_edits()
        count = len(self._documents[self._key].versions)
        choices = [
            Choice(
                tr("As the model wrote it") if number == 0 else tr("Version {number}").format(number=number + 1),
                lambda number=number: self._go_to(number),  # type: ignore[misc]
                checked=number == self._documents[self._key].shown,
            )
            for number in range(count)
        ]
        Popover(tr("Versions"), choices, self._appearance, self.window()).open_at(self.versions)

    def _go_to(self, number: int) -> None:
        self._documents[self._key] = self._documents[self._key].going_to(number)
        self._show()

    def _toggle_comparing(self) -> None:
        self._keep_edits()
        self._comparing = not self._comparing
        self._show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)

    def _ask_where(self) -> None:
        document = self.document
        if document is None:
            return
        dialog = QFileDialog(self.window(), tr("Save to a file"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.selectFile(file_name(document.title, document.language, document.text))
        dialog.fileSelected.connect(lambda path: self.write(Path(path)))
        dialog.open()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.title, 1)
        for button in (self.copy, self.save, self.close_button):
            head.addWidget(button)
        tools = Flow(gap=6)
        for tool in (self.keep, self.versions, self.compare):
            tools.addWidget(tool)
        lines = QVBoxLayout()
        lines.setContentsMargins(10, 10, 16, 12)
        lines.setSpacing(8)
        lines.addLayout(head)
        lines.addLayout(tools)
        lines.addWidget(self.editor, 1)
        lines.addWidget(self.note)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(Edge(self, self._appearance))
        row.addLayout(lines, 1)

    # Qt ---------------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Claim Escape and the key to save before the window's own shortcuts get them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif _is_ours(event):
            self.keep_version()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, 0)


def _is_ours(event: QKeyEvent) -> bool:
    save = event.key() == Qt.Key.Key_S and event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return event.key() == Qt.Key.Key_Escape or save
