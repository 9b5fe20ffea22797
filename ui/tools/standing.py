"""The section of the Tools page with what was allowed for more than once, each with a way to take it back."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models.parts import card, empty
from ui.tools.parts import paragraph, titled
from ui.tools.words import subject_words
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from workbench.consents.consent import ConsentKind, Standing
from workbench.messages import Id

NOTHING = marked("Nothing was allowed for more than once. What is allowed in a chat or always is listed here.")


class StandingSection(QWidget):
    """``revoked`` carries the `Standing`."""

    revoked = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: object = None
        self._card, inside = card(tr("Allowed for more than once"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        inside.addLayout(self._rows)
        titled(self, tr("Allowed for more than once")).addWidget(self._card)

    def show_standing(self, standing: tuple[Standing, ...], chats: Mapping[Id, str]) -> None:
        """``chats``: the titles of those that are there."""
        shown = tuple((one, where(one, chats)) for one in standing)
        if shown == self._shown:
            return
        self._shown = shown
        empty(self._rows)
        if not shown:
            self._rows.addWidget(paragraph(tr(NOTHING), "muted"))
        for one, place in shown:
            self._rows.addWidget(self._row(one, place))

    def _row(self, one: Standing, place: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.setSpacing(2)
        name = subject_words(one.subject)
        words.addWidget(paragraph(name))
        words.addWidget(paragraph(place, "caption"))
        line.addLayout(words, 1)
        take_back = Button(tr("Ask again"), self._appearance, name=tr("Ask again before {tool}").format(tool=name))
        take_back.clicked.connect(lambda: self.revoked.emit(one))
        line.addWidget(take_back)
        return row


def where(one: Standing, chats: Mapping[Id, str]) -> str:
    """How far it goes."""
    if one.conversation_id is None:
        return tr("Always") if one.kind is ConsentKind.TOOL else tr("Always, as it was shown")
    title = chats.get(one.conversation_id)
    return tr("In the chat “{title}”").format(title=title) if title else tr("In a chat")


def revoked_words(kind: ConsentKind, recalled: int) -> str:
    """``recalled``: calls that the yes had allowed, and that were not made yet."""
    if kind is ConsentKind.SERVER:
        return tr("You are asked again before it is started.")
    if not recalled:
        return tr("You are asked again before it is called.")
    if recalled == 1:
        return tr("You are asked again. 1 call was allowed and not made yet: it waits for your answer.")
    words = tr(
        "You are asked again. {count} calls were allowed and not made yet: they wait for your answer in their chats."
    )
    return words.format(count=recalled)
