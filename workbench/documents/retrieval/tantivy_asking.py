"""A question as tantivy asks it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import tantivy

from workbench.documents.retrieval.asked import Asked, Piece
from workbench.documents.retrieval.passages import stems_of
from workbench.documents.retrieval.tantivy_schema import schema
from workbench.documents.retrieval.words import HEADS, MOST_BEGUN


class Asking:
    """``searcher``: of the index as it is now; ``languages``: in which a word is looked for."""

    def __init__(self, searcher: Any, languages: tuple[str, ...]) -> None:
        self._searcher = searcher
        self._languages = languages

    def scoring(self, asked: Asked, contents: Collection[int] | None = None) -> Any:
        """What adds up to the score of a passage, of these contents alone."""
        query = self._scoring(asked)
        if contents is None:
            return query
        inside = tantivy.Query.term_set_query(schema(), "content", list(contents))
        return _every([query, tantivy.Query.const_score_query(inside, 0.0)])

    def having(self, asked: Asked) -> Any:
        """What has all that was asked for."""
        return _every([self._any(piece) for piece in asked.pieces])

    def _scoring(self, asked: Asked) -> Any:
        may = [one for piece in asked.pieces if not piece.required for one in self._scored(piece)]
        must = [_phrase("plain", piece.plain) for piece in asked.pieces if piece.required]
        if not must:
            return _any_of(may)
        pairs = [(tantivy.Occur.Must, one) for one in must] + [(tantivy.Occur.Should, one) for one in may]
        return tantivy.Query.boolean_query(pairs)

    def _scored(self, piece: Piece) -> list[Any]:
        """What a piece adds to the score of a passage."""
        found: list[Any] = []
        for part in piece.parts:
            stems = self._stems(part)
            body = [_term("stems", stem) for stem in stems]
            found.append(body[0] if len(body) == 1 else tantivy.Query.disjunction_max_query(body))
            if HEADS:
                found += [tantivy.Query.boost_query(_term("heads", stem), HEADS) for stem in stems]
        whole = piece.joined or (piece.plain[0] if len(piece.parts) == 1 else "")
        if whole:
            found.append(_term("joined", whole))
        if len(piece.parts) > 1 and not piece.joined:
            found.append(_phrase("plain", piece.plain))
        if piece.beginning:
            found += _begun(self._searcher, piece.plain[-1])
        return found

    def _any(self, piece: Piece) -> Any:
        """Whether a passage has a piece, in whatever form."""
        if piece.required or (len(piece.parts) > 1 and not piece.joined):
            return _phrase("plain", piece.plain)
        every = _every([_any_of([_term("stems", stem) for stem in self._stems(part)]) for part in piece.parts])
        whole = piece.joined or piece.plain[0]
        begun = _begun(self._searcher, piece.plain[-1]) if piece.beginning and len(piece.parts) == 1 else []
        return _any_of([every, _term("joined", whole), *begun])

    def _stems(self, part: str) -> list[str]:
        return stems_of(part, self._languages)


def _term(field: str, value: str) -> Any:
    return tantivy.Query.term_query(schema(), field, value, "freq")


def _phrase(field: str, parts: tuple[str, ...]) -> Any:
    if len(parts) == 1:
        return _term(field, parts[0])
    return tantivy.Query.phrase_query(schema(), field, list(parts))


def _begun(searcher: Any, beginning: str) -> list[Any]:
    """The most frequent words that begin so, the best of which counts."""
    found: list[Any] = []
    for field in ("plain", "joined"):
        begun = searcher.terms_with_prefix(field, beginning)
        begun.sort(key=lambda one: -one[1])
        found += [_term(field, word) for word, _count in begun[:MOST_BEGUN]]
    return [tantivy.Query.disjunction_max_query(found)] if found else []


def _any_of(queries: list[Any]) -> Any:
    return (
        queries[0]
        if len(queries) == 1
        else tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in queries])
    )


def _every(queries: list[Any]) -> Any:
    return (
        queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in queries])
    )
