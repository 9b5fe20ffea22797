"""Prices as exact integers: never lower than they are, never a fraction of a millionth too high."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cloud.listing.exact import MOST_MICROS, micros_of

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("price", "tokens", "micros"),
    [
        ("0.00000015", 1, 150_000),  # as OpenRouter writes $0.15
        ("0.000000029", 1, 29_000),
        ("1.5e-7", 1, 150_000),
        (Decimal("0.15"), MILLION, 150_000),  # as Together writes it
        ("0", 1, 0),
        (0, 1, 0),
        ("0.0000000000001", 1, 1),  # a tenth of a millionth is rounded up
        ("2.5", MILLION, 2_500_000),
    ],
)
def test_exact(price: Any, tokens: int, micros: int) -> None:
    assert micros_of(price, tokens) == micros


@pytest.mark.parametrize(
    "price",
    [
        "-1", "-0.000001", "NaN", "sNaN", "Infinity", "1e999999999", "1e-999999999", "", " ", "free", "0,15", None, True,
        [], {}, 0.15, "9" * 400, "0.00000015 USD", "\u0661", "1_000", Decimal("1e30"),
    ],
)  # fmt: skip
def test_what_is_no_price(price: Any) -> None:
    assert micros_of(price, 1) is None


@given(st.decimals(0, 10, places=12, allow_nan=False, allow_infinity=False))
def test_never_below_what_it_is_and_less_than_one_above(price: Decimal) -> None:
    true = Fraction(price) * MILLION
    found = micros_of(str(price), MILLION)
    assert found is not None
    assert true <= found < true + 1


@given(st.text(max_size=30))
def test_any_text_is_a_price_or_none(price: str) -> None:
    found = micros_of(price, 1)
    assert found is None or 0 <= found <= MOST_MICROS
