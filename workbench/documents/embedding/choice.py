"""Which model makes the vectors: the one that comes with the program, or one of the person's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.documents.embedding.gguf import GgufEmbedder
from workbench.documents.embedding.minilm import NAME, MiniLm
from workbench.errors import EngineError, ModelError
from workbench.ports import Embedder

AnyEmbedder = MiniLm | GgufEmbedder


@dataclass(frozen=True, slots=True)
class OwnModel:
    """An embedding model on this disk. ``engine``: starts what computes for it, or attaches to it."""

    id: str
    name: str
    path: Path
    engine: Callable[[CancelToken], Embedder]


class Embedders:
    """While the vectors of another model are made, those of the one before answer: both may be asked for."""

    def __init__(self, wanted: Callable[[], str], installed: Callable[[], Iterable[OwnModel]]) -> None:
        """``wanted``: name or id of an own model, empty for the one that comes with the program."""
        self._wanted = wanted
        self._installed = installed
        self._lock = threading.Lock()
        self._built_in: MiniLm | None = None
        self._own: dict[Path, GgufEmbedder] = {}

    def wanted(self) -> AnyEmbedder:
        """What makes the vectors of passages from now on. Raises `ModelError` for a model that is not on this disk."""
        name = self._wanted()
        if not name or name == NAME:
            return self._minilm()
        for model in self._installed():
            if name in (model.id, model.name):
                return self._of(model)
        raise ModelError(
            f"There is no embedding model {name!r} on this disk.",
            hint="Set documents.embedding_model to one that `workbench models list` shows, or to nothing.",
        )

    def answering(self, name: str) -> AnyEmbedder:
        """What embeds questions for vectors that the model of this name made. Raises `EngineError` where it is gone."""
        if name == NAME:
            return self._minilm()
        for model in self._installed():
            embedder = self._of(model)
            if embedder.name == name:
                return embedder
        raise EngineError(f"The model that searches by meaning, {name}, is not on this disk any more.")

    def drop_idle(self) -> None:
        if self._built_in is not None:
            self._built_in.drop_idle()

    def close(self) -> None:
        if self._built_in is not None:
            self._built_in.close()

    def _minilm(self) -> MiniLm:
        with self._lock:
            self._built_in = self._built_in or MiniLm()
            return self._built_in

    def _of(self, model: OwnModel) -> GgufEmbedder:
        with self._lock:
            if model.path not in self._own:
                self._own[model.path] = GgufEmbedder(model.path, model.engine)
            return self._own[model.path]
