"""What an answer says where it cites: the sentence, or the part of it, that a number stands behind. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workbench.documents.citing.numbers import Marker, markers
from workbench.documents.citing.words import SMALL, WORD

LEAST_WORDS: Final = 3  # of a claim; with fewer, what follows the number belongs to it too

_BREAK: Final = re.compile(
    r"(?:(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)(?<!\bNo)(?<!\bNr)(?<!\bArt)(?<!\bAbs)(?<!\bca)(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)"
    r"(?<!\bz\.B)(?<!\b[A-Z])(?<!\b\d)[.!?…]+[\"”’»)\]]*(?=\s|$)|(?<=\d\d)\.(?=\s+[A-Z]|\s*$)|\n+|[。！？])"
)
_DECORATION: Final = re.compile(r"^[\s>*#+|–-]*(?:\d{1,2}[.)]\s)?|[*_`|]+")


@dataclass(frozen=True, slots=True)
class Claim:
    """``text`` is cited for by the numbers of ``cited``, which stand beside each other."""

    text: str
    cited: tuple[Marker, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(number for marker in self.cited for number in marker.numbers))


def claims(text: str) -> tuple[Claim, ...]:
    """In the order of their numbers in the text."""
    groups = list(_groups(text, markers(text)))
    made = []
    for place, group in enumerate(groups):
        floor = groups[place - 1][-1].end if place else 0
        ceiling = groups[place + 1][0].start if place + 1 < len(groups) else len(text)
        made.append(Claim(_said(text, group, floor, ceiling), tuple(group)))
    return tuple(made)


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of sentences and lines, their ends included."""
    found, start = [], 0
    for ending in _BREAK.finditer(text):
        if text[start : ending.end()].strip():
            found.append((start, ending.end()))
        start = ending.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return tuple(found)


def plain(text: str) -> str:
    """Without marks of Markdown and of citations, in one line."""
    pieces, start = [], 0
    for marker in markers(text):
        pieces.append(text[start : marker.start])
        start = marker.end
    joined = " ".join([*pieces, text[start:]])
    return " ".join(_DECORATION.sub(" ", re.sub(r"\]\([^)\n]*\)", " ", joined)).split())


def words_in(text: str) -> int:
    """How many words of it say something."""
    return sum(word.casefold() not in SMALL for word in WORD.findall(text)) + len(re.findall(r"\d+", text))


def _groups(text: str, found: Sequence[Marker]) -> Iterator[list[Marker]]:
    """Markers that stand beside each other."""
    group: list[Marker] = []
    for marker in found:
        if group and not re.fullmatch(r"[\s,;]*(?:and|und)?\s*", text[group[-1].end : marker.start]):
            yield group
            group = []
        group.append(marker)
    if group:
        yield group


def _said(text: str, group: Sequence[Marker], floor: int, ceiling: int) -> str:
    """What stands before the numbers in their sentence; of a sentence that ended right before them, the whole; what stands
    behind them too, where nobody else is cited for it."""
    start, end = group[0].start, group[-1].end
    before = text[floor:start]
    begin = _last_break(before)
    own = before[begin:]
    if not words_in(own):  # "It is so. [1]", or a sentence that begins with its number
        closed = before[:begin].rstrip()
        if closed and not before[begin:].strip(" \t\"'”*_") and "\n" not in before[len(closed) :]:
            inner = closed[: _inner_break(closed)]
            return plain(closed[len(inner) :])
    rest = text[end:ceiling]
    stop = _BREAK.search(rest)
    after = rest[: stop.end()] if stop else rest
    if stop or ceiling == len(text) or words_in(own) < LEAST_WORDS:
        own = f"{own} {after}"
    return plain(own)


def _last_break(text: str) -> int:
    """Where the last sentence begins."""
    ends = [found.end() for found in _BREAK.finditer(text)]
    return ends[-1] if ends else 0


def _inner_break(text: str) -> int:
    """Where the last sentence begins, which is closed."""
    ends = [found.end() for found in _BREAK.finditer(text) if found.end() < len(text)]
    return ends[-1] if ends else 0
