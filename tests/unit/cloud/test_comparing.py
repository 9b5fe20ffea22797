"""One open model at several providers: who is shown, in which order."""

from __future__ import annotations

from workbench.cloud.comparing import offers, open_models
from workbench.cloud.provider import CloudModel, Price, Provider

PROVIDERS = tuple(Provider(one, one.upper(), f"https://{one}.example/v1") for one in ("a", "b", "c", "d"))


def model(provider: str, open_model: str, price: Price | None = None, model_id: str = "") -> CloudModel:
    return CloudModel(provider, model_id or open_model or "closed", open_model=open_model, price=price)


def test_the_cheapest_first_and_an_unknown_price_last() -> None:
    known = [
        model("a", "big"),
        model("b", "big", Price(100, 600)),
        model("c", "big", Price(400, 200)),
        model("d", "big", Price(100, 600)),
        model("d", "small", Price(1, 1)),
        model("gone", "big", Price(1, 1)),
    ]
    assert [row.provider.id for row in offers("big", known, PROVIDERS)] == ["c", "b", "d", "a"]
    assert offers("huge", known, PROVIDERS) == ()
    assert offers("", [model("a", "")], PROVIDERS) == ()


def test_models_of_most_providers_first_each_provider_counted_once() -> None:
    known = [
        model("a", "small"), model("a", "small", model_id="again"), model("a", "small", model_id="and again"),
        model("a", "big"), model("b", "big"), model("c", ""), model("d", "alone"),
    ]  # fmt: skip
    assert open_models(known) == ("big", "alone", "small")
