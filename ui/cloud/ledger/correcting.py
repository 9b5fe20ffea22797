"""What one call cost in truth: an amount and why, typed below the table of calls."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.tools.parts import paragraph
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.fields import labelled, line_edit
from ui.widgets.flow import Flow
from workbench.cloud.spending.amounts import micros_of, plain
from workbench.cloud.spending.money import CallState, Entry
from workbench.errors import UsageError

AMOUNT_WIDTH, NOTE_WIDTH = 110, 240


def can_be_corrected(entry: Entry | None) -> bool:
    """What is on its way, or went over the person's own subscription, cannot."""
    return entry is not None and entry.state not in (CallState.RESERVED, CallState.FREE)


class CorrectionLine(QWidget):
    """``given`` carries the call's id, millionths and the note. ``left``: nothing is to be corrected. ``resized``: it says
    more or less."""

    given = Signal(str, object, str)
    left = Signal()
    resized = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._entry: Entry | None = None
        self.setAccessibleName(tr("Correct a call"))
        self.amount = _field(tr("What it cost, in dollars"), "0.0125", appearance.pixels(AMOUNT_WIDTH))
        self.note = _field(tr("Why, for yourself"), tr("Invoice of November"), appearance.pixels(NOTE_WIDTH))
        self.keep = Button(tr("Correct"), appearance, look="primary")
        self.leave = Button(tr("Leave it"), appearance)
        self.problem = paragraph("", "danger")
        self.problem.hide()
        line_widget = QWidget()
        line = Flow(line_widget, gap=8)
        for part in (
            labelled(tr("It cost $"), self.amount),
            labelled(tr("Note"), self.note),
            self.keep,
            self.leave,
        ):
            line.addWidget(part)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        for widget in (line_widget, self.problem):
            rows.addWidget(widget)
        for field in (self.amount, self.note):
            field.returnPressed.connect(self._give)
        self.amount.textEdited.connect(lambda _text: self._check())
        self.keep.clicked.connect(self._give)
        self.leave.clicked.connect(self.left)
        self.hide()

    @property
    def call_id(self) -> str:
        """Of the call that is being corrected; empty: none is."""
        return "" if self._entry is None else self._entry.id

    def show_call(self, entry: Entry | None) -> None:
        """What is being typed stays while the call does."""
        same = entry is not None and self._entry is not None and entry.id == self._entry.id
        self._entry = entry
        if not same:
            self.amount.setText("" if entry is None else plain(entry.cost_micros))
            self.note.setText("" if entry is None or entry.correction is None else entry.correction.note)
            self._refuse("")
        self.setVisible(entry is not None)
        self._check()

    def _check(self) -> None:
        self.keep.setEnabled(bool(self.amount.text().strip()))

    def _give(self) -> None:
        if self._entry is None or not self.keep.isEnabled():
            return
        try:
            micros = micros_of(self.amount.text())
        except UsageError as error:
            self._refuse(f"{error.message} {error.hint}")
            return
        self._refuse("")
        self.given.emit(self._entry.id, micros, self.note.text().strip())

    def _refuse(self, why: str) -> None:
        self.problem.setText(why)
        self.problem.setVisible(bool(why))
        self.resized.emit()


def _field(name: str, example: str, width: int) -> QLineEdit:
    made = line_edit(name, example)
    made.setFixedWidth(width)
    return made
