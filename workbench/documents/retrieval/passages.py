"""What is shown of passages that were found: neighbours as one, the same text once, and where the words stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from workbench.documents.collection import Chunk
from workbench.documents.retrieval.analysis import ascii_words, folded, is_unspaced, parts_of, spans
from workbench.documents.retrieval.asked import Asked
from workbench.documents.retrieval.stemming import stemmer

ALIKE: Final = 0.9  # of the words of both, what makes two passages the same to a reader
JOINED: Final = 3_000  # characters that neighbours may have together


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage with its content and its score. ``chunk_id``: of the best one, where several are joined."""

    chunk_id: int
    content_id: int
    chunk: Chunk
    score: float
    last: int = -1

    @property
    def until(self) -> int:
        """The ordinal of its last passage."""
        return max(self.last, self.chunk.ordinal)


def same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two passages, as `vocabulary` tells them, say the same to a reader."""
    if not one or not other:
        return False
    return len(one & other) >= ALIKE * len(one | other)


def vocabulary(text: str) -> frozenset[str]:
    return frozenset(text.lower().split())


def joined(ranked: Iterable[Placed], text_of: Callable[[int], str], limit: int) -> list[Placed]:
    """Neighbouring passages of one content as one, in the place of the better of them, until there are ``limit``;
    ``text_of`` a content."""
    done: list[Placed] = []
    for one in ranked:
        place = next((number for number, other in enumerate(done) if _neighbours(one, other)), None)
        if place is None and len(done) == limit:
            break
        if place is None:
            done.append(one)
        else:
            done[place] = _together(done[place], one, text_of(one.content_id))
    return done


class Marker:
    """Finds where words of a question stand, in whatever form."""

    def __init__(self, asked: Asked, languages: Sequence[str]) -> None:
        self._languages = languages
        self._stems = {one for piece in asked.pieces for part in piece.parts for one in stems_of(part, languages)}
        self._wholes = {one.joined or one.plain[0] for one in asked.pieces if one.joined or len(one.parts) == 1}
        self._begun = tuple(piece.plain[-1] for piece in asked.pieces if piece.beginning)
        self._runs = [_run(piece.parts) for piece in asked.pieces if is_unspaced(piece.parts[0])]
        self._first = {one[:2] for one in (*self._stems, *self._wholes, *self._begun)}
        self._known: dict[str, bool] = {}

    def marks(self, text: str) -> tuple[tuple[int, int], ...]:
        """As (start, end), in order."""
        if text.isascii():
            some = [word for word in set(ascii_words(text)) if self._is_wanted(word)]
            return tuple(match.span() for match in _any_of(some).finditer(text)) if some else ()
        found: list[tuple[int, int]] = []
        for match in spans(text):
            word = match.group()
            if is_unspaced(word):
                found += _inside(word, match.start(), self._runs)
            elif self._is_wanted(word):
                found.append(match.span())
        return tuple(found)

    def _is_wanted(self, word: str) -> bool:
        wanted = self._known.get(word)
        if wanted is None:
            wanted = self._known[word] = self._wants(word)
        return wanted

    def _wants(self, word: str) -> bool:
        small = word.lower()
        plain = small.isascii() and small[1:] == word[1:] and "_" not in word
        if plain and small[:2] not in self._first and small[0] not in self._first:
            return False  # most words: stems differ from words at their ends only
        parts, whole = parts_of(word)
        return (
            whole in self._wholes
            or any(folded(part) in self._wholes for part in parts)
            or any(stem in self._stems for part in parts for stem in stems_of(part, self._languages))
            or any(folded(part).startswith(self._begun) for part in parts if self._begun)
        )


def stems_of(part: str, languages: Sequence[str]) -> list[str]:
    """A lower-case word without its endings, as each language has them; English always."""
    return list(dict.fromkeys(folded(stemmer(language)(part)) for language in (*languages, "english")))


def _any_of(some: Sequence[str]) -> re.Pattern[str]:
    """One of these words, whole."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, some))})(?!\w)", re.ASCII)


def _run(pairs: Sequence[str]) -> str:
    """Pairs of neighbouring characters put together again."""
    return pairs[0] + "".join(pair[1] for pair in pairs[1:] if len(pair) > 1)


def _inside(run: str, start: int, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Where one of ``wanted`` stands in a run without spaces."""
    found: list[tuple[int, int]] = []
    for text in wanted:
        at = run.find(text)
        while at >= 0:
            found.append((start + at, start + at + len(text)))
            at = run.find(text, at + len(text))
    return sorted(found)


def _neighbours(one: Placed, other: Placed) -> bool:
    if one.content_id != other.content_id or one.chunk.page != other.chunk.page:
        return False
    first, second = sorted((one, other), key=lambda entry: entry.chunk.ordinal)
    close = first.until + 1 == second.chunk.ordinal
    return close and second.chunk.end - first.chunk.start <= JOINED


def _together(better: Placed, other: Placed, text: str) -> Placed:
    first, second = sorted((better, other), key=lambda entry: entry.chunk.ordinal)
    start, end = first.chunk.start, max(first.chunk.end, second.chunk.end)
    chunk = replace(first.chunk, start=start, end=end, text=text[start:end])
    return replace(better, chunk=chunk, last=second.until)
