"""Document folders as people use them: attach, follow, look at, search. The facade of `workbench.documents`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.cancel import CancelToken
from workbench.documents.collection import Collection, CollectionState, Document, FileStatus, Rules
from workbench.documents.extract.document import Section
from workbench.documents.retrieval.hit import Explanation, Found, Query
from workbench.jobs import Job
from workbench.messages import Id


@dataclass(frozen=True, slots=True)
class DocumentText:
    """What was read of a file. ``changed``: the file is another one now than what was read."""

    document: Document
    collection: Collection
    text: str
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    changed: bool = False

    @property
    def path(self) -> Path:
        return self.collection.path / self.document.path


class Documents(Protocol):
    """All methods may be called from any thread. Those with a `Job` block until they are done. What changes is published
    as `Topic.DOCUMENTS`, at most a few times a second."""

    def collections(self) -> tuple[CollectionState, ...]:
        """All folders, by name."""
        ...

    def state(self, name_or_id: str) -> CollectionState:
        """Raises `UsageError` for a folder that is not attached."""
        ...

    def add(self, path: Path, name: str = "", rules: Rules = ..., *, private: bool = False) -> Collection:
        """Attach a folder and begin to read it in the background. Without a name, the folder's own, made unique.

        Raises `UsageError` for a path that is no folder, that is attached already, that stands in an attached one or around
        one, or that holds the data home; and for a name that is taken.
        """
        ...

    def change(
        self, collection_id: Id, *, name: str | None = None, rules: Rules | None = None, private: bool | None = None
    ) -> Collection: ...

    def move(self, collection_id: Id, path: Path) -> Collection:
        """The folder is elsewhere now (another drive letter, a renamed parent): only what changed is read again."""
        ...

    def remove(self, collection_id: Id) -> None:
        """Forget a folder and all that was read of it; its files are not touched."""
        ...

    def items(
        self, collection_id: Id, statuses: Sequence[FileStatus] = (), text: str = "", limit: int = 500, after: int = 0
    ) -> tuple[Document, ...]:
        """Its files by path, with these statuses (empty: all) and this text in their path, from the one after the id."""
        ...

    def sync(self, job: Job, collection_id: Id | None = None, *, vectors: bool = False) -> None:
        """Look at the folder (None: all) now and wait until all of it is read; ``vectors``: and embedded.

        Emits `Progress`. Raises `StorageError`, `Cancelled`.
        """
        ...

    def look(self, collection_id: Id) -> None:
        """Look at the folder soon, and read what changed; nobody waits for it."""
        ...

    def pause(self, collection_id: Id, *, paused: bool) -> None: ...

    def retry(self, documents: Sequence[int]) -> None:
        """Read these again, whatever became of them before; a file in the cloud is downloaded for it."""
        ...

    def search(self, query: Query, cancel: CancelToken) -> Found:
        """Raises `UsageError` for a folder that is not attached, `StorageError`, `Cancelled`."""
        ...

    def explain(self, query: Query, cancel: CancelToken) -> Explanation:
        """Why something is not found. Raises as `search`."""
        ...

    def text(self, document_id: int) -> DocumentText:
        """What was read of a file. Raises `UsageError` for one that is gone or was not read."""
        ...

    def holds(self, path: Path) -> bool:
        """Whether this folder or file is an attached folder, or stands in one. Opens nothing."""
        ...

    def find_document(self, path: Path) -> Document | None:
        """The document of this file, if a folder has it."""
        ...

    def page_image(self, document_id: int, page: int, width: int, cancel: CancelToken) -> bytes:
        """A page of a PDF, from 1, as PNG of this width, drawn in the confined child. Raises `DocumentError`."""
        ...

    def page_boxes(
        self, document_id: int, page: int, passage: str, cancel: CancelToken
    ) -> tuple[tuple[float, float, float, float], ...]:
        """Where a passage stands on a page of a PDF, line by line: left, top, right, bottom as parts of the page's width
        and height, from its upper left corner. Empty where it is not found. Raises `DocumentError`."""
        ...

    def close(self) -> None:
        """Stop following and reading; what was read is kept."""
        ...
