"""Which passages the filters of a question let through, worked out once for as long as nothing is written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from workbench.documents.retrieval.hit import Query
from workbench.documents.storing.chunks import ChunkStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class Owners:
    """All passages by their ids, in order, each with its content; up to the change ``sequence``."""

    chunks: NDArray[np.int64]
    contents: NDArray[np.int64]
    sequence: int


@dataclass(frozen=True, slots=True)
class _Placed:
    """The contents of an array of passages."""

    owners: Owners
    passages: NDArray[np.int64]
    contents: NDArray[np.int64]


class Filters:
    """May be asked from any thread."""

    def __init__(self, store: ChunkStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._owners: Owners | None = None
        self._allowed: dict[tuple[Any, ...], Mapping[int, int]] = {}
        self._placed: _Placed | None = None

    def contents(self, query: Query) -> Mapping[int, int]:
        """All contents that may answer, with how many files each has."""
        key = (self._store.version(), replace(query, text="", limit=0, per_document=0, as_typed=False))
        with self._lock:
            found = self._allowed.get(key)
        if found is None:
            found = self._store.allowed(query)
            with self._lock:
                while len(self._allowed) >= KEPT:
                    del self._allowed[next(iter(self._allowed))]
                self._allowed[key] = found
        return found

    def of_passages(self, contents: Collection[int]) -> Callable[[NDArray[np.int64]], NDArray[np.bool_]]:
        """Which of an array of passages are of these contents."""
        import numpy as np

        owners = self._current()
        wanted = np.zeros(int(owners.contents.max(initial=0)) + 2, np.bool_)  # the last one stays: of no content
        some = np.fromiter(contents, np.int64, len(contents))
        wanted[some[some < len(wanted) - 1]] = True
        return lambda passages: wanted[self._contents_of(owners, passages)]

    def _contents_of(self, owners: Owners, passages: NDArray[np.int64]) -> NDArray[np.int64]:
        """The content of each, -1 for those that are not known. An array that is asked again is known by itself."""
        import numpy as np

        placed = self._placed
        if placed is None or placed.owners is not owners or placed.passages is not passages:
            if not len(owners.chunks):
                return np.full(len(passages), -1, np.int64)
            places = np.searchsorted(owners.chunks, passages)
            places[places == len(owners.chunks)] = 0
            found = np.where(owners.chunks[places] == passages, owners.contents[places], -1)
            placed = self._placed = _Placed(owners, passages, found)
        return placed.contents

    def _current(self) -> Owners:
        """Passages get ever greater ids, so those that came are after those that were there."""
        import numpy as np

        with self._lock:
            owners, sequence = self._owners, self._store.generation()
            if owners is None or sequence < owners.sequence:
                owners = Owners(np.zeros(0, np.int64), np.zeros(0, np.int64), 0)
            if owners.sequence != sequence or not len(owners.chunks):
                last = int(owners.chunks[-1]) if len(owners.chunks) else 0
                came = np.asarray(self._store.owners_after(last), np.int64).reshape(-1, 2)
                owners = Owners(
                    np.concatenate([owners.chunks, came[:, 0]]), np.concatenate([owners.contents, came[:, 1]]), sequence
                )
            self._owners = owners
            return owners
