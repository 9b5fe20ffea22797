"""The models of one provider: what each costs and can hold, which one is proposed, and prices of one's own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.cloud.settings.items import OF_PROVIDER
from ui.cloud.settings.price_editor import PriceEditor
from ui.cloud.settings.table import OfferTable
from ui.cloud.settings.tall import TallDialog
from ui.cloud.settings.words import model_words
from ui.tools.parts import paragraph
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.fields import line_edit
from workbench.cloud.comparing import Offer
from workbench.cloud.provider import CloudModel, Provider

WIDTH = 720
TOLD = marked(
    "Prices are for a million tokens, as listed or as {name} told when it was last asked. One that is not known is asked"
    " for, never taken as 0."
)
NOTHING = marked("Nothing is listed of {name} yet. With a key, it tells what it has.")


class ModelsDialog(TallDialog):
    """``refresh_asked``: ask the provider. ``propose_asked`` carries a full name, ``price_given`` that and a `Price` or
    None."""

    refresh_asked = Signal()
    propose_asked = Signal(str)
    price_given = Signal(str, object)

    def __init__(self, provider: Provider, appearance: Appearance, window: QWidget, *, has_key: bool) -> None:
        title = tr("Models of {name}").format(name=provider.name)
        self.table = OfferTable(title, OF_PROVIDER, 0, appearance)
        super().__init__(title, WIDTH, self.table, appearance, window)
        self._provider = provider
        self._models: tuple[CloudModel, ...] = ()
        self._proposed = ""
        self.filter = line_edit(tr("Find a model"), tr("Find a model"))
        self.filter.textChanged.connect(lambda _text: self._filter())
        self.refresh = Button(tr("Refresh"), appearance, icon_name="refresh-cw", name=tr("Ask for its models"))
        self.refresh.setEnabled(has_key)
        self.refresh.clicked.connect(self.refresh_asked)
        self.state = paragraph("", "muted", selectable=True)
        self.table.chosen.connect(self._show_offer)
        self.name = paragraph("", "strong", selectable=True)
        self.propose = Button(tr("Propose this one"), appearance)
        self.propose.clicked.connect(self._propose)
        self.price = PriceEditor(appearance)
        self.price.given.connect(self.price_given)
        self._lay_out()

    def open(self) -> None:
        self.place()
        self.appear()
        self.filter.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_models(self, models: tuple[CloudModel, ...], proposed: str) -> None:
        """``proposed``: the full name of the one that the button asks."""
        self._models, self._proposed = models, proposed
        self._filter()
        if not models:
            self.show_state(tr(NOTHING).format(name=self._provider.name))

    def show_state(self, words: str, *, asking: bool = False, failed: bool = False) -> None:
        """What came of asking."""
        self.state.setText(words)
        self.state.setProperty("tone", "danger" if failed else "muted")
        self.state.style().polish(self.state)
        self.state.setVisible(bool(words))
        self.refresh.setEnabled(not asking)
        self.place()

    def _filter(self) -> None:
        wanted = self.filter.text().casefold().split()
        found = [
            Offer(self._provider, one)
            for one in self._models
            if all(word in f"{one.name} {one.id}".casefold() for word in wanted)
        ]
        self.table.show_offers(found)
        self.place()

    def _show_offer(self, offer: Offer | None) -> None:
        self._below.setVisible(offer is not None)
        if offer is None:
            return
        is_proposed = offer.model.full_name == self._proposed
        self.name.setText(f"{model_words(offer.model)} · {offer.model.id}" if offer.model.name else offer.model.id)
        self.propose.say(tr("This one is proposed") if is_proposed else tr("Propose this one"))
        self.propose.setEnabled(not is_proposed)
        self.price.show_model(offer.model)

    def _propose(self) -> None:
        if (offer := self.table.current()) is not None:
            self.propose_asked.emit(offer.model.full_name)

    def _lay_out(self) -> None:
        rows = self.body
        rows.addWidget(paragraph(tr(TOLD).format(name=self._provider.name), "caption"))
        find = QHBoxLayout()
        find.setSpacing(8)
        find.addWidget(self.filter, 1)
        find.addWidget(self.refresh)
        rows.addLayout(find)
        rows.addWidget(self.state)
        rows.addWidget(self.table)
        self._below = QWidget()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.name, 1)
        head.addWidget(self.propose)
        below.addLayout(head)
        below.addWidget(self.price)
        rows.addWidget(self._below)
        self.state.hide()
        self._below.hide()
