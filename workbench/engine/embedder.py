"""The `Embedder` and the `Ranker` over an engine that a supervisor keeps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from workbench.cancel import CancelToken
from workbench.engine.asking.wire import EngineGoneError
from workbench.engine.connection import Connection
from workbench.engine.supervisor import Supervisor
from workbench.errors import EngineError
from workbench.ports import BackendInfo

if TYPE_CHECKING:
    from workbench.engine.asking.client import LlamaBackend

MOST_TEXTS = 32  # in one request: an engine that dies costs no more than these

Answer = TypeVar("Answer")


class _Asked:
    """An engine that dies is started again, once, for what it was asked."""

    def __init__(self, supervisor: Supervisor, info: BackendInfo) -> None:
        self._supervisor = supervisor
        self.info = info

    def _again_if_it_died(self, ask: Callable[[LlamaBackend], Answer], cancel: CancelToken) -> Answer:
        connection = self._supervisor.connect(cancel, _unheard)
        try:
            return self._asked(connection, ask)
        except EngineGoneError as broken:
            self._supervisor.forget(connection)
            self._supervisor.explain(connection, broken)  # waits until the end is known
        connection = self._supervisor.connect(cancel, _unheard)
        try:
            return self._asked(connection, ask)
        except EngineGoneError as broken:
            self._supervisor.forget(connection)
            raise self._supervisor.explain(connection, broken) from broken

    def _asked(self, connection: Connection, ask: Callable[[LlamaBackend], Answer]) -> Answer:
        from workbench.engine.asking.client import LlamaBackend  # a start has no use for it

        with self._supervisor.request(connection):
            return ask(LlamaBackend(connection.endpoint, self.info))


class EngineEmbedder(_Asked):
    """As `ports.Embedder`."""

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> tuple[tuple[float, ...], ...]:
        """As `ports.Embedder.embed`. Raises `EngineError` with the cause when the engine ends, twice in a row."""
        return tuple(vector for group in _groups(texts) for vector in self._vectors(group, cancel))

    def _vectors(self, texts: Sequence[str], cancel: CancelToken) -> Sequence[tuple[float, ...]]:
        vectors = self._again_if_it_died(lambda engine: engine.embed(texts, cancel), cancel)
        if len(vectors) != len(texts):
            raise EngineError(f"The engine gave {len(vectors)} vectors for {len(texts)} texts.")
        return [_unit(vector) for vector in vectors]


class EngineRanker(_Asked):
    """As `ports.Ranker`."""

    def rank(self, question: str, texts: Sequence[str], cancel: CancelToken) -> tuple[float, ...]:
        """As `ports.Ranker.rank`. Raises `EngineError` with the cause when the engine ends, twice in a row."""
        if not texts:
            return ()
        return self._again_if_it_died(lambda engine: engine.rank(question, texts, cancel), cancel)


def _groups(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), MOST_TEXTS):
        yield texts[start : start + MOST_TEXTS]


def _unit(vector: Sequence[float]) -> tuple[float, ...]:
    """Of length 1; nothing at all stays nothing."""
    length = math.sqrt(sum(value * value for value in vector))
    return tuple(value / length for value in vector) if length else tuple(vector)


def _unheard(_text: str) -> None:
    """Progress of a restart within a request."""
