"""Which models find passages: one by their meaning (it comes along, or is one's own), and one that puts the best of them
in order, where a person wants that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.settings.parts import Picker, setting_row
from ui.translation import marked, tr
from ui.widgets.popover import Choice
from workbench.documents.embedding import models as embedders
from workbench.documents.ranking import models as rankers
from workbench.models.library import InstalledModel
from workbench.settings import Settings

BUILT_IN = marked("The one that comes along")
NONE = marked("None")


class Row(Protocol):
    """A model that is known: as `EmbeddingRow` and `RankingRow`."""

    @property
    def name(self) -> str: ...

    @property
    def licence(self) -> str: ...

    @property
    def reference(self) -> str: ...

    @property
    def about(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """``key``: of the setting. ``without``: what answers where it is empty. ``fits``: whether a model can be chosen."""

    key: str
    title: str
    words: str
    without: str
    value: Callable[[Settings], str]
    fits: Callable[[InstalledModel], bool]
    rows: Sequence[Row]
    row_of: Callable[[str], Row | None]


MEANING = Kind(
    "documents.embedding_model",
    marked("Search by meaning"),
    marked(
        "Finds passages of your folders that say the same in other words. An embedding model on this disk can do it"
        " instead; it reads all folders again in the background, and until then the old one answers."
    ),
    BUILT_IN,
    lambda settings: settings.documents.embedding_model,
    lambda model: model.embeds,
    embedders.ROWS,
    embedders.row_of,
)
RANKING = Kind(
    "documents.reranking_model",
    marked("Reranker"),
    marked(
        "Reads the 30 best passages of a search beside the question, and puts them in order. More exact, and up to three"
        " seconds slower."
    ),
    NONE,
    lambda settings: settings.documents.reranking_model,
    lambda model: model.ranks,
    rankers.ROWS,
    rankers.row_of,
)


class OwnModelRow(QWidget):
    """``saved`` carries the key and its new value, ``download_asked`` what is to be fetched and its name."""

    saved = Signal(str, object)
    download_asked = Signal(str, str)

    def __init__(self, kind: Kind, appearance: Appearance) -> None:
        super().__init__()
        self._kind = kind
        self._models: tuple[InstalledModel, ...] = ()
        self._wanted = ""
        self.picker = Picker(tr(kind.title), appearance)
        self.picker.clicked.connect(self._offer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(setting_row(tr(kind.title), tr(kind.words), self.picker))

    def show_settings(self, settings: Settings) -> None:
        """Show the value as it is."""
        self._wanted = self._kind.value(settings)
        self._show()

    def show_models(self, models: tuple[InstalledModel, ...]) -> None:
        """Those on this disk: the ones of this kind among them are offered."""
        self._models = tuple(model for model in models if self._kind.fits(model))
        self._show()

    def _show(self) -> None:
        named = next((model.name for model in self._models if self._wanted in (model.id, model.name)), self._wanted)
        self.picker.show_choice(named or tr(self._kind.without))

    def _offer(self) -> None:
        save = partial(self.saved.emit, self._kind.key)
        choices = [Choice(tr(self._kind.without), partial(save, ""), checked=not self._wanted)]
        choices += [
            Choice(model.name, partial(save, model.id), checked=self._wanted in (model.id, model.name))
            for model in self._models
        ]
        there = {row.name for model in self._models if (row := self._kind.row_of(model.name)) is not None}
        choices += [
            Choice(
                tr("Get {name}").format(name=row.name),
                partial(self.download_asked.emit, row.reference, row.name),
                "download",
                note=f"{row.about}. {row.licence}.",
                separated=place == 0,
            )
            for place, row in enumerate(row for row in self._kind.rows if row.reference and row.name not in there)
        ]
        self.picker.offer(choices)


class MeaningRow(OwnModelRow):
    """Which model finds passages by their meaning."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(MEANING, appearance)


class RankingRow(OwnModelRow):
    """Which model puts the best passages in order."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(RANKING, appearance)
