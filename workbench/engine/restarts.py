"""How often an engine may die before it is not started again."""

from __future__ import annotations

from workbench.ports import Clock

MOST_RESTARTS = 3
RESTART_WINDOW_SECONDS = 180.0


class RestartBudget:
    """Three deaths in three minutes are enough: a fourth start would not go better."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._deaths: list[float] = []

    def died(self) -> None:
        self._deaths = [*self._recent(), self._clock.monotonic()]

    def exhausted(self) -> bool:
        return len(self._recent()) >= MOST_RESTARTS

    def forgive(self) -> None:
        """Something has changed since: another start may go better."""
        self._deaths = []

    def _recent(self) -> list[float]:
        since = self._clock.monotonic() - RESTART_WINDOW_SECONDS
        return [moment for moment in self._deaths if moment > since]
