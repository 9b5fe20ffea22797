"""What providers say that they counted, as `Billed`. Pure: counts that cannot be are none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

from workbench.cloud.provider import MILLION, Billed
from workbench.messages import Usage

_MOST_TOKENS = 10**9
_MOST_COST = 10**6  # of the currency, for one answer
_TICKS_PER_MICRO = 10_000


def parsed(text: str) -> Any:
    """What the JSON ``text`` says; amounts of money are exact. Raises `ValueError`, also for what is nested without end."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=lambda _name: None)
    except (RecursionError, ArithmeticError) as error:
        raise ValueError("cannot be read") from error


def as_json(value: Any) -> str:
    """The JSON text of what `parsed` made."""
    return json.dumps(value, default=float, ensure_ascii=False)


def openai_billed(usage: Any, *, names_cost: bool = True) -> Billed | None:
    """Some count thoughts apart from the answer: then all that is not of the prompt was written. ``names_cost``: a cost
    that is named is believed."""
    if not isinstance(usage, Mapping):
        return None
    prompt, written = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    total = _count(usage.get("total_tokens"))
    if prompt is not None and total is not None:
        written = max(written or 0, total - prompt)
    details = _of(usage, "prompt_tokens_details")
    cached = _count(details.get("cached_tokens"))
    if cached is None:
        cached = _count(usage.get("prompt_cache_hit_tokens"))
    if prompt is None and written is None:
        return None
    kept = _count(details.get("cache_write_tokens"))
    return Billed(prompt, _within(cached, prompt), _within(kept, prompt), written, _cost(usage) if names_cost else None)


def anthropic_billed(usage: Mapping[str, Any]) -> Billed | None:
    """The prompt is what was read anew, what was kept, and what was read before, each counted apart."""
    written = _count(usage.get("output_tokens"))
    anew = _count(usage.get("input_tokens"))
    if written is None or anew is None:
        return None
    kept, cached = _count(usage.get("cache_creation_input_tokens")), _count(usage.get("cache_read_input_tokens"))
    return Billed(anew + (kept or 0) + (cached or 0), cached, kept, written)


def usage_of(billed: Billed | None) -> Usage:
    return Usage() if billed is None else Usage(billed.prompt_tokens, billed.cached_tokens, billed.completion_tokens)


def _of(usage: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = usage.get(name)
    return found if isinstance(found, Mapping) else {}


def _count(value: Any) -> int | None:
    """Some write whole numbers with a point."""
    if isinstance(value, Decimal) and value.is_finite() and abs(value) <= _MOST_TOKENS and value == int(value):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS else None


def _within(part: int | None, whole: int | None) -> int | None:
    return part if part is None or whole is None else min(part, whole)


def _cost(usage: Mapping[str, Any]) -> int | None:
    """In millionths, rounded up. With a key of another provider behind it, that one charges its part by itself."""
    ticks = usage.get("cost_in_usd_ticks")
    if isinstance(ticks, int) and not isinstance(ticks, bool) and 0 <= ticks <= _MOST_COST * MILLION * _TICKS_PER_MICRO:
        return -(-ticks // _TICKS_PER_MICRO)
    own = _money(usage.get("cost"))
    behind = _money(_of(usage, "cost_details").get("upstream_inference_cost")) if usage.get("is_byok") is True else None
    if own is None:
        return None
    return int(((own + (behind or 0)) * MILLION).to_integral_value(ROUND_CEILING))


def _money(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    amount = Decimal(value)
    return amount if amount.is_finite() and 0 <= amount <= _MOST_COST else None
