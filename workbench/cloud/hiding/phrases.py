"""Phrases in a text, as whole words and in any case: the person's own list, and originals that were found elsewhere."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.letters import lowered
from workbench.cloud.hiding.redaction import Hidden, Redaction

# A word, or one sign; "_" is a sign: file_names have words.
_TOKEN: Final = re.compile(r"(?:[^\W_]++|[\u0300-\u036f]++)++|[^\w\s]|_")
_PIECES: Final = re.compile(f"({_TOKEN.pattern})")
SHORTEST_PART: Final = 5
"""Characters of an own word that is found inside longer ones too: shorter ones are in too many."""
_KEPT: Final = 16_384  # words and phrases that were read: most come again
_LONGEST_ENDING: Final = 3  # "Ada's", "Adas"
MOST_WORDS: Final = 40
"""Of a phrase: longer ones are not looked for."""


@dataclass(slots=True)
class Phrases:
    """Looked up by their first words and their length: the time grows with the text, not with the list."""

    _seconds: dict[str, set[str]] = field(default_factory=dict)  # words behind a first one; empty: it stands alone
    _lengths: dict[str, list[int]] = field(default_factory=dict)
    _kinds: dict[tuple[str, ...], tuple[Hidden, frozenset[str] | None]] = field(default_factory=dict)

    def add(self, phrase: str, kind: Hidden, *, exact: bool = False) -> None:
        """``exact``: only in this case of letters. A phrase without a letter or digit is none."""
        words = _words(phrase)
        if len(words) > MOST_WORDS or not any(word[0].isalnum() for word in words):
            return
        self._seconds.setdefault(words[0], set()).add(words[1] if len(words) > 1 else "")
        lengths = self._lengths.setdefault(words[0], [])
        if len(words) not in lengths:
            lengths.append(len(words))
            lengths.sort(reverse=True)
        spellings = frozenset([_squeezed(phrase)]) if exact else None
        before = self._kinds.get(words)
        if before is not None:
            spellings = None if spellings is None or before[1] is None else spellings | before[1]
        self._kinds[words] = (kind, spellings)

    def find(self, text: str) -> Iterator[Found]:
        """Each phrase, the longest where several begin; spaces and line ends between its words do not count."""
        if not self._kinds or not self._may_stand_in(text):
            return
        pieces = _PIECES.split(text)  # what stands between, a word, and so on: their lengths tell their places
        words = pieces[1::2]
        known = {word: _folded(word) for word in set(words)}  # most words come again
        folded = [known[word] for word in words]
        begin = [place for place, fold in enumerate(folded) if fold in self._seconds]
        if not begin:
            return
        ends = tuple(accumulate(map(len, pieces)))
        folded.append("")
        for place in begin:
            seconds = self._seconds[folded[place]]
            if folded[place + 1] in seconds or "" in seconds:
                found = self._longest(text, ends, folded, place)
                if found is not None:
                    yield found

    def _may_stand_in(self, text: str) -> bool:
        """False where none of the first words is anywhere in it. Of a text whose letters may be composed otherwise when
        they stand alone that cannot be said."""
        folded = text.casefold()
        if not (unicodedata.is_normalized("NFC", text) and unicodedata.is_normalized("NFC", folded)):
            return True
        return any(word in folded for word in self._seconds)

    def _longest(self, text: str, ends: Sequence[int], folded: list[str], place: int) -> Found | None:
        """The longest phrase that begins with this word. ``ends``: of all pieces, of which every other is a word."""
        for length in self._lengths[folded[place]]:
            kind, spellings = self._kinds.get(tuple(folded[place : place + length]), (None, None))
            if kind is None or 2 * (place + length) > len(ends):
                continue
            start, end = ends[2 * place], ends[2 * (place + length) - 1]
            if spellings is None or _squeezed(text[start:end]) in spellings:
                return Found(start, end, kind)
        return None


def phrases(own: Iterable[str]) -> Phrases:
    """The person's own list."""
    result = Phrases()
    for phrase in own:
        result.add(phrase, Hidden.OWN)
    return result


def parts_of_words(text: str, own: Iterable[str]) -> Iterator[Found]:
    """The person's own words inside longer ones, in any case: `Zephyrion` of "ZephyrionGmbH"."""
    small = lowered(text)
    for word in sorted({lowered(one.strip()) for one in own}):
        place = small.find(word) if len(word) >= SHORTEST_PART else -1
        while place >= 0:
            yield Found(place, place + len(word), Hidden.OWN)
            place = small.find(word, place + len(word))


def hidden_once(before: Iterable[Redaction]) -> Callable[[str], Iterator[Found]]:
    """Originals that an answer may have brought back anywhere: no rule sees a name that stands alone, or with an ending.
    In the case of letters in which they were put back."""
    kinds = {one.original: one.kind for one in before if any(letter.isalnum() for letter in one.original)}
    if not kinds:
        return lambda _text: iter(())
    pattern = re.compile("|".join(map(_with_ending, sorted(kinds, key=len, reverse=True))))

    def find(text: str) -> Iterator[Found]:
        for match in pattern.finditer(text):
            yield Found(match.start(), match.start() + len(match[0]), kinds[match[0]])

    return find


def _with_ending(original: str) -> str:
    """Short ones stand alone: they begin too many words."""
    alone = rf"(?!\w{{{_LONGEST_ENDING}}})" if len(original) < SHORTEST_PART else ""
    return rf"(?<!\w){re.escape(original)}{alone}"


@functools.lru_cache(_KEPT)
def _folded(word: str) -> str:
    return (
        word.casefold()
        if word.isascii()
        else unicodedata.normalize("NFC", unicodedata.normalize("NFC", word).casefold())
    )


@functools.lru_cache(_KEPT)
def _words(phrase: str) -> tuple[str, ...]:
    return tuple(_folded(match[0]) for match in _TOKEN.finditer(phrase))


@functools.lru_cache(_KEPT)
def _squeezed(text: str) -> str:
    if text.isalnum() and text.isascii():
        return text
    return unicodedata.normalize("NFC", "".join(text.split()))
