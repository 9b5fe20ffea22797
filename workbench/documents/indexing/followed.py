"""The folders as they are stored, for what keeps them in step."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from typing import Final

from workbench.cancel import CancelToken
from workbench.documents.collection import Collection, FileStatus, Phase, Progress
from workbench.documents.scanning.scan import scan
from workbench.documents.scanning.watched import Watched
from workbench.documents.storing.collections import CollectionStore
from workbench.documents.storing.contents import Waiting
from workbench.documents.storing.files import FileStore
from workbench.documents.storing.vectors import VectorStore
from workbench.messages import Id

SWEEP_SECONDS: Final = 0.1
SWEPT_VECTORS: Final = 2_000
_TRIES: Final = 5


class FollowedFolders:
    """Any thread; the folders are read from the database once, until `forget_cached`."""

    def __init__(self, collections: CollectionStore, files: FileStore, vectors: VectorStore) -> None:
        self._collections = collections
        self._files = files
        self._vectors = vectors
        self._lock = threading.Lock()
        self._known: Mapping[Id, Collection] | None = None
        self._skipped: frozenset[Id] = frozenset()
        self._vectors_swept = False
        self.watched = Watched()

    # What the indexer asks (`indexer.Folders`) ------------------------------------------------------------------------

    def followed(self) -> Mapping[Id, Collection]:
        with self._lock:
            known = self._known
        if known is not None:
            return known
        paused = self._collections.paused()
        every = self._collections.all()
        known = {one.id: one for one in every if one.id not in paused}
        with self._lock:
            self._known, self._skipped = known, frozenset(paused)
        return known

    def forget_cached(self) -> None:
        with self._lock:
            self._known = None

    def look(self, collection: Collection, places: Sequence[str], cancel: CancelToken) -> None:
        root = collection.path
        for _try in range(_TRIES):
            seen = scan(root, collection.rules, cancel, places, watched=self.watched)
            delta = self._files.diff(collection.id, seen, lambda path: os.access(root / path, os.R_OK))
            cancel.check()
            if self._files.apply(delta):
                break
        if delta.gone or delta.set_aside:
            self._vectors_swept = False

    def waiting(self, limit: int) -> Sequence[Waiting]:
        known = self.followed()
        return [file for file in self._files.waiting(limit, self._skipped) if file.collection_id in known]

    def waiting_counts(self) -> Mapping[Id, int]:
        return {key: counts.get(FileStatus.WAITING, 0) for key, counts in self._files.counts().items()}

    def sweep(self, cancel: CancelToken) -> bool:
        cancel.check()
        if self._files.sweep(SWEEP_SECONDS):
            self._vectors_swept = False
            return True
        if not self._vectors_swept:
            self._vectors_swept = not self._vectors.sweep(SWEPT_VECTORS)
            return not self._vectors_swept
        return False

    # What the keeper asks (`keeper.Known`) ----------------------------------------------------------------------------

    def looked_at(self, collection_id: Id) -> float:
        look = self._files.look(collection_id)
        return 0.0 if look is None else look.looked_at

    def progress(self, collection_id: Id) -> Progress:
        """What is stored tells: files that wait, then passages without vectors."""
        counts = self._files.counts().get(collection_id, {})
        waiting, total = counts.get(FileStatus.WAITING, 0), sum(counts.values())
        if waiting:
            return Progress(Phase.READING, total - waiting, total)
        model = self._vectors.active()
        embedded, passages = self._vectors.counts(None if model is None else model.id, collection_id)
        return Progress(Phase.EMBEDDING, embedded, passages) if embedded < passages else Progress()
