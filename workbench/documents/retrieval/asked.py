"""What a person typed, as words to look for. Pure.

Plain words may be there; ``"two words"`` must stand together; ``wor*`` is how a word begins, and so is the last word while
it is being typed. Nothing that is typed is an error: what has no meaning is searched for as words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workbench.documents.retrieval.analysis import folded, is_unspaced, places
from workbench.documents.retrieval.stop_words import stop_words

MOST_CHARACTERS: Final = 4_000
MOST_WORDS: Final = 64
_SHORTEST_BEGINNING: Final = 2  # letters: fewer begin too many words
_PIECE: Final = re.compile(r'"(?P<quoted>[^"]*)"?|(?P<bare>[^"]+)')


@dataclass(frozen=True, slots=True)
class Piece:
    """``parts``: lower case, in order, more than one where they stand together; ``joined``: an identifier as one word.
    ``required``: they must stand there so; ``beginning``: the last part may go on."""

    parts: tuple[str, ...]
    joined: str = ""
    required: bool = False
    beginning: bool = False

    @property
    def plain(self) -> tuple[str, ...]:
        """The parts without accents, as they stand in an index."""
        return tuple(map(folded, self.parts))


@dataclass(frozen=True, slots=True)
class Asked:
    """``pieces``: each once; ``language``: by the words that were left out as saying little, or empty."""

    pieces: tuple[Piece, ...]
    language: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """As a person is told what was searched for."""
        return tuple(dict.fromkeys("".join(one.parts) if _runs_on(one) else " ".join(one.parts) for one in self.pieces))


def parse(text: str, languages: Sequence[str] = (), *, as_typed: bool = False) -> Asked:
    """What ``text`` asks for; never raises. ``languages``: those of the index, the most frequent first: frequent words of
    the one that the question is in are left out, unless there are no others."""
    text = text.replace("\0", " ")[:MOST_CHARACTERS]
    pieces: list[Piece] = []
    for found in _PIECE.finditer(text):
        if found["quoted"] is not None:
            pieces += _phrase(found["quoted"])
        else:
            last = as_typed and found.end() == len(text)
            pieces += _bare(found["bare"], as_typed=last)
    language = _language(pieces, languages)
    telling = [one for one in pieces if not _says_little(one, language)]
    return Asked(tuple(dict.fromkeys(telling or pieces))[:MOST_WORDS], language)


def _phrase(text: str) -> list[Piece]:
    parts = tuple(part for word in places(text) for part in word.parts)
    return [Piece(parts, required=True)] if parts else []


def _bare(text: str, *, as_typed: bool) -> list[Piece]:
    found: list[Piece] = []
    for word in places(text):
        begins = text[word.end : word.end + 1] == "*" or (as_typed and word.end == len(text))
        long = sum(map(len, word.parts)) >= _SHORTEST_BEGINNING or is_unspaced(word.parts[0])
        found.append(Piece(word.parts, word.joined, beginning=begins and long))
    return found


def _language(pieces: Sequence[Piece], languages: Sequence[str]) -> str:
    """Of the index's languages (English where there are none) that of which most frequent words were typed."""
    known = tuple(one for one in languages if one) or ("english",)
    counts = {
        language: sum(part in stop_words(language) for one in pieces if not one.required for part in one.parts)
        for language in dict.fromkeys((*known, "english"))
    }
    return max(counts, key=lambda one: counts[one])


def _says_little(piece: Piece, language: str) -> bool:
    some = stop_words(language)
    return (
        not piece.required
        and not piece.beginning
        and all(part in some or (len(part) == 1 and part.isalpha() and part.isascii()) for part in piece.parts)
    )


def _runs_on(piece: Piece) -> bool:
    return bool(piece.joined) or is_unspaced(piece.parts[0])
