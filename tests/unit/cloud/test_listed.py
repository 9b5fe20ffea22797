"""The providers and the table that come with the program: complete, dated, and of one mind with the catalog."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import urlsplit

import pytest

from workbench.cloud.listing.rows import Row, rows
from workbench.cloud.listing.table import table
from workbench.cloud.protocols.quirks import Quirk
from workbench.cloud.provider import CloudModel, Dialect, Rung
from workbench.paths import asset

TODAY = date(2026, 11, 23)
MODELS = table().models(TODAY)
OUR_QUIRKS = {"public_models", "prices_per_million"}
CATALOG = {one["id"]: one for one in json.loads(asset("catalog.json").read_text(encoding="utf-8"))["models"]}


def test_these_are_listed() -> None:
    named = [row.provider.id for row in rows()]
    assert set(named) == {
        "openai", "anthropic", "openrouter", "gemini", "groq", "together", "fireworks", "deepseek", "mistral", "xai",
    }  # fmt: skip
    assert len(set(named)) == len(named)
    assert [row.provider.id for row in rows() if row.provider.dialect is Dialect.ANTHROPIC] == ["anthropic"]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.provider.id)
def test_each_provider_is_asked_over_https_and_says_where_its_words_are_from(row: Row) -> None:
    provider = row.provider
    for address in filter(None, (provider.base_url, provider.key_page, provider.chat_page, provider.retention.source)):
        assert urlsplit(address).scheme == "https"
    assert not provider.base_url.endswith("/")
    assert not provider.own
    assert provider.key_page
    assert bool(provider.retention.words) == bool(provider.retention.source) == bool(provider.retention.date)
    if provider.retention.date:
        assert date.fromisoformat(provider.retention.date) <= TODAY
    assert provider.quirks <= {quirk.value for quirk in Quirk} | OUR_QUIRKS
    assert ("public_models" in provider.quirks) == bool(row.key_check)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.full_name)
def test_each_price_of_the_table_has_a_source_and_a_date(model: CloudModel) -> None:
    assert model.provider in {row.provider.id for row in rows()}
    assert model.price is not None
    assert model.price.source
    assert date.fromisoformat(model.price.date) <= TODAY
    assert 0 < model.price.input_micros <= model.price.output_micros
    assert model.price.cached_micros is None or 0 < model.price.cached_micros < model.price.input_micros
    assert model.context_tokens is None or model.context_tokens >= 100_000
    if model.open_model:
        assert model.family == CATALOG[model.open_model]["family"]
        assert model.rung is Rung.OPEN
    else:
        assert model.rung is Rung.FRONTIER


def test_no_model_stands_twice_and_the_first_open_one_is_at_several_providers() -> None:
    assert len({model.full_name for model in MODELS}) == len(MODELS)
    first = table().open_models[0].id
    assert first == "gpt-oss-120b"
    assert {model.provider for model in MODELS if model.open_model == first} == {
        "openrouter", "groq", "together", "fireworks",
    }  # fmt: skip


def test_a_price_that_ended_is_not_known_any_more() -> None:
    def price(day: date) -> object:
        return next(one.price for one in table().models(day) if one.full_name == "gemini/gemini-3.8-flash")

    assert price(date(2026, 12, 31)) is not None
    assert price(date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("name", "open_model"),
    [
        ("gpt-oss-120b", "gpt-oss-120b"),
        ("openai/GPT-OSS-120B:free", "gpt-oss-120b"),
        ("accounts/somebody/models/gpt-oss-20b", "gpt-oss-20b"),
        ("gpt-oss-1200b", ""),
        ("gpt-oss-120b/evil", ""),
        ("", ""),
    ],
)
def test_open_weights_are_recognised_by_the_whole_last_part_of_the_name(name: str, open_model: str) -> None:
    found = table().recognised(CloudModel("mine", name, sees=None))
    assert found.open_model == open_model
    assert (found.rung is Rung.OPEN) == bool(open_model)
