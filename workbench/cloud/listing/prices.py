"""Prices in a provider's list of models. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from workbench.cloud.listing.exact import micros_of
from workbench.cloud.provider import MILLION, Price, Provider

PER_MILLION: Final = "prices_per_million"
FREE: Final = ":free"
"""The end of the name of a model that costs nothing, as OpenRouter has it."""
_FEES: Final = ("request",)
_MOST_DEPTH: Final = 6


def price_of(pricing: Mapping[str, Any], provider: Provider, day: str, *, free: bool) -> Price | None:
    """None where it is not told, or where more is charged than tokens: what cannot be foretold is asked for. So is a zero,
    which lists write for models that are not sold by the token, unless it is called ``free``. Thinking that is dearer than
    answering makes the answer's price."""
    tokens = MILLION if PER_MILLION in provider.quirks else 1
    found = {name: micros_of(pricing.get(name), tokens) for name in _names(pricing)}
    asked = _first(found, "prompt", "input")
    told = _first(found, "completion", "output")
    if asked is None or told is None or any(found.get(fee) for fee in _FEES) or not (free or (asked and told)):
        return None
    return Price(
        asked,
        max(told, found.get("internal_reasoning") or 0),
        _first(found, "input_cache_read", "cached_input"),
        _first(found, "input_cache_write"),
        provider.host,
        day,
    )


def least_surcharged(pricing: Mapping[str, Any]) -> int | None:
    """The tokens from which on a longer prompt costs more; None where it never does."""
    found = [tokens for tokens in _thresholds(pricing, _MOST_DEPTH) if tokens > 0]
    return min(found, default=None)


def _thresholds(place: Any, depth: int) -> Iterator[int]:
    if depth <= 0:
        return
    if isinstance(place, dict):
        least = place.get("min_prompt_tokens")
        if isinstance(least, int) and not isinstance(least, bool):
            yield least
    if isinstance(place, dict | list):
        for inner in place.values() if isinstance(place, dict) else place:
            yield from _thresholds(inner, depth - 1)


def _names(pricing: Mapping[str, Any]) -> Iterator[str]:
    return (name for name in pricing if not isinstance(pricing[name], dict | list))


def _first(found: Mapping[str, int | None], *names: str) -> int | None:
    return next((found[name] for name in names if found.get(name) is not None), None)
