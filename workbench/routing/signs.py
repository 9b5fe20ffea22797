"""How a question shows what it wants: by words and phrases of several languages. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+")


def found_in(text: str) -> frozenset[str]:
    """The words of a text, in small letters."""
    return frozenset(_WORD.findall(text.lower()))


@dataclass(frozen=True, slots=True)
class Signs:
    """Of one wish: any of the ``words`` as a whole word, or any of the ``phrases`` anywhere."""

    words: frozenset[str]
    phrases: re.Pattern[str]


def wants(signs: Signs, text: str, found: frozenset[str]) -> bool:
    """``text`` in small letters, ``found``: its words."""
    return not signs.words.isdisjoint(found) or signs.phrases.search(text) is not None


def word_set(words: str) -> frozenset[str]:
    """Parted by spaces."""
    return frozenset(words.split())


def signs_of(words: str, *phrases: str) -> Signs:
    """``words`` parted by spaces; ``phrases``: expressions for text in small letters."""
    return Signs(word_set(words), re.compile("|".join(phrases) or r"(?!)"))
