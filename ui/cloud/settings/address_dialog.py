"""A provider of one's own: its name and its address, with the rules told before."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.tools.parts import paragraph
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.fields import line_edit
from ui.widgets.floating import Floating
from ui.widgets.flow import Flow
from workbench.cloud.provider import Provider
from workbench.errors import WorkbenchError

WIDTH = 480
RULES = marked(
    "Any service that speaks OpenAI's HTTP. Only https, but for this machine. A key belongs to one address: where that"
    " changes, it is asked for again. Nothing is sent yet."
)


class AddressDialog(Floating):
    """``given`` carries the name and the address. Whoever hears it calls `dismiss`, or `show_failure`."""

    given = Signal(str, str)

    def __init__(self, appearance: Appearance, window: QWidget, provider: Provider | None = None) -> None:
        title = tr("An address of your own") if provider is None else tr("Address of {name}").format(name=provider.name)
        super().__init__(title, window)
        self._appearance = appearance
        self.name = line_edit(tr("Name"), tr("mine"))
        self.address = line_edit(tr("Address"), "https://models.example.org/v1")
        if provider is not None:
            self.name.setText(provider.id)
            self.address.setText(provider.base_url)
        self.name.setReadOnly(provider is not None)
        self.problem = paragraph("", "danger", selectable=True)
        self.problem.hide()
        self.keep = Button(tr("Keep the address"), appearance, look="primary")
        self.cancel = Button(tr("Cancel"), appearance)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(8)
        rows.addWidget(paragraph(title, "title"))
        rows.addWidget(paragraph(tr(RULES), "caption"))
        for field in (self.name, self.address):
            rows.addWidget(paragraph(field.accessibleName(), "caption"))
            rows.addWidget(field)
            field.returnPressed.connect(self._give)
            field.textChanged.connect(lambda _text: self._check())
        rows.addWidget(self.problem)
        buttons = QWidget()
        line = Flow(buttons, gap=8, trailing=True)
        line.addWidget(self.cancel)
        line.addWidget(self.keep)
        rows.addWidget(buttons)
        self.cancel.clicked.connect(self.dismiss)
        self.keep.clicked.connect(self._give)
        self._check()

    def open(self) -> None:
        self.place_at_top(self._appearance.pixels(WIDTH))
        self.appear()
        first = self.address if self.name.isReadOnly() else self.name
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_failure(self, error: WorkbenchError) -> None:
        """It is no address: another try."""
        self.problem.setText(f"{error.message} {error.hint}")
        self.problem.show()
        self.setAccessibleDescription(self.problem.text())
        self._check()
        self.place_at_top(self._appearance.pixels(WIDTH))
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def _check(self) -> None:
        self.keep.setEnabled(bool(self.name.text().strip() and self.address.text().strip()))

    def _give(self) -> None:
        name, address = self.name.text().strip(), self.address.text().strip()
        if name and address:
            self.given.emit(name, address)
