"""Lists of models as providers write them, and as the careless and the hostile write them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cloud.listing.fetched import MOST_ID, MOST_MODELS, MOST_NAME, read_list
from workbench.cloud.provider import CloudModel, Dialect, Price, Provider
from workbench.messages import Effort

DAY = "2026-11-23"
OPENAI = Provider("somebody", "Somebody", "https://api.somebody.example/v1")
ANTHROPIC = Provider("anthropic", "Anthropic", "https://api.anthropic.com/v1", Dialect.ANTHROPIC)
TOGETHER = Provider("together", "Together", "https://api.t.example/v1", quirks=frozenset({"prices_per_million"}))


def one(row: dict[str, Any], provider: Provider = OPENAI) -> CloudModel:
    (model,) = read_list(json.dumps({"data": [row]}).encode(), provider, DAY).models
    return model


def listed(*rows: Any) -> tuple[CloudModel, ...]:
    return read_list(json.dumps({"object": "list", "data": rows}).encode(), OPENAI, DAY).models


def test_as_openrouter_writes_it() -> None:
    model = one(
        {
            "id": "openai/gpt-oss-120b",
            "name": "OpenAI: gpt-oss-120b",
            "context_length": 131072,
            "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
            "top_provider": {"context_length": 131072, "max_completion_tokens": 65536, "is_moderated": False},
            "pricing": {
                "prompt": "0.000000039", "completion": "0.00000019", "request": "0", "image": "0",
                "internal_reasoning": "0", "input_cache_read": "0.00000001",
            },
            "supported_parameters": ["max_tokens", "reasoning", "reasoning_effort", "tools", "tool_choice"],
        }
    )  # fmt: skip
    assert model == CloudModel(
        "somebody", "openai/gpt-oss-120b", "OpenAI: gpt-oss-120b", None, "", 131072, 65536, sees=True, calls_tools=True,
        efforts=(Effort.LOW, Effort.MEDIUM, Effort.HIGH),
        price=Price(39_000, 190_000, 10_000, None, "api.somebody.example", DAY),
    )  # fmt: skip


def test_as_anthropic_writes_it() -> None:
    page = {
        "data": [
            {
                "type": "model", "id": "claude-sonnet-5-5", "display_name": "Claude Sonnet 5.5",
                "max_input_tokens": 1000000, "max_tokens": 128000,
                "capabilities": {
                    "image_input": {"supported": True},
                    "effort": {"supported": True, "low": {"supported": True}, "high": {"supported": True}, "max": {}},
                },
            }
        ],
        "has_more": True, "first_id": "claude-sonnet-5-5", "last_id": "claude-sonnet-5-5",
    }  # fmt: skip
    found = read_list(json.dumps(page).encode(), ANTHROPIC, DAY)
    assert found.next == "claude-sonnet-5-5"
    (model,) = found.models
    assert (model.name, model.context_tokens, model.most_output_tokens) == ("Claude Sonnet 5.5", 1_000_000, 128_000)
    assert (model.sees, model.efforts, model.price) == (True, (Effort.LOW, Effort.HIGH), None)


def test_as_together_mistral_groq_gemini_and_fireworks_write_it() -> None:
    bare = [
        {
            "id": "openai/gpt-oss-20b",
            "type": "chat",
            "context_length": 131072,
            "pricing": {"input": 0.05, "output": 0.2},
        },
        {"id": "a/picture", "type": "image", "pricing": {"input": 0, "output": 0}},
        {"id": "a/not-sold", "type": "chat", "pricing": {"hourly": 0, "input": 0, "output": 0}},
    ]
    first, second = read_list(json.dumps(bare).encode(), TOGETHER, DAY).models
    assert first.price == Price(50_000, 200_000, None, None, "api.t.example", DAY)
    assert (second.id, second.price) == ("a/not-sold", None)  # a zero in a list is no price
    mistral = {"id": "m", "max_context_length": 32768}
    seen = one({**mistral, "capabilities": {"completion_chat": True, "function_calling": True, "vision": False}})
    assert (seen.context_tokens, seen.calls_tools, seen.sees) == (32768, True, False)
    assert listed({**mistral, "capabilities": {"completion_chat": False}}) == ()
    groq = one({"id": "openai/gpt-oss-120b", "context_window": 131072, "max_completion_tokens": 65536, "active": True})
    assert (groq.context_tokens, groq.most_output_tokens) == (131072, 65536)
    assert one({"id": "models/gemini-3.8-flash", "object": "model"}).id == "gemini-3.8-flash"
    fireworks = one({"id": "accounts/x/models/y", "supports_image_input": False, "supports_tools": True})
    assert (fireworks.sees, fireworks.calls_tools) == (False, True)


@pytest.mark.parametrize(
    ("pricing", "expected"),
    [
        ({"prompt": "-1", "completion": "-1"}, None),  # "it depends"
        ({"prompt": "NaN", "completion": "0.1"}, None),
        ({"prompt": "0.000001"}, None),
        ({"prompt": "0.000001", "completion": "0.000002", "request": "0.005"}, None),  # more than tokens is charged
        ({"prompt": "0", "completion": "0"}, None),
        ({"prompt": "0.000001", "completion": "0.000002", "internal_reasoning": "0.000003"}, (1_000_000, 3_000_000)),
        ({"prompt": "0.000001", "completion": "0.000002", "input_cache_read": "junk"}, (1_000_000, 2_000_000)),
        ({"prompt": ["0.1"], "completion": {"a": 1}}, None),
        ("cheap", None),
    ],
)
def test_prices_that_can_be_told_and_others(pricing: Any, expected: tuple[int, int] | None) -> None:
    price = one({"id": "m", "pricing": pricing}).price
    assert (price and (price.input_micros, price.output_micros)) == expected


def test_free_is_what_is_called_free() -> None:
    price = one({"id": "a/b:free", "pricing": {"prompt": "0", "completion": "0"}}).price
    assert price is not None
    assert (price.input_micros, price.output_micros) == (0, 0)


def test_a_price_holds_for_prompts_as_long_as_it_is_told_for() -> None:
    dearer = {"prompt": "0.000004", "completion": "0.00001", "min_prompt_tokens": 200_000}
    pricing = {"prompt": "0.000002", "completion": "0.00001", "overrides": [dearer]}
    assert one({"id": "m", "context_length": 1_000_000, "pricing": pricing}).context_tokens == 200_000


def test_junk_within_a_list_is_left_out() -> None:
    names = [
        "", " ", "two words", "bell\a", "line\nbreak", "\u202eright-to-left", "x" * (MOST_ID + 1), None, 7, ["a"], {"a": 1},
        "\ud800",
    ]  # fmt: skip
    rows: list[Any] = [
        None,
        7,
        "text",
        [],
        {},
        *({"id": name} for name in names),
        {"id": "good"},
        {"id": "good", "name": "again"},
    ]
    content = json.dumps({"data": rows}).encode()
    assert [(model.id, model.name) for model in read_list(content, OPENAI, DAY).models] == [("good", "")]


def test_odd_values_are_not_known() -> None:
    for odd in (-1, 0, True, "131072", 1e9, [1], None, 10**30, int("9" * 17)):
        assert one({"id": "m", "context_length": odd, "max_completion_tokens": odd}).context_tokens is None
    model = one(
        {"id": "m", "name": "Bell\a \u202eturned  " + "x" * 500, "capabilities": "all", "supported_parameters": 7}
    )
    assert model.name.startswith("Bell turned x")
    assert len(model.name) <= MOST_NAME
    assert (model.sees, model.calls_tools, model.efforts) == (None, None, ())


@pytest.mark.parametrize(
    "content",
    [b"", b"<!doctype html>", b"null", b"7", b'"data"', b'{"data": {}}', b'{"models": 1}', b"\xff\xfe", b"[" * 100_000,
     b'{"data": [' + b'{"id":' * 90_000],
)  # fmt: skip
def test_what_is_no_list(content: bytes) -> None:
    with pytest.raises(ValueError):
        read_list(content, OPENAI, DAY)


def test_a_huge_list_is_cut_and_huge_numbers_harm_nobody() -> None:
    assert len(listed(*({"id": f"m{number}"} for number in range(MOST_MODELS + 500)))) == MOST_MODELS
    content = b'{"data": [{"id": "m", "context_length": ' + b"9" * 100_000 + b', "x": NaN, "y": 1e999999999}]}'
    assert read_list(content, OPENAI, DAY).models[0].context_tokens is None


def test_what_is_no_chat_is_left_out_where_nothing_says_so() -> None:
    names = ("gpt-6-sol", "text-embedding-3-large", "whisper-1", "gpt-image-2", "omni-moderation-latest", "tts-1")
    assert [model.id for model in listed(*({"id": name} for name in names))] == ["gpt-6-sol"]


@pytest.mark.parametrize("link", ["https://evil.example/next", "//evil.example", 7, "next", "/a\nb", "/é"])
def test_the_next_page_is_of_the_same_origin(link: Any) -> None:
    found = read_list(json.dumps({"data": [], "links": {"next": link}}).encode(), OPENAI, DAY)
    assert not found.next or found.next == "//evil.example"  # which is asked as a path of the origin


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
NAMES = st.sampled_from(
    [
        "id",
        "name",
        "context_length",
        "pricing",
        "architecture",
        "capabilities",
        "supported_parameters",
        "top_provider",
        "type",
    ]
)


@given(
    st.lists(st.dictionaries(NAMES, ANY, max_size=6) | ANY, max_size=5), st.sampled_from([OPENAI, ANTHROPIC, TOGETHER])
)
def test_any_list_is_read(rows: list[Any], provider: Provider) -> None:
    for model in read_list(json.dumps({"data": rows}).encode(), provider, DAY).models:
        assert model.id.isprintable()
        assert model.price is None or min(model.price.input_micros, model.price.output_micros) >= 0
