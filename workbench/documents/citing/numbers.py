"""Numbers of passages in an answer: ``[1]``, ``[2, 3]``, ``[4-6]``, ``【7】``. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST_OF_A_RANGE: Final = 20

# What models write: [1], [1, 2], [1-3], [Passage 1], [passage 1 and 2], 【1】, 【1†source】
_MARKER = re.compile(
    r"\[(?:(?:passages?|sources?|no\.?|nr\.?)\s*)?\^?(?P<plain>\d{1,3}(?:\s*(?:,|;|–|-|and|und|et|y|&)\s*"
    r"(?:(?:passages?|sources?)\s*)?\d{1,3})*)\](?![(:\[]?\()"
    r"|【(?P<wide>\d{1,3})(?:[†:][^】\n]{0,40})?】",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?P<fence>^(?P<marks>`{3,}|~{3,})[^\n]*\n.*?(?:^(?P=marks)[`~]*[ \t]*$|\Z))|(?P<ticks>`+)[^`].*?(?P=ticks)",
    re.MULTILINE | re.DOTALL,
)
_RANGE = re.compile(r"(\d{1,3})\s*[–-]\s*(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Marker:
    """``text[start:end]`` with its brackets names these passages."""

    start: int
    end: int
    numbers: tuple[int, ...]


def markers(text: str) -> tuple[Marker, ...]:
    """All of them in their order; those in code are code, and those that are links are links."""
    code = [found.span() for found in _CODE.finditer(text)] if "`" in text or "~~~" in text else []
    return tuple(
        Marker(*found.span(), _numbers(found["plain"] or found["wide"]))
        for found in _MARKER.finditer(text)
        if not _inside(found.start(), code) and not _is_index(text, found.start())
    )


def _numbers(words: str) -> tuple[int, ...]:
    found: list[int] = []
    for first, last in ((int(a), int(b)) for a, b in _RANGE.findall(words)):
        if first < last <= first + MOST_OF_A_RANGE:
            found += range(first, last + 1)
    found += [int(number) for number in re.findall(r"\d+", words)]
    return tuple(sorted(set(found)))


def _inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _is_index(text: str, start: int) -> bool:
    """``rows[1]`` outside of code: a name of code stands before the bracket."""
    word = re.search(r"[\w.]*[_.(\d]\w*$|\)$", text[max(0, start - 40) : start])
    return word is not None and bool(re.search(r"\w_\w|\w\.[a-z]\w*$|\w\($", word[0]))
