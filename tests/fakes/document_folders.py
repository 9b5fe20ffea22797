"""`Documents` over lists: folders, files and texts that the test gives, searched by their words alone."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.fakes.documents import png
from workbench.cancel import CancelToken
from workbench.documents.collection import (
    Chunk,
    Collection,
    CollectionState,
    Document,
    FileStatus,
    Phase,
    Progress,
    Rules,
)
from workbench.documents.extract.document import DocumentError, Section
from workbench.documents.retrieval.hit import Explanation, Found, Hit, NotSearched, Query
from workbench.documents.service import DocumentText
from workbench.errors import UsageError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.messages import Id

PAGE_BREAK = "\f"
WORD = re.compile(r"\w+")
DAY_NS = 86_400_000_000_000
CREATED = 1_790_000_000.0
STOP_WORDS = {"a", "and", "are", "at", "by", "for", "in", "is", "may", "of", "on", "or", "the", "to", "when", "where"}
REASONS = {  # of files that were counted, not given
    FileStatus.OFFLINE: "Their drive is not there.",
    FileStatus.IN_CLOUD: "They are only in the cloud.",
    FileStatus.SKIPPED: "Pictures have no text.",
}


@dataclass
class FakeDocuments:
    """`put` gives a folder a file; with a text it is indexed: a passage for each paragraph, a page for each form feed.

    ``failure`` is raised by whatever reads; ``retried``, ``synced``, ``looked_at`` and ``asked`` tell what was done.
    ``note`` goes with what is found. ``wait_seconds``: how long a search takes.
    """

    bus: Bus = field(default_factory=Bus)
    failure: WorkbenchError | None = None
    note: str = ""
    wait_seconds: float = 0.0
    states: dict[Id, CollectionState] = field(default_factory=dict)
    files: dict[int, Document] = field(default_factory=dict)
    texts: dict[int, DocumentText] = field(default_factory=dict)
    chunks: dict[int, tuple[Chunk, ...]] = field(default_factory=dict)
    retried: list[int] = field(default_factory=list)
    synced: list[Id | None] = field(default_factory=list)
    looked_at: list[Id] = field(default_factory=list)
    asked: list[Query] = field(default_factory=list)
    closed: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)

    # What the test gives ------------------------------------------------------------------------------------------------

    def put(
        self,
        collection_id: Id,
        path: str,
        text: str = "",
        status: FileStatus | None = None,
        reason: str = "",
        media_type: str = "text/plain",
        *,
        size: int = 0,
        days: int = 0,
        title: str = "",
        changed: bool = False,
    ) -> Document:
        """``days``: how long after `CREATED` it was changed. ``changed``: another file now than what was read."""
        known = status or (FileStatus.INDEXED if text else FileStatus.WAITING)
        number = max(self.files, default=0) + 1
        pages = text.split(PAGE_BREAK)
        text = "\n\n".join(pages)
        cut = _cut(pages) if known is FileStatus.INDEXED else ()
        at = int(CREATED) * 1_000_000_000 + days * DAY_NS
        made = Document(
            number,
            collection_id,
            path,
            size or len(text),
            at,
            known,
            reason,
            media_type,
            title,
            f"{number:064x}",
            len(cut),
        )
        with self.lock:
            self.files[number] = made
            if cut:
                starts = [sum(len(page) + 2 for page in pages[:place]) for place in range(len(pages))]
                sections = tuple(Section(f"Page {place}", start) for place, start in enumerate(starts, 1))
                collection = self.states[collection_id].collection
                self.texts[number] = DocumentText(
                    made, collection, text, sections if len(pages) > 1 else (), changed=changed
                )
                self.chunks[number] = cut
            self._count(collection_id)
        return made

    def show(self, collection_id: Id, **values: object) -> None:
        """Its state is another one now: ``progress``, ``problem``, ``problem_kind``, ``cloud_bytes``, ``embedded``, ..."""
        with self.lock:
            self.states[collection_id] = replace(self.states[collection_id], **values)  # type: ignore[arg-type]
        self.bus.publish(Topic.DOCUMENTS)

    # As `Documents` -----------------------------------------------------------------------------------------------------

    def collections(self) -> tuple[CollectionState, ...]:
        self._check()
        with self.lock:
            return tuple(sorted(self.states.values(), key=lambda one: one.collection.name.casefold()))

    def state(self, name_or_id: str) -> CollectionState:
        found = [one for one in self.collections() if name_or_id in (one.collection.id, one.collection.name)]
        if not found:
            raise UsageError(f"No folder “{name_or_id}” is attached.", hint="See the Documents page.")
        return found[0]

    def add(self, path: Path, name: str = "", rules: Rules = Rules(), *, private: bool = False) -> Collection:
        self._check()
        if not path.is_dir():
            raise UsageError(f"{path} is not a folder.", hint="Choose a folder.")
        taken = {one.collection.name for one in self.states.values()}
        if any(one.collection.path == path for one in self.states.values()):
            raise UsageError(f"{path} is attached already.", hint="It is followed as it is.")
        if name in taken:
            raise UsageError(f"Another folder is called “{name}”.", hint="Choose another name.")
        chosen, number = name or path.name, 2
        while chosen in taken:
            chosen, number = f"{path.name} {number}", number + 1
        made = Collection(f"folder-{len(self.states) + 1}-{path.name}", chosen, path, private, rules, CREATED)
        with self.lock:
            self.states[made.id] = CollectionState(made, looked_at=CREATED)
        self.bus.publish(Topic.DOCUMENTS)
        return made

    def change(
        self, collection_id: Id, *, name: str | None = None, rules: Rules | None = None, private: bool | None = None
    ) -> Collection:
        state = self.state(collection_id)
        if name is not None and any(
            one.collection.name == name for one in self.states.values() if one.collection.id != collection_id
        ):
            raise UsageError(f"Another folder is called “{name}”.", hint="Choose another name.")
        given = {"name": name, "rules": rules, "private": private}
        changes = {key: value for key, value in given.items() if value is not None}
        made = replace(state.collection, **changes)  # type: ignore[arg-type]
        self.show(collection_id, collection=made)
        return made

    def move(self, collection_id: Id, path: Path) -> Collection:
        if not path.is_dir():
            raise UsageError(f"{path} is not a folder.", hint="Choose a folder.")
        made = replace(self.state(collection_id).collection, path=path)
        self.show(collection_id, collection=made, problem="", problem_kind="")
        return made

    def remove(self, collection_id: Id) -> None:
        self.state(collection_id)
        with self.lock:
            del self.states[collection_id]
            for number in [one.id for one in self.files.values() if one.collection_id == collection_id]:
                for rows in (self.files, self.texts, self.chunks):
                    rows.pop(number, None)
        self.bus.publish(Topic.DOCUMENTS)

    def items(
        self, collection_id: Id, statuses: Sequence[FileStatus] = (), text: str = "", limit: int = 500, after: int = 0
    ) -> tuple[Document, ...]:
        self.state(collection_id)
        with self.lock:
            found = sorted(
                (
                    one
                    for one in self.files.values()
                    if one.collection_id == collection_id
                    and (not statuses or one.status in statuses)
                    and text.casefold() in one.path.casefold()
                ),
                key=lambda one: one.path,
            )
        begin = next((place + 1 for place, one in enumerate(found) if one.id == after), 0)
        return tuple(found[begin : begin + limit])

    def sync(self, job: Job, collection_id: Id | None = None, *, vectors: bool = False) -> None:
        self._check()
        self.synced.append(collection_id)
        job.emit(Progress(Phase.READING, 1, 1, 10.0, 0.0))

    def look(self, collection_id: Id) -> None:
        self._check()
        self.looked_at.append(collection_id)

    def pause(self, collection_id: Id, *, paused: bool) -> None:
        self.state(collection_id)
        self.show(collection_id, paused=paused)

    def retry(self, documents: Sequence[int]) -> None:
        self._check()
        self.retried += documents
        with self.lock:
            for number in documents:
                self.files[number] = replace(self.files[number], status=FileStatus.WAITING, reason="")
            for collection_id in {self.files[number].collection_id for number in documents}:
                self._count(collection_id)
        self.bus.publish(Topic.DOCUMENTS)

    def search(self, query: Query, cancel: CancelToken) -> Found:
        self._check()
        self.asked.append(query)
        cancel.wait(self.wait_seconds)
        cancel.check()
        hits = self._hits(query)
        of = len({one.document.id for one in hits})
        return Found(tuple(hits[: query.limit]), of, not query.as_typed, self.note, 0.004)

    def explain(self, query: Query, cancel: CancelToken) -> Explanation:
        self._check()
        self.asked.append(query)
        words = tuple(dict.fromkeys(_words(query.text)))
        with self.lock:
            known = {word for cut in self.chunks.values() for one in cut for word in WORD.findall(one.text.casefold())}
        hits = tuple(self._hits(replace(query, limit=5))[:5])
        by_vectors = tuple(replace(one, methods={"vectors": one.methods["vectors"]}) for one in reversed(hits))
        by_words = tuple(replace(one, methods={"words": one.methods["words"]}) for one in hits)
        narrow = bool(query.collections or query.documents or query.media_types or query.path)
        return Explanation(
            query,
            words,
            tuple(word for word in words if word not in known),
            {"words": by_words, "vectors": by_vectors},
            self._not_searched(),
            ("Try other words for the same thing.",),
            Query(query.text, limit=query.limit) if narrow else None,
        )

    def text(self, document_id: int) -> DocumentText:
        self._check()
        if document_id not in self.texts:
            raise UsageError("This file is not there any more.", hint="Search again.")
        return self.texts[document_id]

    def holds(self, path: Path) -> bool:
        with self.lock:
            known = [state.collection.path for state in self.states.values()]
        return any(one == path or one in path.parents for one in known)

    def find_document(self, path: Path) -> Document | None:
        with self.lock:
            return next(
                (
                    one
                    for one in self.files.values()
                    if self.states[one.collection_id].collection.path / one.path == path
                ),
                None,
            )

    def page_image(self, document_id: int, page: int, width: int, cancel: CancelToken) -> bytes:
        cancel.check()
        if not 1 <= page <= len(self.text(document_id).sections):
            raise DocumentError(f"There is no page {page}.")
        return png(width, round(width * 1.414), (250, 250, 246))

    def page_boxes(
        self, document_id: int, page: int, passage: str, cancel: CancelToken
    ) -> tuple[tuple[float, float, float, float], ...]:
        cancel.check()
        return ((0.1, 0.1, 0.9, 0.15),) if passage else ()

    def close(self) -> None:
        self.closed = True

    # Inside ---------------------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        if self.failure:
            raise self.failure

    def _count(self, collection_id: Id) -> None:
        mine = [one for one in self.files.values() if one.collection_id == collection_id]
        counts = {status: sum(one.status is status for one in mine) for status in FileStatus}
        passages = sum(one.chunks for one in mine)
        cloud = sum(one.bytes for one in mine if one.status is FileStatus.IN_CLOUD)
        self.states[collection_id] = replace(
            self.states[collection_id],
            counts={status: count for status, count in counts.items() if count},
            chunks=passages,
            embedded=passages,
            cloud_bytes=cloud,
        )

    def _not_searched(self) -> tuple[NotSearched, ...]:
        told = []
        for state in self.collections():
            for status, count in state.counts.items():
                if status is not FileStatus.INDEXED:
                    reasons = (
                        one.reason
                        for one in self.files.values()
                        if one.collection_id == state.collection.id and one.status is status
                    )
                    told.append(
                        NotSearched(
                            state.collection,
                            status.value,
                            count,
                            next(reasons, "") or REASONS.get(status, "Not read yet."),
                        )
                    )
        return tuple(told)

    def _hits(self, query: Query) -> list[Hit]:
        words = _words(query.text)
        with self.lock:
            found = [
                hit
                for number, cut in self.chunks.items()
                if self._allowed(query, self.files[number])
                for chunk in cut
                if (hit := self._hit(self.files[number], chunk, words)) is not None
            ]
        best = sorted(found, key=lambda one: (-one.score, one.chunk_id))
        if not query.per_document:
            return best
        seen: dict[int, int] = {}
        kept = []
        for one in best:
            seen[one.document.id] = seen.get(one.document.id, 0) + 1
            if seen[one.document.id] <= query.per_document:
                kept.append(one)
        return kept

    def _allowed(self, query: Query, document: Document) -> bool:
        at = document.modified_ns / 1e9
        return (
            (not query.collections or document.collection_id in query.collections)
            and (not query.documents or document.id in query.documents)
            and (not query.media_types or document.media_type in query.media_types)
            and (query.modified_after is None or at >= query.modified_after)
            and (query.modified_before is None or at < query.modified_before)
        )

    def _hit(self, document: Document, chunk: Chunk, words: Sequence[str]) -> Hit | None:
        marks = [
            (found.start(), found.end())
            for found in WORD.finditer(chunk.text)
            if any(found[0].casefold().startswith(word) for word in words)
        ]
        if not marks:
            return None
        score = len(marks) / (1 + len(chunk.text) / 1000)
        methods = {"words": 3 * score, "vectors": min(0.95, 0.4 + 0.1 * len(marks))}
        collection = self.states[document.collection_id].collection
        return Hit(document.id * 1000 + chunk.ordinal, chunk, document, collection, score, methods, tuple(marks))


def _words(text: str) -> list[str]:
    return [word for word in WORD.findall(text.casefold()) if word not in STOP_WORDS]


def _cut(pages: Sequence[str]) -> tuple[Chunk, ...]:
    """A passage for each paragraph; offsets are those of all pages with an empty line between."""
    made: list[Chunk] = []
    headings: tuple[str, ...] = ()
    begin = 0
    for number, page in enumerate(pages, 1):
        for found in re.finditer(r"\S(?:.|\n(?!\n))*", page):
            start, text = begin + found.start(), found[0].rstrip()
            if text.startswith("# "):
                headings = (text[2:].partition("\n")[0],)
            numbered = number if len(pages) > 1 else None
            made.append(
                Chunk(
                    len(made), start, start + len(text), text, numbered, f"Page {number}" if numbered else "", headings
                )
            )
        begin += len(page) + 2
    return tuple(made)
