"""What a look at a folder saw. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from workbench.documents.collection import FileStatus

Stamp = tuple[int, int, int, int]
"""bytes, modified_ns, device, inode. Two equal ones: the same file, unchanged. No inode on Windows: 0."""


FOLDER: Final = -1
"""In place of the time of change: a folder, whose files were not looked at."""


class Other(NamedTuple):
    """A file that is not read, or a folder that is not looked into. ``bytes``, ``modified_ns``: of a file."""

    status: FileStatus
    reason: str
    bytes: int = 0
    modified_ns: int = 0


@dataclass(frozen=True, slots=True)
class Scan:
    """``places``: what was looked at, relative to the root; "" is all of it. Paths have "/" between their parts.

    ``files``: those to be read. ``others``: those that are not, and whole trees. ``blind``: files and folders of which
    nothing could be seen: what is known of them, and of what stands in them, holds on. ``device``: of the root, or of the
    nearest folder that is there. ``mounts``: folders inside that are on another device. ``problem``: why nothing of all
    could be seen; ``problem_kind``: `offline`, `missing` or `no_permission`. ``began``: by a steady clock.
    """

    places: tuple[str, ...] = ("",)
    files: Mapping[str, Stamp] = field(default_factory=dict)
    others: Mapping[str, Other] = field(default_factory=dict)
    blind: Mapping[str, Other] = field(default_factory=dict)
    device: int = 0
    mounts: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""
    problem_kind: str = ""
    began: float = 0.0

    @property
    def whole(self) -> bool:
        return "" in self.places

    def device_at(self, path: str) -> int:
        """Of the place where ``path`` stands, or would stand."""
        if not self.mounts:
            return self.device
        holding = [mount for mount in self.mounts if path.startswith(f"{mount}/")]
        return self.mounts[max(holding, key=len)] if holding else self.device


def places_of(under: str | tuple[str, ...] | list[str] | set[str] | frozenset[str]) -> tuple[str, ...]:
    """Without those that stand in another one; sorted."""
    asked = {under} if isinstance(under, str) else set(under)
    if not asked or "" in asked:
        return ("",)
    kept: list[str] = []
    for place in sorted(asked, key=lambda path: path.split("/")):
        if not kept or not place.startswith(f"{kept[-1]}/"):
            kept.append(place)
    return tuple(kept)


def inside(path: str, places: tuple[str, ...]) -> bool:
    """Whether ``path`` is one of these, or stands in one."""
    return "" in places or any(path == place or path.startswith(f"{place}/") for place in places)
