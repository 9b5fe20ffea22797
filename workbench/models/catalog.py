"""The models we know: what each is, can do and is good at, and the files it comes in. The values; see `catalog_file`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.models.shape import CacheGroup


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """One build of a model: a file of a hub repository, all shards of it. Sizes in bytes, None where nobody recorded it.

    ``file``: the first shard; ``shards``: all of them in order (one for a single file). ``sha256`` is of ``file`` when it
    is single. ``revision``: the pinned commit, None: the newest is looked up and pinned at the download. ``projector``: the
    `mmproj` file of the same repository that lets the model see, empty without.
    """

    repository: str
    file: str
    quantization: str
    bytes: int | None
    sha256: str | None = None
    revision: str | None = None
    shards: tuple[str, ...] = ()
    projector: str = ""
    projector_bytes: int = 0
    projector_sha256: str | None = None
    note: str = ""

    @property
    def reference(self) -> str:
        """``OWNER/REPO/FILE[@COMMIT]``, as `models pull` takes it."""
        pinned = f"@{self.revision}" if self.revision else ""
        return f"{self.repository}/{self.file}{pinned}"


@dataclass(frozen=True, slots=True)
class Score:
    """One benchmark figure. ``effort``: the reasoning effort it was measured at (none, low, medium, high, on, default).

    ``independent``: measured by somebody other than the publisher. ``source`` and ``date`` say by whom and when.
    """

    benchmark: str
    value: float
    effort: str
    independent: bool
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class CatalogModel:
    """A model. ``parameters`` and ``active_parameters`` in single units, ``active_bytes`` of the first file for one token.

    ``effort``: how reasoning is controlled (reasoning_effort, enable_thinking, always-on, none), with ``effort_values``.
    ``user_added``: the person added it.
    """

    id: str
    name: str
    vendor: str
    family: str
    licence: str
    released: str
    architecture: str
    parameters: int
    active_parameters: int
    layers: int
    hidden: int | None
    vocabulary: int | None
    context_length: int
    experts: int
    experts_used: int
    cache: tuple[CacheGroup, ...]
    active_bytes: int | None
    effort: str
    effort_values: tuple[str, ...]
    tools: bool
    vision: bool
    sampling: Mapping[str, float] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()
    files: tuple[CatalogFile, ...] = ()
    note: str = ""
    user_added: bool = False
