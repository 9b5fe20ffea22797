"""Which model finds passages by their meaning: the one that comes along, or an embedding model of one's own."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.settings.parts import Picker, setting_row
from ui.translation import marked, tr
from ui.widgets.popover import Choice
from workbench.documents.embedding.models import ROWS, row_of
from workbench.models.library import InstalledModel
from workbench.settings import Settings

KEY = "documents.embedding_model"
BUILT_IN = marked("The one that comes along")
WORDS = marked(
    "Finds passages of your folders that say the same in other words. An embedding model on this disk can do it instead;"
    " it reads all folders again in the background, and until then the old one answers."
)


class MeaningRow(QWidget):
    """``saved`` carries the key and its new value, ``download_asked`` what is to be fetched and its name."""

    saved = Signal(str, object)
    download_asked = Signal(str, str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._models: tuple[InstalledModel, ...] = ()
        self._wanted = ""
        self.picker = Picker(tr("Search by meaning"), appearance)
        self.picker.clicked.connect(self._offer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(setting_row(tr("Search by meaning"), tr(WORDS), self.picker))

    def show_settings(self, settings: Settings) -> None:
        """Show the value as it is."""
        self._wanted = settings.documents.embedding_model
        self._show()

    def show_models(self, models: tuple[InstalledModel, ...]) -> None:
        """Those on this disk: the embedding models among them are offered."""
        self._models = tuple(model for model in models if model.embeds)
        self._show()

    def _show(self) -> None:
        named = next((model.name for model in self._models if self._wanted in (model.id, model.name)), self._wanted)
        self.picker.show_choice(named or tr(BUILT_IN))

    def _offer(self) -> None:
        choices = [Choice(tr(BUILT_IN), partial(self.saved.emit, KEY, ""), checked=not self._wanted)]
        choices += [
            Choice(model.name, partial(self.saved.emit, KEY, model.id), checked=self._wanted in (model.id, model.name))
            for model in self._models
        ]
        there = {row.name for model in self._models if (row := row_of(model.name)) is not None}
        choices += [
            Choice(
                tr("Get {name}").format(name=row.name),
                partial(self.download_asked.emit, row.reference, row.name),
                "download",
                note=f"{row.about}. {row.licence}.",
                separated=place == 0,
            )
            for place, row in enumerate(row for row in ROWS if row.reference and row.name not in there)
        ]
        self.picker.offer(choices)
