"""The files of one folder: those of a status, those with a text in their path, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.documents import words
from ui.documents.file_items import FileListModel
from ui.documents.file_list import FileList
from ui.documents.words import STATUSES
from ui.icons import icon
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover
from workbench.documents.collection import CollectionState, Document, FileStatus

TYPING_MILLISECONDS = 120


class FilesView(QWidget):
    """``wanted``: other files than those shown, see `status` and `text`. ``opened`` carries a `Document`; ``asked`` what to
    do (retry, reveal) and with which documents. ``more_asked``: those that follow."""

    wanted = Signal()
    more_asked = Signal()
    opened = Signal(object)
    asked = Signal(str, list)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.status: FileStatus | None = None
        self.model = FileListModel(self)
        self.list = FileList(appearance, self.model)
        self.field = QLineEdit()
        self.chips = {status: self._chip(status) for status in (None, *(look.status for look in STATUSES))}
        self._told = label("", "muted", wrap=True)
        self.open = Button(tr("Open"), appearance, icon_name="file-text")
        self.retry = Button(tr("Read again"), appearance, icon_name="refresh-cw")
        self.reveal = Button(tr("Show in its folder"), appearance, icon_name="folder-open")
        self._actions = QWidget()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(TYPING_MILLISECONDS)
        self._lay_out()
        self._connect()
        self._show_actions()
        appearance.follow(self._recolour)

    @property
    def text(self) -> str:
        """What the path is to contain."""
        return self.field.text().strip()

    def begin(self, status: FileStatus | None) -> None:
        """Another folder, or another status of it."""
        self.status = status
        self.field.clear()
        self._show_chosen()
        self.list.show_files((), whole=True)
        self._say(tr("Reading…"))

    def show_state(self, state: CollectionState) -> None:
        """The counts of the chips; a status that no file has is not offered, unless it is chosen."""
        self.chips[None].say(tr("All {count}").format(count=f"{state.files:,}"))
        for look in STATUSES:
            count = state.counts.get(look.status, 0)
            self.chips[look.status].say(f"{tr(look.name)} {count:,}")
            self.chips[look.status].setVisible(bool(count) or self.status is look.status)

    def show_files(self, files: Sequence[Document], *, whole: bool) -> None:
        self.list.show_files(files, whole=whole)
        self._say("" if files else self._nothing())
        self._show_actions()

    def add_files(self, files: Sequence[Document], *, whole: bool) -> None:
        self.model.add_files(files, whole=whole)

    def show_failure(self, words_: str) -> None:
        self.model.give_up()
        self._say(words_)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.field.hasFocus() and self.model.rowCount():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.model.index(0))
        else:
            super().keyPressEvent(event)

    def _nothing(self) -> str:
        if self.text:
            return tr("No file has this in its path.")
        return tr("There is no such file.") if self.status else tr("There is no file here yet.")

    def _choose(self, status: FileStatus | None, _checked: bool = False) -> None:
        changed, self.status = status is not self.status, status
        self._show_chosen()
        if changed:
            self.wanted.emit()

    def _show_chosen(self) -> None:
        for status, chip in self.chips.items():
            chip.setChecked(status is self.status)

    def _show_actions(self) -> None:
        chosen = self.list.selected
        self.open.setEnabled(len(chosen) == 1 and bool(chosen[0].chunks))
        self.retry.setEnabled(bool(chosen))
        cloud = bool(chosen) and all(one.status is FileStatus.IN_CLOUD for one in chosen)
        self.retry.say(tr("Download and index") if cloud else tr("Read again"))
        self.retry.show_icon("cloud-download" if cloud else "refresh-cw")
        self.retry.setAccessibleName(self.retry.text().strip())
        self.reveal.setEnabled(len(chosen) == 1)

    def _act(self, what: str) -> None:
        if what == "open":
            if (chosen := self.list.selected) and chosen[0].chunks:
                self.opened.emit(chosen[0])
        elif chosen := self.list.selected:
            self.asked.emit(what, list(chosen))

    def _offer(self, corner: QPoint) -> None:
        """The actions beside the pointer, or beside the row that the keyboard is on."""
        choices = [
            Choice(button.accessibleName(), partial(self._act, what), icon=icon_name)
            for what, button, icon_name in (
                ("open", self.open, "file-text"),
                ("retry", self.retry, "refresh-cw"),
                ("reveal", self.reveal, "folder-open"),
            )
            if button.isEnabled()
        ]
        popover = Popover(tr("Actions"), choices, self._appearance, self.window())
        popover.open_with_corner(self.list.viewport().mapTo(self.window(), corner))

    def _chip(self, status: FileStatus | None) -> Button:
        words_ = tr(words.LOOKS[status].name) if status else tr("All")
        chip = Button(words_, self._appearance, look="filter", name=tr("Show: {status}").format(status=words_))
        chip.setCheckable(True)
        chip.clicked.connect(partial(self._choose, status))
        return chip

    def _say(self, words_: str) -> None:
        self._told.setText(words_)
        self._told.setVisible(bool(words_))

    def _lay_out(self) -> None:
        self.field.setPlaceholderText(tr("Part of a path"))
        self.field.setAccessibleName(tr("Files with this in their path"))
        self.field.setClearButtonEnabled(True)
        self._sign = self.field.addAction(
            icon("search", self._appearance.tokens.muted), QLineEdit.ActionPosition.LeadingPosition
        )
        chips = Flow(gap=5)
        for chip in self.chips.values():
            chips.addWidget(chip)
        self._show_chosen()
        actions = Flow(self._actions, gap=6)
        for button in (self.open, self.retry, self.reveal):
            actions.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.field)
        layout.addLayout(chips)
        layout.addWidget(self._told)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._actions)

    def _connect(self) -> None:
        self.field.textChanged.connect(lambda _text: self._soon.start())
        self._soon.timeout.connect(self.wanted)
        self.model.more_asked.connect(self.more_asked)
        self.list.opened.connect(lambda file: self.opened.emit(file) if file.chunks else None)
        self.list.more_asked.connect(self._offer)
        self.list.chosen.connect(self._show_actions)
        self.open.clicked.connect(partial(self._press, "open"))
        self.retry.clicked.connect(partial(self._press, "retry"))
        self.reveal.clicked.connect(partial(self._press, "reveal"))

    def _press(self, what: str, _checked: bool = False) -> None:
        self._act(what)

    def _recolour(self) -> None:
        self._sign.setIcon(icon("search", self._appearance.tokens.muted))
