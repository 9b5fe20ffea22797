"""Placeholders: one for each original of a request, with numbers that its texts do not have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from workbench.cloud.hiding.letters import lowered
from workbench.cloud.hiding.redaction import Hidden, Redaction

KINDS: Final = "|".join(kind.name for kind in Hidden)
SEPARATOR: Final = r"(?:\\{0,2}_|[ \u00a0\u2010\u2011:#-])"
"""Before the number: as it is given out, escaped by Markdown or JSON, or as models write it otherwise."""
_TAKEN: Final = re.compile(rf"({KINDS.lower()}){SEPARATOR}([0-9]{{1,9}})")  # in small letters


def same(original: str, kind: Hidden) -> str:
    """What two spellings of one original share: case, spaces and separators aside. A key is only itself,
    and so is a word of the person's own list: `POLISH=1` is not `Polish`."""
    if kind in (Hidden.KEY, Hidden.OWN):
        return original
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", original).casefold())
    if kind in (Hidden.PHONE, Hidden.CARD, Hidden.ACCOUNT):
        return "".join(one for one in folded if one.isalnum() or one == "+")
    return " ".join(folded.split())


@dataclass(slots=True)
class _Entry:
    kind: Hidden
    original: str
    placeholder: str
    count: int = 0


def _entry_of(original: str, kind: Hidden) -> tuple[bool, str]:
    """What of one request has one placeholder: never a spelling that comes back exactly together with one that may not."""
    return kind in (Hidden.KEY, Hidden.OWN), same(original, kind)


class Placeholders:
    """Gives them out, in the order of the finds."""

    def __init__(self, texts: Iterable[str], before: Iterable[Redaction] = ()) -> None:
        """``before``: of an earlier request, whose placeholders stay those of their originals."""
        earlier = tuple(before)
        seen = (*texts, *(one.placeholder for one in earlier))
        self._taken = {(match[1].upper(), int(match[2])) for text in seen for match in _TAKEN.finditer(lowered(text))}
        self._numbers = dict.fromkeys(Hidden, 0)
        self._spelled: dict[tuple[Hidden, str], _Entry] = {}  # as they were met, which is most often so again
        self._entries: dict[tuple[bool, str], _Entry] = {
            _entry_of(one.original, one.kind): _Entry(one.kind, one.original, one.placeholder) for one in earlier
        }

    def give(self, kind: Hidden, original: str) -> str:
        """The placeholder of this original; counts it."""
        entry = self._spelled.get((kind, original))
        if entry is None:
            entry = self._entries.get(_entry_of(original, kind)) or self._new(kind, original)
            self._spelled[kind, original] = entry
        entry.count += 1
        return entry.placeholder

    def redactions(self) -> tuple[Redaction, ...]:
        return tuple(
            Redaction(entry.kind, entry.original, entry.placeholder, entry.count)
            for entry in self._entries.values()
            if entry.count
        )

    def _new(self, kind: Hidden, original: str) -> _Entry:
        self._numbers[kind] += 1
        while (kind.name, self._numbers[kind]) in self._taken:
            self._numbers[kind] += 1
        entry = _Entry(kind, original, f"[{kind.name}_{self._numbers[kind]}]")
        self._entries[_entry_of(original, kind)] = entry
        return entry
