"""Lists: given names and family names, with a mark at those that are words as well, and words that are no names."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from typing import Final

from workbench.paths import asset

KEPT: Final = 16_384  # words that were judged: most come again, in one text as in the next


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """All in lower case. ``certain``: given names that hardly mean anything else. ``doubtful``: given names that are words,
    places or products too; ``english``: those of them that are words of English, which has no capitals there.
    ``family``: family names that are no words, ``family_words``: those that are.
    ``common``: words that end a name, because they stand with a capital and are none."""

    certain: frozenset[str]
    doubtful: frozenset[str]
    english: frozenset[str]
    family: frozenset[str]
    family_words: frozenset[str]
    common: frozenset[str]

    def is_certain(self, word: str) -> bool:
        """Anna, Jens-Uwe; Siân as well where the list has Sian."""
        return _is_certain(self, word)

    def is_given(self, word: str) -> bool:
        return self.is_certain(word) or folded_word(word) in self.doubtful

    def may_be_family(self, word: str) -> bool:
        folded = folded_word(word)
        return folded in self.family or folded in self.family_words

    def is_family(self, word: str) -> bool:
        return folded_word(word) in self.family


@functools.lru_cache(KEPT)
def _is_certain(known: Names, word: str) -> bool:
    folded = folded_word(word)
    if folded in known.certain:
        return True
    if "-" in folded:
        return all(part in known.certain for part in folded.split("-"))
    return not folded.isascii() and len(folded) > 3 and _without_accents(folded) in known.certain


@functools.lru_cache(KEPT)
def folded_word(word: str) -> str:
    """As the lists have it."""
    return word.casefold() if word.isascii() else unicodedata.normalize("NFC", word).casefold()


def _without_accents(word: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", word) if not unicodedata.combining(one))


@functools.cache
def known_names() -> Names:
    """Read from the assets, once: some 20 ms."""
    given, family = _lines("names/given.txt"), _lines("names/family.txt")
    return Names(
        frozenset(line for line in given if line[-1] not in "?!"),
        frozenset(line[:-1] for line in given if line[-1] in "?!"),
        frozenset(line[:-1] for line in given if line.endswith("?")),
        frozenset(line for line in family if not line.endswith("?")),
        frozenset(line[:-1] for line in family if line.endswith("?")),
        frozenset(_lines("names/common.txt")),
    )


def _lines(name: str) -> list[str]:
    return [line for line in asset(name).read_text("utf-8").splitlines() if line and not line.startswith("#")]
