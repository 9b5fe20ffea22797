"""A text as it is compared: words with their places, names among them, numbers, dates. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from workbench.documents.citing.claims import sentences
from workbench.documents.citing.numerals import Date, Number, dates, numbers
from workbench.documents.citing.words import SMALL, folded, stem, words_of

REACH: Final = 9  # how far a word stands from a number or name that it belongs to, in words
LONGEST_ENTRY: Final = 6
BESIDE: Final = 3  # words on each side of a number that frame it
CROSSING: Final = 3  # a comma counts as so many words

_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[\w.-]*\d[\w.-]*|[,;:()\n.!?|]")
_IDENTIFIER: Final = re.compile(r"[^\W\d]+[-_.]?\d[\w.-]*|[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*")
_MANY_CAPITALS: Final = 0.4
_GERMAN: Final = frozenset(
    words_of(
        "der die das und ist nicht ein eine von den dem des im auf für mit werden wird durch kann darf muss wer wie"
    )
)
_SAYS_LITTLE: Final = frozenset(
    words_of("least almost nearly about around approximately roughly total number amount old")
)
_VERB_LIKE: Final = frozenset(
    words_of("""
    is was are were has had have did does do will would can could may might shall should must became becomes and
    of who which that from in at on won led lost took made went came said says gave held ruled
""")
)
_COMMON_ENDINGS: Final = ("ing", "ly", "ed", "ment", "tion", "ness", "ity")


@dataclass(frozen=True, slots=True)
class Word:
    """``place``: its distance from the start in words, commas counted too; ``name``: it is written as one."""

    start: int
    end: int
    text: str
    stem: str
    place: int
    name: bool = False
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """``stems``: of the words that say something. ``capitals``: common words begin with a capital too; ``german``: all
    nouns do."""

    text: str
    words: tuple[Word, ...]
    numbers: tuple[Number, ...]
    dates: tuple[Date, ...]
    stems: frozenset[str]
    capitals: bool
    german: bool

    def place_of(self, start: int) -> int:
        """The place of what begins at this offset."""
        before = 0
        for word in self.words:
            if word.start > start:
                break
            before = word.place
        return before

    @property
    def names(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.name)


@lru_cache(maxsize=512)
def evidence(text: str) -> Evidence:
    """``text`` taken apart once."""
    starts = {_first_word(text, start) for start, _end in sentences(text)}
    words: list[Word] = []
    place = 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        if not token[0].isalnum() and token[0] != "_":
            place += CROSSING if token in set(",;:()|") else CROSSING + 2
            continue
        place += 1
        leads = found.start() in starts
        words.append(
            Word(found.start(), found.end(), token, stem(folded(token)), place, _is_name(token, leads=leads), leads)
        )
    said = frozenset(word.stem for word in words if _says(word))
    saying = [word for word in words if _says(word) and not word.leads]
    capitals = sum(word.text[0].isupper() for word in saying) > len(saying) * _MANY_CAPITALS
    german = sum(word.text.lower() in _GERMAN for word in words) * 5 > len(words)
    return Evidence(text, tuple(words), numbers(text), dates(text), said, capitals and len(saying) > 5, german)


def content(of: Evidence) -> tuple[Word, ...]:
    """The words that say something and belong to no number."""
    spans = [(one.start, one.end) for one in of.numbers] + [(one.start, one.end) for one in of.dates]
    return tuple(
        word
        for word in of.words
        if _says(word)
        and word.text.lower() not in _SAYS_LITTLE
        and not word.text[0].isdigit()
        and not any(start <= word.start < end for start, end in spans)
    )


def entry(of: Evidence, start: int) -> frozenset[str]:
    """The words of the entry of a list or a table that stands at ``start``; none where it is too long for one. Of a number
    in brackets, the word before them: "Katla (1,512 m)"."""
    if of.text[:start].endswith("("):
        before = [word for word in of.words if word.end < start]
        return frozenset(word.stem for word in before[-1:])
    begin = max((of.text.rfind(mark, 0, start) for mark in ",;:|\n"), default=-1) + 1
    ends = [place for mark in (",", ";", "|", "\n", ". ") if (place := of.text.find(mark, start)) >= 0]
    words = [word for word in of.words if begin <= word.start < min(ends, default=len(of.text))]
    return frozenset(word.stem for word in words) if len(words) <= LONGEST_ENTRY else frozenset()


def names(claim: Evidence) -> tuple[Word, ...]:
    """Words of a claim that name something: those with a capital inside of a sentence, identifiers, and what begins a
    sentence as names do, right before a verb."""
    found = []
    dated = [(date.start, date.end) for date in claim.dates]
    for number, word in enumerate(claim.words):
        if not _says(word) or any(start <= word.start < end for start, end in dated):
            continue
        after = claim.words[number + 1].text.lower() if number + 1 < len(claim.words) else ""
        if word.name or (word.leads and word.text[0].isupper() and _leads_as_a_name(word.text, after)):
            found.append(word)
    return tuple(found)


def near(claim: Evidence, start: int) -> Mapping[str, float]:
    """How near each word of a claim stands to what begins at ``start``: 1 beside it, less further off."""
    at = claim.place_of(start)
    weights: dict[str, float] = {}
    for word in content(claim):
        if word.start == start:
            continue
        weight = max(0.15, 1 - abs(word.place - at) / REACH)
        weights[word.stem] = max(weights.get(word.stem, 0.0), weight)
    return weights


def fits(weights: Mapping[str, float], passage: Evidence, start: int) -> float:
    """How well what begins at ``start`` of a passage stands among these words."""
    at = passage.place_of(start)
    best: dict[str, float] = {}
    for word in passage.words:
        weight = weights.get(word.stem)
        if weight is None or word.start == start:
            continue
        nearness = 1 - abs(word.place - at) / (2 * REACH)
        if nearness > 0:
            best[word.stem] = max(best.get(word.stem, 0.0), weight * nearness)
    return sum(best.values())


def frame(of: Evidence, start: int) -> tuple[str, ...]:
    """The words right before and right behind what begins at ``start``, from the nearest on; empty ones fill it."""
    before = [word.stem for word in of.words if word.end <= start][::-1][:BESIDE]
    after = [word.stem for word in of.words if word.start > start][:BESIDE]
    padding = ("",) * BESIDE
    return ((*before, *padding)[:BESIDE]) + ((*after, *padding)[:BESIDE])


def in_common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """In how many places two frames have the same word."""
    return sum(bool(a) and a == b for a, b in zip(one, other, strict=True))


def has(passage: Evidence, word: Word) -> bool:
    """Whether a passage has this word, in some form."""
    if word.stem in passage.stems:
        return True
    pieces = [piece for piece in re.split(r"[-.]", folded(word.text)) if piece]
    if len(pieces) > 1 and all(stem(piece) in passage.stems for piece in pieces):
        return True
    return any(akin(word.stem, other) for other in passage.stems)


def best_sentence(claim_stems: frozenset[str], passage: Evidence) -> str:
    """The sentence of a passage with most of these words, with the one before it where that helps."""
    spans: Sequence[tuple[int, int]] = sentences(passage.text) or ((0, len(passage.text)),)
    scored = [(_shared(claim_stems, passage.text[start:end]), -place) for place, (start, end) in enumerate(spans)]
    place = -max(scored)[1]
    start, end = spans[place]
    if place and _shared(claim_stems, passage.text[spans[place - 1][0] : end]) > _shared(
        claim_stems, passage.text[start:end]
    ):
        start = spans[place - 1][0]
    return passage.text[start:end]


def _shared(stems: frozenset[str], text: str) -> int:
    return len(stems & evidence(text).stems)


def akin(one: str, other: str) -> bool:
    """Forms of a word that the stems do not bring together: "legislat" and "legislature", parts of German compounds."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 5 and long.startswith(short) and len(long) - len(short) <= max(3, len(short) // 2)


def _first_word(text: str, start: int) -> int:
    found = re.compile(r"[^\W_]").search(text, start)
    return found.start() if found else start


def _says(word: Word) -> bool:
    return word.text.casefold() not in SMALL and (len(word.text) > 1 or word.text.isdigit())


def _is_name(token: str, *, leads: bool) -> bool:
    if _IDENTIFIER.fullmatch(token):
        return True
    letters = token[0].isalpha() and token[0].isupper()
    return letters and (not leads or (len(token) > 1 and token.isupper())) and token.casefold() not in SMALL


def _leads_as_a_name(token: str, after: str) -> bool:
    if token.casefold() in SMALL or token.lower().endswith(_COMMON_ENDINGS) or len(token) < 3:
        return False
    return after in _VERB_LIKE or after.endswith(("ed", "'s", "’s")) or token.endswith(("'s", "’s"))
