"""Finding passages by their words with tantivy: a folder of its own, one writer at a time, any number of readers."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import tantivy

from workbench.cancel import CancelToken
from workbench.documents.retrieval.analysis import folded
from workbench.documents.retrieval.asked import Asked
from workbench.documents.retrieval.spelling import nearest
from workbench.documents.retrieval.stop_words import STOP_WORDS
from workbench.documents.retrieval.tantivy_asking import Asking
from workbench.documents.retrieval.tantivy_schema import document, schema
from workbench.documents.retrieval.tantivy_writing import Writing
from workbench.documents.retrieval.words import (
    MOST_LANGUAGES,
    Mark,
    Match,
    read_mark,
    taking_in,
    write_mark,
)
from workbench.documents.storing.chunks import ChunkStore
from workbench.errors import StorageError

log = logging.getLogger(__name__)

FORMAT: Final = 1
AT_ONCE: Final = 2_000  # passages in one commit
LEAST_FREE_BYTES: Final = 16 << 20


class TantivyWords:
    """A `WordIndex`."""

    def __init__(self, folder: Path, store: ChunkStore) -> None:
        self._folder = folder
        self._store = store
        self._taking_in = threading.Lock()
        self._writing = Writing(folder)
        self._index: Any = None
        self._mark: Mark | None = None
        self._languages: tuple[str, ...] | None = None

    # Writing ----------------------------------------------------------------------------------------------------------

    def behind(self) -> int:
        mark = self._mark
        if mark is None or self._index is None:
            mark = read_mark(self._marked)
            if mark is None or not mark.fits(self._store, FORMAT):
                return max(1, self._store.count())
        left = self._store.generation() - mark.sequence
        return left if left >= 0 else max(1, self._store.count())

    def catch_up(self, cancel: CancelToken, *, more: bool = False) -> int:
        if self._index is not None and not self.behind():
            return 0
        with taking_in(self._taking_in, self.behind, cancel) as mine, _speaking(self._folder):
            return self._take_in(cancel, more=more) if mine else self.behind()

    def rest(self) -> None:
        self._more = False
        with self._taking_in:
            self._writing.end()

    _more = False  # whether what writes stays open

    def _take_in(self, cancel: CancelToken, *, more: bool) -> int:
        self._folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._writing.begin():  # another process does it
            self._mark = read_mark(self._marked)
            return self.behind() if self._mark is not None and self._opened() else self._store.count()
        self._more = self._more or more
        try:
            mark = self._mark = read_mark(self._marked)
            if mark is None or not mark.fits(self._store, FORMAT) or not self._opened():
                self._make_again(cancel)
            self._follow(cancel)
            return 0
        finally:
            if not self._more:
                self._writing.end(tidy=not cancel.cancelled)

    @property
    def _marked(self) -> Path:
        return self._folder / "workbench.json"

    def _opened(self) -> bool:
        """Whether it is there and sound; sees what was committed."""
        try:
            if self._index is None:
                self._index = tantivy.Index(schema(), str(self._folder), reuse=True)
            self._index.reload()
        except (ValueError, OSError) as error:
            log.warning("the index of words is made again: %s", error)
            self._index = None
            return False
        self._languages = None
        return True

    def _make_again(self, cancel: CancelToken) -> None:
        """Of all passages that there are. What comes and goes meanwhile is a change after the sequence seen first."""
        self._index = self._mark = None
        self._writing.let_go()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        index = tantivy.Index(schema(), str(self._folder), reuse=False)
        sequence, last = self._store.generation(), 0

        def committed() -> None:
            self._index = index
            self._reached(sequence)

        with self._writing.commit(index, committed) as writer:
            while some := self._store.searched_after(last, AT_ONCE):
                cancel.check()
                for one in some:
                    writer.add_document(document(one))
                last = some[-1].chunk_id

    def _follow(self, cancel: CancelToken) -> None:
        while changes := self._store.changes(self._mark.sequence if self._mark else 0, AT_ONCE):
            cancel.check()
            there = {change.chunk_id: change.came for change in changes}
            came = self._store.searched(chunk for chunk, is_there in there.items() if is_there)
            with self._writing.commit(self._index, partial(self._reached, changes[-1].sequence)) as writer:
                writer.delete_documents_by_query(tantivy.Query.term_set_query(schema(), "chunk", list(there)))
                for one in came:
                    writer.add_document(document(one))

    def _reached(self, sequence: int) -> None:
        change = self._store.change(sequence)
        self._mark = Mark(self._store.identity(), sequence, change.chunk_id if change else 0, FORMAT)
        write_mark(self._marked, self._mark)
        self._index.reload()
        self._languages = None

    # Reading ----------------------------------------------------------------------------------------------------------

    def languages(self) -> tuple[str, ...]:
        known = self._languages
        if known is None:
            searcher = self._searcher()
            if searcher is None:
                return ()
            counts = {one: searcher.doc_freq("language", one) for one in STOP_WORDS}
            known = self._languages = tuple(
                sorted((one for one in counts if counts[one]), key=lambda one: -counts[one])
            )
        return known

    def search(self, asked: Asked, limit: int, contents: Collection[int] | None = None) -> list[Match]:
        searcher = self._searcher()
        if searcher is None or not asked.pieces or limit < 1 or not searcher.num_docs:
            return []
        with _speaking(self._folder):
            query = self._asking(searcher).scoring(asked, contents)
            hits = searcher.search(query, limit, count=False).hits
            places = [place for _score, place in hits]
            chunks = searcher.fast_field_values("chunk", places)
            owners = searcher.fast_field_values("content", places)
        return [Match(int(c), int(o), float(hit[0])) for c, o, hit in zip(chunks, owners, hits, strict=True)]

    def mentioning(self, asked: Asked, most: int | None = None) -> set[int] | None:
        searcher = self._searcher()
        if searcher is None or not asked.pieces or not searcher.num_docs:
            return set()
        limit = searcher.num_docs if most is None else most + 1
        with _speaking(self._folder):
            every = tantivy.Query.const_score_query(self._asking(searcher).having(asked), 1.0)
            hits = searcher.search(every, limit, count=False).hits
            if most is not None and len(hits) > most:
                return None
            return {int(one) for one in searcher.fast_field_values("content", [place for _score, place in hits])}

    def about_mentioning(self, asked: Asked) -> int:
        searcher = self._searcher()
        if searcher is None or not asked.pieces or not searcher.num_docs:
            return 0
        with _speaking(self._folder):
            return int(searcher.cardinality(self._asking(searcher).having(asked), "content"))

    def near(self, word: str, limit: int = 3) -> list[str]:
        searcher = self._searcher()
        if searcher is None or len(word) < 4:
            return []
        plain = folded(word)
        counts: dict[str, int] = {}
        for beginning in (plain[0], plain[1:3]):
            counts.update(searcher.terms_with_prefix("plain", beginning))
        return nearest(plain, counts, limit)

    def close(self) -> None:
        with self._taking_in:
            try:
                self._writing.end(tidy=True)
            except (ValueError, OSError) as error:
                log.warning("the index of words was not put in order: %s", error)
            self._index = None

    def _asking(self, searcher: Any) -> Asking:
        return Asking(searcher, self.languages()[:MOST_LANGUAGES])

    def _searcher(self) -> Any:
        """As of the last commit; None while there is no index, or it is being made."""
        if self._index is None and self._taking_in.acquire(blocking=False):
            try:
                if self._index is None and read_mark(self._marked) is not None:
                    self._opened()
            finally:
                self._taking_in.release()
        index = self._index
        return None if index is None else index.searcher()


@contextmanager
def _speaking(folder: Path) -> Iterator[None]:
    """What tantivy and the disk say, as an error that people understand."""
    try:
        yield
    except (ValueError, OSError) as error:
        if _full(folder):  # which tantivy does not say
            raise StorageError(
                f"The disk with {folder} is full.", hint="Make room on the disk; it goes on by itself."
            ) from error
        raise StorageError(f"The index of words in {folder} could not be used: {error}.") from error


def _full(folder: Path) -> bool:
    """Whether there is less room than what one write takes."""
    try:
        return shutil.disk_usage(folder.parent).free < LEAST_FREE_BYTES
    except OSError:
        return False
