"""How long a model stays in memory that nobody asks anything. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.engine.scheduling.room import Loaded
from workbench.settings import Engine


@dataclass(frozen=True, slots=True)
class Scheduling:
    """What a person chose. ``models_at_once`` 0: as many as fit. ``unload_after_seconds`` None: never.

    ``kept_ready``: the model that stays in memory, None: none does.
    """

    models_at_once: int = 0
    unload_after_seconds: float | None = None
    kept_ready: Path | None = None

    @classmethod
    def of(cls, chosen: Engine, preferred: Callable[[], Path | None]) -> Scheduling:
        """As the settings say; ``preferred``: the model that answers when a chat names none."""
        minutes = chosen.unload_after_minutes
        kept_ready = preferred() if chosen.keep_ready else None
        return cls(chosen.models_at_once, 60.0 * minutes if minutes else None, kept_ready)


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


def needs_restart(before: Engine, after: Engine) -> bool:
    """Whether an engine that was started with the settings ``before`` works otherwise than ``after`` wants it."""
    same = {"models_at_once": 0, "unload_after_minutes": 0, "keep_ready": False}
    return replace(before, **same) != replace(after, **same)  # type: ignore[arg-type]
