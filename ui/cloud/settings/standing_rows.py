"""What may leave without being asked each time, each with a way to take it back."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models.parts import Sign, empty
from ui.tools.parts import paragraph
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from workbench.consents.consent import Standing
from workbench.messages import Id

TITLE = marked("Allowed without being asked")
NOTHING = marked("Nothing: each question is shown to you before it leaves.")


class StandingRows(QWidget):
    """``revoked`` carries the `Standing`."""

    revoked = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: object = None
        self.setAccessibleName(tr(TITLE))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(paragraph(tr(TITLE)))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        layout.addLayout(self._rows)

    def show_standing(self, standing: tuple[Standing, ...], chats: Mapping[Id, str], names: Mapping[str, str]) -> None:
        """``chats``: titles; ``names``: of providers, by what a yes for their address is kept by. One for an address that
        no provider has any more is shown as it is kept: with that address."""
        shown = tuple((one, names.get(one.subject, one.subject), where(one, chats)) for one in standing)
        if shown == self._shown:
            return
        self._shown = shown
        empty(self._rows)
        if not shown:
            self._rows.addWidget(paragraph(tr(NOTHING), "caption"))
        for one, name, place in shown:
            self._rows.addWidget(self._row(one, name, place))

    def _row(self, one: Standing, name: str, place: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(Sign("cloud", self._appearance, colour="cloud"))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(paragraph(name, "strong"))
        words.addWidget(paragraph(place, "caption"))
        line.addLayout(words, 1)
        told = tr("Ask again before anything goes to {name}. {place}").format(name=name, place=place)
        again = Button(tr("Ask again"), self._appearance, name=told)
        again.clicked.connect(lambda: self.revoked.emit(one))
        line.addWidget(again)
        return row


def where(one: Standing, chats: Mapping[Id, str]) -> str:
    """How far it goes: never beyond the caps."""
    if one.conversation_id is None:
        return tr("In every chat, within your caps")
    title = chats.get(one.conversation_id)
    return (
        tr("In the chat “{title}”, within your caps").format(title=title)
        if title
        else tr("In a chat, within your caps")
    )


def revoked_words(recalled: int) -> str:
    """``recalled``: requests that the yes had allowed, and that were not sent yet."""
    if not recalled:
        return tr("You are asked again before anything leaves.")
    if recalled == 1:
        return tr("You are asked again. 1 request was allowed and not sent yet: it waits for your answer.")
    return tr("You are asked again. {count} requests were allowed and not sent yet: they wait for your answer.").format(
        count=recalled
    )
