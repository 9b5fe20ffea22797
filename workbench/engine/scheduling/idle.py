"""How long a model stays in memory that nobody asks anything. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from workbench.engine.scheduling.room import Loaded


@dataclass(frozen=True, slots=True)
class Scheduling:
    """What a person chose. ``models_at_once`` 0: as many as fit. ``unload_after_seconds`` None: never.

    ``kept_ready``: the model that stays in memory, None: none does.
    """

    models_at_once: int = 0
    unload_after_seconds: float | None = None
    kept_ready: Path | None = None


def overdue(loaded: Collection[Loaded], now: float, chosen: Scheduling) -> tuple[Loaded, ...]:
    """Those that have been idle for too long, at monotonic second ``now``."""
    after = chosen.unload_after_seconds
    if after is None:
        return ()
    return tuple(model for model in loaded if not model.answering and not model.pinned and now >= model.used_at + after)


def next_deadline(loaded: Collection[Loaded], chosen: Scheduling) -> float | None:
    """The monotonic second at which the next one is overdue, as it stands; None: none will be."""
    after = chosen.unload_after_seconds
    if after is None:
        return None
    return min((model.used_at + after for model in loaded if not model.answering and not model.pinned), default=None)
