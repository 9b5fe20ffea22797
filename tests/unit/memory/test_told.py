"""What a model is told of the person, in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.memory.importing import facts_of
from workbench.memory.memory import NOTHING_REMEMBERED, AboutMe, Fact, Remembered
from workbench.memory.told import chosen, told_text, with_memory, without_said


def facts(*texts: str) -> list[Fact]:
    """Newest first, as a store has them."""
    return [Fact(f"f{number}", text, number, number, message_id=f"m{number}") for number, text in enumerate(texts)][
        ::-1
    ]


def test_nothing_remembered_leaves_the_system_text_as_it_is() -> None:
    for text in ("", "Be kind.", "  spaced \n"):
        assert with_memory(text, NOTHING_REMEMBERED) == text
    assert chosen(AboutMe(), AboutMe(), [], 800) == NOTHING_REMEMBERED


def test_what_is_told_stands_behind_the_system_text_new_facts_last() -> None:
    told = Remembered(AboutMe("I am Ada.", "Briefly."), AboutMe("Thesis.", ""), tuple(facts("old", "new")[::-1]))
    said = with_memory("Be kind.", told)
    places = [said.index(text) for text in ("Be kind.", "I am Ada.", "Briefly.", "Thesis.", "- old", "- new")]
    assert places == sorted(places)
    longer = with_memory("Be kind.", Remembered(told.own, told.of_project, tuple(facts("old", "new", "newer")[::-1])))
    assert longer.startswith(said)


@given(st.lists(st.integers(1, 400), max_size=60), st.integers(0, 900))
def test_the_newest_facts_are_told_within_the_budget(lengths: list[int], tokens: int) -> None:
    there = facts(*("x" * length for length in lengths))
    found = chosen(AboutMe("me", ""), AboutMe(), there, tokens)
    assert found.left_out + len(found.facts) == len(there)
    assert list(found.facts) == there[::-1][found.left_out :]
    assert sum(len(fact.text) for fact in found.facts) <= tokens * 4
    if sum(lengths) + 3 * len(lengths) + 2 <= tokens * 4:
        assert found.left_out == 0


def test_where_facts_find_no_room_what_stays_begins_the_same_for_a_while() -> None:
    texts = [f"{number:03d} {'x' * 96}" for number in range(100)]
    firsts = [chosen(AboutMe(), AboutMe(), facts(*texts[:count]), 800).facts[0].text for count in range(40, 100)]
    assert len(set(firsts)) <= 60 // 8 + 1


def test_facts_that_are_off_are_told_to_nobody() -> None:
    off = Fact("f", "secret", 0, 0, active=False)
    assert chosen(AboutMe(), AboutMe(), [off], 800) == NOTHING_REMEMBERED


def test_a_fact_that_its_chat_says_is_told_there_only_once_it_was_edited() -> None:
    edited = Fact("e", "edited", 1, 2, message_id="m1")
    told = Remembered(facts=(*facts("here", "elsewhere"), edited))
    left = without_said(told, {"m0", "m1"})
    assert left.facts == (edited,)
    assert without_said(told, set()) == told
    assert told_text(without_said(Remembered(facts=tuple(facts("here"))), {"m0"})) == ""


def test_prose_of_another_program_becomes_facts() -> None:
    prose = (
        "**Work context**\n\nAda codes. She likes bees.\n- **Style**: brief\n\n1. One\n# Heading\n" + "Long one. " * 100
    )
    found = facts_of(prose)
    assert found[:3] == ("Ada codes. She likes bees.", "Style: brief", "One")
    assert all(0 < len(fact) <= 500 for fact in found)
    assert [len(fact) for fact in facts_of("".join(map(str, range(1000))))] == [500, 500, 500, 500, 500, 390]
