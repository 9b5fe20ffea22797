"""What calls cost: never less than exact, never a millionth above it for prompt or answer, never below nothing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cloud.provider import MILLION, Billed, Price
from workbench.cloud.spending.money import Range
from workbench.cloud.spending.pricing import MOST_BELIEVED, completed, cost_of, larger, range_of

TOKENS = st.integers(0, 10**9)
RATES = st.integers(0, 10**9)
PRICES = st.builds(Price, RATES, RATES, st.none() | RATES, st.none() | RATES)
OPEN = Price(150_000, 600_000, cached_micros=75_000)


@given(fresh=TOKENS, cached=TOKENS, written=TOKENS, answer=TOKENS, price=PRICES)
def test_a_cost_is_exact_but_for_a_millionth_of_prompt_and_answer(
    fresh: int, cached: int, written: int, answer: int, price: Price
) -> None:
    rates = (
        price.input_micros,
        price.input_micros if price.cached_micros is None else price.cached_micros,
        price.input_micros if price.cache_write_micros is None else price.cache_write_micros,
        price.output_micros,
    )
    counts = (fresh, cached, written, answer)
    exact = sum(Fraction(count * rate, MILLION) for count, rate in zip(counts, rates, strict=True))
    cost = cost_of(Billed(fresh + cached + written, cached, written, answer), price)
    assert cost is not None
    assert 0 <= exact <= cost < exact + 2


@given(
    counts=st.tuples(TOKENS, TOKENS, TOKENS, TOKENS), more=st.integers(0, 10**6), place=st.integers(0, 3), price=PRICES
)
def test_more_tokens_of_a_kind_never_cost_less(counts: tuple[int, ...], more: int, place: int, price: Price) -> None:
    def cost(fresh: int, cached: int, written: int, answer: int) -> int:
        found = cost_of(Billed(fresh + cached + written, cached, written, answer), price)
        assert found is not None
        return found

    larger = [count + more if number == place else count for number, count in enumerate(counts)]
    assert cost(*larger) >= cost(*counts)


@given(
    prompt=TOKENS,
    most=TOKENS,
    price=PRICES,
    cached=st.fractions(0, 1),
    written=st.fractions(0, 1),
    answer=st.fractions(0, 1),
)
def test_no_answer_within_its_limit_costs_more_than_its_range_says(
    prompt: int, most: int, price: Price, cached: Fraction, written: Fraction, answer: Fraction
) -> None:
    told = range_of(price, prompt, most)
    assert told is not None
    of_cache = int(prompt * cached)
    of_writes = int((prompt - of_cache) * written)
    cost = cost_of(Billed(prompt, of_cache, of_writes, int(most * answer)), price)
    assert cost is not None
    assert cost <= told.high


def test_a_range_is_the_prompt_alone_and_with_the_longest_answer() -> None:
    assert range_of(OPEN, 1000, 2000) == Range(150, 1350)
    assert range_of(OPEN, 1000, 2000, least_prompt_tokens=800) == Range(120, 1350)
    dear = replace(OPEN, cache_write_micros=187_500)
    assert range_of(dear, 1000, 2000) == Range(150, 1388)  # all of it may be kept to be read again
    assert range_of(None, 1000, 2000) is None


def test_what_a_provider_names_counts_before_what_is_computed() -> None:
    assert cost_of(Billed(1000, None, None, 2000, cost_micros=7), OPEN) == 7
    assert cost_of(Billed(cost_micros=0), None) == 0
    assert cost_of(Billed(1000, None, None, 2000), OPEN) == 1350
    assert cost_of(Billed(1000, 1000, None, 0), OPEN) == 75


def test_an_unknown_price_or_count_is_not_zero() -> None:
    assert cost_of(Billed(1000, None, None, 2000), None) is None
    assert cost_of(Billed(1000), OPEN) is None
    assert cost_of(Billed(completion_tokens=1), OPEN) is None
    assert cost_of(Billed(), OPEN) is None


def test_cached_tokens_beyond_the_prompt_make_nothing_cheaper() -> None:
    assert cost_of(Billed(10, 2_000_000, None, 0), OPEN) == 150_000


@pytest.mark.parametrize("junk", [-1, MOST_BELIEVED + 1, 10**30])
def test_numbers_that_are_no_counts_are_not_believed(junk: int) -> None:
    assert cost_of(Billed(junk, None, None, 5), OPEN) is None
    assert cost_of(Billed(5, None, None, 5, cost_micros=junk), OPEN) == 1 + 3
    assert completed(Billed(junk, None, None, 5), Billed(7, None, None, 7)) == Billed(7, None, None, 5)


def test_our_own_count_stands_where_the_provider_said_nothing() -> None:
    ours = Billed(100, None, None, 20)
    for prompt, answer in product((None, 90), (None, 10)):
        told = completed(Billed(prompt, completion_tokens=answer), ours)
        assert told == Billed(prompt or 100, None, None, answer or 20)
    assert completed(None, None) == Billed()


def test_of_an_answer_that_was_cut_the_larger_count_stands() -> None:
    ours = Billed(100, None, None, 20)
    assert larger(ours, Billed(90, None, None, 0)) == ours
    assert larger(ours, Billed(90, 80, None, 50, 1)) == Billed(100, None, None, 50)
    assert larger(ours, Billed(10**30, None, None, -1)) == larger(ours, None) == ours
