"""Caps: the tightest holds, and what would pass it is refused in words that help."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cloud.provider import MILLION
from workbench.cloud.spending.amounts import micros_of
from workbench.cloud.spending.budget import Spent, enough, holding, option_words, refuse_over, remaining, restored
from workbench.cloud.spending.money import CAPS, Cap, CapKind, OverCapError, Remaining

MICROS = st.integers(0, 20 * MILLION)
OWN = (Cap(CapKind.DAY, 3 * MILLION), Cap(CapKind.PROVIDER, MILLION, "groq"), Cap(CapKind.CHAT, 40_000, "c1"))


def test_the_usual_caps_hold_where_a_person_said_nothing() -> None:
    assert holding(()) == CAPS
    assert holding(OWN) == (CAPS[0], OWN[0], CAPS[2], OWN[1], OWN[2])


def test_a_backup_brings_back_no_looser_cap() -> None:
    day, month = CAPS[1], CAPS[2]
    assert restored(OWN, ()) == OWN
    assert restored(OWN, (replace(OWN[0], micros=9 * MILLION), replace(OWN[1], micros=0))) == OWN
    assert restored((), OWN[1:]) == OWN[1:]
    assert restored((), (replace(day, micros=day.micros + 1), replace(month, micros=1))) == (replace(month, micros=1),)


def test_the_tightest_cap_holds_and_those_of_others_do_not() -> None:
    caps = holding(OWN)
    assert remaining(caps, Spent(), "openai") == Remaining(500_000, CAPS[0])
    assert remaining(caps, Spent(provider=900_000), "groq") == Remaining(100_000, OWN[1])
    assert remaining(caps, Spent(provider=900_000), "openai") == Remaining(500_000, CAPS[0])
    assert remaining(caps, Spent(chat=39_000), "groq", "c1") == Remaining(1000, OWN[2])
    assert remaining(caps, Spent(day=2_900_000), "groq", "c2") == Remaining(100_000, OWN[0])
    assert remaining(caps, Spent(day=9_000_000, month=9_000_000), "groq") == Remaining(0, OWN[0])


@given(spent=st.builds(Spent, MICROS, MICROS, MICROS, MICROS), most=MICROS, chat=st.sampled_from(["c1", "c2", None]))
def test_what_is_let_through_passes_no_cap(spent: Spent, most: int, chat: str | None) -> None:
    caps = holding(OWN)
    left = remaining(caps, spent, "groq", chat)
    assert left.micros >= 0
    try:
        refuse_over(left, spent, most)
    except OverCapError as error:
        assert most > error.left_micros == left.micros  # noqa: PT017 - it may be either
        raised = replace(error.cap, micros=enough(error.needed_micros))
        assert remaining([raised], spent, "groq", chat).micros >= most
        return
    if most:
        for cap in caps:
            if cap.name in ("", "groq", chat):
                assert spent.by(cap.kind) + most <= cap.micros


@pytest.mark.parametrize(
    ("cap", "spent", "most", "message", "option"),
    [
        (
            Cap(CapKind.DAY, 2_000_000),
            Spent(day=1_880_000),
            300_000,
            "This may cost up to $0.30, and only $0.12 is left of the $2.00 for today.",
            "--day 5",
        ),
        (
            Cap(CapKind.MONTH, 10_000_000),
            Spent(month=10_500_000),
            1,
            "This may cost up to $0.000001, and nothing is left of the $10.00 for this month.",
            "--month 20",
        ),
        (
            Cap(CapKind.REQUEST, 500_000),
            Spent(day=1),
            512_345,
            "This may cost up to $0.52, and $0.50 is the most that one request may cost.",
            "--request 1",
        ),
        (
            Cap(CapKind.PROVIDER, 1_000_000, "groq"),
            Spent(provider=999_999),
            2,
            "This may cost up to $0.000002, and only $0.000001 is left of the $1.00 for groq this month.",
            "--provider groq=2",
        ),
        (
            Cap(CapKind.CHAT, 0, "c1"),
            Spent(),
            40_000,
            "This may cost up to $0.04, and nothing is left of the $0.00 for this chat.",
            "--chat c1=0.05",
        ),
    ],
)
def test_a_refusal_names_the_cap_what_is_left_and_how_to_raise_it(
    cap: Cap, spent: Spent, most: int, message: str, option: str
) -> None:
    left = remaining([cap], spent, "groq", "c1")
    with pytest.raises(OverCapError) as refused:
        refuse_over(left, spent, most)
    assert refused.value.message == message
    assert f"`workbench cloud budget {option}`" in refused.value.hint
    assert refused.value.kind == "refused"
    assert (refused.value.cap, refused.value.left_micros) == (cap, left.micros)


def test_what_costs_nothing_passes_every_cap() -> None:
    refuse_over(Remaining(0, CAPS[1]), Spent(day=9_000_000), 0)


@given(st.integers(0, 10**12))
def test_what_is_proposed_is_enough_and_is_taken(micros: int) -> None:
    proposed = enough(micros)
    assert proposed >= micros
    assert micros_of(option_words(CAPS[1], proposed).removeprefix("--day ")) == proposed
