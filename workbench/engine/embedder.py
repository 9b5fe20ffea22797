"""The `Embedder` over an engine that a supervisor keeps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from workbench.cancel import CancelToken
from workbench.engine.asking.wire import EngineGoneError
from workbench.engine.connection import Connection
from workbench.engine.supervisor import Supervisor
from workbench.errors import EngineError
from workbench.ports import BackendInfo

MOST_TEXTS = 32  # in one request: an engine that dies costs no more than these


class EngineEmbedder:
    """An engine that dies is started again, once, for the texts that it was asked about."""

    def __init__(self, supervisor: Supervisor, info: BackendInfo) -> None:
        self._supervisor = supervisor
        self.info = info

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> tuple[tuple[float, ...], ...]:
        """As `ports.Embedder.embed`. Raises `EngineError` with the cause when the engine ends, twice in a row."""
        return tuple(vector for group in _groups(texts) for vector in self._embed_again_if_it_died(group, cancel))

    def _embed_again_if_it_died(self, texts: Sequence[str], cancel: CancelToken) -> Sequence[tuple[float, ...]]:
        connection = self._supervisor.connect(cancel, _unheard)
        try:
            return self._embed(connection, texts, cancel)
        except EngineGoneError as broken:
            self._supervisor.forget(connection)
            self._supervisor.explain(connection, broken)  # waits until the end is known
        connection = self._supervisor.connect(cancel, _unheard)
        try:
            return self._embed(connection, texts, cancel)
        except EngineGoneError as broken:
            self._supervisor.forget(connection)
            raise self._supervisor.explain(connection, broken) from broken

    def _embed(self, connection: Connection, texts: Sequence[str], cancel: CancelToken) -> Sequence[tuple[float, ...]]:
        from workbench.engine.asking.client import LlamaBackend  # a start has no use for it

        with self._supervisor.request(connection):
            vectors = LlamaBackend(connection.endpoint, self.info).embed(texts, cancel)
        if len(vectors) != len(texts):
            raise EngineError(f"The engine gave {len(vectors)} vectors for {len(texts)} texts.")
        return [_unit(vector) for vector in vectors]


def _groups(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), MOST_TEXTS):
        yield texts[start : start + MOST_TEXTS]


def _unit(vector: Sequence[float]) -> tuple[float, ...]:
    """Of length 1; nothing at all stays nothing."""
    length = math.sqrt(sum(value * value for value in vector))
    return tuple(value / length for value in vector) if length else tuple(vector)


def _unheard(_text: str) -> None:
    """Progress of a restart within a request."""
