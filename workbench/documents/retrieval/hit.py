"""What is asked of document folders, and what was found. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.documents.collection import Chunk, Collection, Document
from workbench.messages import Id


@dataclass(frozen=True, slots=True)
class Query:
    """``collections`` and ``documents``: only in these (ids); both empty: everywhere. ``media_types``: only these;
    ``path``: only files whose path matches this pattern in the manner of `.gitignore`; ``modified_after``,
    ``modified_before``: seconds since 1970. ``limit``: hits at most; ``per_document``: of one file at most, 0: any number.
    ``as_typed``: the last word may be unfinished, and no vectors are asked."""

    text: str
    collections: tuple[Id, ...] = ()
    documents: tuple[int, ...] = ()
    media_types: tuple[str, ...] = ()
    path: str = ""
    modified_after: float | None = None
    modified_before: float | None = None
    limit: int = 10
    per_document: int = 0
    as_typed: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. ``score``: of all methods together, larger is better, only comparable within one search.
    ``methods``: each method's own: ``words`` (BM25), ``vectors`` (cosine). ``marks``: where words of the question stand in
    ``chunk.text``, as (start, end)."""

    chunk_id: int
    chunk: Chunk
    document: Document
    collection: Collection
    score: float
    methods: Mapping[str, float] = field(default_factory=dict)
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class NotSearched:
    """Files that could not answer: how many of a collection, and why, in a sentence."""

    collection: Collection
    status: str
    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """``hits``: best first. ``documents``: of how many files they are, all hits counted where the method can count them;
    ``about``: a few of a hundred more or less.
    ``vectors``: whether meaning was searched too; ``note``: what a person must know of this search ("312 of 4,000 passages
    have no vectors yet"), empty when nothing."""

    hits: tuple[Hit, ...]
    documents: int = 0
    vectors: bool = False
    note: str = ""
    seconds: float = 0.0
    about: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why not found: what was searched for, the best of each method, what was not searched, and what to try."""

    query: Query
    words: tuple[str, ...]
    unknown_words: tuple[str, ...]
    by_method: Mapping[str, tuple[Hit, ...]]
    not_searched: tuple[NotSearched, ...]
    suggestions: tuple[str, ...]
    wider: Query | None = None
