"""When a provider is asked again by itself, and after how long. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.cloud.protocols.failures import is_quota


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer with a ``status`` other than 200. ``retry_after``: seconds that it asked for."""

    status: int
    body: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """``waits``: seconds before each further try. ``longest_asked``: a longer wait is told instead of kept."""

    waits: tuple[float, ...] = (0.5, 2.0)
    longest_asked: float = 20.0

    def pause(self, tries: int, refused: Refused) -> float | None:
        """Seconds until the next try after ``tries`` of them; None: there is none."""
        if tries > len(self.waits) or not _is_passing(refused):
            return None
        if refused.retry_after is None:
            return self.waits[tries - 1]
        return refused.retry_after if refused.retry_after <= self.longest_asked else None


def _is_passing(refused: Refused) -> bool:
    """Whether the same may be taken a moment later: nothing was charged for it."""
    if refused.status == 429:
        return not is_quota(refused.body)
    return refused.status == 408 or refused.status >= 500
