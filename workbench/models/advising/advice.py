"""Which model for this machine and this person: the values. Computed from `estimate` and the catalog only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.sizing.estimate import Estimate, Range


class Use(StrEnum):
    """What the model is for."""

    CHAT = "chat"
    WRITING = "writing"
    CODE = "code"
    DOCUMENTS = "documents"


class Preference(StrEnum):
    BALANCED = "balanced"
    QUALITY = "quality"
    SPEED = "speed"


@dataclass(frozen=True, slots=True)
class Task:
    """What one answer is assumed to be, in tokens: shown beside every figure in seconds."""

    prompt_tokens: int
    reasoning_tokens: int
    answer_tokens: int


@dataclass(frozen=True, slots=True)
class Pick:
    """A build of a model as it would run here. ``context``: tokens it is planned with; ``effort``: at which effort the
    seconds and the quality hold. ``answer_seconds``: to finish one ``task``. ``role``: what this pick is for, in words
    ("Recommended", "Faster", "Better", "Smaller", "Bridge"). ``quality``: points as on GPQA Diamond, on the cautious side;
    ``quality_spread``: a standard error. ``engine_bytes``: of the engine that must be installed for it, 0 for none."""

    model: CatalogModel
    file: CatalogFile
    estimate: Estimate
    role: str
    reasons: tuple[str, ...]
    task: Task
    effort: str
    quality: float
    answer_seconds: Range
    quality_spread: float = 0.0
    engine_bytes: int = 0

    @property
    def context(self) -> int:
        return self.estimate.request.context_tokens

    @property
    def download_bytes(self) -> int:
        """Weights and projector."""
        return (self.file.size_bytes or self.estimate.weights_bytes) + self.file.projector_bytes


@dataclass(frozen=True, slots=True)
class Recommendation:
    """``recommended`` None: nothing in the catalog fits; ``notes`` say why, or what a bigger model would need.

    ``bridge``: a model of 2 to 6 GB that talks while the recommended one is fetched; None where that one is small too.
    """

    use: Use
    preference: Preference
    recommended: Pick | None
    alternatives: tuple[Pick, ...]
    bridge: Pick | None = None
    notes: tuple[str, ...] = ()
