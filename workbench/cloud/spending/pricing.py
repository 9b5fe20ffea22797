"""What a call costs, and what a request may cost. Pure; integers only, prompt and answer each rounded up."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from workbench.cloud.provider import MILLION, Billed, Price
from workbench.cloud.spending.money import Range

MOST_BELIEVED: Final = 10**15
"""Tokens or millionths above which a number is no count but junk; sums of such numbers still fit into the ledger."""


def cost_of(billed: Billed, price: Price | None) -> int | None:
    """In millionths. What the provider names counts; else tokens by ``price``; None where neither is known, or the tokens
    of prompt or answer are not."""
    told = believed(billed)
    if told.cost_micros is not None:
        return told.cost_micros
    if price is None or told.prompt_tokens is None or told.completion_tokens is None:
        return None
    cached, written = told.cached_tokens or 0, told.cache_write_tokens or 0
    fresh = max(0, told.prompt_tokens - cached - written)
    prompt = (
        fresh * price.input_micros
        + cached * _or(price.cached_micros, price.input_micros)
        + written * _or(price.cache_write_micros, price.input_micros)
    )
    return _micros(prompt) + _micros(told.completion_tokens * price.output_micros)


def range_of(
    price: Price | None, prompt_tokens: int, most_tokens: int, *, least_prompt_tokens: int | None = None
) -> Range | None:
    """What a request of so many tokens may cost: ``low`` without an answer, ``high`` with one of ``most_tokens``, and each
    token of the prompt at the dearest that the provider may take for it. ``least_prompt_tokens``: where
    ``prompt_tokens`` is an estimate from above. None: there is no price."""
    if price is None:
        return None
    least = prompt_tokens if least_prompt_tokens is None else min(prompt_tokens, least_prompt_tokens)
    high = _micros(prompt_tokens * _dearest(price)) + _micros(most_tokens * price.output_micros)
    return Range(_micros(least * price.input_micros), high, price.currency)


def is_dearer(now: Price | None, shown: Price | None) -> bool:
    """Whether a request may cost more than it was shown to: what nobody knows by now may."""
    if now is None or shown is None or now.currency != shown.currency:
        return now != shown
    return _dearest(now) > _dearest(shown) or now.output_micros > shown.output_micros


def completed(billed: Billed | None, estimate: Billed | None) -> Billed:
    """What the provider counted, with our own count where it said nothing."""
    told, ours = believed(billed or Billed()), believed(estimate or Billed())
    return replace(
        told,
        prompt_tokens=_or_none(told.prompt_tokens, ours.prompt_tokens),
        completion_tokens=_or_none(told.completion_tokens, ours.completion_tokens),
    )


def larger(ours: Billed, told: Billed | None) -> Billed:
    """Our own count, where a provider that did not count to the end had not counted more already."""
    so_far = believed(told or Billed())
    return replace(
        ours,
        prompt_tokens=_larger(ours.prompt_tokens, so_far.prompt_tokens),
        completion_tokens=_larger(ours.completion_tokens, so_far.completion_tokens),
    )


def believed(billed: Billed) -> Billed:
    """Without numbers that can be no count: below 0, or beyond all measure."""
    return Billed(
        _believed(billed.prompt_tokens),
        _believed(billed.cached_tokens),
        _believed(billed.cache_write_tokens),
        _believed(billed.completion_tokens),
        _believed(billed.cost_micros),
    )


def _dearest(price: Price) -> int:
    """The most that a token of the prompt may cost."""
    return max(price.input_micros, price.cached_micros or 0, price.cache_write_micros or 0)


def _micros(tokens_at_rate: int) -> int:
    """Tokens times millionths for a million of them, rounded up: never less than exact, and by less than one."""
    return -(-tokens_at_rate // MILLION)


def _believed(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= MOST_BELIEVED else None


def _larger(one: int | None, other: int | None) -> int | None:
    return max(one, other) if one is not None and other is not None else _or_none(one, other)


def _or(number: int | None, otherwise: int) -> int:
    return otherwise if number is None else number


def _or_none(number: int | None, otherwise: int | None) -> int | None:
    return otherwise if number is None else number
