"""The lists of a project's page: paths and names that are taken out one by one, and its chats."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models.parts import Sign, empty
from ui.projects.words import GONE, NO_CHATS
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.direction import leave_room
from ui.widgets.labels import ElidedLabel, label
from workbench.chat.tree import ConversationSummary

FIRST: Final = 8  # chats in view before more are asked for
MORE: Final = 40
NOTHING_SAID: Final[Mapping[str, tuple[str, str]]] = {}


class Things(QWidget):
    """Rows with a button each that takes them out. ``removed`` carries what it says, ``offered`` that of a row whose
    ``offer`` was taken."""

    removed = Signal(str)
    offered = Signal(str)

    def __init__(self, appearance: Appearance, name: str, icon_name: str, nothing: str, offer: str = "") -> None:
        """``offer``: what a button of some rows does."""
        super().__init__()
        self._appearance = appearance
        self._offer = offer
        self._icon_name = icon_name
        self._nothing = nothing
        self._shown: tuple[tuple[str, ...], frozenset[str], dict[str, tuple[str, str]], frozenset[str]] | None = None
        self.setAccessibleName(name)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(2)

    def show_things(
        self,
        things: Sequence[str],
        gone: Collection[str] = (),
        said: Mapping[str, tuple[str, str]] = NOTHING_SAID,
        offered: Collection[str] = (),
    ) -> None:
        """``gone``: those that are not where they were. ``said``: how some are called, and what is to be told of them.
        ``offered``: those with the button of the offer."""
        shown = (tuple(things), frozenset(gone), dict(said), frozenset(offered))
        if shown == self._shown:
            return
        self._shown = shown
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        empty(self._rows)
        rows = [self._row(thing, thing in gone, *said.get(thing, (thing, "")), thing in offered) for thing in things]
        for row, _remove in rows:
            self._rows.addWidget(row)
        if not rows and self._nothing:
            self._rows.addWidget(label(self._nothing, "caption", wrap=True))
        if had_focus and rows:
            rows[0][1].setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, thing: str, gone: bool, name: str, note: str, offered: bool) -> tuple[QWidget, IconButton]:
        row = QWidget()
        told = tr(GONE) if gone else note
        row.setAccessibleName(f"{name}, {told[0].lower()}{told[1:]}" if told else name)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(Sign("triangle-alert" if gone else self._icon_name, self._appearance))
        line.addWidget(ElidedLabel(name), 1)
        if told:
            line.addWidget(ElidedLabel(told, "caption"), 1) if note else line.addWidget(label(told, "caption"))
        if offered:
            line.addWidget(self._offer_button(thing, name))
        remove = IconButton("x", tr("Take {name} out of the project").format(name=name), self._appearance, size=16)
        remove.clicked.connect(partial(self._remove, thing))
        line.addWidget(remove)
        return row, remove

    def _offer_button(self, thing: str, name: str) -> Button:
        button = Button(self._offer, self._appearance, look="quiet", name=f"{self._offer}: {name}")
        button.clicked.connect(lambda: self.offered.emit(thing))
        return button

    def _remove(self, thing: str, _checked: bool = False) -> None:
        self.removed.emit(thing)


class Chats(QWidget):
    """``opened`` carries the id of a chat."""

    opened = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._chats: tuple[ConversationSummary, ...] | None = None
        self._most = FIRST
        self.setAccessibleName(tr("Chats of the project"))
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(1)

    def show_chats(self, chats: tuple[ConversationSummary, ...], *, afresh: bool = False) -> None:
        """``afresh``: those of another project."""
        if afresh:
            self._most = FIRST
        if chats != self._chats or afresh:
            self._chats = chats
            self._rebuild()

    def _rebuild(self, focus: int = -1) -> None:
        empty(self._rows)
        chats = self._chats or ()
        if not chats:
            self._rows.addWidget(label(tr(NO_CHATS), "caption", wrap=True))
        entries = [self._entry(chat) for chat in chats[: self._most]]
        for entry in entries:
            self._rows.addWidget(entry)
        if len(chats) > self._most:
            left = len(chats) - self._most
            more = Button(tr("Show more ({left})").format(left=f"{left:,}"), self._appearance, look="quiet")
            more.clicked.connect(self._show_more)
            self._rows.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        if 0 <= focus < len(entries):
            entries[focus].setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_more(self) -> None:
        before, self._most = self._most, self._most + MORE
        self._rebuild(before)

    def _entry(self, chat: ConversationSummary) -> Button:
        title, day = chat.title or tr("New chat"), _day(chat.updated_at)
        entry = Button("", self._appearance, look="entry", icon_name="message-square", name=f"{title}, {day}")
        line = QHBoxLayout(entry)
        leave_room(line, self._appearance.pixels(26) + 12, 6, 10, 6)
        line.setSpacing(12)
        for words, stretch in ((ElidedLabel(title), 1), (label(day, "caption"), 0)):
            words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            line.addWidget(words, stretch)
        entry.setMinimumHeight(line.sizeHint().height())
        entry.clicked.connect(partial(self._open, chat.id))
        return entry

    def _open(self, chat_id: str, _checked: bool = False) -> None:
        self.opened.emit(chat_id)


def _day(seconds: float) -> str:
    at = QDateTime.fromSecsSinceEpoch(int(seconds))
    return QLocale().toString(at.date(), "d MMM yyyy")
