"""Calls summed by day, provider or model. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import tzinfo
from typing import Final

from workbench.cloud.provider import Billed
from workbench.cloud.spending.calendar import day_of
from workbench.cloud.spending.money import By, CallState, Entry, Total

Counted = tuple[float, str, str, int, int, int]
"""Moment, provider, model, tokens of prompt and answer, cost in millionths."""

_LEAST_SURE_FIRST: Final = (
    CallState.RESERVED, CallState.ASSUMED, CallState.ESTIMATED, CallState.SETTLED, CallState.FREE, CallState.RELEASED
)  # fmt: skip


def together(earlier: Entry, later: Entry) -> Entry:
    """Two requests of one answer as one: the later one, with what both cost. Its state is the less sure one of both."""
    return replace(
        later,
        at=earlier.at,
        state=min(earlier.state, later.state, key=_LEAST_SURE_FIRST.index),
        reserved_micros=earlier.reserved_micros + later.reserved_micros,
        cost_micros=earlier.cost_micros + later.cost_micros,
        billed=_billed(earlier.billed, later.billed),
        error=later.error or earlier.error,
    )


def _billed(one: Billed, other: Billed) -> Billed:
    return Billed(
        _sum(one.prompt_tokens, other.prompt_tokens),
        _sum(one.cached_tokens, other.cached_tokens),
        _sum(one.cache_write_tokens, other.cache_write_tokens),
        _sum(one.completion_tokens, other.completion_tokens),
        _sum(one.cost_micros, other.cost_micros),
    )


def _sum(one: int | None, other: int | None) -> int | None:
    """None where both are not known."""
    return other if one is None else one if other is None else one + other


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
