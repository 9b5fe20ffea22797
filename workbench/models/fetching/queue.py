"""Downloads in a queue: what waits, runs, is paused, failed or is ready. The values; the work is in `downloads`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

COMPILED = "engine:llama-cpp-python"


class DownloadState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class DownloadItem:
    """One wish: all files of one model, or one engine. ``reference``: a catalog id, ``starter``, OWNER/REPO/FILE[@COMMIT],
    or ``engine:ID``. Sizes in bytes; ``total_bytes`` None until it is known.

    ``step`` says in words what is going on (looking up, fetching, checking, unpacking). ``error`` and ``hint``: why it
    failed, or why it waits (a full disk).
    """

    id: str
    reference: str
    title: str
    state: DownloadState
    bytes: int = 0
    total_bytes: int | None = None
    bytes_per_second: float | None = None
    seconds_left: float | None = None
    step: str = ""
    error: str = ""
    hint: str = ""

    @property
    def is_work(self) -> bool:
        """Whether it is compiled rather than fetched: then ``bytes`` of ``total_bytes`` are a share, and no sizes."""
        return self.reference == COMPILED
