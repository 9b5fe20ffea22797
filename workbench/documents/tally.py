"""How many passages a folder has, and how many of them have vectors: while more is coming, counted every two seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from workbench.documents.storing.vectors import VectorStore, Waterline
from workbench.messages import Id

LEAST_SECONDS: Final = 2.0


class Tally:
    """Any thread."""

    def __init__(self, vectors: VectorStore, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._vectors = vectors
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._counted: dict[Id, tuple[tuple[Waterline, int], float, tuple[int, int]]] = {}

    def of(self, collection_id: Id, files: int, *, busy: bool) -> tuple[int, int]:
        """Passages with vectors, and all. ``files``: how many files of it are indexed, for a file that comes or goes may
        bring no new passages. ``busy``: more is coming, so that an old count will do."""
        now, state = self._monotonic(), (self._vectors.waterline(), files)
        with self._lock:
            known = self._counted.get(collection_id)
        if known is not None and (known[0] == state or (busy and now - known[1] < LEAST_SECONDS)):
            return known[2]
        model = self._vectors.active()
        counts = self._vectors.counts(None if model is None else model.id, collection_id)
        with self._lock:
            self._counted[collection_id] = (state, now, counts)
        return counts

    def forget(self) -> None:
        with self._lock:
            self._counted.clear()
