"""Prices, keys and models in words, and which models may be proposed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ui.cloud.settings.items import OF_PROVIDER, SIDE_BY_SIDE, OfferModel
from ui.cloud.settings.reading import choosable, with_key, without_key
from ui.cloud.settings.words import (
    key_words,
    money_words,
    price_words,
    retention_words,
    source_words,
    speed_words,
    tokens_words,
)
from workbench.cloud.cloud import OWN_SOURCE, KeyState
from workbench.cloud.comparing import Offer
from workbench.cloud.provider import CloudModel, Price, Provider, Retention, Rung

GROQ = Provider("groq", "Groq", "https://api.groq.com/openai/v1")
OWN = Provider("mine", "mine", "http://127.0.0.1:8080/v1", own=True)
CHEAP, DEAR = Price(37_500, 170_000, source="table", date="2026-11-20"), Price(4_000_000, 20_000_000)


def model(provider: str, name: str, rung: Rung | None = None, price: Price | None = None, same: str = "") -> CloudModel:
    return CloudModel(provider, name, rung=rung, price=price, open_model=same)


@pytest.mark.parametrize(
    ("price", "words", "source"),
    [
        (None, "Its price is not known: you are asked for it", ""),
        (CHEAP, "$0.0375 read, $0.17 written, for a million tokens", "table, read on 2026-11-20"),
        (DEAR, "$4.00 read, $20.00 written, for a million tokens", ""),
        (
            replace(DEAR, source=OWN_SOURCE, date="2026-11-20"),
            "$4.00 read, $20.00 written, for a million tokens",
            "your own price, of 2026-11-20",
        ),
    ],
)
def test_a_price_and_who_says_so(price: Price | None, words: str, source: str) -> None:
    assert (price_words(price), source_words(price)) == (words, source)


def test_nothing_is_free_by_mistake() -> None:
    assert money_words(0) == "$0.00"
    assert "0" not in price_words(None)
    assert (tokens_words(None), speed_words(None)) == ("not known", "not known")
    assert money_words(1_500_000, "CHF") == "1.50 CHF"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "Looking into the keychain…"),
        (KeyState(), "No key"),
        (KeyState(note="The keychain is locked."), "The keychain is locked."),
        (KeyState("wxyz"), "Key ending in wxyz, in the keychain"),
        (KeyState("wxyz", "No keychain."), "Key ending in wxyz, until Workbench is closed"),
    ],
)
def test_a_key_is_told_by_its_end_and_where_it_is(state: KeyState | None, words: str) -> None:
    assert key_words(state) == words


def test_what_nobody_stated_is_said_to_be_unknown() -> None:
    assert "not known here" in retention_words(GROQ)
    stated = replace(GROQ, retention=Retention("Keeps nothing.", "https://groq.example/data", "2026-11-20"))
    assert retention_words(stated) == "By its own words: Keeps nothing. (groq.example/data, 2026-11-20)"


def test_the_open_families_are_proposed_first_then_the_cheapest_of_the_same() -> None:
    keys = {"groq": KeyState("wxyz"), "far": KeyState("wxyz"), "none": KeyState()}
    dear, cheap = model("far", "oss", Rung.OPEN, DEAR, "oss"), model("groq", "oss", Rung.OPEN, CHEAP, "oss")
    frontier, second = model("far", "best", Rung.FRONTIER, CHEAP), model("groq", "qwen", Rung.OPEN, None, "qwen")
    unlisted, keyless = model("groq", "odd"), model("none", "oss", Rung.OPEN, CHEAP, "oss")
    models = (frontier, dear, cheap, second, unlisted, keyless)
    assert choosable(models, keys) == (cheap, dear, second, frontier)
    assert unlisted in choosable(models, keys, "groq/odd")


def test_ones_own_can_be_asked_without_a_key() -> None:
    assert with_key((GROQ, OWN), {}) == (OWN,)
    assert without_key((GROQ, OWN), {}) == (GROQ,)
    assert with_key((GROQ, OWN), {"groq": KeyState("wxyz")}) == (GROQ, OWN)


@pytest.mark.parametrize("columns", [OF_PROVIDER, SIDE_BY_SIDE])
def test_the_table_is_a_good_model(qtmodeltester, columns) -> None:  # type: ignore[no-untyped-def]
    table = OfferModel(columns)
    offers = [Offer(GROQ, model("groq", f"m{n}", price=CHEAP if n % 2 else None)) for n in range(5)]
    table.show_offers(offers)
    qtmodeltester.check(table)
    table.sort(1)
    qtmodeltester.check(table)
    assert [table.index(row, 1).data() for row in range(5)] == [
        "$0.0375",
        "$0.0375",
        "not known",
        "not known",
        "not known",
    ]
