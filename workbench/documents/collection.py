"""The words of document folders: collections, their documents and what became of each. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from workbench.messages import Id


class FileStatus(StrEnum):
    """What became of a file. ``offline``: its drive is not there, what was read of it still answers; ``in_cloud``: a cloud
    drive keeps it elsewhere, and reading would download it; ``no_permission``: the system refuses to let us read it."""

    INDEXED = "indexed"
    WAITING = "waiting"
    SKIPPED = "skipped"
    FAILED = "failed"
    OFFLINE = "offline"
    IN_CLOUD = "in_cloud"
    NO_PERMISSION = "no_permission"


@dataclass(frozen=True, slots=True)
class Rules:
    """Which files of a folder are read. ``include``: patterns in the manner of `.gitignore`, relative to the folder; empty:
    all. ``exclude``: the same, and stronger. ``formats_off``: names of `formats.FORMATS`. ``ignore_files``: whether
    `.gitignore` and `.workbenchignore` in it count. ``hidden``: whether names that begin with a dot are read."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    formats_off: frozenset[str] = frozenset()
    ignore_files: bool = True
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder on this disk that a person attached. ``private``: nothing of it is ever sent to another machine."""

    id: Id
    name: str
    path: Path
    private: bool = False
    rules: Rules = Rules()
    created_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a collection. ``path``: relative to the folder, with "/" between; names that are no UTF-8 hold surrogates,
    as `os.fsdecode` makes them. ``modified_ns``: as the file system tells. ``reason``: why it is not indexed, or what was
    left out of it; for a person. ``chunks``: into how many passages it was cut."""

    id: int
    collection_id: Id
    path: str
    bytes: int
    modified_ns: int
    status: FileStatus
    reason: str = ""
    media_type: str = ""
    title: str = ""
    sha256: str = ""
    chunks: int = 0

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of an extracted text: ``text`` is exactly ``extracted[start:end]``. ``page``: from 1, None where there are
    none; ``label``: as `Section.label` says ("Page 3", "Slide 2", "Sheet: Costs"); ``headings``: the titles it stands
    under, outermost first. ``kind``: ``text``, ``code`` or ``table``; ``context``: what a table's rows or a definition
    need to be understood alone (its header, its class): searched and embedded with the text, never shown as a quotation."""

    ordinal: int
    start: int
    end: int
    text: str
    page: int | None = None
    label: str = ""
    headings: tuple[str, ...] = ()
    kind: str = "text"
    context: str = ""

    @property
    def searched(self) -> str:
        """What is indexed and embedded."""
        return "\n".join(piece for piece in (" > ".join(self.headings), self.context, self.text) if piece)


class Phase(StrEnum):
    """What is being done for a collection: nothing, looking which files there are, reading them, computing vectors."""

    IDLE = "idle"
    SCANNING = "scanning"
    READING = "reading"
    EMBEDDING = "embedding"


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total``: files while reading, passages while embedding. ``per_second`` None while unknown;
    ``seconds_left`` None while it cannot be said."""

    phase: Phase = Phase.IDLE
    done: int = 0
    total: int = 0
    per_second: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class CollectionState:
    """A collection as the window and the command line show it. ``problem``: why nothing can be read now (the drive is gone,
    the system refuses), empty when all is well; ``problem_kind``: `offline`, `no_permission`, `missing` or empty.
    ``note``: why its changes are not noticed at once (a network drive, no room for watches), empty where they are.
    ``embedded`` of ``chunks`` passages have vectors. ``cloud_bytes``: of the files that a cloud drive keeps elsewhere."""

    collection: Collection
    counts: Mapping[FileStatus, int] = field(default_factory=dict)
    progress: Progress = Progress()
    chunks: int = 0
    embedded: int = 0
    cloud_bytes: int = 0
    problem: str = ""
    problem_kind: str = ""
    paused: bool = False
    looked_at: float | None = None
    note: str = ""

    @property
    def files(self) -> int:
        return sum(self.counts.values())
