"""Models and prices as they are kept. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workbench.cloud.provider import CURRENCY, CloudModel, Price
from workbench.messages import Effort


def model_text(model: CloudModel) -> str:
    """Of a fetched model: without what the table knows of it."""
    kept = {
        "name": model.name,
        "context_tokens": model.context_tokens,
        "most_output_tokens": model.most_output_tokens,
        "sees": model.sees,
        "calls_tools": model.calls_tools,
        "efforts": [effort.value for effort in model.efforts],
        "price": None if model.price is None else _price(model.price),
    }
    return json.dumps({name: value for name, value in kept.items() if value not in (None, "", [])})


def model_of(provider: str, model_id: str, text: str) -> CloudModel | None:
    """None for what another program wrote there."""
    try:
        kept = json.loads(text)
        return CloudModel(
            provider,
            model_id,
            kept.get("name", ""),
            context_tokens=kept.get("context_tokens"),
            most_output_tokens=kept.get("most_output_tokens"),
            sees=kept.get("sees"),
            calls_tools=kept.get("calls_tools"),
            efforts=tuple(map(Effort, kept.get("efforts", ()))),
            price=None if kept.get("price") is None else _price_of(kept["price"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def price_text(price: Price) -> str:
    return json.dumps(_price(price))


def price_of(text: str) -> Price | None:
    """None for what another program wrote there: a price that cannot be read is not known."""
    try:
        return _price_of(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _price(price: Price) -> dict[str, Any]:
    return {
        "input_micros": price.input_micros,
        "output_micros": price.output_micros,
        "cached_micros": price.cached_micros,
        "cache_write_micros": price.cache_write_micros,
        "source": price.source,
        "date": price.date,
        "currency": price.currency,
    }


def _price_of(kept: Mapping[str, Any]) -> Price:
    return Price(
        _micros(kept["input_micros"]),
        _micros(kept["output_micros"]),
        None if kept.get("cached_micros") is None else _micros(kept["cached_micros"]),
        None if kept.get("cache_write_micros") is None else _micros(kept["cache_write_micros"]),
        str(kept.get("source", "")),
        str(kept.get("date", "")),
        str(kept.get("currency", CURRENCY)),
    )


def _micros(kept: Any) -> int:
    if isinstance(kept, bool) or not isinstance(kept, int) or kept < 0:
        raise ValueError("no price")
    return kept
