"""How long a request is, how long its answer may be, and what that may cost. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.chat.escalating.counts import Count
from workbench.chat.escalating.refusing import LEAST_ANSWER_TOKENS
from workbench.cloud.provider import CloudModel
from workbench.cloud.spending.money import Range
from workbench.cloud.spending.pricing import range_of
from workbench.messages import ChatRequest


@dataclass(frozen=True, slots=True)
class Priced:
    """``most_tokens`` of the answer: as asked, where the model's context has room for it beside the prompt."""

    most_tokens: int
    cost: Range | None


def priced(model: CloudModel, request: ChatRequest, count: Count) -> Priced:
    most = _answer_tokens(model, count.most, request.max_tokens or LEAST_ANSWER_TOKENS)
    return Priced(most, range_of(model.price, count.most, most, least_prompt_tokens=count.least))


def _answer_tokens(model: CloudModel, prompt_tokens: int, wanted: int) -> int:
    """Less where the context leaves less; an estimate from above alone never makes it useless."""
    most = min(wanted, model.most_output_tokens or wanted)
    if model.context_tokens is None:
        return most
    return min(most, max(model.context_tokens - prompt_tokens, min(most, LEAST_ANSWER_TOKENS)))
