"""One open model at the providers that offer it: prices, speed, context, and what each says that it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QWidget

from ui.appearance import Appearance
from ui.cloud.settings.items import SIDE_BY_SIDE
from ui.cloud.settings.table import OfferTable
from ui.cloud.settings.tall import TallDialog
from ui.cloud.settings.words import price_words, retention_words, source_words
from ui.tools.parts import paragraph
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from workbench.cloud.comparing import Offer, offers, open_models
from workbench.cloud.provider import CloudModel, Provider

WIDTH = 960
MOST_MODELS = 8
TOLD = marked(
    "Dollars for a million tokens read or written, as listed on the day told below; speed as stated. Nobody was asked."
)
NOTHING = marked("No open model is listed yet. Refresh the models of a provider first.")


class SideBySide(TallDialog):
    def __init__(
        self, models: Sequence[CloudModel], providers: Sequence[Provider], appearance: Appearance, window: QWidget
    ) -> None:
        self.table = OfferTable(
            tr("Providers of this model"), SIDE_BY_SIDE, len(SIDE_BY_SIDE) - 1, appearance, wraps=True
        )
        super().__init__(tr("Side by side"), WIDTH, self.table, appearance, window)
        self._models, self._providers = tuple(models), tuple(providers)
        self._names = open_models(self._models)[:MOST_MODELS]
        self.choices = QButtonGroup(self)
        self.table.chosen.connect(self._tell)
        self.told = paragraph("", "caption", selectable=True)
        self._lay_out()

    def open(self) -> None:
        self.place()
        self.appear()
        if self._names:
            self._show(self._names[0])
            self.choices.buttons()[0].setFocus(Qt.FocusReason.PopupFocusReason)
        else:
            self.close_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _show(self, name: str) -> None:
        for button in self.choices.buttons():
            button.setChecked(button.property("model") == name)
        self.table.show_offers(offers(name, self._models, self._providers))
        self.place()

    def _tell(self, offer: Offer | None) -> None:
        if offer is None:
            self.told.setText("")
            return
        source = source_words(offer.model.price)
        priced = f"{price_words(offer.model.price)} ({source})" if source else price_words(offer.model.price)
        self.told.setText(f"{offer.provider.name}: {priced}. {retention_words(offer.provider)}")

    def _lay_out(self) -> None:
        rows = self.body
        rows.addWidget(paragraph(tr(TOLD if self._names else NOTHING), "caption"))
        models = QWidget()
        line = Flow(models, gap=6)
        for name in self._names:
            button = Button(name, self._appearance, look="chip", name=tr("Compare {model}").format(model=name))
            button.setCheckable(True)
            button.setProperty("model", name)
            button.clicked.connect(partial(self._show, name))
            self.choices.addButton(button)
            line.addWidget(button)
        rows.addWidget(models)
        rows.addWidget(self.table)
        rows.addWidget(self.told)
        for part in (models, self.table, self.told):
            part.setVisible(bool(self._names))
