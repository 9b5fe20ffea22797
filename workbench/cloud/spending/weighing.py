"""Whether what a provider says that it counted can be. Pure."""

from __future__ import annotations

from workbench.cloud.provider import Billed, Price
from workbench.cloud.spending.amounts import words
from workbench.cloud.spending.pricing import cost_of


def is_too_little(told: Billed, least: Billed) -> bool:
    """Fewer tokens than came: no count. A cost above nothing that it names is one, whatever it says of tokens."""
    if told.cost_micros:
        return False
    return _is_less(told.prompt_tokens, least.prompt_tokens) or _is_less(
        told.completion_tokens, least.completion_tokens
    )


def claim_words(told: Billed, most: Billed, price: Price | None) -> str:
    """The sentence about a count, or a cost, above what there can be; empty: it can be."""
    for tokens, limit in (
        (told.prompt_tokens, most.prompt_tokens),
        (told.completion_tokens, most.completion_tokens),
    ):
        if _is_less(limit, tokens):
            return f"The provider claims {tokens:,} tokens, which cannot be: this counts at its most."
    if _is_less(cost_of(most, price), told.cost_micros):
        return (
            f"The provider claims a cost of {words(told.cost_micros or 0)}, which cannot be: this counts at its most."
        )
    return ""


def _is_less(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one < other
