"""How long a request is, how long its answer may be, and what that may cost. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.chat.escalating.counting import LEAST_SHARE, most_of_count, tokens_from_above
from workbench.chat.escalating.refusing import LEAST_ANSWER_TOKENS
from workbench.cloud.provider import CloudModel
from workbench.cloud.spending.money import Range
from workbench.cloud.spending.pricing import range_of
from workbench.messages import ChatRequest


@dataclass(frozen=True, slots=True)
class Priced:
    """``prompt_tokens``: at most; ``least_tokens``: at least. ``most_tokens`` of the answer: as asked, where the model's
    context has room for it beside the prompt. ``counted``: a tokenizer of its family did."""

    prompt_tokens: int
    least_tokens: int
    most_tokens: int
    cost: Range | None
    counted: bool


def priced(model: CloudModel, request: ChatRequest, count: int | None) -> Priced:
    """``count``: by a tokenizer of the model's family."""
    prompt = tokens_from_above(request) if count is None else most_of_count(count, request)
    least = int(prompt * LEAST_SHARE) if count is None else count
    most = _answer_tokens(model, prompt, request.max_tokens or LEAST_ANSWER_TOKENS)
    cost = range_of(model.price, prompt, most, least_prompt_tokens=least)
    return Priced(prompt, least, most, cost, count is not None)


def _answer_tokens(model: CloudModel, prompt_tokens: int, wanted: int) -> int:
    """Less where the context leaves less; an estimate from above alone never makes it useless."""
    most = min(wanted, model.most_output_tokens or wanted)
    if model.context_tokens is None:
        return most
    return min(most, max(model.context_tokens - prompt_tokens, min(most, LEAST_ANSWER_TOKENS)))
