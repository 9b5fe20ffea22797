"""Slash names of any title, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.prompts import names


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Summarise", "summarise"),
        ("Reply to a mail!", "reply-to-a-mail"),
        ("  many   spaces\tand\nlines ", "many-spaces-and-lines"),
        ("Über uns: Größe", "über-uns-größe"),
        ("U\u0308ber", "über"),  # composed as it was decomposed
        ("e-mail -- twice", "e-mail-twice"),
        ("snake_case kept", "snake_case-kept"),
        ("Ｆｕｌｌ ｗｉｄｔｈ １", "full-width-1"),
        ("会议纪要（周一）", "会议纪要-周一"),
        ("سؤال وجواب", "سؤال-وجواب"),
        ("\u202eשלום עולם\u202c", "שלום-עולם"),  # marks of direction are not seen
        ("नमस्ते दुनिया", "नमस्ते-दुनिया"),  # its vowels are marks
        ("می\u200cخواهم", "میخواهم"),
        ("GPT-4 vs. Qwen3", "gpt-4-vs-qwen3"),
        ("🙂🙂", "prompt"),
        ("…", "prompt"),
        ("", "prompt"),
        ("\u0301\u0301", "prompt"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con-prompt"),
        ("lpt1", "lpt1-prompt"),
        ("\ud800 half", "half"),
        ("a\x00b", "a-b"),
    ],
)
def test_titles_give_names(title: str, name: str) -> None:
    assert names.slug(title) == name
    assert names.problem(name) == ""


def test_long_titles_are_cut_at_the_end_of_a_word() -> None:
    assert names.slug("word " * 40) == "-".join(["word"] * 12)
    assert names.slug("x" * 300) == "x" * names.MOST_CHARACTERS
    assert len(names.slug("漢" * 300).encode()) < 255 - len(".md")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "A prompt needs a name to be called by."),
        ("x" * 61, "A name has at most 60 characters."),
        ("con", "Windows keeps the name “con” for itself."),
        ("Upper", "A name has small letters, digits and hyphens: “upper”."),
        ("two words", "A name has small letters, digits and hyphens: “two-words”."),
        ("-hyphen-", "A name has small letters, digits and hyphens: “hyphen”."),
        ("a/b", "A name has small letters, digits and hyphens: “a-b”."),
    ],
)
def test_what_no_name_can_be_is_told(name: str, why: str) -> None:
    assert names.problem(name) == why


def test_a_taken_name_gets_the_first_free_number() -> None:
    assert names.free("plan", []) == "plan"
    assert names.free("plan", ["PLAN"]) == "plan-2"
    assert names.free("plan", ["plan", "plan-2", "plan-4"]) == "plan-3"
    assert names.free("größe", ["GRÖSSE"]) == "größe-2"
    long = "x" * names.MOST_CHARACTERS
    assert names.free(long, [long]) == f"{'x' * 58}-2"


@given(st.text(max_size=200))
def test_every_title_gives_a_name_that_stays(title: str) -> None:
    name = names.slug(title)
    assert names.problem(name) == ""
    assert names.slug(name) == name
    assert name.encode("utf-8")  # also as the name of a file


@given(st.lists(st.text(max_size=5), max_size=30))
def test_numbered_names_are_all_different(titles: list[str]) -> None:
    taken: list[str] = []
    for title in titles:
        taken.append(names.free(names.slug(title), taken))
        assert names.problem(taken[-1]) == ""
    assert len({names.folded(name) for name in taken}) == len(taken)
