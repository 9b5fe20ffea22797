"""The models of this disk, as the local API serves them. A name from outside is looked up, never taken for a path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.api.asked import DEFAULT_MODEL
from workbench.api.faults import UnknownModelError
from workbench.cancel import CancelToken
from workbench.models.gguf.kind import PROBLEMS, Kind
from workbench.models.library import InstalledModel
from workbench.ports import ChatBackend, Embedder

if TYPE_CHECKING:
    from workbench.app import Workbench

OWNER = "this-machine"


class LocalModels:
    """Fills the desk's `ModelSource` from the program."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    def list(self) -> Sequence[tuple[str, str, str]]:
        return [(model.id, model.name, OWNER) for model in (*self._writers(), *self._embedders())]

    def chat(self, name: str, cancel: CancelToken) -> ChatBackend:
        model = self._preferred() if name == DEFAULT_MODEL else _find(name, self._writers())
        self._workbench.models.check_first_use(model, cancel)
        return self._workbench.engine.backend(model.path, model.id, cancel)

    def embedder(self, name: str, cancel: CancelToken) -> tuple[str, Embedder]:
        embedders = self._embedders()
        if not embedders:
            raise UnknownModelError("There is no embedding model on this disk.")
        model = embedders[0] if name == DEFAULT_MODEL else _find(name, embedders)
        self._workbench.models.check_first_use(model, cancel)
        engine: Any = self._workbench.engine
        return model.id, engine.embedder(model.path, model.id, cancel)

    def _preferred(self) -> InstalledModel:
        return self._workbench.models.get(self._workbench.settings.chat.model or None)

    def _writers(self) -> Sequence[InstalledModel]:
        return [model for model in self._workbench.models.list() if not model.problem]

    def _embedders(self) -> Sequence[InstalledModel]:
        return [model for model in self._workbench.models.list() if model.problem == PROBLEMS[Kind.EMBEDDER]]


def _find(name: str, models: Sequence[InstalledModel]) -> InstalledModel:
    """By id, name or catalog id, whole. Raises `UnknownModelError`."""
    wanted = name.casefold()
    for spelling in ("id", "name", "catalog_id"):
        found = [model for model in models if str(getattr(model, spelling)).casefold() == wanted]
        if len(found) == 1:
            return found[0]
    raise UnknownModelError("There is no model of this name here; GET /v1/models lists them.")
