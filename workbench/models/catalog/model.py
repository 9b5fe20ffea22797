"""The models we know: what each is, can do and is good at, and the files it comes in. The values; see `catalog_file`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from workbench.models.sizing.shape import CacheGroup

EFFORTS: Final = ("none", "low", "medium", "high", "on")  # from no reasoning to as much as the model likes

TOOLS: Final = "tools"  # beside the efforts, in `CatalogModel.sampling_when`


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """One build of a model: a file of a hub repository, all shards of it. Sizes in bytes, None where nobody recorded it.

    ``file``: the first shard; ``shards``: all of them in order (one for a single file), ``shard_sha256`` theirs.
    ``sha256`` is of ``file`` when it is single. ``revision``: the pinned commit, None: the newest is looked up and pinned
    at the download. ``projector``: the `mmproj` file of the same repository that lets the model see, empty without and
    where nobody recorded its name; then ``projector_bytes`` of a model that sees are those of another build.
    ``about_bytes``: a rounded size, where only that was recorded. ``effort``: of a build that is one half of a model with
    separate files for thinking and answering at once. ``doubt``: why it is not recommended before others.
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
    shard_sha256: tuple[str | None, ...] = ()
    about_bytes: int | None = None
    effort: str = ""
    doubt: str = ""

    @property
    def size_bytes(self) -> int | None:
        """The size to plan with: the recorded one, or the rounded one."""
        return self.bytes or self.about_bytes

    @property
    def reference(self) -> str:
        """``OWNER/REPO/FILE[@COMMIT]``, as `models pull` takes it."""
        pinned = f"@{self.revision}" if self.revision else ""
        return f"{self.repository}/{self.file}{pinned}"


@dataclass(frozen=True, slots=True)
class Score:
    """One benchmark figure. ``effort``: the reasoning effort it was measured at (none, low, medium, high, on, or default:
    the model's own).

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

    ``effort``: how reasoning is controlled (reasoning_effort, enable_thinking, always-on, variant: separate files, none),
    with ``effort_values`` and ``default_effort``, in the words of `Score.effort`. ``thoughts``: how long it reasons beside
    others at the same effort. ``layers`` 0 and no ``cache``: its shape is not known before its header is read.
    ``licence_terms``: what to know of a licence that is not open, empty for open ones. ``doubt``: why it is never
    recommended before others. ``sampling``: what its publisher recommends; ``sampling_when``: instead of it at an effort,
    or with ``tools``. ``well_known``: people ask for it by name, so they are told when it is not for their machine.
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
    sampling_when: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()
    files: tuple[CatalogFile, ...] = ()
    note: str = ""
    user_added: bool = False
    default_effort: str = "none"
    thoughts: float = 1.0
    licence_terms: str = ""
    doubt: str = ""
    well_known: bool = False

    @property
    def shape_known(self) -> bool:
        """Whether its memory can be worked out without its header."""
        return bool(self.layers and self.cache)

    def sampling_for(self, effort: str = "", *, tools: bool = False) -> Mapping[str, float]:
        """What the publisher recommends at ``effort`` (of `EFFORTS`; empty: its own), or where it may call tools."""
        if tools and TOOLS in self.sampling_when:
            return self.sampling_when[TOOLS]
        return self.sampling_when.get(effort or self.default_effort, self.sampling)
