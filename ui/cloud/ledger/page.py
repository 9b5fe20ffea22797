"""Every call with its cost, sums, what this machine's answers would have cost, and a table for other programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.cloud.ledger.correcting import CorrectionLine, can_be_corrected
from ui.cloud.ledger.items import of_calls, of_totals
from ui.cloud.ledger.reading import MOST_CALLS, Period, ReadLedger, read_ledger
from ui.cloud.ledger.table import LedgerTable
from ui.cloud.ledger.words import together, worth_words
from ui.cloud.settings.tall import TallDialog
from ui.settings.parts import Picker
from ui.tools.parts import paragraph
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import rule, short_label
from ui.widgets.popover import Choice, Popover
from workbench.cloud.spending.money import By, Entry
from workbench.events import Changed, Topic

if TYPE_CHECKING:
    from workbench.app import Workbench

Key = TypeVar("Key")
WIDTH = 900
MOST_COMPARED = 40
TOLD_LINES = 3
PERIODS = {Period.DAY: marked("Today"), Period.MONTH: marked("This month"), Period.ALL: marked("Always")}
VIEWS: dict[By | None, str] = {
    None: marked("Each call"),
    By.DAY: marked("By day"),
    By.PROVIDER: marked("By provider"),
    By.MODEL: marked("By model"),
}
NOTHING = marked("Nothing was asked of a provider. What is, stands here with its cost, exactly.")
NOTHING_NOW = marked("Nothing was asked of a provider in this time.")
COMPARED = marked("Compared with")


class LedgerPage(TallDialog):
    """``told`` carries errors, ``csv_asked`` nothing: where the file goes is asked elsewhere."""

    told = Signal(object)
    csv_asked = Signal()

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance, window: QWidget) -> None:
        self.table = LedgerTable(appearance)
        super().__init__(tr("Spending"), WIDTH, self.table, appearance, window)
        self._bridge, self._workbench = bridge, workbench
        self._period, self._compared = Period.MONTH, ""
        self._view: By | None = None
        self._found: ReadLedger | None = None
        self._loads = 0
        self._names = {one.id: one.name for one in workbench.cloud.providers()}
        self.periods = self._chips(PERIODS, self._choose_period)
        self.views = self._chips(VIEWS, self._choose_view)
        self.sum = paragraph("", "cloud")
        self.more = paragraph("", "caption", selectable=True)
        self.more.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing = paragraph("", "muted")
        self.compared = Picker(tr(COMPARED), appearance)
        self.worth = paragraph("", "caption", selectable=True)
        self.save = Button(tr("Save as CSV…"), appearance, icon_name="download")
        self.correct = Button(tr("Correct…"), appearance, icon_name="pencil", name=tr("Correct what this call cost…"))
        self.correction = CorrectionLine(appearance)
        self._lay_out()
        self._connect()

    def open(self) -> None:
        self._show()
        self.appear()
        self.close_button.setFocus(Qt.FocusReason.PopupFocusReason)
        self.refresh()

    def refresh(self) -> None:
        self._loads += 1
        this, period, compared = self._loads, self._period, self._compared

        def done(found: ReadLedger) -> None:
            if this == self._loads:
                self._found = found
                self._show()

        self._bridge.run(
            lambda _job: read_ledger(self._workbench, period, compared), on_done=done, on_failed=self.told.emit
        )

    def on_changed(self, changed: Changed) -> None:
        if Topic.CLOUD in changed.topics and self.isVisible():
            self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A dialog of its own, where the file goes, is not beside it."""
        if isinstance(watched, QWidget) and watched.window() is not self.window():
            return False
        return super().eventFilter(watched, event)

    # Choosing ---------------------------------------------------------------------------------------------------------

    def _choose_period(self, period: Period) -> None:
        self._period = period
        self._mark()
        self.refresh()

    def _choose_view(self, view: By | None) -> None:
        self._view = view
        self.correction.show_call(None)
        self._show()

    def _offer_models(self) -> None:
        found = self._found
        if found is None:
            return
        chosen = "" if found.worth is None else found.worth.model.full_name
        choices = [
            Choice(
                one.name or one.id,
                partial(self._compare, one.full_name),
                detail=self._names.get(one.provider, one.provider),
                checked=one.full_name == chosen,
            )
            for one in found.models[:MOST_COMPARED]
        ]
        Popover(self.compared.name, choices, self._appearance, self).open_at(self.compared)

    def _compare(self, full_name: str) -> None:
        self._compared = full_name
        self.refresh()

    # Correcting -------------------------------------------------------------------------------------------------------

    def _chosen(self) -> Entry | None:
        """The call of the current row; None among sums."""
        entries = () if self._found is None or self._view is not None else self._found.entries
        row = self.table.currentIndex().row()
        return entries[row] if 0 <= row < len(entries) else None

    def _begin_correction(self) -> None:
        self.correction.show_call(self._chosen())
        self.place()
        self.correction.amount.setFocus()
        self.correction.amount.selectAll()

    def _end_correction(self) -> None:
        self.correction.show_call(None)
        self.place()
        self.table.setFocus()

    def _keep_correction(self, call_id: str, micros: int, note: str) -> None:
        self._bridge.run(
            lambda _job: self._workbench.ledger.correct(call_id, micros, note),
            on_done=lambda _entry: self._end_correction(),
            on_failed=self.told.emit,
        )

    # Showing ----------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        self._mark()
        found = self._found
        calls = found is not None and bool(found.entries)
        if found is not None:
            shown = (
                of_calls(found.entries, self._names)
                if self._view is None
                else of_totals(self._view, found.totals[self._view], self._names)
            )
            self.table.show_sheet(shown)
            self.sum.setText(self._sum(found))
            self.nothing.setText(tr(NOTHING if self._period is Period.ALL else NOTHING_NOW))
            self._show_worth(found)
        for part in (self.table, self._view_line, self.sum):
            part.setVisible(calls)
        self.nothing.setVisible(found is not None and not calls)
        self.save.setEnabled(calls or self._period is not Period.ALL)
        self.place()

    def _sum(self, found: ReadLedger) -> str:
        said = together(found.totals[By.PROVIDER])
        if self._view is None and len(found.entries) == MOST_CALLS:
            newest = tr("the newest {count} are shown").format(count=MOST_CALLS)
            return f"{said}; {newest}"
        return said

    def _show_worth(self, found: ReadLedger) -> None:
        worth = found.worth
        for part in (self._worth_head, self.worth):
            part.setVisible(worth is not None)
        if worth is not None:
            provider = self._names.get(worth.model.provider, worth.model.provider)
            self.compared.show_choice(f"{worth.model.name or worth.model.id}, {provider}")
            self.worth.setText(worth_words(worth))

    def _tell(self, more: str) -> None:
        """At least as high as most need: what is below does not jump from row to row."""
        self.more.setText(more)
        self.more.setMinimumHeight(self.more.fontMetrics().lineSpacing() * TOLD_LINES)
        self.more.setVisible(bool(more))
        self.correct.setVisible(self._view is None)
        chosen = self._chosen()
        self.correct.setEnabled(can_be_corrected(chosen))
        if self.correction.isVisible() and (chosen is None or chosen.id != self.correction.call_id):
            self.correction.show_call(chosen if can_be_corrected(chosen) else None)
            self.place()

    def _mark(self) -> None:
        for buttons, chosen in ((self.periods, self._period), (self.views, self._view)):
            for key, button in buttons.items():
                button.setChecked(key == chosen)

    # Making -----------------------------------------------------------------------------------------------------------

    def _chips(self, titles: Mapping[Key, str], choose: Callable[[Key], None]) -> dict[Key, Button]:
        group = QButtonGroup(self)
        made: dict[Key, Button] = {}
        for key, title in titles.items():
            button = Button(tr(title), self._appearance, look="filter")
            button.setCheckable(True)
            button.clicked.connect(partial(choose, key))
            group.addButton(button)
            made[key] = button
        return made

    def _connect(self) -> None:
        self.save.clicked.connect(self.csv_asked)
        self.correct.clicked.connect(self._begin_correction)
        self.correction.given.connect(self._keep_correction)
        self.correction.left.connect(self._end_correction)
        self.correction.resized.connect(self.place)
        self.compared.clicked.connect(self._offer_models)
        self.table.chosen.connect(self._tell)

    def _lay_out(self) -> None:
        self._view_line = _line(*self.views.values())
        self._worth_head = _line(short_label(tr("This machine, at the price of")), self.compared)
        for part in (
            _line(*self.periods.values()),
            self.sum,
            self._view_line,
            self.table,
            self.more,
            self.correction,
            self.nothing,
            rule(),
            self._worth_head,
            self.worth,
            _line(self.save, self.correct),
        ):
            self.body.addWidget(part)
        for part in (self.more, self.nothing, self._worth_head):
            part.hide()


def _line(*parts: QWidget) -> QWidget:
    made = QWidget()
    line = Flow(made, gap=6)
    for part in parts:
        line.addWidget(part)
    return made
