"""All folders of the Documents page, a card each; what the page is for while there is none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.documents.adding import AddRow
from ui.documents.folder_card import FolderCard
from ui.documents.words import FIRST_STEP, PURPOSE
from ui.page_frame import column
from ui.translation import tr
from ui.widgets.labels import label
from ui.widgets.notice import NoticeCard
from ui.widgets.scrolling import scrolling
from workbench.documents.collection import CollectionState
from workbench.errors import WorkbenchError
from workbench.messages import Id

WIDTH = 760


class FoldersView(QWidget):
    """``asked`` and ``more_asked`` as of `FolderCard`, with the folder's id first. ``again_asked``: read them again."""

    asked = Signal(str, str)
    more_asked = Signal(str, QWidget)
    again_asked = Signal()

    def __init__(self, appearance: Appearance, *, mac: bool = False) -> None:
        super().__init__()
        self._appearance = appearance
        self._mac = mac
        self._failure: NoticeCard | None = None
        self.cards: dict[Id, FolderCard] = {}
        self.add = AddRow(appearance)
        self._loading = label(tr("Reading…"), "muted")
        self._empty = QWidget()
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        self._lay_out()
        self._empty.hide()
        self.add.hide()

    def show_states(self, states: Sequence[CollectionState]) -> None:
        """Cards stay where they are; only what changed is touched."""
        self._show_failure(None)
        self._loading.hide()
        self.add.show()
        self._empty.setVisible(not states)
        if [state.collection.id for state in states] != list(self.cards):
            self._arrange(states)
        for state in states:
            self.cards[state.collection.id].show_state(state)

    def show_failure(self, error: WorkbenchError) -> None:
        """They could not be read."""
        self._loading.hide()
        self._show_failure(error)

    def _arrange(self, states: Sequence[CollectionState]) -> None:
        ids = [state.collection.id for state in states]
        for gone in [one for one in self.cards if one not in ids]:
            self._forget(self.cards.pop(gone))
        for state in states:
            if state.collection.id not in self.cards:
                self.cards[state.collection.id] = self._card(state)
        self.cards = {one: self.cards[one] for one in ids}
        for place, card in enumerate(self.cards.values()):
            self._cards.insertWidget(place, card)

    def _forget(self, card: FolderCard) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and card.isAncestorOf(focused):
            self.add.choose.setFocus(Qt.FocusReason.OtherFocusReason)
        self._cards.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _card(self, state: CollectionState) -> FolderCard:
        made = FolderCard(state, self._appearance, mac=self._mac)
        made.asked.connect(partial(self.asked.emit, state.collection.id))
        made.more_asked.connect(partial(self.more_asked.emit, state.collection.id))
        return made

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

    def _lay_out(self) -> None:
        told = QVBoxLayout(self._empty)
        told.setContentsMargins(0, 24, 0, 8)
        told.setSpacing(10)
        told.addWidget(label(tr(PURPOSE), "heading", wrap=True))
        told.addWidget(label(tr(FIRST_STEP), "body", wrap=True))
        inside = QWidget()
        inside.setProperty("look", "column")
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 8, 0, 32)
        self._rows.setSpacing(16)
        self._rows.addWidget(self._loading)
        self._rows.addWidget(self._empty)
        self._rows.addWidget(self.add)
        self._rows.addLayout(self._cards)
        self._rows.addStretch(1)
        scroll = scrolling(column(inside, WIDTH))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
