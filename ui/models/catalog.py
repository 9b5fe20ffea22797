"""The catalog: search, filters, order, the list, and repositories of the person's own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.icons import icon
from ui.models.catalog_list import CatalogList
from ui.models.items import CatalogListModel
from ui.models.parts import section
from ui.models.state import Area, Filter, ModelsState, Sort, catalog_rows, unseen_rows
from ui.models.unseen import UnseenList
from ui.translation import marked, tr
from ui.widgets.buttons import ICON_GAP, Button
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover
from workbench.models.advising.advice import Use

USE_WORDS = {
    Use.CHAT: marked("Chat"),
    Use.WRITING: marked("Writing"),
    Use.CODE: marked("Code"),
    Use.DOCUMENTS: marked("Long documents"),
}
SORT_WORDS = {
    Sort.RECOMMENDED: marked("Recommended first"),
    Sort.SIZE: marked("Smallest first"),
    Sort.SPEED: marked("Fastest first"),
}
SWITCHES = (
    ("fits", marked("Fits here")),
    ("vision", marked("Reads pictures")),
    ("tools", marked("Uses tools")),
    ("free_licence", marked("Free licence")),
)
LEFT_TO_RIGHT_MARK = "\u200e"


class Picker(Button):
    """A chip that shows one of several values and opens the list of them."""

    def __init__(self, name: str, appearance: Appearance) -> None:
        super().__init__("", appearance, look="chip", icon_name="chevron-down", name=name)
        self._name = name
        self._appearance = appearance
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the sign stands behind the words

    def show_choice(self, words: str) -> None:
        self.setText(f"{words}{ICON_GAP}{LEFT_TO_RIGHT_MARK}")
        self.setAccessibleName(f"{self._name}: {words}")

    def offer(self, choices: list[Choice]) -> None:
        Popover(self._name, choices, self._appearance, self.window()).open_at(self)


class CatalogSection(QWidget):
    """``filtered`` carries the new `Filter`; ``asked`` as of the list; ``add_asked`` a repository, OWNER/REPO."""

    filtered = Signal(object)
    asked = Signal(str, str, QRect)
    add_asked = Signal(str)
    again_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._filter = Filter()
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search the catalog"))
        self.search.setAccessibleName(tr("Search the catalog"))
        self.search.setClearButtonEnabled(True)
        self._sign = self.search.addAction(
            icon("search", appearance.tokens.muted), QLineEdit.ActionPosition.LeadingPosition
        )
        self._use = Picker(tr("For"), appearance)
        self._sort = Picker(tr("Order"), appearance)
        self.switches = {key: self._switch(key, words) for key, words in SWITCHES}
        self.model = CatalogListModel(self)
        self.list = CatalogList(appearance, self.model)
        self.unseen = UnseenList(appearance)
        self._frame = QFrame()
        self._note = label(tr("Working out how each model would run here…"), "muted", wrap=True)
        self._again = Button(tr("Try again"), appearance, icon_name="refresh-cw")
        self.repository = QLineEdit()
        self.add = Button(tr("Add"), appearance, icon_name="plus", name=tr("Add the repository"))
        self._lay_out()
        self._connect()
        appearance.follow(self._recolour)

    def show_state(self, state: ModelsState) -> None:
        self._filter = state.filter
        rows = catalog_rows(state)
        self.model.show_rows(rows, state.builds)
        self.unseen.show_rows(unseen_rows(state), state.builds)
        self._use.show_choice(tr("For {use}").format(use=tr(USE_WORDS[state.filter.use]).lower()))
        self._sort.show_choice(tr(SORT_WORDS[state.filter.sort]))
        self._frame.setVisible(bool(rows))
        failure = state.failures.get(Area.CATALOG)
        self._again.setVisible(failure is not None)
        if failure is not None:
            self._say(f"{failure.message} {failure.hint}".strip(), "danger")
        elif state.picks is None:
            self._say(tr("Working out how each model would run here…"))
        elif not rows and self.unseen.isHidden():
            self._say(tr("No model of the catalog is like this. Take a filter away, or add its repository below."))
        else:
            self._say(" ".join(state.notes))

    def show_adding(self, *, going: bool, added: bool = False) -> None:
        """A repository is being looked at, or that is over; what was refused stays in the field."""
        self.add.setEnabled(not going)
        self.add.say(tr("Looking…") if going else tr("Add"))
        if added:
            self.repository.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus() and self.model.rowCount():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            self.list.show_model(self.model.rows[0].model.id)
        else:
            super().keyPressEvent(event)

    def _say(self, words: str, tone: str = "muted") -> None:
        self._note.setText(words)
        if self._note.property("tone") != tone:
            self._note.setProperty("tone", tone)
            self._note.style().polish(self._note)
        self._note.setVisible(bool(words))

    def _switch(self, key: str, words: str) -> Button:
        button = Button(tr(words), self._appearance, look="chip")
        button.setCheckable(True)
        button.toggled.connect(lambda on: self._change(**{key: on}))
        return button

    def _change(self, **values: object) -> None:
        changed = replace(self._filter, **values)  # type: ignore[arg-type]
        if changed != self._filter:
            self._filter = changed
            self.filtered.emit(changed)

    def _choose_use(self) -> None:
        self._use.offer(
            [
                Choice(tr(words), partial(self._change, use=use), checked=use is self._filter.use)
                for use, words in USE_WORDS.items()
            ]
        )

    def _choose_sort(self) -> None:
        self._sort.offer(
            [
                Choice(tr(words), partial(self._change, sort=sort), checked=sort is self._filter.sort)
                for sort, words in SORT_WORDS.items()
            ]
        )

    def _add(self) -> None:
        wanted = self.repository.text().strip()
        if wanted:
            self.add_asked.emit(wanted)

    def _lay_out(self) -> None:
        self._frame.setProperty("look", "card")
        framed = QVBoxLayout(self._frame)
        framed.setContentsMargins(1, 1, 1, 1)
        framed.addWidget(self.list)
        self._frame.hide()
        self._again.hide()
        chips = Flow()
        for chip in (self._use, self._sort, *self.switches.values()):
            chips.addWidget(chip)
        made, inside = section(tr("Catalog"))
        inside.addWidget(self.search)
        inside.addLayout(chips)
        inside.addWidget(self._note)
        inside.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self._frame)
        inside.addWidget(self.unseen)
        inside.addSpacing(4)
        inside.addWidget(
            label(tr("Not listed? Add any GGUF repository of Hugging Face to your catalog."), "caption", wrap=True)
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        self.repository.setPlaceholderText(tr("OWNER/REPO"))
        self.repository.setAccessibleName(tr("Repository to add, OWNER/REPO"))
        row.addWidget(self.repository, 1)
        row.addWidget(self.add)
        inside.addLayout(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(made)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda words: self._change(words=words))
        self._use.clicked.connect(self._choose_use)
        self._sort.clicked.connect(self._choose_sort)
        self.list.asked.connect(self.asked)
        self.repository.returnPressed.connect(self._add)
        self.add.clicked.connect(self._add)
        self._again.clicked.connect(self.again_asked)

    def _recolour(self) -> None:
        self._sign.setIcon(icon("search", self._appearance.tokens.muted))
