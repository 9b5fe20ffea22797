"""The piece of a passage that is shown of a hit: around what was found, on one line. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.documents.retrieval.hit import Hit

Marks = tuple[tuple[int, int], ...]

LENGTH = 320
LEAD = 60  # characters before the first mark
SIGNS = re.compile(
    r"(?m)^#{1,6}[ \t]+|\*\*(?=\S)|(?<=\S)\*\*|^>[ \t]?|`"
)  # of Markdown, that a reader of a piece does not need


def piece(hit: Hit, length: int = LENGTH) -> tuple[str, Marks]:
    """Of a passage that was found, as `snippet`; without the signs of Markdown where it is that."""
    text, marks = hit.chunk.text, hit.marks
    if hit.document.media_type == "text/markdown" and hit.chunk.kind == "text":
        text, marks = _without(text, marks, SIGNS)
    return snippet(text, marks, length)


def _without(text: str, marks: Sequence[tuple[int, int]], signs: re.Pattern[str]) -> tuple[str, Marks]:
    """The text without ``signs``, and where the marks stand then."""
    gone = [found.span() for found in signs.finditer(text)]

    def moved(place: int) -> int:
        return place - sum(min(place, end) - begin for begin, end in gone if begin < place)

    return signs.sub("", text), tuple((moved(begin), moved(end)) for begin, end in marks)


def snippet(text: str, marks: Sequence[tuple[int, int]], length: int = LENGTH) -> tuple[str, Marks]:
    """At most ``length`` characters of ``text`` with the most marks, white space as single spaces, and where the marks
    stand in it. What is left out at either side is shown by …"""
    flat, places = _flat(text)
    moved = [(places[begin], places[end]) for begin, end in marks if 0 <= begin < end <= len(text)]
    moved = [(begin, end) for begin, end in moved if begin < end]
    start = _start(flat, moved, length)
    end = min(len(flat), start + length)
    before, after = ("… " if start else ""), (" …" if end < len(flat) else "")
    shown = flat[start:end].rstrip() if after else flat[start:end]
    offset = len(before) - start
    kept = tuple((begin + offset, min(stop, start + len(shown)) + offset) for begin, stop in moved if start <= begin)
    limit = len(before) + len(shown)
    return f"{before}{shown}{after}", tuple((begin, stop) for begin, stop in kept if begin < stop <= limit)


def _flat(text: str) -> tuple[str, list[int]]:
    """The text on one line, and where each of its places went (one more than characters)."""
    made: list[str] = []
    places: list[int] = []
    for character in text:
        places.append(len(made))
        if not character.isspace():
            made.append(character)
        elif made and made[-1] != " ":
            made.append(" ")
    places.append(len(made))
    if made and made[-1] == " ":
        made.pop()
    return "".join(made), [min(place, len(made)) for place in places]


def _start(flat: str, marks: Sequence[tuple[int, int]], length: int) -> int:
    """Where the piece with the most marks begins, at the beginning of a word."""
    if len(flat) <= length or not marks:
        return 0
    best = max(marks, key=lambda mark: (sum(mark[0] <= one[0] < mark[0] + length - LEAD for one in marks), -mark[0]))[0]
    start = max(0, min(best - LEAD, len(flat) - length))
    if start:
        space = flat.find(" ", start, best)
        start = space + 1 if space >= 0 else start
    return start
