"""What events say of a folder: places to look at. They are only hints, for some are lost and others come twice. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from workbench.documents.scanning.ignoring import TELLING
from workbench.documents.scanning.noise import folder_noise
from workbench.messages import Id

WHOLE: Final = ""
MOST_PLACES: Final = 500  # more are looked at as the whole folder
AGAIN_SECONDS: Final = 2.0  # a new folder may have got files before its events were heard
ADDED, MODIFIED, DELETED = 1, 2, 3

Event = tuple[int, str]


def place_of(path: str, root: str, separator: str = "/") -> str | None:
    """The place to look at for an event of this path, relative to the root; None: it says nothing of this folder, or of
    what is not looked into."""
    if path == root:
        return WHOLE
    inner = path.removeprefix(root.rstrip(separator) + separator)
    if inner == path:
        return None
    parts = inner.split(separator)
    if any(folder_noise(part) for part in parts[:-1]):
        return None
    return "/".join(parts[:-1] if parts[-1] in TELLING else parts)


@dataclass(slots=True)
class Due:
    """Which places of one folder are to be told, and when. Moments are of a steady clock. ``places``: now; ``again``: once
    more later; ``whole_at``: all of it, whatever happens."""

    places: set[str] = field(default_factory=set)
    again: dict[str, float] = field(default_factory=dict)
    whole_at: float = math.inf
    told_whole: float = -math.inf

    def want(self, place: str) -> None:
        self.places.add(place)
        if len(self.places) > MOST_PLACES:
            self.places = {WHOLE}

    def want_again(self, place: str, when: float) -> None:
        """The last one counts: what is there by then is complete."""
        self.again[place] = when
        if len(self.again) > MOST_PLACES:
            self.again = {WHOLE: when}

    def take(self, now: float) -> set[str]:
        """What is due. The whole is not told twice at once: in a storm it is looked at now and then, and at its end."""
        due = self.places | {place for place, when in self.again.items() if when <= now}
        if now >= self.whole_at:
            due.add(WHOLE)
        if WHOLE not in due:
            self.places.clear()
            self.again = {place: when for place, when in self.again.items() if when > now}
            return due
        if now < self.told_whole + AGAIN_SECONDS:
            self.places, self.again = set(), {WHOLE: self.told_whole + AGAIN_SECONDS}
            return set()
        self.places, self.again, self.told_whole = set(), {}, now
        return {WHOLE}

    @property
    def next(self) -> float:
        """When something is due; infinity: never."""
        return -math.inf if self.places else min((self.whole_at, *self.again.values()))


def by_root(events: Iterable[Event], roots: Mapping[Id, tuple[str, ...]], separator: str) -> dict[Id, dict[str, int]]:
    """Places of each folder with what happened there. ``roots``: the ways in which the system may write each path."""
    found: dict[Id, dict[str, int]] = {}
    for kind, path in events:
        for root, written in roots.items():
            places = found.get(root, {})
            if len(places) > MOST_PLACES:
                continue  # it is looked at as a whole
            place = next((one for way in written if (one := place_of(path, way, separator)) is not None), None)
            if place is not None:
                found.setdefault(root, {})[place] = min(kind, places.get(place, kind))
    return found
