"""The facts as rows: read, changed in place, switched off, removed. Rows that are the same stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.memory import words
from ui.translation import tr
from ui.widgets.buttons import ElidedButton, IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.switch import Switch
from workbench.memory.memory import Fact
from workbench.memory.wording import MOST_FACT_CHARACTERS
from workbench.messages import Id

MOST_SHOWN: Final = 100
MOST_TITLE: Final = 40
MOST_PROJECT: Final = 20


class FactEdit(QLineEdit):
    """A fact in other words. ``left``: Escape, nothing is to change."""

    left = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setAccessibleName(tr("The fact in other words"))
        self.setMaxLength(MOST_FACT_CHARACTERS)
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        """Claim Escape before the window's own shortcut gets it."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.left.emit()
                return True
        return super().event(event)


class FactRow(QWidget):
    """``changed`` (id, text), ``switched`` (id, on), ``removed`` (the `Fact`), ``chat_asked`` (chat, message)."""

    changed = Signal(str, str)
    switched = Signal(str, bool)
    removed = Signal(object)
    chat_asked = Signal(str, str)

    def __init__(self, appearance: Appearance, fact: Fact, chats: Mapping[Id, str], projects: Mapping[Id, str]) -> None:
        super().__init__()
        self.fact = fact
        self._edit: FactEdit | None = None
        self.setAccessibleName(fact.text)
        self.words = label(fact.text, "" if fact.active else "muted", wrap=True, selectable=True)
        self.switch = Switch(_named(tr("Tell"), fact), appearance, on=fact.active)
        self.pencil = IconButton("pencil", _named(tr("Change"), fact), appearance, size=16)
        self.bin = IconButton("trash-2", _named(tr("Forget"), fact), appearance, size=16)
        self.switch.clicked.connect(lambda on: self.switched.emit(fact.id, on))
        self.pencil.clicked.connect(self.edit)
        self.bin.clicked.connect(lambda: self.removed.emit(fact))
        self._column = QVBoxLayout()
        self._column.setSpacing(2)
        self._column.addWidget(self.words)
        self._column.addLayout(self._below(appearance, chats, projects))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addLayout(self._column, 1)
        controls = QWidget()
        beside = Flow(controls, gap=6, trailing=True, one_line=True)
        for control in (self.switch, self.pencil, self.bin):
            beside.addWidget(control)
        row.addWidget(controls, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def editing(self) -> bool:
        return self._edit is not None

    def edit(self) -> None:
        """In place: Enter keeps it, Escape leaves it as it was."""
        if self._edit is not None:
            self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._edit = edit = FactEdit(self.fact.text)
        edit.returnPressed.connect(self._keep)
        edit.left.connect(self.leave)
        self.words.hide()
        self._column.insertWidget(0, edit)
        edit.show()  # the layout would show it later, and what is hidden takes no focus
        edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        edit, self._edit = self._edit, None
        if edit is not None:
            self.words.show()
            self.pencil.setFocus(Qt.FocusReason.OtherFocusReason)
            edit.hide()
            edit.deleteLater()

    def _keep(self) -> None:
        text = "" if self._edit is None else self._edit.text()
        if " ".join(text.split()) and text != self.fact.text:
            self.changed.emit(self.fact.id, text)
        self.leave()

    def _below(self, appearance: Appearance, chats: Mapping[Id, str], projects: Mapping[Id, str]) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        if project := projects.get(self.fact.project_id or ""):
            line.addWidget(label(_short(project, MOST_PROJECT), "badge"))
        line.addWidget(label(words.day(self.fact), "caption"))
        chat, message = self.fact.conversation_id, self.fact.message_id
        if chat is None:
            line.addStretch(1)
        elif chat not in chats:
            line.addWidget(ElidedLabel(tr("from a chat that is not there any more"), "caption"), 1)
        else:
            self.source = source = ElidedButton("", appearance, look="quiet", icon_name="message-square")
            source.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            source.say(tr("From “{title}”").format(title=_short(chats[chat])))
            source.clicked.connect(lambda: self.chat_asked.emit(chat, message or ""))
            line.addWidget(source, 1000)
            line.addStretch(1)
        return line


class FactList(QWidget):
    """The newest that are asked for. The signals are those of `FactRow`."""

    changed = Signal(str, str)
    switched = Signal(str, bool)
    removed = Signal(object)
    chat_asked = Signal(str, str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: object = None
        self._rows: dict[Id, tuple[object, FactRow]] = {}
        self.setAccessibleName(tr("Facts"))
        self._note = label("", "muted", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self._note)

    def row(self, fact_id: Id) -> FactRow:
        return self._rows[fact_id][1]

    @property
    def shown(self) -> tuple[Fact, ...]:
        return tuple(row.fact for _key, row in self._rows.values())

    def show_facts(self, facts: Sequence[Fact], note: str, chats: Mapping[Id, str], projects: Mapping[Id, str]) -> None:
        """``note``: where there is none. A row whose fact is the same stays, with its focus and what is typed in it."""
        wanted = {one.id: (one, chats.get(one.conversation_id or ""), projects.get(one.project_id or ""))
                  for one in facts[:MOST_SHOWN]}  # fmt: skip
        more = len(facts) - len(wanted)
        said = tr("{count} older ones are not shown: search for them.").format(count=f"{more:,}") if more else note
        self._note.setText(said if more or not facts else "")
        self._note.setVisible(bool(self._note.text()))
        for fact_id, (key, row) in tuple(self._rows.items()):
            if wanted.get(fact_id) != key:
                self._drop(fact_id, row, stays=fact_id in wanted)
        rows: dict[Id, tuple[object, FactRow]] = {}
        for place, (fact_id, key) in enumerate(wanted.items()):
            row = self._rows[fact_id][1] if fact_id in self._rows else self._made(key[0], chats, projects)
            rows[fact_id] = (key, row)
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
        self._rows = rows
        if self._focus_next in rows:
            rows[self._focus_next][1].switch.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus_next = ""

    _focus_next: Id = ""

    def _drop(self, fact_id: Id, row: FactRow, *, stays: bool) -> None:
        focused = row.isAncestorOf(row.focusWidget()) if row.focusWidget() is not None else False
        if focused and row.isVisible() and row.window().focusWidget() is row.focusWidget():
            ids = list(self._rows)
            place = ids.index(fact_id)
            after = ids[place + 1] if place + 1 < len(ids) else ids[place - 1]
            self._focus_next = fact_id if stays else after
        del self._rows[fact_id]
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _made(self, fact: Fact, chats: Mapping[Id, str], projects: Mapping[Id, str]) -> FactRow:
        row = FactRow(self._appearance, fact, chats, projects)
        row.changed.connect(self.changed)
        row.switched.connect(self.switched)
        row.removed.connect(self.removed)
        row.chat_asked.connect(self.chat_asked)
        return row


def _named(what: str, fact: Fact) -> str:
    return f"{what}: {fact.text}"


def _short(title: str, most: int = MOST_TITLE) -> str:
    return title if len(title) <= most else f"{title[: most - 1].rstrip()}…"
