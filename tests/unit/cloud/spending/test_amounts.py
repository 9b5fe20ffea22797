"""Amounts are read and told exactly, and junk is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cloud.spending.amounts import MOST_MICROS, micros_of, plain, short, short_left, words
from workbench.errors import UsageError


@given(st.integers(0, MOST_MICROS))
def test_an_amount_is_read_as_it_is_told(micros: int) -> None:
    assert micros_of(plain(micros)) == micros
    assert micros_of(words(micros)) == micros
    assert Decimal(plain(micros)) * 1_000_000 == micros


@given(st.integers(0, MOST_MICROS))
def test_short_is_never_less_and_what_is_left_never_more(micros: int) -> None:
    above, below = micros_of(short(micros)), micros_of(short_left(micros))
    assert below <= micros <= above
    assert above - below <= max(1, micros // 10)


@pytest.mark.parametrize(
    ("typed", "micros"),
    [
        ("2", 2_000_000),
        ("0.5", 500_000),
        (".5", 500_000),
        ("5.", 5_000_000),
        ("$3", 3_000_000),
        (" 0 ", 0),
        ("0.000001", 1),
        ("0.1000000", 100_000),
        ("1000000", MOST_MICROS),
        ("007", 7_000_000),
    ],
)
def test_plain_amounts_are_taken(typed: str, micros: int) -> None:
    assert micros_of(typed) == micros


@pytest.mark.parametrize(
    "junk",
    [
        "",
        " ",
        ".",
        "-1",
        "+1",
        "1e3",
        "NaN",
        "inf",
        "0,5",
        "1_000",
        "1 000",
        "٣",
        "５",
        "two",
        "0.0000001",
        "1000000.01",
        "9" * 400,
        "$",
        "$$1",
        "1$",
        "0x10",
        "1.2.3",
        "\x00",
        "²",
    ],
)
def test_junk_is_refused(junk: str) -> None:
    with pytest.raises(UsageError):
        micros_of(junk)


@given(st.text())
def test_whatever_is_typed_is_an_amount_or_refused(typed: str) -> None:
    try:
        assert 0 <= micros_of(typed) <= MOST_MICROS
    except UsageError as error:
        assert error.hint  # noqa: PT017 - it may be either


@pytest.mark.parametrize(
    ("micros", "exactly", "shortly", "left"),
    [
        (0, "$0.00", "$0.00", "$0.00"),
        (1, "$0.000001", "$0.000001", "$0.000001"),
        (1234, "$0.001234", "$0.0013", "$0.0012"),
        (12_345, "$0.012345", "$0.013", "$0.012"),
        (123_456, "$0.123456", "$0.13", "$0.12"),
        (999_999, "$0.999999", "$1.00", "$0.99"),
        (2_000_000, "$2.00", "$2.00", "$2.00"),
        (1_234_567, "$1.234567", "$1.24", "$1.23"),
    ],
)
def test_how_amounts_are_told(micros: int, exactly: str, shortly: str, left: str) -> None:
    assert (words(micros), short(micros), short_left(micros)) == (exactly, shortly, left)
