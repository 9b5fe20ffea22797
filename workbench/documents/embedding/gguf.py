"""An embedding model of the person's own, in a GGUF file: our engine computes its vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.documents.embedding.models import EmbeddingRow, row_of
from workbench.errors import EngineError, ModelError
from workbench.models.gguf.header import read_header
from workbench.ports import Embedder

FEWEST_CHARACTERS = 64
MOST_CHARACTERS = 8_000
_PROBE = "."


class GgufEmbedder:
    """As `minilm.MiniLm`. ``name`` is of this very file: another one's vectors say something else."""

    def __init__(self, path: Path, engine: Callable[[CancelToken], Embedder]) -> None:
        """``engine``: what computes for this file, started where it is not running; the engine lets go of it when it is
        idle. Raises `ModelError` for a file that is no model."""
        length = read_header(path).embedding_length
        if not length:
            raise ModelError(f"{path.name} does not say how long its vectors are.")
        self.name = f"{path.stem} ({path.stat().st_size:,} bytes)"
        self.dimensions = length
        self._row = row_of(path.stem) or EmbeddingRow(path.stem, (), length)
        self._engine = engine

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> tuple[tuple[float, ...], ...]:
        """Vectors of passages; one that is too long for the model is cut. Raises `EngineError`, `Cancelled`."""
        if not texts:
            return ()
        return tuple(
            self._each([self._row.passage + text[:MOST_CHARACTERS] for text in texts], self._engine(cancel), cancel)
        )

    def embed_query(self, text: str, cancel: CancelToken | None = None) -> tuple[float, ...]:
        """The vector of a question."""
        cancel = cancel or CancelToken()
        return self._each([self._row.query + text[:MOST_CHARACTERS]], self._engine(cancel), cancel)[0]

    def drop_idle(self, seconds: float = 0.0) -> bool:  # noqa: ARG002 - as of `MiniLm`
        """The engine looks after that."""
        return False

    def close(self) -> None:
        """The engine is somebody else's."""

    def _each(self, texts: list[str], engine: Embedder, cancel: CancelToken) -> list[tuple[float, ...]]:
        """An engine refuses all texts where one is too long, and does not say which: it is found by halving."""
        cancel.check()
        try:
            return list(engine.embed(texts, cancel))
        except EngineError:
            if len(texts) == 1 and len(texts[0]) <= FEWEST_CHARACTERS:
                raise
            engine.embed([_PROBE], cancel)  # raises where the texts are not what is wrong
        if len(texts) == 1:
            return self._each([texts[0][: len(texts[0]) // 2]], engine, cancel)
        half = len(texts) // 2
        return self._each(texts[:half], engine, cancel) + self._each(texts[half:], engine, cancel)
