"""The same open model at several providers, side by side. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.cloud.provider import CloudModel, Price, Provider


@dataclass(frozen=True, slots=True)
class Offer:
    """``provider`` has its retention, ``model`` its price, speed and context; what nobody stated is None or empty."""

    provider: Provider
    model: CloudModel


def open_models(models: Iterable[CloudModel]) -> tuple[str, ...]:
    """The open models that somebody offers, by their ids in the catalog: those with the most providers first."""
    providers = Counter(one for one, _provider in {(model.open_model, model.provider) for model in models} if one)
    return tuple(sorted(providers, key=lambda one: (-providers[one], one)))


def offers(open_model: str, models: Iterable[CloudModel], providers: Iterable[Provider]) -> tuple[Offer, ...]:
    """Who offers it: the cheapest first, as many tokens read as written; an unknown price last."""
    known = {provider.id: provider for provider in providers}
    rows = [
        Offer(known[model.provider], model)
        for model in models
        if model.open_model == open_model and open_model and model.provider in known
    ]
    return tuple(sorted(rows, key=lambda row: (*price_rank(row.model.price), row.provider.name, row.model.id)))


def price_rank(price: Price | None) -> tuple[bool, int]:
    """For sorting: unknown last."""
    return (True, 0) if price is None else (False, price.input_micros + price.output_micros)
