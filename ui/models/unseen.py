"""Models of the catalog whose memory is only known from the header of their file: looked at when the person asks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models import words
from ui.models.parts import FitButton, card, empty
from ui.models.state import UnseenRow
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from workbench.engine.runtimes.builds import EngineBuild
from workbench.models.catalog.model import CatalogModel
from workbench.models.sizing.estimate import Estimate
from workbench.sizes import size_words

NOT_SEEN = marked(
    "What it takes in memory is known after a look at the file's header: a few small requests to the model hub."
)


class UnseenList(QWidget):
    """A card each, hidden where there are none. The first two signals carry a `CatalogModel`.

    ``sum_asked``: reference, name, `Estimate` and the button where the sum should open.
    """

    look_asked = Signal(object)
    download_asked = Signal(object)
    sum_asked = Signal(str, str, object, QWidget)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: tuple[tuple[UnseenRow, ...], Sequence[EngineBuild]] = ((), ())
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self.hide()

    def show_rows(self, rows: tuple[UnseenRow, ...], builds: Sequence[EngineBuild]) -> None:
        if (rows, builds) == self._shown:
            return
        self._shown = rows, builds
        focused = QApplication.focusWidget()
        name = focused.accessibleName() if focused is not None and self.isAncestorOf(focused) else ""
        empty(self._rows)
        cards = [self._card(row, builds) for row in rows]
        for made in cards:
            self._rows.addWidget(made)
        self.setVisible(bool(cards))
        buttons = {button.accessibleName(): button for made in cards for button in made.findChildren(Button)}
        if name and buttons:  # what had the focus was made again, or is gone
            buttons.get(name, next(iter(buttons.values()))).setFocus(Qt.FocusReason.OtherFocusReason)

    def _card(self, row: UnseenRow, builds: Sequence[EngineBuild]) -> QFrame:
        model = row.unseen.model
        made, inside = card(model.name)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(ElidedLabel(model.name, "strong"), 1)
        for control in self._controls(row):
            head.addWidget(control)
        inside.addLayout(head)
        inside.addWidget(label(" · ".join((model.vendor, words.size_line(model))), "caption", wrap=True))
        if row.unseen.estimate is not None:
            inside.addLayout(self._findings(model, row.unseen.estimate, builds))
        elif row.unseen.problem:
            inside.addWidget(label(row.unseen.problem, "danger", wrap=True, selectable=True))
        else:
            inside.addWidget(label(tr(NOT_SEEN), "muted", wrap=True))
        return made

    def _controls(self, row: UnseenRow) -> list[QWidget]:
        model, state = row.unseen.model, words.state_words(row)
        if state:
            return [label(state, "muted")]
        controls: list[QWidget] = []
        if row.unseen.estimate is None:
            look = Button(
                tr("Looking…") if row.unseen.looking else tr("Look at the file"),
                self._appearance,
                icon_name="search",
                name=tr("Look at the file of {name}").format(name=model.name),
            )
            if not row.unseen.looking:  # it keeps the focus meanwhile
                look.clicked.connect(lambda: self.look_asked.emit(model))
            controls.append(look)
        if model.files:
            size = model.files[0].size_bytes
            get = Button(
                size_words(size + model.files[0].projector_bytes) if size else tr("Download"),
                self._appearance,
                icon_name="download",
                name=tr("Download {name}").format(name=model.name),
            )
            get.clicked.connect(lambda: self.download_asked.emit(model))
            controls.append(get)
        return controls

    def _findings(self, model: CatalogModel, found: Estimate, builds: Sequence[EngineBuild]) -> Flow:
        row = Flow(gap=10)
        fit = FitButton(self._appearance, found, model.name)
        fit.clicked.connect(lambda: self.sum_asked.emit(model.id, model.name, found, fit))
        row.addWidget(fit)
        for text in (words.engine_note(found, builds), words.rate_words(found.generation_tokens_per_second)):
            if text:
                row.addWidget(label(text, "muted"))
        return row
