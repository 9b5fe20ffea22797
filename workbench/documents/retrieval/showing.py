"""Passages that were found, as a person sees them: different ones, joined where they touch, with their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from workbench.cancel import CancelToken
from workbench.documents.collection import Collection, Document
from workbench.documents.retrieval import fuse
from workbench.documents.retrieval.asked import Asked
from workbench.documents.retrieval.candidates import Candidates
from workbench.documents.retrieval.hit import Hit, Query
from workbench.documents.retrieval.passages import Marker, Placed, joined, same, vocabulary
from workbench.documents.storing.chunks import ChunkStore
from workbench.messages import Id


class Showing:
    """Any thread."""

    def __init__(self, store: ChunkStore) -> None:
        self._store = store

    def hits(
        self,
        query: Query,
        asked: Asked,
        candidates: Candidates,
        collections: Mapping[Id, Collection],
        languages: tuple[str, ...],
        cancel: CancelToken,
    ) -> list[Hit]:
        """The best first; ``languages``: whose words are marked. Raises `StorageError`, `Cancelled`."""
        scores = candidates.scores()
        best = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))
        ranked = [(one, candidates.contents[one], score) for one, score in best]
        if not query.per_document:
            ranked = fuse.spread(ranked)
        different = self._different(query, ranked)
        cancel.check()
        if query.as_typed or query.per_document == 1:
            placed = list(islice(different, query.limit))
        else:
            placed = joined(different, self._store.text, query.limit)
        documents = self._store.documents({one.content_id for one in placed}, query)
        marker = Marker(asked, languages)
        hits: list[Hit] = []
        for one in placed:
            files = [each for each in documents.get(one.content_id, ()) if each.collection_id in collections]
            if files:
                marks = marker.marks(one.chunk.text)
                hits.append(_hit(one, files[0], collections[files[0].collection_id], candidates, marks))
        return hits

    def _different(self, query: Query, ranked: Sequence[tuple[int, int, float]]) -> Iterator[Placed]:
        """The best first: of one document not more than wanted, the same text once."""
        seen, of_document = list[frozenset[str]](), dict[int, int]()
        for begin in range(0, len(ranked), 2 * query.limit):
            some = ranked[begin : begin + 2 * query.limit]
            chunks = self._store.chunks([one for one, _content, _score in some])
            for one, content, score in some:
                if one not in chunks or 0 < query.per_document <= of_document.get(content, 0):
                    continue
                said = vocabulary(chunks[one][1].text)
                if any(same(said, other) for other in seen):
                    continue
                seen.append(said)
                of_document[content] = of_document.get(content, 0) + 1
                yield Placed(one, content, chunks[one][1], score)


def _hit(
    one: Placed, document: Document, collection: Collection, candidates: Candidates, marks: tuple[tuple[int, int], ...]
) -> Hit:
    methods = {
        name: found[one.chunk_id]
        for name, found in (
            ("words", candidates.words),
            ("vectors", candidates.vectors),
            ("reranker", candidates.judged or {}),
        )
        if one.chunk_id in found
    }
    return Hit(one.chunk_id, one.chunk, document, collection, one.score, methods, marks)
