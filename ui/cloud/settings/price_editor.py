"""A price of one's own for one model: two amounts for a million tokens."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.cloud.settings.words import price_words, source_words
from ui.tools.parts import paragraph
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.fields import labelled, line_edit
from ui.widgets.flow import Flow
from workbench.cloud.cloud import OWN_SOURCE
from workbench.cloud.provider import CloudModel, Price
from workbench.cloud.spending.amounts import micros_of, plain
from workbench.errors import UsageError

FIELD_WIDTH = 110


class PriceEditor(QWidget):
    """``given`` carries the model's full name and its `Price`; None: as listed."""

    given = Signal(str, object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._model: CloudModel | None = None
        self.setAccessibleName(tr("Price"))
        self.told = paragraph("", "caption", selectable=True)
        self.problem = paragraph("", "danger")
        self.problem.hide()
        self.read = _field(tr("Dollars for a million tokens that are read"), appearance)
        self.written = _field(tr("Dollars for a million tokens that are written"), appearance)
        self.keep = Button(tr("Keep as my price"), appearance)
        self.listed = Button(tr("As listed"), appearance, name=tr("Take the listed price again"))
        line_widget = QWidget()
        line = Flow(line_widget, gap=8)
        line.addWidget(labelled(tr("Read $"), self.read))
        line.addWidget(labelled(tr("Written $"), self.written))
        line.addWidget(self.keep)
        line.addWidget(self.listed)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        for widget in (self.told, line_widget, self.problem):
            rows.addWidget(widget)
        for field in (self.read, self.written):
            field.returnPressed.connect(self._give)
            field.textEdited.connect(lambda _text: self._check())
        self.keep.clicked.connect(self._give)
        self.listed.clicked.connect(self._take_back)

    def show_model(self, model: CloudModel | None) -> None:
        """What is being typed stays while the model does."""
        same = model is not None and self._model is not None and model.full_name == self._model.full_name
        changed = not same or (model is not None and self._model is not None and model.price != self._model.price)
        self._model = model
        self.setVisible(model is not None)
        if model is None or not changed:
            return
        price, source = model.price, source_words(model.price)
        self.told.setText(f"{price_words(price)} · {source}" if source else price_words(price))
        self.read.setText("" if price is None else plain(price.input_micros))
        self.written.setText("" if price is None else plain(price.output_micros))
        self.listed.setVisible(price is not None and price.source == OWN_SOURCE)
        self._refuse("")
        self._check()

    def _check(self) -> None:
        self.keep.setEnabled(bool(self.read.text().strip() and self.written.text().strip()))

    def _give(self) -> None:
        if self._model is None or not self.keep.isEnabled():
            return
        try:
            price = Price(micros_of(self.read.text()), micros_of(self.written.text()))
        except UsageError as error:
            self._refuse(f"{error.message} {error.hint}")
            return
        self._refuse("")
        self.given.emit(self._model.full_name, price)

    def _take_back(self) -> None:
        if self._model is not None:
            self.given.emit(self._model.full_name, None)

    def _refuse(self, why: str) -> None:
        self.problem.setText(why)
        self.problem.setVisible(bool(why))


def _field(name: str, appearance: Appearance) -> QLineEdit:
    made = line_edit(name, "0.15")
    made.setFixedWidth(appearance.pixels(FIELD_WIDTH))
    return made
