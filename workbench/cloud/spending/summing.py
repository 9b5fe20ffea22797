"""Calls summed by day, provider or model. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from workbench.cloud.spending.calendar import day_of
from workbench.cloud.spending.money import By, Total

Counted = tuple[float, str, str, int, int, int]
"""Moment, provider, model, tokens of prompt and answer, cost in millionths."""


def totals(calls: Iterable[Counted], by: By, zone: tzinfo | None = None) -> tuple[Total, ...]:
    """Days newest first; providers and models by what they cost, the most first."""
    sums: dict[str, list[int]] = {}
    for at, provider, model, *numbers in calls:
        found = sums.setdefault(_key(by, at, provider, model, zone), [0, 0, 0, 0])
        for place, number in enumerate((1, *numbers)):
            found[place] += number
    rows = [Total(key, *numbers) for key, numbers in sums.items()]
    if by is By.DAY:
        return tuple(sorted(rows, key=lambda total: total.key, reverse=True))
    return tuple(sorted(rows, key=lambda total: (-total.cost_micros, total.key)))


def _key(by: By, at: float, provider: str, model: str, zone: tzinfo | None) -> str:
    match by:
        case By.DAY:
            return day_of(at, zone)
        case By.PROVIDER:
            return provider
        case By.MODEL:
            return f"{provider}/{model}" if model else provider
