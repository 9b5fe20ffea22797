"""Texts as words of an index, the same for every index and for questions. Pure.

Identifiers are words joined: ``readFile`` and ``read_file`` are *read* and *file*, and *readfile* beside them. Scripts
without spaces are pairs of characters. Words are compared without case; their stems with the accents that stemmers of
their language need, everything else without.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from workbench.documents.retrieval.stemming import Stem
from workbench.documents.retrieval.stop_words import language_of

LONGEST_WORD: Final = 64  # characters of a word: what is longer is no word, and its beginning is enough
TOLD_FROM: Final = 400  # words of a text by which its language is told

_UNSPACED: Final = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
)
# Letters and digits, and the marks which some scripts write as characters of their own; underscores join.
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
)
_WORD: Final = re.compile(rf"[{_UNSPACED}]+|[^\W{_UNSPACED}](?:[^\W{_UNSPACED}]|[{_MARKS}])*")
_ASCII_WORD: Final = re.compile(r"\w+", re.ASCII)
_UNSPACED_FIRST: Final = re.compile(f"[{_UNSPACED}]")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Words:
    """``plain``: in order, folded; ``stems``: of each; ``joined``: identifiers whole; ``language``: by its stop words, or
    empty."""

    plain: list[str]
    stems: list[str]
    joined: list[str]
    language: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands. ``parts``: lower case; more than one of an identifier or of a script without spaces."""

    start: int
    end: int
    parts: tuple[str, ...]
    joined: str = ""


def words(text: str, stemmer: Callable[[str], Stem]) -> Words:
    """All that is indexed of ``text``; ``stemmer`` gives the stemming of a language (of English for an empty one)."""
    lower: list[str] = []
    joined: list[str] = []
    for found in (_ASCII_WORD if text.isascii() else _WORD).findall(text):
        parts, whole = parts_of(found)
        lower += parts
        if whole:
            joined.append(whole)
    language = language_of(lower[:TOLD_FROM])
    stem = stemmer(language)
    plain = lower if text.isascii() else [folded(word) for word in lower]
    return Words(plain, [stem(word) for word in lower], joined, language)


def places(text: str) -> list[Word]:
    """The words of ``text`` with their places; those of scripts without spaces a run at a time."""
    found: list[Word] = []
    for match in spans(text):
        parts, whole = parts_of(match.group())
        if parts:  # underscores alone are none
            found.append(Word(match.start(), match.end(), parts, whole))
    return found


def ascii_words(text: str) -> list[str]:
    """The words of an ASCII text, identifiers whole."""
    return _ASCII_WORD.findall(text)


def spans(text: str) -> Iterator[re.Match[str]]:
    """Where the words of ``text`` are, identifiers and scripts without spaces a run at a time."""
    return (_ASCII_WORD if text.isascii() else _WORD).finditer(text)


@lru_cache(maxsize=100_000)
def parts_of(found: str) -> tuple[tuple[str, ...], str]:
    """The lower-case words of what stands together, and the whole where there are several."""
    found = found if found.isascii() else unicodedata.normalize("NFC", found)
    if is_unspaced(found):
        return _pairs(found), ""
    if "_" not in found and found[1:] == found[1:].lower():  # most words
        return (found.lower()[:LONGEST_WORD],), ""
    pieces = [piece for run in found.split("_") for piece in _HUMP.split(run) if piece]
    parts = tuple(piece.lower()[:LONGEST_WORD] for piece in pieces)
    whole = "".join(parts)[:LONGEST_WORD]
    return parts, folded(whole) if len(parts) > 1 else ""


def folded(word: str) -> str:
    """A lower-case word without accents; scripts whose marks are letters keep them."""
    return word if word.isascii() else _NOT_ASCII.sub(lambda found: _folded(found.group()), word)


def is_unspaced(word: str) -> bool:
    """Whether it is of a script that writes no spaces between words."""
    return not word.isascii() and bool(_UNSPACED_FIRST.match(word))


def spaced(some: Iterable[str]) -> str:
    """Words as an index that splits at spaces is given them."""
    return " ".join(some)


def _pairs(run: str) -> tuple[str, ...]:
    """Neighbouring characters, two at a time; one alone stays alone."""
    if len(run) == 1:
        return (run,)
    return tuple(run[place : place + 2] for place in range(len(run) - 1))


@lru_cache(maxsize=50_000)
def _folded(run: str) -> str:
    plain = []
    for letter in run.casefold():
        base, *marks = list(unicodedata.normalize("NFD", letter))
        plain.append(base if marks and all(map(unicodedata.combining, marks)) and not is_unspaced(letter) else letter)
    return unicodedata.normalize("NFC", "".join(one for one in plain if not _is_latin_mark(one)))


def _is_latin_mark(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f" or "\u0591" <= letter <= "\u05c7" or "\u064b" <= letter <= "\u0652"
