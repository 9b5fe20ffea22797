"""How many passages are computed together: about half a second's, so that whoever begins to chat waits no longer. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FIRST: Final = 32
FEWEST: Final = 8  # fewer leave cores without work
MOST: Final = 256
WANTED_SECONDS: Final = 0.6


@dataclass(frozen=True, slots=True)
class Portion:
    """``count``: passages, between `FEWEST` and `MOST`."""

    count: int = FIRST

    def after(self, count: int, seconds: float) -> Portion:
        """The next one, when ``count`` passages took so long. It grows and shrinks by half at a time: the first passages
        wait for the model to be loaded."""
        wanted = MOST if seconds <= 0.0 else int(count * WANTED_SECONDS / seconds)
        near = max(self.count // 2, min(wanted, self.count * 2))
        return Portion(max(FEWEST, min(MOST, near)))
