"""Why a request cannot be sent, in sentences, and what helps. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.chat.escalating.escalation import Piece
from workbench.cloud.asking import NextStep
from workbench.cloud.provider import CloudModel, Provider
from workbench.cloud.spending.amounts import short, short_left
from workbench.cloud.spending.money import Cap, CapKind, Range, Remaining

LEAST_ANSWER_TOKENS = 256

CLOUD_OFF = "The cloud is switched off."
PRIVATE_PROJECT = "This chat belongs to a private project: nothing of it leaves your own machines."

_CAPS = {
    CapKind.REQUEST: "for one request",
    CapKind.DAY: "for today",
    CapKind.MONTH: "for this month",
    CapKind.PROVIDER: "for this provider and month",
    CapKind.CHAT: "for this chat",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """``prompt_tokens``: at least so many. ``cannot``: why the provider cannot be asked this at all."""

    enabled: bool
    has_key: bool
    private_project: bool
    provider: Provider
    model: CloudModel
    pieces: Sequence[Piece]
    prompt_tokens: int
    cost: Range | None
    remaining: Remaining
    cannot: str = ""


Refusal = tuple[str, NextStep | None]


def refusals(facts: Facts) -> tuple[tuple[str, ...], tuple[NextStep, ...]]:
    """The sentences, and what helps with them, the best first."""
    found = tuple(_found(facts))
    steps = dict.fromkeys(step for _words, step in found if step is not None)
    return tuple(words for words, _step in found), tuple(steps)


def cap_words(cap: Cap) -> str:
    """ "for today", after "of the cap"."""
    return _CAPS[cap.kind]


def _found(facts: Facts) -> Iterator[Refusal]:
    if not facts.enabled:
        yield CLOUD_OFF, None
    if facts.private_project:
        yield PRIVATE_PROJECT, None
    for piece in facts.pieces:
        if piece.needed and piece.private:
            yield f"{piece.title}: {piece.note}", None
    if facts.cannot:
        yield facts.cannot, NextStep.OTHER_PROVIDER
    if facts.enabled and not facts.has_key:
        yield f"There is no key for {facts.provider.name} yet.", NextStep.LOGIN
    yield from _too_long(facts)
    yield from _too_dear(facts)


def _too_long(facts: Facts) -> Iterator[Refusal]:
    holds, tokens = facts.model.context_tokens, facts.prompt_tokens
    if holds is not None and tokens + LEAST_ANSWER_TOKENS > holds:
        words = f"This has about {tokens:,} tokens, and {_name(facts.model)} takes {holds:,}: cut some of it."
        yield words, NextStep.SHORTEN


def _too_dear(facts: Facts) -> Iterator[Refusal]:
    if facts.cost is None:
        yield f"What {_name(facts.model)} costs is not known: give its price first.", NextStep.GIVE_PRICE
    elif facts.cost.high > facts.remaining.micros:
        most, left = short(facts.cost.high), short_left(facts.remaining.micros)
        words = f"It may cost up to {most}, and {left} is left of the cap {cap_words(facts.remaining.cap)}."
        yield words, NextStep.RAISE_BUDGET


def _name(model: CloudModel) -> str:
    return model.name or model.id
