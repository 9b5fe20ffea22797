"""Document folders as people use them, over the stores and what keeps them in step: implements `service.Documents`."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cancel import CancelToken
from workbench.documents.attached import as_folder, found
from workbench.documents.collection import Collection, CollectionState, Document, FileStatus, Rules
from workbench.documents.held import Box, HeldIndex, Opened
from workbench.documents.scanning.placeholders import list_here
from workbench.documents.service import DocumentText
from workbench.documents.storing.index import is_damage, marked_damaged
from workbench.errors import StorageError, UsageError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.messages import Id
from workbench.paths import Paths
from workbench.ports import Clock

if TYPE_CHECKING:
    from workbench.documents.retrieval.hit import Explanation, Found, Query
    from workbench.documents.storing.collections import CollectionStore

log = logging.getLogger(__name__)

NO_RULES = Rules()


class DocumentDesk:
    """Nothing of index.db is opened before it is needed. Any thread."""

    def __init__(
        self,
        paths: Paths,
        collections: CollectionStore,
        bus: Bus,
        clock: Clock,
        open_index: Callable[[Callable[[], None]], Opened],
    ) -> None:
        """``open_index`` is given what is to be called when the index is found damaged."""
        self._paths = paths
        self._collections = collections
        self._bus = bus
        self._clock = clock
        self._held = HeldIndex(paths, clock, open_index, self._read_again)

    @property
    def _opened(self) -> Opened:
        return self._held.opened

    @property
    def _index(self) -> Opened | None:
        return self._held.now

    # Folders ----------------------------------------------------------------------------------------------------------

    def collections(self) -> tuple[CollectionState, ...]:
        """See `Documents.collections`."""
        return self._states(self._collections.all())

    def state(self, name_or_id: str) -> CollectionState:
        """See `Documents.state`."""
        return self._states([found(name_or_id, self._collections.all())])[0]

    def add(self, path: Path, name: str = "", rules: Rules = NO_RULES, *, private: bool = False) -> Collection:
        """See `Documents.add`."""
        collection = self._collections.add(as_folder(path, self._paths), name, rules, private=private)
        self._folders_changed(collection.id)
        return collection

    def change(
        self, collection_id: Id, *, name: str | None = None, rules: Rules | None = None, private: bool | None = None
    ) -> Collection:
        """See `Documents.change`."""
        collection = self._collections.change(collection_id, name=name, rules=rules, private=private)
        self._folders_changed(*(() if rules is None else (collection_id,)))
        return collection

    def move(self, collection_id: Id, path: Path) -> Collection:
        """See `Documents.move`."""
        collection = self._collections.change(collection_id, path=as_folder(path, self._paths))
        self._folders_changed(collection_id)
        return collection

    def remove(self, collection_id: Id) -> None:
        """See `Documents.remove`."""
        self._collections.remove(collection_id)
        self._opened.files.forget(collection_id)
        self._folders_changed()

    def pause(self, collection_id: Id, *, paused: bool) -> None:
        """See `Documents.pause`."""
        self._collections.pause(collection_id, paused=paused)
        self._folders_changed(*(() if paused else (collection_id,)))

    # Files ------------------------------------------------------------------------------------------------------------

    def items(
        self, collection_id: Id, statuses: Sequence[FileStatus] = (), text: str = "", limit: int = 500, after: int = 0
    ) -> tuple[Document, ...]:
        """See `Documents.items`."""
        return self._held.ask(lambda opened: opened.files.items(collection_id, statuses, text, limit, after))

    def retry(self, documents: Sequence[int]) -> None:
        """See `Documents.retry`."""
        for collection_id, place in self._opened.files.retry(documents):
            list_here(self._collections.get(collection_id).path / place)
            self._opened.keeper.hint(collection_id, place)
        self._folders_changed()

    def text(self, document_id: int) -> DocumentText:
        """See `Documents.text`."""
        document, content = self._held.ask(
            lambda opened: (opened.files.document(document_id), opened.contents.content(document_id))
        )
        if document is None or content is None:
            raise UsageError("Nothing was read of this file.", hint="`workbench folders status` tells why.")
        collection = self._collections.get(document.collection_id)
        changed = _changed(collection.path / document.path, document)
        return DocumentText(document, collection, content.text, content.sections, content.notes, changed)

    def holds(self, path: Path) -> bool:
        """See `Documents.holds`."""
        wanted = Path(os.path.realpath(path))
        return any(one.path == wanted or one.path in wanted.parents for one in self._collections.all())

    def find_document(self, path: Path) -> Document | None:
        """See `Documents.find_document`."""
        wanted = Path(os.path.realpath(path))
        holding = next((one for one in self._collections.all() if one.path in wanted.parents), None)
        if holding is None:
            return None
        place = wanted.relative_to(holding.path).as_posix()
        return self._held.ask(lambda opened: opened.files.at(holding.id, place))

    def page_image(self, document_id: int, page: int, width: int, cancel: CancelToken) -> bytes:
        """See `Documents.page_image`."""
        return self._opened.pages().page_image(self._path(document_id), page, width, cancel)

    def page_boxes(self, document_id: int, page: int, passage: str, cancel: CancelToken) -> tuple[Box, ...]:
        """See `Documents.page_boxes`."""
        return self._opened.pages().page_boxes(self._path(document_id), page, passage, cancel)

    def _path(self, document_id: int) -> Path:
        document = self._held.ask(lambda opened: opened.files.document(document_id))
        if document is None:
            raise UsageError("This file is not in the folders any more.")
        return self._collections.get(document.collection_id).path / document.path

    # Searching --------------------------------------------------------------------------------------------------------

    def search(self, query: Query, cancel: CancelToken) -> Found:
        """See `Documents.search`."""
        known = self._known(query)
        return self._held.ask(lambda opened: opened.search.find(known, cancel))

    def explain(self, query: Query, cancel: CancelToken) -> Explanation:
        """See `Documents.explain`."""
        known = self._known(query)
        return self._held.ask(lambda opened: opened.search.explain(known, cancel))

    # Keeping in step --------------------------------------------------------------------------------------------------

    def follow(self) -> bool:
        """Read the folders from now on, as they change, unless another process of this home does; returns whether.

        Without folders nothing is opened: `add` begins then. Raises `StorageError`.
        """
        self._following = True
        if not self._collections.all():
            return False
        return self._opened.keeper.start(follow=True)

    _following = False

    def sync(self, job: Job, collection_id: Id | None = None, *, vectors: bool = False) -> None:
        """See `Documents.sync`."""
        paused = self._collections.paused()
        ids = [one.id for one in self._collections.all() if collection_id in (None, one.id)]
        if collection_id in paused:
            raise UsageError("This folder is paused.", hint="`workbench folders resume NAME` reads it again.")
        ids = [one for one in ids if one not in paused]
        if not ids:
            return
        opened = self._opened
        try:
            opened.keeper.sync(job, ids, vectors=vectors)
        except StorageError as error:
            if not is_damage(error) or not self._held.made_again(opened):
                raise
            self._opened.keeper.sync(job, ids, vectors=vectors)

    def look(self, collection_id: Id) -> None:
        """See `Documents.look`."""
        self._folders_changed(collection_id)

    def embed_anew(self) -> None:
        """Another model is wanted from now on: its vectors are made in the background, the old ones answer meanwhile."""
        if self._index is not None:
            self._folders_changed()

    @property
    def told(self) -> str:
        """What was done to the index when it was opened, for a person; empty when nothing was, or it is not open."""
        return "" if self._index is None else self._index.told

    def runs_elsewhere(self) -> bool:
        """Whether another process of this home reads the folders now."""
        return self._opened.keeper.runs_elsewhere

    def changed_elsewhere(self) -> bool:
        """Whether another process changed what is read; it is published too. Takes over where that one has ended."""
        before = self._index
        if self._following and (before is None or not before.keeper.running):
            self.follow()
        if self._index is None:
            return False
        opened = self._opened
        if opened.keeper.running and (marked_damaged(self._paths) or opened.database.replaced()):
            self._held.found_damaged()  # another process met it, or somebody removed the file
        seen = opened.database.version_seen()
        changed = seen != self._held.version_seen or before not in (None, opened)
        self._held.version_seen = seen
        opened.keeper.look_elsewhere()
        if changed:
            self._bus.publish(Topic.DOCUMENTS)
        return changed

    def close(self) -> None:
        """See `Documents.close`."""
        self._held.close()

    def _read_again(self) -> None:
        """The index was made again: the folders are followed as before."""
        if self._following:
            self.follow()
        self._bus.publish(Topic.DOCUMENTS)

    def _folders_changed(self, *look_at: Id) -> None:
        keeper = self._opened.keeper
        if self._following and not keeper.running:
            keeper.start(follow=True)
        keeper.folders_changed(look_at)
        self._bus.publish(Topic.DOCUMENTS)

    def _known(self, query: Query) -> Query:
        """With ids where names were given. Raises `UsageError` for what is not attached."""
        if not query.collections:
            return query
        known = self._collections.all()
        return replace(query, collections=tuple(found(one, known).id for one in query.collections))

    def _states(self, known: Sequence[Collection]) -> tuple[CollectionState, ...]:
        if not known:
            return ()
        paused = self._collections.paused()

        def states(opened: Opened) -> tuple[CollectionState, ...]:
            counts, cloud = opened.files.counts(), opened.files.cloud_bytes()
            return tuple(
                _state(opened, one, counts.get(one.id, {}), cloud.get(one.id, 0), one.id in paused) for one in known
            )

        return self._held.ask(states)


def _state(
    opened: Opened, one: Collection, counts: Mapping[FileStatus, int], cloud_bytes: int, paused: bool
) -> CollectionState:
    look, trouble = opened.files.look(one.id), opened.keeper.trouble
    busy = opened.keeper.busy
    embedded, passages = opened.tally.of(one.id, counts.get(FileStatus.INDEXED, 0), busy=busy)
    return CollectionState(
        one,
        counts,
        opened.keeper.progress(one.id, lacks_vectors=embedded < passages),
        passages,
        embedded,
        cloud_bytes,
        (look.problem if look is not None else "") or trouble,
        look.problem_kind if look is not None else "",
        paused,
        look.looked_at if look is not None else None,
        opened.keeper.notes().get(one.id, ""),
    )


def _changed(path: Path, document: Document) -> bool:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return True
    return (status.st_size, status.st_mtime_ns) != (document.bytes, document.modified_ns)
