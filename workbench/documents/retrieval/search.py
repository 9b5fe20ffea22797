"""Searching passages by words and by meaning at once, and telling what was found."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

from workbench.cancel import CancelToken
from workbench.documents.collection import Collection
from workbench.documents.retrieval.asked import Asked, parse
from workbench.documents.retrieval.candidates import Candidates
from workbench.documents.retrieval.explain import Looked, suggestions, why, wider
from workbench.documents.retrieval.filters import Filters
from workbench.documents.retrieval.hit import Explanation, Found, Hit, Query
from workbench.documents.retrieval.judging import JUDGED, Judge
from workbench.documents.retrieval.showing import Showing
from workbench.documents.retrieval.words import MOST_LANGUAGES, WordIndex
from workbench.documents.storing.chunks import ChunkStore
from workbench.documents.storing.index import is_damage
from workbench.errors import EngineError, StorageError, UsageError
from workbench.messages import Id

CANDIDATES: Final = 50  # of each method, at least
EASY: Final = 8  # times as many are looked at before a filter is worked out for all
COUNTED: Final = 5_000  # passages whose files are counted one by one
SOON: Final = 300  # changes that a search while typing takes in first
_BEST: Final = 5  # of each method, in an explanation


class Vectors(Protocol):
    """As `retrieval.vectors.VectorIndex`."""

    def __len__(self) -> int: ...

    def search(
        self, vector: Sequence[float], limit: int, allowed: Callable[..., Any] | None = None
    ) -> list[tuple[int, float]]: ...


class Search:
    """``embed_query``: the vector of a question, by the model whose vectors answer; raises `EngineError` where it cannot.
    ``collections``: all folders by their ids. ``judge``: puts the best in order once more. All methods may be
    called from any thread."""

    def __init__(
        self,
        store: ChunkStore,
        words: WordIndex,
        vectors: Vectors,
        embed_query: Callable[[str], Sequence[float]],
        collections: Callable[[], Mapping[Id, Collection]],
        judge: Judge | None = None,
    ) -> None:
        self._store = store
        self._words = words
        self._vectors = vectors
        self._embed_query = embed_query
        self._collections = collections
        self._judge = judge
        self._filters = Filters(store)
        self._showing = Showing(store)

    def catch_up(self, cancel: CancelToken) -> int:
        """Take into the index of words what was read since; to be called now and then while folders are read.

        Returns how many changes are left, where another process takes them in. Raises `Cancelled`, `StorageError`.
        """
        return self._words.catch_up(cancel)

    def close(self) -> None:
        self._words.close()

    def find(self, query: Query, cancel: CancelToken) -> Found:
        """Raises `UsageError` for a folder that is not attached, `StorageError`, `Cancelled`."""
        started = time.perf_counter()
        collections = self._known(query)
        problem = self._take_in(query, cancel)
        asked = parse(query.text, self._words.languages(), as_typed=query.as_typed)
        if not asked.pieces or query.limit < 1:
            return Found((), seconds=time.perf_counter() - started)
        depth = max(CANDIDATES, 2 * query.limit)
        before: Candidates | None = None
        while True:
            candidates = before = self._judged(query, self._candidates(query, asked, depth, cancel), before, cancel)
            hits = self._hits(query, asked, candidates, collections, cancel)
            if len(hits) >= query.limit or candidates.exhausted:
                break
            depth *= 4  # many of one document, or the same text: look further down
        documents, about = self._count_documents(query, asked, hits)
        note, seconds = self._note(query, candidates, problem), time.perf_counter() - started
        return Found(tuple(hits), documents, candidates.meaning, note, seconds, about)

    def explain(self, query: Query, cancel: CancelToken) -> Explanation:
        """Why something is not found. Raises as `find`."""
        query = replace(query, as_typed=False)
        collections = self._known(query)
        problem = self._take_in(query, cancel)
        asked = parse(query.text, self._words.languages())
        unknown = tuple(word for word in asked.words if not self._has(word))
        few = replace(query, limit=_BEST)
        candidates = self._candidates(query, asked, CANDIDATES, cancel)
        by_method: dict[str, tuple[Hit, ...]] = {}
        for method, only in (
            ("words", replace(candidates, vectors={})),
            ("vectors", replace(candidates, words={})),
        ):
            by_method[method] = tuple(self._hits(few, asked, only, collections, cancel)) if _any(only) else ()
        near = {word: tuple(self._words.near(word)) for word in unknown}
        looked = Looked(query, asked, unknown, near, any(by_method.values()), self._note(query, candidates, problem))
        missing = self._store.not_indexed(query)
        return Explanation(
            query,
            asked.words,
            unknown,
            by_method,
            tuple(why(collections[one[0]], *one[1:]) for one in missing if one[0] in collections),
            suggestions(looked, sum(sum(reasons.values()) for _id, _status, reasons in missing)),
            wider(looked),
        )

    # What may answer --------------------------------------------------------------------------------------------------

    def _known(self, query: Query) -> Mapping[Id, Collection]:
        collections = self._collections()
        strange = [one for one in query.collections if one not in collections]
        if strange:
            raise UsageError(
                f"No folder {strange[0]!r} is attached.", hint="Run `workbench folders list` to see those that are."
            )
        return collections

    def _take_in(self, query: Query, cancel: CancelToken) -> str:
        """Why what was read since cannot be taken in: then what was taken in before answers."""
        if query.as_typed and self._words.behind() > SOON:
            return ""
        try:
            self._words.catch_up(cancel)
        except StorageError as error:
            if is_damage(error):
                raise
            return error.message
        return ""

    def _candidates(self, query: Query, asked: Asked, depth: int, cancel: CancelToken) -> Candidates:
        """The best of each method among those that the filters let through, whatever part of all that is."""
        by_words = self._by_words(query, asked, depth)
        cancel.check()
        problem, vector = "", None
        if not query.as_typed and len(self._vectors):
            try:
                vector = self._embed_query(query.text)
            except EngineError as error:
                problem = error.message
        cancel.check()
        vectors = self._by_vectors(query, vector, depth) if vector is not None else {}
        exhausted = len(by_words) < depth and len(vectors) < depth
        contents = self._store.contents_of(vectors.keys() - by_words.keys())
        contents.update((one, content) for one, (content, _score) in by_words.items())
        if vector is not None:
            vectors.update(self._cosines(vector, by_words.keys() - vectors.keys()))
        there = self._let_through(set(contents.values()), query)
        contents = {one: content for one, content in contents.items() if content in there}
        return Candidates(
            {one: score for one, (_content, score) in by_words.items() if one in contents},
            {one: score for one, score in vectors.items() if one in contents},
            contents,
            exhausted,
            vector is not None,
            problem,
        )

    def _judged(
        self, query: Query, candidates: Candidates, before: Candidates | None, cancel: CancelToken
    ) -> Candidates:
        """With what a reranker says of the best; it is asked once in a search."""
        if before is not None:
            return replace(candidates, judged=before.judged, unjudged=before.unjudged)
        if self._judge is None or query.as_typed:
            return candidates
        scores = candidates.scores()
        best = sorted(scores, key=lambda one: (-scores[one], one))[:JUDGED]
        said = self._judge.judge(query.text, best, self._store.chunks, cancel)
        return replace(candidates, judged=said.scores, unjudged=said.problem)

    def _by_words(self, query: Query, asked: Asked, depth: int) -> dict[int, tuple[int, float]]:
        """Content and score of each. A filter is looked at where something was found; one that lets little through is given
        to the index."""
        wanted = depth * EASY if _filtered(query) else depth
        found = self._words.search(asked, wanted)
        if _filtered(query):
            allowed = self._filters.contents(query)
            kept = [one for one in found if one.content_id in allowed]
            if len(kept) < depth and len(found) == wanted:
                kept = self._words.search(asked, depth, allowed)
            found = kept[:depth]
        return {one.chunk_id: (one.content_id, one.score) for one in found}

    def _let_through(self, contents: set[int], query: Query) -> set[int]:
        """Those of the contents of which a file may answer."""
        if not _filtered(query):
            return self._store.with_files(contents)
        allowed = self._filters.contents(query)
        return {one for one in contents if one in allowed}

    def _by_vectors(self, query: Query, vector: Sequence[float], depth: int) -> dict[int, float]:
        if not _filtered(query):
            return dict(self._vectors.search(vector, depth))
        allowed = self._filters.of_passages(self._filters.contents(query))
        return dict(self._vectors.search(vector, depth, allowed))

    def _cosines(self, vector: Sequence[float], chunk_ids: Sequence[int] | set[int]) -> dict[int, float]:
        """Of passages that were found by their words."""
        if not chunk_ids:
            return {}
        return dict(self._vectors.search(vector, len(chunk_ids), _one_of(list(chunk_ids))))

    def _hits(
        self,
        query: Query,
        asked: Asked,
        candidates: Candidates,
        collections: Mapping[Id, Collection],
        cancel: CancelToken,
    ) -> list[Hit]:
        languages = self._words.languages()[:MOST_LANGUAGES]
        return self._showing.hits(query, asked, candidates, collections, languages, cancel)

    # What is told ------------------------------------------------------------------------------------------------------

    def _count_documents(self, query: Query, asked: Asked, hits: Sequence[Hit]) -> tuple[int, bool]:
        """How many files have the words; whether that is only about right."""
        shown = len({hit.document.id for hit in hits})
        if query.as_typed:
            return shown, False
        if _filtered(query):
            allowed = self._filters.contents(query)
            return max(shown, sum(allowed.get(one, 0) for one in self._words.mentioning(asked) or ())), False
        mentioning = self._words.mentioning(asked, COUNTED)
        if mentioning is None:
            return max(shown, self._words.about_mentioning(asked)), True
        return max(shown, self._store.count_documents(mentioning)), False

    def _note(self, query: Query, candidates: Candidates, problem: str) -> str:
        left = self._words.behind()
        if problem and left:
            some = "1 passage is" if left == 1 else f"About {left:,} passages are"
            return f"{some} not found by words yet: {problem}"
        if left > SOON:
            return f"About {left:,} passages are still being taken in, and are not found yet."
        if query.as_typed:
            return ""
        if candidates.problem:
            return f"Only words were searched: {candidates.problem}"
        if candidates.unjudged:
            return f"The best were not read once more by the reranker: {candidates.unjudged}"
        total = self._store.count()
        missing = total - len(self._vectors)
        if missing > 0:
            return f"{missing:,} of {total:,} passages are found by their words only so far; their meaning comes later."
        return ""

    def _has(self, word: str) -> bool:
        return any(self._words.mentioning(Asked((piece,)), 1) != set() for piece in parse(word).pieces)


def _filtered(query: Query) -> bool:
    return query != Query(query.text, limit=query.limit, per_document=query.per_document, as_typed=query.as_typed)


def _any(candidates: Candidates) -> bool:
    return bool(candidates.words or candidates.vectors)


def _one_of(chunk_ids: Sequence[int]) -> Callable[..., Any]:
    """Which of an array of passages are among these."""
    import numpy as np

    wanted = np.asarray(chunk_ids, np.int64)
    return lambda every: np.isin(every, wanted)
