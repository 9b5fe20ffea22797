"""Caps as rows: what counts against each, what it leaves, and a field to change it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.cloud.ledger.reading import ReadCaps
from ui.cloud.ledger.words import cap_title, cap_words, share, typed, usual_words
from ui.tools.parts import paragraph
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.fields import line_edit
from ui.widgets.labels import label
from workbench.cloud.spending.amounts import micros_of
from workbench.cloud.spending.money import Cap, CapKind, CapState
from workbench.errors import UsageError

FIELD_WIDTH = 92
NAMED = (CapKind.PROVIDER, CapKind.CHAT)


class CapRow(QWidget):
    """``given`` carries the new amount in millionths; None: as it comes, or no cap."""

    given = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._state: CapState | None = None
        self._title = ""
        self.title = paragraph("")
        self.words = paragraph("", "caption")
        self.problem = paragraph("", "danger")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setProperty("tone", "cloud")
        self.field = line_edit("", "2.00")
        self.field.setFixedWidth(appearance.pixels(FIELD_WIDTH))
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.usual = Button("", appearance, look="quiet")
        self.remove = IconButton("x", tr("Remove this cap"), appearance)
        self._lay_out()
        self.field.editingFinished.connect(self._give)
        self.field.textEdited.connect(lambda _text: self._refuse(""))
        for button in (self.usual, self.remove):
            button.clicked.connect(partial(self.given.emit, None))

    def show_state(self, state: CapState, title: str) -> None:
        """What is being typed stays."""
        cap = state.cap
        if not self.field.hasFocus() or (self._state is not None and self._state.cap != cap):
            self.field.setText(typed(cap.micros))
            self._refuse("")
        self._state, self._title = state, title
        self.title.setText(title)
        self.words.setText(cap_words(state))
        self.bar.setVisible(cap.kind is not CapKind.REQUEST)
        self.bar.setValue(share(state))
        self.bar.setAccessibleName(tr("Spent of the cap: {title}").format(title=title))
        self.field.setAccessibleName(tr("At most, in dollars: {title}").format(title=title))
        self.usual.say(usual_words(cap))
        self.usual.setAccessibleName(f"{title}: {usual_words(cap)}")
        self.usual.setVisible(cap.kind not in NAMED and not state.usual)
        self.remove.setVisible(cap.kind in NAMED)
        self.remove.say(tr("Remove this cap: {title}").format(title=title))

    def _give(self) -> None:
        if self._state is None:
            return
        try:
            micros = micros_of(self.field.text())
        except UsageError as error:
            self._refuse(f"{error.message} {error.hint}")
            return
        self._refuse("")
        self.field.setText(typed(micros))
        if micros != self._state.cap.micros:
            self.given.emit(micros)

    def _refuse(self, why: str) -> None:
        self.problem.setText(why)
        self.problem.setVisible(bool(why))

    def _lay_out(self) -> None:
        amount = QWidget()
        line = QHBoxLayout(amount)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for control in (self.remove, label("$", "muted"), self.field):
            line.addWidget(control)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.title, 1)
        head.addWidget(amount)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.words, 1)
        foot.addWidget(self.usual)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addLayout(head)
        rows.addWidget(self.bar)
        rows.addLayout(foot)
        rows.addWidget(self.problem)


class CapRows(QWidget):
    """``given`` carries a kind, a name, and millionths; None: as it comes, or no cap."""

    given = Signal(object, str, object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._rows: dict[tuple[CapKind, str], CapRow] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(14)

    def row(self, kind: CapKind, name: str = "") -> CapRow | None:
        return self._rows.get((kind, name))

    def show_caps(self, found: ReadCaps) -> None:
        keys = [(state.cap.kind, state.cap.name) for state in found.states]
        if keys != list(self._rows):
            self._make(keys)
        for state in found.states:
            row = self._rows[state.cap.kind, state.cap.name]
            row.show_state(state, cap_title(state.cap, found.providers, found.chats))

    def _make(self, keys: list[tuple[CapKind, str]]) -> None:
        """Rows that stay are the same, with what is typed in them."""
        before = self._rows
        self._rows = {key: before[key] if key in before else self._made(*key) for key in keys}
        stay = set(self._rows.values())
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None and widget not in stay:
                widget.hide()
                widget.deleteLater()
        for row in self._rows.values():
            self._layout.addWidget(row)

    def _made(self, kind: CapKind, name: str) -> CapRow:
        row = CapRow(self._appearance)
        row.given.connect(partial(self.given.emit, kind, name))
        return row


def without_cap(found: ReadCaps) -> tuple[tuple[str, str], ...]:
    """Ids and names of providers that have no cap of their own."""
    capped = {state.cap.name for state in found.states if state.cap.kind is CapKind.PROVIDER}
    return tuple((one, name) for one, name in found.providers.items() if one not in capped)


def month_cap(found: ReadCaps) -> Cap | None:
    return next((state.cap for state in found.states if state.cap.kind is CapKind.MONTH), None)
