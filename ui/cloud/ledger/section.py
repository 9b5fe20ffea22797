"""*Spending* in the settings: caps with what counts against them, and the way to every call."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.cloud.ledger.caps import CapRows, month_cap, without_cap
from ui.cloud.ledger.page import LedgerPage
from ui.cloud.ledger.reading import ReadCaps, read_caps
from ui.tools.parts import paragraph
from ui.translation import marked, tr
from ui.widgets.buttons import Button, ElidedButton
from ui.widgets.flow import Flow
from ui.widgets.popover import Choice, Popover
from workbench.cloud.spending.money import CapKind
from workbench.events import Changed, Topic

if TYPE_CHECKING:
    from workbench.app import Workbench

WORDS = marked(
    "Before a question leaves, the most that its answer may cost is set aside. What would pass a cap is not sent. Days and"
    " months are those of this computer's calendar; answers of this machine cost nothing."
)
FILE = "workbench-spending.csv"


class SpendingSection(QWidget):
    """``told`` carries errors, ``said`` what there is to know."""

    told = Signal(object)
    said = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self._bridge, self._workbench, self._appearance = bridge, workbench, appearance
        self._loads = 0
        self._found = ReadCaps()
        self._page: LedgerPage | None = None
        self._wanted: tuple[CapKind, str] | None = None
        self.setAccessibleName(tr("Spending"))
        self.rows = CapRows(appearance)
        self.add = ElidedButton(tr("Cap for a provider…"), appearance, icon_name="plus").gives_way()
        self.calls = Button(tr("Every call…"), appearance, icon_name="list")
        self._lay_out()
        self.rows.given.connect(self._set)
        self.add.clicked.connect(self._offer_providers)
        self.calls.clicked.connect(lambda: self.open_page())
        bridge.listen(self._on_changed)

    def refresh(self) -> None:
        self._loads += 1
        this = self._loads

        def done(found: ReadCaps) -> None:
            if this == self._loads:
                self._take(found)

        self._bridge.run(lambda _job: read_caps(self._workbench), on_done=done, on_failed=self.told.emit)

    def open_page(self) -> LedgerPage:
        """Every call, above the window."""
        page = LedgerPage(self._bridge, self._workbench, self._appearance, self.window())
        page.told.connect(self.told)
        page.csv_asked.connect(self._ask_file)
        self._page = page
        page.open()
        return page

    # Changing ---------------------------------------------------------------------------------------------------------

    def _set(self, kind: CapKind, name: str, micros: int | None) -> None:
        self._bridge.run(
            lambda _job: self._workbench.ledger.set_cap(kind, micros, name),
            on_done=lambda _none: self.refresh(),
            on_failed=self._not_set,
        )

    def _not_set(self, error: Any) -> None:
        self.told.emit(error)
        self.refresh()

    def _offer_providers(self) -> None:
        choices = [Choice(name, partial(self._begin_cap, one)) for one, name in without_cap(self._found)]
        Popover(tr("Cap for a provider"), choices, self._appearance, self.window()).open_at(self.add)

    def _begin_cap(self, provider: str) -> None:
        """As much as the month's, which changes nothing yet: the amount is then typed."""
        month = month_cap(self._found)
        self._wanted = (CapKind.PROVIDER, provider)
        self._set(CapKind.PROVIDER, provider, 0 if month is None else month.micros)

    # A table for other programs ---------------------------------------------------------------------------------------

    def _ask_file(self) -> None:
        dialog = QFileDialog(self.window(), tr("Save as CSV"), QDir.homePath())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(FILE)
        dialog.setDefaultSuffix("csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.write(Path(path)))
        dialog.open()

    def write(self, path: Path) -> None:
        """The dialog has asked whether a file that is there is to be replaced."""
        self._bridge.run(
            lambda _job: self._workbench.ledger.export_csv(path, replace=True),
            on_done=lambda _count: self.said.emit(tr("All calls are in {path}.").format(path=path)),
            on_failed=self.told.emit,
        )

    # Showing ----------------------------------------------------------------------------------------------------------

    def _on_changed(self, changed: Changed) -> None:
        if self._page is not None and isValid(self._page):
            self._page.on_changed(changed)
        if Topic.CLOUD in changed.topics and self.isVisible():
            self.refresh()

    def _take(self, found: ReadCaps) -> None:
        self._found = found
        self.rows.show_caps(found)
        self.add.setEnabled(bool(without_cap(found)))
        wanted, self._wanted = self._wanted, None
        row = None if wanted is None else self.rows.row(*wanted)
        if row is not None:
            row.field.setFocus(Qt.FocusReason.OtherFocusReason)
            row.field.selectAll()
        elif wanted is not None:
            self._wanted = wanted  # it is not there yet

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _lay_out(self) -> None:
        buttons = QWidget()
        line = Flow(buttons, gap=8)
        for button in (self.calls, self.add):
            line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for part in (paragraph(tr("Spending")), paragraph(tr(WORDS), "caption"), self.rows, buttons):
            layout.addWidget(part)
