"""What is told of an answer that came from a provider, or by hand: cost, price, and what left for it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ui.chat.answer_source import BY_HAND, provider_name_of
from ui.cloud.sheet.words import hidden_words, mode_words, price_words
from ui.translation import marked, tr
from workbench.chat.escalating.escalation import Preview
from workbench.chat.tree import Turn
from workbench.cloud.spending.amounts import words as amount
from workbench.cloud.spending.money import CallState, Entry

MOST_HIDDEN, HASH_DIGITS = 20, 16
_STATES = {
    CallState.RESERVED: marked("on its way, counted at its most"),
    CallState.SETTLED: marked("as the provider counted"),
    CallState.ESTIMATED: marked("by our own count: the provider told nothing"),
    CallState.ASSUMED: marked("at its most: the program ended before it was told"),
    CallState.RELEASED: marked("nothing was charged"),
    CallState.FREE: marked("over your own subscription"),
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """``entry``: its line of the ledger, of all its requests together; ``sent``: exactly what left, last. None: not known
    any more. ``requests``: how many there were."""

    entry: Entry | None = None
    sent: Preview | None = None
    requests: int = 1


NOT_ELSEWHERE = Elsewhere()


def where(turn: Turn, told: Elsewhere) -> str:
    """Who answered."""
    if turn.backend.startswith(BY_HAND):
        return tr("Pasted by you, over your own subscription")
    if told.sent is not None:
        return f"{told.sent.provider.name} ({told.sent.provider.host})"
    return provider_name_of(turn)


def cost(turn: Turn, told: Elsewhere) -> str:
    if turn.backend.startswith(BY_HAND):
        return tr("{amount}, over your own subscription").format(amount=amount(0))
    if told.entry is None:
        return tr("Not known")
    return f"{amount(told.entry.cost_micros)}, {tr(_STATES[told.entry.state])}"


def rows(told: Elsewhere) -> Iterator[tuple[str, str]]:
    """Names and values, what is not known left out."""
    if told.entry is not None:
        yield from _counted(told.entry)
    if told.sent is None:
        return
    sent = told.sent
    if told.requests > 1:
        yield tr("Requests"), tr("{count}: the first, and one after each round of calls").format(count=told.requests)
    yield tr("How much"), mode_words(sent.draft.mode)[0]
    yield (
        tr("Sent last") if told.requests > 1 else tr("Sent"),
        tr("{count} bytes, sha256 {hash}…").format(
            count=f"{len(sent.outgoing.body):,}", hash=sent.outgoing.hash[:HASH_DIGITS]
        ),
    )
    cut = [one.title for one in sent.draft.pieces if not one.kept]
    if cut:
        yield tr("Stayed here"), ", ".join(cut)
    hidden = [f"{one.placeholder}: {one.original} ({hidden_words(one.kind)})" for one in sent.redactions]
    if hidden:
        more = len(hidden) - MOST_HIDDEN
        rest = [tr("… and {count} more").format(count=more)] if more > 0 else []
        yield tr("Hidden"), "\n".join((*hidden[:MOST_HIDDEN], *rest))


def _counted(entry: Entry) -> Iterator[tuple[str, str]]:
    billed = entry.billed
    if billed.prompt_tokens is not None or billed.completion_tokens is not None:
        cached = (
            tr(", {count} of them cached").format(count=f"{billed.cached_tokens:,}") if billed.cached_tokens else ""
        )
        yield (
            tr("Billed"),
            tr("{prompt} tokens in{cached}, {answer} out").format(
                prompt=_count(billed.prompt_tokens), cached=cached, answer=_count(billed.completion_tokens)
            ),
        )
    if entry.price is not None:
        said = ", ".join(piece for piece in (entry.price.source, entry.price.date) if piece)
        yield tr("Price"), f"{price_words(entry.price)} ({said})" if said else price_words(entry.price)
    elif entry.state is CallState.SETTLED:
        yield tr("Price"), tr("The provider named the cost itself")


def _count(tokens: int | None) -> str:
    return "?" if tokens is None else f"{tokens:,}"
