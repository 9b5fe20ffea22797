"""The library: all prompts, those that are searched for, those with a tag; what it is for while it is empty."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.icons import icon
from ui.models.parts import empty
from ui.page_frame import column
from ui.prompts.items import PromptListModel
from ui.prompts.prompt_list import PromptList
from ui.prompts.state import LibraryState
from ui.prompts.words import FIRST_STEP, PURPOSE, SORTS, count_words
from ui.settings.parts import Picker
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.notice import NoticeCard
from ui.widgets.popover import Choice, Popover
from workbench.errors import WorkbenchError
from workbench.ordering import natural_key

WIDTH = 860
TYPING_MILLISECONDS = 15
MOST_TOLD = 4  # of the files, each a line
MOST_TAGS = 12  # as buttons; the others are in the list of all


class LibraryView(QWidget):
    """``searched`` carries what is looked for, ``tagged`` a tag (empty: all), ``sorted`` a `Sort`. ``new_asked``,
    ``import_asked``, ``starters_asked``: what there is to begin with. ``again_asked``: read the library again."""

    searched = Signal(str)
    tagged = Signal(str)
    sorted = Signal(object)
    new_asked = Signal()
    import_asked = Signal(QWidget)
    starters_asked = Signal()
    again_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._state = LibraryState()
        self._failure: NoticeCard | None = None
        self._of_files: NoticeCard | None = None
        self._tags: tuple[tuple[str, int], ...] = ()
        self.model = PromptListModel(self)
        self.list = PromptList(appearance, self.model)
        self.field = QLineEdit()
        self.new = Button(tr("New prompt"), appearance, look="primary", icon_name="plus")
        self.import_button = Button(tr("Import…"), appearance, icon_name="download")
        self.sort = Picker(tr("Order"), appearance)
        self.starters = Button(tr("Add the starter set"), appearance, look="primary", icon_name="star")
        self.first = Button(tr("Write the first prompt"), appearance, icon_name="plus")
        self.first_import = Button(tr("Import…"), appearance, icon_name="download")
        self._chips = QWidget()
        self._chip_flow = Flow(self._chips, gap=5)
        self._told = label(tr("Reading…"), "muted", wrap=True)
        self._tools = QWidget()
        self._empty = QWidget()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(TYPING_MILLISECONDS)
        self._lay_out()
        self._connect()
        self._empty.hide()
        self._tools.hide()
        appearance.follow(self._recolour)

    def show_state(self, state: LibraryState) -> None:
        self._show_failure(None)
        before, self._state = self._state, state
        some = bool(state.prompts)
        emptied = self._empty.isAncestorOf(focused) if (focused := QApplication.focusWidget()) is not None else False
        self._tools.setVisible(some)
        self._empty.setVisible(not some and state.prompts is not None)
        self.list.setVisible(some)
        self.sort.show_choice(tr(SORTS[state.sort]))
        self.sort.setEnabled(state.found is None)
        if state.tags != self._tags or state.tag != before.tag:
            self._show_tags()
        shown = state.shown
        self.list.show_prompts(shown, state.drafts)
        self.model.show_gains(state.gains)
        if state.told != before.told:
            self._show_told(state.told)
        self._say(self._told_of(len(shown)))
        if some and emptied:
            self.settle_focus()

    def show_failure(self, error: WorkbenchError) -> None:
        """The library could not be read."""
        self._say("")
        self._show_failure(error)

    def settle_focus(self) -> None:
        """To what is done first here."""
        target = self.field if self._state.prompts else self.starters
        if target.isVisible():
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def text(self) -> str:
        return self.field.text().strip()

    def leave_search(self) -> bool:
        """Empty the field, and say whether there was something in it."""
        searched = bool(self.field.text())
        self.field.clear()
        return searched

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.field.hasFocus() and self.model.rowCount():
            row = self.list.currentIndex().row()
            self.list.go_to(max(0, row))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.field.hasFocus() and self.model.prompts:
            self.list.opened.emit(self.list.current or self.model.prompts[0])
        else:
            super().keyPressEvent(event)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _told_of(self, shown: int) -> str:
        state = self._state
        if not state.prompts:
            return "" if state.prompts is not None else tr("Reading…")
        if state.found is not None or state.tag:
            return count_words(shown) if shown else tr("No prompt is like this.")
        return count_words(shown)

    def _show_tags(self) -> None:
        """The most frequent ones as buttons; the chosen one is always among them."""
        self._tags = self._state.tags
        focused = next((chip for chip in self._chips.findChildren(Button) if chip.hasFocus()), None)
        name = focused.accessibleName() if focused else ""
        empty(self._chip_flow)
        chosen = self._state.tag
        shown = [tag for tag, _count in self._tags[:MOST_TAGS]]
        if chosen and chosen not in shown:
            shown.append(chosen)
        for tag in ("", *shown) if shown else ():
            self._chip_flow.addWidget(self._chip(tag))
        if len(self._tags) > len(shown):
            more = Button(tr("More tags…"), self._appearance, look="filter")
            more.clicked.connect(partial(self._offer_tags, more))
            self._chip_flow.addWidget(more)
        self._chips.setVisible(bool(shown))
        again = next((chip for chip in self._chips.findChildren(Button) if chip.accessibleName() == name), None)
        if focused is not None and again is not None:
            again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chip(self, tag: str) -> Button:
        words = tag or tr("All")
        chip = Button(words, self._appearance, look="filter", name=tr("Show: {tag}").format(tag=words))
        chip.setCheckable(True)
        chip.setChecked(tag == self._state.tag)
        chip.clicked.connect(partial(self._choose_tag, tag))
        return chip

    def _choose_tag(self, tag: str, _checked: bool = False) -> None:
        self.tagged.emit(tag)

    def _offer_tags(self, anchor: QWidget, _checked: bool = False) -> None:
        choices = [
            Choice(tag, partial(self.tagged.emit, tag), detail=f"{count:,}", checked=tag == self._state.tag)
            for tag, count in sorted(self._tags, key=lambda pair: natural_key(pair[0]))
        ]
        Popover(tr("Tags"), choices, self._appearance, self.window()).open_at(anchor)

    def _ask_import(self, anchor: QWidget, _checked: bool = False) -> None:
        self.import_asked.emit(anchor)

    def _offer_sorts(self) -> None:
        choices = [
            Choice(tr(words), partial(self.sorted.emit, sort), checked=sort is self._state.sort)
            for sort, words in SORTS.items()
        ]
        Popover(tr("Order"), choices, self._appearance, self.window()).open_at(self.sort)

    def _show_failure(self, error: WorkbenchError | None) -> None:
        if self._failure is not None:
            self._failure.hide()
            self._failure.deleteLater()
            self._failure = None
        if error is not None:
            steps = ((tr("Try again"), self.again_asked.emit),)
            self._failure = NoticeCard(
                self._appearance, error.message, error.hint, detail=error.detail, severe=True, steps=steps
            )
            self._rows.insertWidget(0, self._failure)

    def _show_told(self, told: tuple[str, ...]) -> None:
        """What became of the prompts' files: conflicts, files that cannot be read, a folder that went."""
        if self._of_files is not None:
            self._of_files.hide()
            self._of_files.deleteLater()
            self._of_files = None
        if told:
            more = len(told) - MOST_TOLD
            lines = [*told[:MOST_TOLD], *([tr("and {count} more").format(count=more)] if more > 0 else [])]
            self._of_files = NoticeCard(self._appearance, tr("In the folder of prompts"), "\n".join(lines))
            self._rows.insertWidget(0, self._of_files)

    def _say(self, words: str) -> None:
        self._told.setText(words)
        self._told.setVisible(bool(words))

    def _lay_out(self) -> None:
        self.field.setPlaceholderText(tr("Search prompts"))
        self.field.setAccessibleName(tr("Search prompts"))
        self.field.setClearButtonEnabled(True)
        muted = self._appearance.tokens.muted
        self._sign = self.field.addAction(icon("search", muted), QLineEdit.ActionPosition.LeadingPosition)
        buttons = Flow(gap=6)
        for button in (self.new, self.import_button, self.sort):
            buttons.addWidget(button)
        tools = QVBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(10)
        tools.addLayout(buttons)
        tools.addWidget(self.field)
        tools.addWidget(self._chips)
        told = QVBoxLayout(self._empty)
        told.setContentsMargins(0, 24, 0, 8)
        told.setSpacing(10)
        told.addWidget(label(tr(PURPOSE), "heading", wrap=True))
        told.addWidget(label(tr(FIRST_STEP), "body", wrap=True))
        first = Flow(gap=8)
        for button in (self.starters, self.first, self.first_import):
            first.addWidget(button)
        told.addLayout(first)
        told.addStretch(1)
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 4, 0, 12)
        self._rows.setSpacing(8)
        self._rows.addWidget(self._tools)
        self._rows.addWidget(self._told)
        self._rows.addWidget(self._empty, 1)
        self._rows.addWidget(self.list, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column(inside, WIDTH))

    def _connect(self) -> None:
        self.field.textChanged.connect(lambda _text: self._soon.start())
        self._soon.timeout.connect(lambda: self.searched.emit(self.text))
        for button in (self.new, self.first):
            button.clicked.connect(lambda: self.new_asked.emit())
        for button in (self.import_button, self.first_import):
            button.clicked.connect(partial(self._ask_import, button))
        self.starters.clicked.connect(lambda: self.starters_asked.emit())
        self.sort.clicked.connect(self._offer_sorts)

    def _recolour(self) -> None:
        self._sign.setIcon(icon("search", self._appearance.tokens.muted))
