"""Searches passages by meaning: the signs of all vectors are compared, the nearest of them with all their digits.

The signs of 100,000 vectors take 5 MB and are in memory; the vectors themselves stay in index.db.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.documents.embedding.codes import LARGEST, matrix, sign_words, signs
from workbench.documents.storing.vectors import EmbeddingModel, StoredVectors, VectorStore, Waterline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Allowed = Callable[[NDArray[np.int64]], NDArray[np.bool_]]

_LOADED_AT_ONCE = 20_000
_SCANNED_AT_ONCE = 16_384  # rows whose distances fit into a core's own cache
_RESCORED = 4  # so many times the hits wanted are compared with all digits: .98 of the nearest are among them
_LEAST_RESCORED = 200


@dataclass(frozen=True, slots=True)
class _Table:
    """The passages that have vectors, in no order. ``signs``: a row for each 64 dimensions, a column for each passage."""

    model: EmbeddingModel
    waterline: Waterline
    chunks: NDArray[np.int64]
    vectors: NDArray[np.int64]
    signs: NDArray[np.uint64]


class VectorIndex:
    """Follows what is stored: each search sees what was committed before it. May be asked from any thread."""

    def __init__(self, store: VectorStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._table: _Table | None = None

    @property
    def model(self) -> EmbeddingModel | None:
        """The model that questions are to be embedded by."""
        return self._store.active()

    def __len__(self) -> int:
        """How many passages can be found, as of now."""
        table = self._current()
        return 0 if table is None else len(table.chunks)

    def search(
        self,
        vector: Sequence[float] | NDArray[np.float32],
        limit: int,
        allowed: Allowed | None = None,
        *,
        model_id: int | None = None,
    ) -> list[tuple[int, float]]:
        """The ids of the ``limit`` nearest passages and their cosines, the nearest first.

        ``vector``: of unit length, by the active model. ``allowed``: given the ids of all passages, which of them may be
        found. ``model_id``: whose vector it is: nothing is found where another model is active by now.
        """
        import numpy as np

        table = self._current()
        if table is None or not len(table.chunks) or limit <= 0 or len(vector) != table.model.dimensions:
            return []
        if model_id is not None and model_id != table.model.id:
            return []
        wanted = np.asarray(vector, np.float32)
        rows = _nearest(table, wanted, max(_LEAST_RESCORED, _RESCORED * limit), allowed)
        return self._rescored(table, rows, wanted, limit)

    def drop(self) -> None:
        """Let go of the memory; the next search loads it again."""
        with self._lock:
            self._table = None

    def _rescored(
        self, table: _Table, rows: NDArray[np.int64], wanted: NDArray[np.float32], limit: int
    ) -> list[tuple[int, float]]:
        import numpy as np

        stored = self._store.codes(list(dict.fromkeys(table.vectors[rows].tolist())))
        pairs = [(chunk, stored[vector]) for chunk, vector in _pairs(table, rows) if vector in stored]
        if not pairs:
            return []
        scales = np.asarray([scale for _chunk, (scale, _codes) in pairs], np.float32)
        digits = matrix([codes for _chunk, (_scale, codes) in pairs]).astype(np.float32)
        cosines = (digits @ wanted) * (scales / LARGEST)
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [(pairs[place][0], min(1.0, float(cosines[place]))) for place in best.tolist()]

    # Following what is stored -----------------------------------------------------------------------------------------

    def _current(self) -> _Table | None:
        with self._lock:
            model = self._store.active()
            if model is None:
                self._table = None
                return None
            now = self._store.waterline()
            table = self._table
            if table is None or table.model != model or not _follows(now, table.waterline):
                table = _empty(model)
                self._table = None  # two of them need not be in memory
            if table.waterline != now:
                table = self._caught_up(table, now)
            self._table = table
            return table

    def _caught_up(self, table: _Table, now: Waterline) -> _Table:
        """All steps may see more than they were asked for: a passage is taken once, and what went goes at the end."""
        before = table.waterline
        parts = []
        after = before.vector
        while True:
            found, last = self._store.since(table.model.id, after, _LOADED_AT_ONCE, now.vector)
            if last == after:
                break
            after = last
            parts.append(_columns(found))
        came, went = ([], []) if not before.change else self._store.changed(before.change, now.change)
        if came:
            parts.append(_columns(self._store.of_chunks(table.model.id, came)))
        return _changed(table, now, parts, went)


def _follows(now: Waterline, before: Waterline) -> bool:
    """Whether all that changed since is still told."""
    return now.change >= before.change and now.vector >= before.vector and now.first_change <= before.change + 1


def _empty(model: EmbeddingModel) -> _Table:
    import numpy as np

    nothing = np.zeros(0, np.int64)
    return _Table(model, Waterline(), nothing, nothing, np.zeros((sign_words(model.dimensions), 0), np.uint64))


def _columns(found: StoredVectors) -> tuple[Any, Any, Any]:
    """Ids of passages, ids of vectors, and signs."""
    import numpy as np

    bits = signs(matrix(found.codes)).T
    return np.asarray(found.chunks, np.int64), np.asarray(found.vectors, np.int64), bits


def _changed(table: _Table, now: Waterline, parts: Sequence[tuple[Any, Any, Any]], went: Sequence[int]) -> _Table:
    import numpy as np

    parts = [(table.chunks, table.vectors, table.signs), *(part for part in parts if len(part[0]))]
    chunks = np.concatenate([part[0] for part in parts])
    _ids, first = np.unique(chunks, return_index=True)
    kept = np.zeros(len(chunks), np.bool_)
    kept[first] = True
    if went:
        kept &= ~np.isin(chunks, np.asarray(went, np.int64))
    vectors = np.concatenate([part[1] for part in parts])
    bits = np.concatenate([part[2] for part in parts], axis=1)
    if not kept.all():
        chunks, vectors, bits = chunks[kept], vectors[kept], bits[:, kept]
    return _Table(table.model, now, chunks, vectors, np.ascontiguousarray(bits))


def _nearest(table: _Table, wanted: NDArray[np.float32], count: int, allowed: Allowed | None) -> NDArray[np.int64]:
    """The places of passages whose signs differ least, of those that are allowed."""
    import numpy as np

    places = None if allowed is None else np.flatnonzero(allowed(table.chunks))
    bits = table.signs if places is None else table.signs[:, places]
    if bits.shape[1] > count:
        distances = _distances(bits, signs(wanted[None, :])[0])
        rows = _least(distances, count)
    else:
        rows = np.arange(bits.shape[1])
    return rows if places is None else places[rows]


def _distances(bits: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """In how many signs each differs."""
    import numpy as np

    found = np.empty(bits.shape[1], np.uint16)
    for start in range(0, bits.shape[1], _SCANNED_AT_ONCE):
        block = bits[:, start : start + _SCANNED_AT_ONCE]
        different = np.bitwise_count(block ^ wanted[:, None])
        different.sum(axis=0, dtype=np.uint16, out=found[start : start + block.shape[1]])
    return found


def _least(distances: NDArray[np.uint16], count: int) -> NDArray[np.int64]:
    """The places of so many least ones."""
    import numpy as np

    most = np.partition(distances, count - 1)[count - 1]
    nearer = np.flatnonzero(distances < most)
    return np.concatenate([nearer, np.flatnonzero(distances == most)[: count - len(nearer)]])


def _pairs(table: _Table, rows: NDArray[np.int64]) -> list[tuple[int, int]]:
    return list(zip(table.chunks[rows].tolist(), table.vectors[rows].tolist(), strict=True))
