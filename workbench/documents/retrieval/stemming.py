"""Words without their endings, by language; each word is worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

KEPT: Final = 200_000  # words remembered for each language

Stem = Callable[[str], str]


@cache
def stemmer(language: str) -> Stem:
    """The stemming of lower-case words of ``language``, of English for an empty one; Snowball's, where tantivy is there."""
    work_out = _snowball(language or "english") or _plural
    known: dict[str, str] = {}

    def stem(word: str) -> str:
        found = known.get(word)
        if found is None:
            if len(known) >= KEPT:
                known.clear()
            found = known[word] = work_out(word)
        return found

    return stem


def _snowball(language: str) -> Stem | None:
    try:
        import tantivy
    except ImportError:
        return None
    raw = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    analyzer = raw.filter(tantivy.Filter.stemmer(language)).build()
    return lambda word: (analyzer.analyze(word) or [word])[0]


def _plural(word: str) -> str:
    """Without the ending of a plural, where nothing better is there."""
    if len(word) > 4 and word.endswith("ies") and word[-4] not in "ae":
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and word[-2] not in "us":
        return word[:-1]
    return word
