"""What is known of each model, from the table, the provider's own list and the person. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from workbench.cloud.provider import CloudModel, Price


def known_models(
    listed: Iterable[CloudModel], fetched: Iterable[CloudModel], own: Mapping[tuple[str, str], Price]
) -> tuple[CloudModel, ...]:
    """The listed ones in their order, then what was fetched beside them; each price from who knows best: the person, then
    the provider's list, then the table."""
    later = {(model.provider, model.id): model for model in fetched}
    joined = [_joined(model, later.pop((model.provider, model.id), None)) for model in listed]
    return tuple(priced(model, own) for model in (*joined, *later.values()))


def priced(model: CloudModel, own: Mapping[tuple[str, str], Price]) -> CloudModel:
    price = own.get((model.provider, model.id))
    return model if price is None else replace(model, price=price)


def _joined(listed: CloudModel, fetched: CloudModel | None) -> CloudModel:
    """The provider knows better what it offers; the table knows what kind of model it is, and for how long a prompt its
    price holds."""
    if fetched is None:
        return listed
    return replace(
        listed,
        context_tokens=_context(listed, fetched),
        most_output_tokens=fetched.most_output_tokens or listed.most_output_tokens,
        sees=listed.sees if fetched.sees is None else fetched.sees,
        calls_tools=listed.calls_tools if fetched.calls_tools is None else fetched.calls_tools,
        price=fetched.price or listed.price,
    )


def _context(listed: CloudModel, fetched: CloudModel) -> int | None:
    told = fetched.context_tokens or listed.context_tokens
    if fetched.price is None and listed.price is not None and listed.context_tokens and told:
        return min(told, listed.context_tokens)
    return told
