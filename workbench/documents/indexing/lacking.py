"""Passages without vectors, for what computes them: of the model that is wanted, while another one's may still answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final, Protocol

from workbench.cancel import CancelToken
from workbench.documents.storing.vectors import EmbeddingModel, VectorStore
from workbench.messages import Id

FORGOTTEN: Final = 5_000


class NamedEmbedder(Protocol):
    """As `embedding.minilm.MiniLm`."""

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> tuple[tuple[float, ...], ...]: ...


class LackingVectors:
    """One thread. ``embedder``: the one that is wanted now; ``followed``: the
    folders that are worked for."""

    def __init__(
        self, store: VectorStore, embedder: Callable[[], NamedEmbedder], followed: Callable[[], Collection[Id]]
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._followed = followed

    def missing(self, limit: int) -> Sequence[tuple[bytes, str]]:
        """See `embedding.Vectors`."""
        followed = tuple(self._followed())
        return self._store.without_vectors(self._model().id, limit, followed) if followed else ()

    def lacking(self) -> int:
        """See `embedding.Vectors`."""
        embedded, passages = self._store.counts(self._model().id)
        return passages - embedded

    def embed(self, rows: Sequence[tuple[bytes, str]], cancel: CancelToken) -> None:
        """See `embedding.Vectors`."""
        vectors = self._embedder().embed([text for _key, text in rows], cancel)
        self._store.put(self._model().id, zip((key for key, _text in rows), vectors, strict=True))

    def finished(self, cancel: CancelToken) -> None:
        """See `embedding.Vectors`."""
        model = self._model()
        if not model.active:
            self._store.activate(model.id)
        while len(self._store.models()) > 1 and self._store.forget_others(FORGOTTEN):
            cancel.check()
        while self._store.sweep():  # of passages that are gone
            cancel.check()

    def _model(self) -> EmbeddingModel:
        embedder = self._embedder()
        return self._store.add(embedder.name, embedder.dimensions)
