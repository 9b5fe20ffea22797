"""What is known of a model for `resolve`: its file's efforts, as an engine saw them, and what its publisher recommends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from workbench.chat.resolve import KnownModel
from workbench.engine.effort.service import TraitsService
from workbench.engine.effort.traits import Traits
from workbench.errors import ModelError
from workbench.messages import Effort
from workbench.models.catalog.identify import identify
from workbench.models.catalog.model import CatalogModel
from workbench.models.library import InstalledModel

Catalog = Callable[[], tuple[CatalogModel, ...]]
NONE: Final = "none"  # the catalog's word for `Effort.OFF`


class KnownModels:
    """Any thread. ``get``: the model on this disk of a name (None: the preferred one); raises `ModelError`."""

    def __init__(self, get: Callable[[str | None], InstalledModel], catalog: Catalog, traits: TraitsService) -> None:
        self._get = get
        self._catalog = catalog
        self._traits = traits

    def __call__(self, name: str) -> KnownModel:
        """A name that no model on this disk has may be one of another machine: of it nothing is known here.

        Raises `ModelError` when there is no model at all.
        """
        try:
            model = self._get(name or None)
        except ModelError:
            if not name:
                raise
            return KnownModel(name, name)
        return known_model(model, self._entry(model), self._seen(model.path))

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
    seen = traits if traits is not None and (traits.build or not traits.efforts) else None
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
