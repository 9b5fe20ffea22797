"""Names as the system lists them: where "A" and "a" are one name, or two ways to write an accent, an old name of a file
would be found, and the file be there twice."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable


def as_listed(root: str, places: Iterable[str], listing: Callable[[str], list[str]] = os.listdir) -> dict[str, str]:
    """Each place as it is really spelled; what is not there stays as it is."""
    seen: dict[str, frozenset[str]] = {}

    def names(folder: str) -> frozenset[str]:
        if folder not in seen:
            try:
                seen[folder] = frozenset(listing(folder))
            except (OSError, ValueError):
                seen[folder] = frozenset()
        return seen[folder]

    return {place: _spelled(root, place, names) for place in places}


def _spelled(root: str, place: str, names: Callable[[str], frozenset[str]]) -> str:
    folder, parts = root, []
    for part in place.split("/") if place else ():
        there = names(folder)
        if part not in there:
            wanted = _folded(part)
            part = next((name for name in sorted(there) if _folded(name) == wanted), part)
        parts.append(part)
        folder = os.path.join(folder, part)  # noqa: PTH118 - a text, as the rest of a look
    return "/".join(parts)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
