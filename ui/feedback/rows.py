"""Feedback and cases as rows: read, opened, changed, checked, removed. Rows that are the same stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.feedback import words
from ui.feedback.entries import Entry, EntryKind
from ui.models.parts import Sign
from ui.translation import tr
from ui.widgets.buttons import IconButton
from ui.widgets.labels import label
from workbench.checks.check import Result

MOST_SHOWN: Final = 60
ICON: Final = 16


class EntryRow(QWidget):
    """Each signal carries the `Entry`. ``changed``: it is to be changed; ``checked``: its check is to be tried."""

    opened = Signal(object)
    changed = Signal(object)
    checked = Signal(object)
    removed = Signal(object)

    def __init__(self, appearance: Appearance, entry: Entry) -> None:
        super().__init__()
        self.entry = entry
        said = words.title(entry)
        self.setAccessibleName(f"{tr(words.KIND[entry.kind])}: {said}")
        self.title = label(said, "strong", wrap=True)
        self.result = label("", "muted", wrap=True)
        self.result.setVisible(False)
        self.buttons = self._buttons(appearance, said)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.title, 1)
        for button in self.buttons:
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(3)
        column.addLayout(head)
        for line in words.lines(entry):
            column.addWidget(label(line, wrap=True, selectable=True))
        column.addWidget(self.result)
        column.addWidget(label(words.below(entry), "caption", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Sign(words.ICONS[entry.kind], appearance), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    def show_result(self, result: Result) -> None:
        """Whether the stored answer passes the check of a case."""
        text, tone = words.result_words(result)
        self.result.setText(text)
        self.result.setProperty("tone", tone)
        self.result.style().unpolish(self.result)
        self.result.style().polish(self.result)
        self.result.setVisible(True)

    def _buttons(self, appearance: Appearance, said: str) -> list[IconButton]:
        made = []
        entry = self.entry
        wanted = [
            (entry.place is not None, "message-square", tr("Show in its chat"), self.opened),
            (entry.kind is EntryKind.CASE and entry.has_answer, "play", tr("Check the answer"), self.checked),
            (entry.kind in words.CHANGE, "pencil", tr(words.CHANGE.get(entry.kind, "")), self.changed),
            (True, "trash-2", tr("Remove"), self.removed),
        ]
        for is_there, icon, name, signal in wanted:
            if is_there:
                button = IconButton(icon, f"{name}: {said}", appearance, size=ICON)
                button.setToolTip(name)
                button.clicked.connect(lambda _checked=False, one=signal: one.emit(self.entry))
                made.append(button)
        return made


class EntryList(QWidget):
    """The newest that are asked for. The signals are those of `EntryRow`."""

    opened = Signal(object)
    changed = Signal(object)
    checked = Signal(object)
    removed = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._rows: dict[str, EntryRow] = {}
        self.setAccessibleName(tr("Feedback and test cases"))
        self._note = label("", "muted", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)
        self._column.addWidget(self._note)

    def row(self, key: str) -> EntryRow | None:
        return self._rows.get(key)

    @property
    def shown(self) -> tuple[EntryRow, ...]:
        return tuple(self._rows.values())

    def show_entries(self, entries: Sequence[Entry], note: str) -> None:
        """``note``: where there is none. A row whose entry is the same stays, with its focus."""
        wanted = {entry.key: entry for entry in entries[:MOST_SHOWN]}
        more = len(entries) - len(wanted)
        said = tr("{count} older ones are not shown: search for them.").format(count=f"{more:,}") if more else note
        self._note.setText(said if more or not entries else "")
        self._note.setVisible(bool(self._note.text()))
        next_focus = self._drop([key for key, row in self._rows.items() if wanted.get(key) != row.entry], wanted)
        rows: dict[str, EntryRow] = {}
        for place, (key, entry) in enumerate(wanted.items()):
            rows[key] = row = self._rows.get(key) or self._made(entry)
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
        self._rows = rows
        if next_focus in rows:
            rows[next_focus].buttons[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self, keys: Sequence[str], wanted: dict[str, Entry]) -> str:
        """Returns where the focus goes: to the row after the one that had it."""
        order, next_focus = list(self._rows), ""
        for key in keys:
            row = self._rows[key]
            if row.isAncestorOf(row.window().focusWidget() or self):
                later = [key, *order[order.index(key) + 1 :], *reversed(order[: order.index(key)])]
                next_focus = next((one for one in later if one in wanted), "")
        for key in keys:
            row = self._rows.pop(key)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        return next_focus

    def _made(self, entry: Entry) -> EntryRow:
        row = EntryRow(self._appearance, entry)
        for mine, its in (
            (self.opened, row.opened),
            (self.changed, row.changed),
            (self.checked, row.checked),
            (self.removed, row.removed),
        ):
            its.connect(mine)
        return row
