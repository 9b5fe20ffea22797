"""Which prompts a few letters may mean, best first. Pure.

Each word that was typed must be in a prompt; how well it fits is a number (`_FITS`), and of those that fit as well the one
that is used more comes first. Slips of the finger are only looked for where nothing fits as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from workbench.prompts.prompt import Prompt, SavedPrompt

NEAREST: Final = 3
_MARKS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670]+")  # accents, points of vowels
_WORDS: Final = re.compile(r"[^\W_]+")

# How well a word fits, by where it is.
_WORD, _BEGINNING, _INITIALS, _TAG, _INSIDE, _SLIP, _LETTERS, _TEXT_WORD, _TEXT = 100, 90, 85, 80, 60, 50, 40, 30, 20
_LEAST_BY_ITS_NAME: Final = _INSIDE
_WHOLE_NAME, _NAME_BEGINS, _TITLE_BEGINS = 300, 200, 150


class Findable:
    """A version of a prompt as it is looked for: in one case, without accents; words with a space before and behind them.

    ``words``: of name and title; ``joined``: name and title, each without what stands between its words; ``initials``: of
    both. The text is only prepared when somebody looks for more than names, titles and tags.
    """

    __slots__ = ("_prompt", "_text", "initials", "joined", "name", "tags", "title", "words")

    def __init__(self, prompt: Prompt) -> None:
        self.name, self.title = _fold(prompt.name), " ".join(_fold(prompt.title).split())
        both = _WORDS.findall(self.name), _WORDS.findall(self.title)
        self.words = _spaced(dict.fromkeys((*both[0], *both[1])))
        self.joined = _spaced("".join(words) for words in both)
        self.initials = _spaced("".join(word[0] for word in words) for words in both)
        self.tags = tuple(map(_fold, prompt.tags))
        self._prompt = prompt
        self._text: str | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = _fold("\n".join(_texts(self._prompt)))
        return self._text


Entry = tuple[SavedPrompt, Findable]
Index = tuple[Entry, ...]
_Slips = Mapping[str, frozenset[str]]
"""For each word that was typed, the words that it may stand for."""


def index(prompts: Iterable[SavedPrompt], before: Index = ()) -> Index:
    """``before``: what was made last time, of which the same versions need not be made again."""
    known = {(saved.id, saved.version): findable for saved, findable in before}
    return tuple((saved, known.get((saved.id, saved.version)) or Findable(saved.prompt)) for saved in prompts)


def found(entries: Index, words: str, tags: Sequence[str] = (), limit: int = 50) -> tuple[SavedPrompt, ...]:
    """At most ``limit`` that these words may mean, of those with all of ``tags``. A word with # before it is the beginning
    of a tag; without words: those `at_hand`."""
    typed = _fold(words.strip().removeprefix("/")).split()
    asked = [word for word in typed if not word.startswith("#")]
    begun = [begin for word in typed if word.startswith("#") and (begin := word.strip("#"))]
    whole = [_fold(tag.strip().removeprefix("#")) for tag in tags]
    there = [entry for entry in entries if _is_tagged(entry[1].tags, whole, begun)] if begun or whole else entries
    if not asked:
        return at_hand((saved for saved, _findable in there), limit)
    return tuple(saved for saved, _findable in _ranked(there, asked)[: max(0, limit)])


def at_hand(prompts: Iterable[SavedPrompt], limit: int = 50) -> tuple[SavedPrompt, ...]:
    """Favourites, then those used last, then the others by title."""
    return tuple(sorted(prompts, key=_at_hand)[: max(0, limit)])


def nearest(name: str, names: Collection[str]) -> tuple[str, ...]:
    """What somebody who typed this may have meant, best first."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    folded = {one: _fold(one) for one in names}
    best = process.extract(
        _fold(name), folded, scorer=OSA.normalized_similarity, limit=NEAREST, score_cutoff=0.6, processor=None
    )
    return tuple(str(key) for _text, _score, key in best)


# Ranking --------------------------------------------------------------------------------------------------------------


def _ranked(entries: Sequence[Entry], asked: Sequence[str]) -> list[Entry]:
    scored = _scored(entries, asked, {})
    if not any(score >= _LEAST_BY_ITS_NAME for score, _entry in scored):
        scored = _scored(entries, asked, _slips(entries, asked)) or scored
    phrase = " ".join(asked)
    name = phrase.replace(" ", "-")
    keyed = [((-score - _begins(entry[1], phrase, name), *_by_use(entry)), entry) for score, entry in scored]
    return [entry for _key, entry in sorted(keyed, key=lambda one: one[0])]


def _scored(entries: Iterable[Entry], asked: Sequence[str], slips: _Slips) -> list[tuple[int, Entry]]:
    """Those that have all the words, with how well the worst of them fits."""
    scored = []
    for entry in entries:
        least = _WORD
        for word in asked:
            least = min(least, _fits(entry[1], word, slips))
            if not least:
                break
        else:
            scored.append((least, entry))
    return scored


def _fits(one: Findable, word: str, slips: _Slips) -> int:
    """0: not at all."""
    if f" {word}" in one.words:
        return _WORD if f" {word} " in one.words else _BEGINNING
    if f" {word}" in one.joined:
        return _BEGINNING
    if len(word) > 1 and f" {word}" in one.initials:
        return _INITIALS
    if one.tags and any(tag.startswith(word) for tag in one.tags):
        return _TAG
    if (len(word) > 1 or not word.isascii()) and (word in one.name or word in one.title):
        return _INSIDE
    return _fits_loosely(one, word, slips)


def _fits_loosely(one: Findable, word: str, slips: _Slips) -> int:
    if slips and any(f" {other} " in one.words or other in one.tags for other in slips[word]):
        return _SLIP
    if slips and len(word) > 2 and any(_has_letters(joined, word) for joined in one.joined.split()):
        return _LETTERS
    if len(word) > 2 or not word.isascii():
        at = one.text.find(word)
        if at >= 0:
            return _TEXT_WORD if at == 0 or not one.text[at - 1].isalnum() else _TEXT
    return 0


def _begins(one: Findable, phrase: str, name: str) -> int:
    """More for a prompt whose name or title is what was typed as a whole, or begins so."""
    if name == one.name or phrase == one.title:
        return _WHOLE_NAME
    if one.name.startswith(name):
        return _NAME_BEGINS
    return _TITLE_BEGINS if one.title.startswith(phrase) else 0


def _by_use(entry: Entry) -> tuple[int, bool, float, str]:
    saved, findable = entry
    return (-saved.uses, not saved.favourite, -(saved.last_used_at or 0.0), findable.title)


def _at_hand(saved: SavedPrompt) -> tuple[bool, float, str]:
    return (not saved.favourite, -(saved.last_used_at or 0.0), saved.prompt.title.casefold())


# Slips of the finger --------------------------------------------------------------------------------------------------


def _slips(entries: Iterable[Entry], asked: Sequence[str]) -> _Slips:
    known = frozenset(word for _saved, one in entries for word in (*one.words.split(), *one.tags))
    return {word: frozenset(_near(word, known)) for word in asked}


def _near(word: str, known: Collection[str]) -> Iterator[str]:
    """Words that this one may be, or the beginning of, with a letter missing, too much, wrong or in the wrong place."""
    most = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
    if not most or not known:
        return
    from rapidfuzz.distance import OSA  # only when somebody mistypes

    for one in known:
        beginnings = {one[: len(word) + extra] for extra in range(-most, most + 1)}
        if any(OSA.distance(word, begin, score_cutoff=most) <= most for begin in beginnings):
            yield one


def _has_letters(text: str, letters: str) -> bool:
    """Whether they are in it in this order, the first of them first."""
    if not text.startswith(letters[0]):
        return False
    rest = iter(text)
    return all(letter in rest for letter in letters)


# As it is looked for --------------------------------------------------------------------------------------------------


def _spaced(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "


def _texts(prompt: Prompt) -> Iterator[str]:
    yield from (prompt.text, prompt.system, prompt.notes)
    for step in prompt.steps:
        yield from (step.text, step.system)


def _is_tagged(tags: Sequence[str], whole: Sequence[str], begun: Sequence[str]) -> bool:
    """A tag of several words is typed with hyphens after #."""
    return all(tag in tags for tag in whole) and all(
        any(tag.replace(" ", "-").startswith(begin) or tag.startswith(begin) for tag in tags) for begin in begun
    )


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())))
