"""What is known of a model for `resolve`: its file's efforts, as an engine saw them, and what its publisher recommends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from workbench.chat.asking.resolve import KnownModel
from workbench.engine.effort.service import TraitsService
from workbench.engine.effort.traits import Traits
from workbench.engine.remote.server import RemoteModel, Server
from workbench.errors import ModelError
from workbench.messages import Effort
from workbench.models.catalog.identify import identify
from workbench.models.catalog.model import CatalogModel
from workbench.models.library import InstalledModel

Catalog = Callable[[], tuple[CatalogModel, ...]]
Elsewhere = Callable[[str], tuple[Server, RemoteModel] | None]
NONE: Final = "none"  # the catalog's word for `Effort.OFF`


class KnownModels:
    """Any thread. ``get``: the model on this disk of a name (None: the preferred one); raises `ModelError`. ``elsewhere``:
    the model of another machine of a name, None where the name is of none."""

    def __init__(
        self,
        get: Callable[[str | None], InstalledModel],
        catalog: Catalog,
        traits: TraitsService,
        elsewhere: Elsewhere = lambda _name: None,
    ) -> None:
        self._get = get
        self._catalog = catalog
        self._traits = traits
        self._elsewhere = elsewhere

    def __call__(self, name: str) -> KnownModel:
        """Raises `ModelError` for a name that no model has."""
        found = self._elsewhere(name)
        if found is not None:
            server, remote = found
            # Its own defaults were chosen by whoever runs it; no server tells whether it limits thoughts.
            return KnownModel(name, server.full_name(remote), remote.efforts, limits_reasoning=False)
        model = self._get(name or None)
        return known_model(model, self._entry(model), self._seen(model.path))

    def listed(self, name: str) -> CatalogModel | None:
        """The catalog's entry of a model on this disk; None: it is not known, or not there."""
        try:
            return self._entry(self._get(name or None))
        except ModelError:
            return None

    def entry(self, model: InstalledModel) -> CatalogModel | None:
        """The catalog's entry; None: it has none."""
        return self._entry(model)

    def _seen(self, path: Path) -> Traits | None:
        try:
            return self._traits.traits(path)
        except ModelError:
            return None

    def _entry(self, model: InstalledModel) -> CatalogModel | None:
        catalog = self._catalog()
        listed = next((one for one in catalog if model.catalog_id and one.id == model.catalog_id), None)
        return listed or identify(model.path.stem, catalog)


def known_model(model: InstalledModel, entry: CatalogModel | None, traits: Traits | None) -> KnownModel:
    """Put together. ``traits`` None: the file cannot be read."""
    # A template's text may promise what its prompts do not keep: only what was rendered refuses or is sent.
    # A text without a word of thinking promises that there is nothing to choose.
    seen = traits if traits is not None and (traits.build or not traits.thinks) else None
    return KnownModel(
        model.id,
        model.name,
        seen.efforts if seen else None,
        seen.default_effort if seen else None,
        _recommended(entry, model.path) if entry else {},
        _effort(entry.default_effort) if entry else None,
        traits.thinks if traits else True,
        entry.thoughts if entry else 1.0,
    )


def _recommended(entry: CatalogModel, path: Path) -> Mapping[Effort | None, Mapping[str, float]]:
    """By effort; of a build that is one half of a model, which thinks always or never, only what is meant for it."""
    half = next((file.effort for file in entry.files if file.effort and path.name in (file.file, *file.shards)), "")
    told: dict[Effort | None, Mapping[str, float]] = {None: entry.sampling_for(half)}
    if not half:
        told |= {_effort(value): entry.sampling_for(value) for value in entry.effort_values}
    return told


def _effort(value: str) -> Effort:
    """The catalog's word for it."""
    return Effort.OFF if value == NONE else Effort(value)
