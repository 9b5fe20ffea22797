"""What the panel holds: a document with its versions, and their differences. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

MOST_COMPARED = 4_000  # lines of either side: comparing takes longer than their product


@dataclass(frozen=True, slots=True)
class Document:
    """``versions``: oldest first, never empty; the first one is as the model wrote it. ``shown``: which is being read.
    ``stays``: its versions are kept with its message, else until the window is closed."""

    title: str
    language: str
    versions: tuple[str, ...]
    shown: int = 0
    stays: bool = False

    @property
    def text(self) -> str:
        return self.versions[self.shown]

    def with_version(self, text: str) -> Document:
        """With ``text`` as its newest version, unless it is the one shown."""
        if text == self.text:
            return self
        return replace(self, versions=(*self.versions, text), shown=len(self.versions))

    def with_kept(self, kept: Sequence[str]) -> Document:
        """With the versions that are ``kept`` before those made meanwhile; one that was just opened shows the newest."""
        made = tuple(text for text in self.versions[1:] if text not in kept)
        versions = (self.versions[0], *kept, *made)
        is_new = len(self.versions) == 1
        return replace(self, versions=versions, shown=len(versions) - 1 if is_new else versions.index(self.text))

    def going_to(self, number: int) -> Document:
        """Reading this version."""
        return replace(self, shown=number)


class Change(StrEnum):
    SAME = " "
    ADDED = "+"
    REMOVED = "-"


@dataclass(frozen=True, slots=True)
class Line:
    change: Change
    text: str


def difference(before: str, after: str) -> tuple[Line, ...] | None:
    """Both texts line by line; None where they are too long to compare."""
    old, new = before.split("\n"), after.split("\n")
    if max(len(old), len(new)) > MOST_COMPARED:
        return None
    return tuple(_lines(old, new))


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    for kind, begin, end, new_begin, new_end in difflib.SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        if kind == "equal":
            yield from (Line(Change.SAME, text) for text in old[begin:end])
            continue
        yield from (Line(Change.REMOVED, text) for text in old[begin:end])
        yield from (Line(Change.ADDED, text) for text in new[new_begin:new_end])
