"""Which folders are to be looked at, and where in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from workbench.documents.scanning.seen import places_of
from workbench.messages import Id

MOST_PLACES: Final = 512
WHOLE: Final = ""


class Looks:
    """What was asked first is looked at first. Whoever uses it holds a lock."""

    def __init__(self) -> None:
        self._wanted: dict[Id, set[str]] = {}

    def want(self, collection_id: Id, places: Iterable[str] = (WHOLE,)) -> None:
        """``places``: files and folders within it, relative; many of them are the whole."""
        wanted = self._wanted.setdefault(collection_id, set())
        wanted.update(places)
        if WHOLE in wanted or len(wanted) > MOST_PLACES:
            self._wanted[collection_id] = {WHOLE}

    def take(self) -> tuple[Id, tuple[str, ...]] | None:
        """The next folder, and the places in it."""
        for collection_id in self._wanted:
            return collection_id, places_of(self._wanted.pop(collection_id))
        return None

    def forget(self, collection_id: Id) -> None:
        self._wanted.pop(collection_id, None)

    def __contains__(self, collection_id: Id) -> bool:
        return collection_id in self._wanted

    def __bool__(self) -> bool:
        return bool(self._wanted)
