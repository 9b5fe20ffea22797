"""What providers count, as what is billed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.cloud.protocols.counting import anthropic_billed, openai_billed, parsed, usage_of
from workbench.cloud.provider import Billed
from workbench.messages import Usage

PLAIN = {"prompt_tokens": 100, "completion_tokens": 20}


def billed(usage: Any) -> Billed | None:
    """As it arrives: in JSON."""
    return openai_billed(parsed(json.dumps(usage)))


@pytest.mark.parametrize(
    ("usage", "count"),
    [
        (PLAIN, Billed(100, None, None, 20)),
        ({**PLAIN, "total_tokens": 120, "prompt_tokens_details": {"cached_tokens": 60}}, Billed(100, 60, None, 20)),
        # OpenAI: thoughts are among the written ones
        (
            {**PLAIN, "total_tokens": 120, "completion_tokens_details": {"reasoning_tokens": 15}},
            Billed(100, None, None, 20),
        ),
        # xAI and Gemini: thoughts are counted apart
        (
            {"prompt_tokens": 10120, "completion_tokens": 1499, "total_tokens": 14428,
             "prompt_tokens_details": {"cached_tokens": 128}, "completion_tokens_details": {"reasoning_tokens": 2809},
             "cost_in_usd_ticks": 232_856_000},
            Billed(10120, 128, None, 4308, 23286),
        ),
        # DeepSeek
        ({**PLAIN, "prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 36}, Billed(100, 64, None, 20)),
        # OpenRouter
        (
            {**PLAIN, "cost": 0.00095, "is_byok": False, "cost_details": {"upstream_inference_cost": 0.00095},
             "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 40}},
            Billed(100, 0, 40, 20, 950),
        ),
        (
            {**PLAIN, "cost": 0.0001, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.002}},
            Billed(100, None, None, 20, 2100),
        ),
        ({**PLAIN, "cost": 0.0000012}, Billed(100, None, None, 20, 2)),  # rounded up
        ({**PLAIN, "cost": 1.1e-05}, Billed(100, None, None, 20, 11)),
        ({**PLAIN, "cost": 0}, Billed(100, None, None, 20, 0)),
        ({**PLAIN, "cost": None}, Billed(100, None, None, 20)),
        # what cannot be
        ({**PLAIN, "cost": -1}, Billed(100, None, None, 20)),
        ({**PLAIN, "cost": True}, Billed(100, None, None, 20)),
        ({**PLAIN, "cost": "0.1"}, Billed(100, None, None, 20)),
        ({**PLAIN, "cost": {"total": 1}}, Billed(100, None, None, 20)),
        ({**PLAIN, "cost": float("nan")}, Billed(100, None, None, 20)),
        ({**PLAIN, "cost": 1e300}, Billed(100, None, None, 20)),
        ({**PLAIN, "total_tokens": 5}, Billed(100, None, None, 20)),
        ({**PLAIN, "prompt_tokens_details": {"cached_tokens": 900}}, Billed(100, 100, None, 20)),
        ({**PLAIN, "prompt_tokens_details": None}, Billed(100, None, None, 20)),
        ({"prompt_tokens": 100.0, "completion_tokens": 20.0}, Billed(100, None, None, 20)),
        ({"prompt_tokens": -1, "completion_tokens": 20}, Billed(None, None, None, 20)),
        ({"prompt_tokens": True, "completion_tokens": 10**30}, None),
        ({"prompt_tokens": "100"}, None),
        ({}, None),
        (None, None),
        ([], None),
    ],
)  # fmt: skip
def test_counts(usage: Any, count: Billed | None) -> None:
    assert billed(usage) == count


def test_amounts_are_exact() -> None:
    for micros in range(0, 100_000, 7):
        assert billed({**PLAIN, "cost": micros / 1_000_000}) == Billed(100, None, None, 20, micros)


def test_usage() -> None:
    assert usage_of(Billed(10, 4, 2, 5, 9)) == Usage(10, 4, 5)
    assert usage_of(None) == Usage()


_VALUES = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text()
    | some.dictionaries(some.text(), some.integers())
)
_NAMES = [
    "prompt_tokens", "completion_tokens", "total_tokens", "cost", "cost_in_usd_ticks", "is_byok", "cost_details",
    "prompt_tokens_details", "prompt_cache_hit_tokens", "input_tokens", "output_tokens", "cache_read_input_tokens",
]  # fmt: skip


@given(some.dictionaries(some.sampled_from(_NAMES), _VALUES))
def test_whatever_is_counted_is_no_less_than_nothing(usage: dict[str, Any]) -> None:
    again = parsed(json.dumps(usage))
    for found in (openai_billed(again), anthropic_billed(again)):
        if found is None:
            continue
        counts = (
            found.prompt_tokens,
            found.cached_tokens,
            found.cache_write_tokens,
            found.completion_tokens,
            found.cost_micros,
        )
        assert all(isinstance(count, int) and count >= 0 for count in counts if count is not None)
