"""One folder of the Documents page: what is going on with it, its files, and which of them are read."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.documents import words
from ui.documents.files import FilesView
from ui.documents.folder_card import sign
from ui.documents.rules import RulesView
from ui.documents.status_bar import StatusBar
from ui.models.parts import Sign, line
from ui.page_frame import column
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from workbench.documents.collection import CollectionState, FileStatus

WIDTH = 860


class FolderView(QWidget):
    """``left``: back to all folders. ``more_asked``: the button where the list of actions opens."""

    left = Signal()
    more_asked = Signal(QWidget)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.state: CollectionState | None = None
        self.back = IconButton("chevron-left", tr("All folders"), appearance)
        self._sign = Sign("folder", appearance, size=18)
        self._name = ElidedLabel("", "title")
        self._badge = label(tr("Private"), "badge")
        self.show_files = self._tab(tr("Files"), "list", appearance)
        self.show_rules = self._tab(tr("Rules"), "settings", appearance)
        self.more = IconButton("ellipsis", tr("More for this folder"), appearance)
        self._path = ElidedLabel("", "caption")
        self._bar = StatusBar(appearance)
        self._doing = label("", "caption", wrap=True)
        self.files = FilesView(appearance)
        self.rules = RulesView(appearance)
        self._parts = QStackedWidget()
        self._lay_out()
        self._connect()

    def open(self, state: CollectionState, status: FileStatus | None = None, *, rules: bool = False) -> None:
        """Another folder comes into view, with its files of ``status``, or its rules."""
        self._show_part(self.rules if rules else self.files)
        self.files.begin(status)
        self.show_state(state)

    def show_state(self, state: CollectionState) -> None:
        self.state = state
        self.setAccessibleName(tr("Folder {name}").format(name=state.collection.name))
        self._name.setText(state.collection.name)
        self._sign.show_icon(*sign(state))
        self._badge.setVisible(state.collection.private)
        self._path.setText(words.shown_path(str(state.collection.path)))
        self._bar.show_counts(state.counts)
        problem = next((one.words for one in words.attentions(state) if state.problem_kind or state.problem), "")
        self._doing.setText(problem or words.doing_words(state, datetime.now().astimezone()))
        self.files.show_state(state)
        self.rules.show_collection(state.collection)

    def _show_part(self, part: QWidget) -> None:
        self._parts.setCurrentWidget(part)
        self.show_files.setChecked(part is self.files)
        self.show_rules.setChecked(part is self.rules)

    def _tab(self, text: str, icon_name: str, appearance: Appearance) -> Button:
        made = Button(text, appearance, look="chip", icon_name=icon_name)
        made.setCheckable(True)
        return made

    def _lay_out(self) -> None:
        head = line(self.back, self._sign, stretch=False)
        head.addWidget(self._name, 1)
        for control in (self._badge, self.more):
            head.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        self._parts.addWidget(self.files)
        self._parts.addWidget(self.rules)
        self._show_part(self.files)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 12)
        rows.setSpacing(8)
        rows.addLayout(head)
        rows.addWidget(self._path)
        rows.addWidget(self._bar)
        rows.addWidget(self._doing)
        tabs = Flow(gap=6)
        for tab in (self.show_files, self.show_rules):
            tabs.addWidget(tab)
        rows.addSpacing(2)
        rows.addLayout(tabs)
        rows.addSpacing(2)
        rows.addWidget(self._parts, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column(inside, WIDTH))

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.more.clicked.connect(lambda: self.more_asked.emit(self.more))
        self.show_files.clicked.connect(lambda: self._show_part(self.files))
        self.show_rules.clicked.connect(lambda: self._show_part(self.rules))
