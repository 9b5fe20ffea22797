"""What people type, and which prompts they mean by it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.prompts import finding, names
from workbench.prompts.prompt import Prompt, SavedPrompt, Step

TITLES = {
    "Summarise": (("mail", "reading"), "Summarise the text below in {{ sentences }} sentences."),
    "Meeting notes": (("work", "meetings"), "Turn these notes into decisions, tasks and open questions."),
    "Reply to a mail": (("mail", "work"), "Write a polite answer. Keep it short."),
    "Rewrite in plain English": (("writing",), "Rewrite without jargon, for a reader of twelve."),
    "Translate": (("languages",), "Translate into {{ language }}. Keep names and numbers."),
    "Translate the code to Rust": (("code", "languages"), "Port this to idiomatic Rust."),
    "Explain code": (("code",), "Explain what this code does, line by line."),
    "Extract to JSON": (("data",), "Extract every person with a date of birth."),
    "Übersetzen für Größe": (("sprachen",), "Übersetze ins Deutsche."),
    "会议纪要": (("中文",), "把下面的内容整理成会议纪要。"),
    "سؤال وجواب": (("عربي",), "أجب عن السؤال."),
    "Plan a week": (("planning", "to do"), "Make a plan with a table for each day."),
    "CRITIQUE my argument!": (("writing", "C#"), "Find the weakest premise."),
    "Compare documents": (("documents",), "What differs between the two contracts?"),
}


def saved(title: str, tags: tuple[str, ...] = (), text: str = "Text.", **more: object) -> SavedPrompt:
    one = SavedPrompt(f"id of {title}", Prompt(title, names.slug(title), text, tags=tags))
    return replace(one, **more)  # type: ignore[arg-type]


ALL = finding.index(saved(title, tags, text) for title, (tags, text) in TITLES.items())


def titles(words: str, tags: tuple[str, ...] = (), limit: int = 50) -> list[str]:
    return [one.prompt.title for one in finding.found(ALL, words, tags, limit)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("summarise", "Summarise"),
        ("/summarise", "Summarise"),
        ("SUM", "Summarise"),
        ("su", "Summarise"),
        ("mee", "Meeting notes"),
        ("notes", "Meeting notes"),
        ("notes meeting", "Meeting notes"),
        ("meeting-notes", "Meeting notes"),
        ("meetingnotes", "Meeting notes"),
        ("mn", "Meeting notes"),
        ("mn ", "Meeting notes"),
        ("ex co", "Explain code"),
        ("extjson", "Extract to JSON"),
        ("etj", "Extract to JSON"),
        ("json", "Extract to JSON"),
        ("translate", "Translate"),
        ("translate r", "Translate the code to Rust"),
        ("rust", "Translate the code to Rust"),
        ("plain", "Rewrite in plain English"),
        ("critique", "CRITIQUE my argument!"),
        ("argum", "CRITIQUE my argument!"),
        # slips of the finger
        ("sumarise", "Summarise"),
        ("summerise", "Summarise"),
        ("sumamrise", "Summarise"),
        ("summarize", "Summarise"),
        ("sumar", "Summarise"),
        ("trasnlate", "Translate"),
        ("meetign", "Meeting notes"),
        ("explian code", "Explain code"),
        ("documetns", "Compare documents"),
        ("smrs", "Summarise"),
        ("cmpr", "Compare documents"),
        # other scripts
        ("ubersetzen", "Übersetzen für Größe"),
        ("uebersetzen", "Übersetzen für Größe"),
        ("ÜBER", "Übersetzen für Größe"),
        ("grosse", "Übersetzen für Größe"),
        ("U\u0308bersetzen", "Übersetzen für Größe"),
        ("会议", "会议纪要"),
        ("纪", "会议纪要"),
        ("سؤال", "سؤال وجواب"),
        ("جواب", "سؤال وجواب"),
        # tags and texts
        ("meetings", "Meeting notes"),
        ("#data", "Extract to JSON"),
        ("#to-do", "Plan a week"),
        ("#code rust", "Translate the code to Rust"),
        ("birth", "Extract to JSON"),
        ("weakest premise", "CRITIQUE my argument!"),
        ("contracts", "Compare documents"),
    ],
)
def test_what_is_typed_finds_what_is_meant(typed: str, first: str) -> None:
    assert titles(typed)[:1] == [first]


@pytest.mark.parametrize("typed", ["zebra", "xq", "#nothing", "summarise zebra", "   zz9   ", "%", "_", "*"])
def test_what_is_nowhere_finds_nothing(typed: str) -> None:
    assert titles(typed) == []


def test_all_words_must_be_there() -> None:
    assert titles("translate code") == ["Translate the code to Rust"]
    assert titles("mail polite") == ["Reply to a mail"]


def test_the_name_comes_before_the_tag_and_the_tag_before_the_text() -> None:
    some = finding.index(
        [
            saved("One", text="about a recipe"),
            saved("Two", tags=("recipe",)),
            saved("Recipe"),
            saved("A good recipe"),
            saved("Recipes of all kinds"),
        ]
    )
    order = ["Recipe", "Recipes of all kinds", "A good recipe", "Two", "One"]
    assert [one.prompt.title for one in finding.found(some, "recipe")] == order


def test_how_well_a_word_fits_decides_the_order() -> None:
    some = finding.index(
        [
            saved("Inside a text", text="x premoney"),
            saved("Word of a text", text="money"),
            saved("Premoney"),
            saved("Tagged", tags=("money",)),
            saved("My old nice eggs yearly"),
            saved("All money"),
            saved("Moneys"),
            saved("Money"),
        ]
    )
    order = ["Money", "Moneys", "All money", "My old nice eggs yearly", "Tagged", "Premoney", "Word of a text"]
    assert [one.prompt.title for one in finding.found(some, "money")] == [*order, "Inside a text"]
    some = finding.index(
        [saved("Mnoey", uses=1), saved("Made of any yarn", uses=9), saved("Any", text="mnoe", uses=10)]
    )
    assert [one.prompt.title for one in finding.found(some, "money")] == ["Mnoey", "Made of any yarn"][:1]


def test_of_those_that_fit_as_well_the_one_that_is_used_more_comes_first() -> None:
    some = finding.index([saved("Plan a day"), saved("Plan a trip", uses=3), saved("Plan a week", uses=9)])
    assert [one.uses for one in finding.found(some, "pl")] == [9, 3, 0]
    some = finding.index([saved("Mail plan", uses=99), saved("Plan", uses=1)])
    assert [one.uses for one in finding.found(some, "plan")] == [1, 99]


def test_slips_are_not_looked_for_where_something_fits_as_it_is_typed() -> None:
    assert titles("mail") == ["Reply to a mail", "Summarise"]
    some = finding.index([saved("Mail"), saved("Main points")])
    assert [one.prompt.title for one in finding.found(some, "mail")] == ["Mail"]


def test_no_words_are_favourites_then_what_was_used_last() -> None:
    some = finding.index(
        [
            saved("B"),
            saved("A"),
            saved("Old", last_used_at=1.0),
            saved("New", last_used_at=9.0),
            saved("Star", favourite=True),
        ]
    )
    assert [one.prompt.title for one in finding.found(some, "  ")] == ["Star", "New", "Old", "A", "B"]
    assert finding.found(some, "/")[0].favourite


def test_tags_narrow_without_regard_to_case_and_only_as_wholes() -> None:
    assert titles("", ("WORK", "#mail")) == ["Reply to a mail"]
    assert titles("", ("wor",)) == []
    assert titles("", ("c#",)) == ["CRITIQUE my argument!"]
    assert titles("#wor") == ["Meeting notes", "Reply to a mail"]
    assert titles("#") == titles("")


def test_steps_are_part_of_the_text() -> None:
    one = SavedPrompt(
        "1", Prompt("Line", "line", steps=(Step("first", "Find the zebra."), Step("second", "And so on.")))
    )
    assert finding.found(finding.index([one]), "zebra") == (one,)


def test_at_most_as_many_as_asked_for() -> None:
    assert len(titles("", limit=3)) == 3
    assert titles("", limit=0) == []


def test_an_index_is_made_again_only_for_what_changed() -> None:
    one, other = saved("One"), saved("Other")
    before = finding.index([one, other])
    used, changed = replace(one, uses=1), replace(other, version=2, prompt=replace(other.prompt, title="Changed"))
    after = finding.index([used, changed], before)
    assert after[0][1] is before[0][1]
    assert after[1][1] is not before[1][1]
    assert [found.uses for found in finding.found(after, "one")] == [1]
    assert finding.found(after, "changed") == (changed,)
    assert finding.found(after, "other")[0].prompt.name == "other"  # its name is still that


def test_the_nearest_names() -> None:
    assert finding.nearest("sumarise", ["summarise", "translate", "summary"])[0] == "summarise"
    assert finding.nearest("xyz", ["summarise"]) == ()
    assert finding.nearest("x", []) == ()


@given(st.text(max_size=40))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    assert set(titles(typed)) <= set(TITLES)


@given(st.sampled_from(sorted(TITLES)), st.integers(1, 30))
def test_every_beginning_of_a_title_finds_it(title: str, length: int) -> None:
    assert title in titles(title[:length])
