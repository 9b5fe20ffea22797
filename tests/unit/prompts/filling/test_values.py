"""What is filled in is read as people write it, where that can mean one thing only."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cancel import CancelToken
from workbench.errors import UsageError
from workbench.prompts.filling.builtin import WORDS, builtins, language_name
from workbench.prompts.filling.values import (
    MOST_VALUE_CHARACTERS,
    NO_SOURCES,
    Sources,
    checked,
    complaint,
    fetched,
)
from workbench.prompts.prompt import Variable, VariableKind

TODAY = date(2026, 11, 23)
NUMBER = Variable("size", VariableKind.NUMBER)
DATE = Variable("day", VariableKind.DATE)
CHOICE = Variable("tone", VariableKind.CHOICE, choices=("Kind", "short"))
FILE = Variable("mail", VariableKind.FILE)
SEARCH = Variable("about", VariableKind.FOLDER_SEARCH, folder="Notes")
CLIPBOARD = Variable("copied", VariableKind.CLIPBOARD)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("5", "5"),
        (" -12 ", "-12"),
        ("−3", "-3"),
        ("1.5", "1.5"),
        ("1,5", "1.5"),
        ("0,500", "0.5"),
        ("1.234", "1.234"),
        ("1234,56", "1234.56"),
        ("1 234,5", "1234.5"),
        ("1\u202f234\u202f567", "1234567"),
        ("1'234.5", "1234.5"),
        ("1’234", "1234"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        (".5", "0.5"),
        ("1e3", "1000.0"),
        ("٣", "3"),
        ("+4", "4"),
    ],
)
def test_numbers(written: str, read: str) -> None:
    assert checked(NUMBER, written, TODAY) == read


@pytest.mark.parametrize(
    "written",
    [
        "1,234",
        "-12,345",
        "1,2,3",
        "1.2.3",
        "1 2",
        "12 34",
        "five",
        "nan",
        "inf",
        "1e999",
        "0x10",
        "1_000",
        "9" * 301,
        "²",
    ],
)
def test_what_is_no_number_or_could_be_two(written: str) -> None:
    assert "“size”" in complaint(NUMBER, written, TODAY)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-02-28", "2026-02-28"),
        ("today", "2026-11-23"),
        ("Tomorrow", "2026-11-24"),
        ("yesterday", "2026-11-22"),
        ("today + 7", "2026-11-30"),
        ("today-23", "2026-10-31"),
        ("1.2.2027", "2027-02-01"),
        ("23. 11. 2026", "2026-11-23"),
    ],
)
def test_dates(written: str, read: str) -> None:
    assert checked(DATE, written, TODAY) == read


@pytest.mark.parametrize("written", ["2026-02-30", "02/03/2026", "soon", "31.2.2026", "99999-01-01"])
def test_what_is_no_date(written: str) -> None:
    assert "“day” is no date" in complaint(DATE, written, TODAY)


def test_choices() -> None:
    assert checked(CHOICE, " kind ", TODAY) == "Kind"
    assert complaint(CHOICE, "loud", TODAY) == "“tone” has no choice 'loud'."
    with pytest.raises(UsageError) as told:
        checked(CHOICE, "loud", TODAY)
    assert told.value.hint == "Choose one of: 'Kind', 'short'."


def test_an_empty_value_is_never_wrong() -> None:
    assert {checked(one, "", TODAY) for one in (NUMBER, DATE, CHOICE, FILE)} == {""}
    assert checked(NUMBER, "  ", TODAY) == ""


def test_texts_are_kept_as_they_are() -> None:
    assert checked(Variable("text"), "  a\r\n", TODAY) == "  a\r\n"
    assert "more than" in complaint(Variable("text"), "x" * (MOST_VALUE_CHARACTERS + 1), TODAY)


def test_what_is_fetched() -> None:
    asked: list[object] = []

    def read(path: Path, _cancel: CancelToken) -> str:
        asked.append(path)
        return "words"

    def search(folder: str, words: str, _cancel: CancelToken) -> str:
        asked.append((folder, words))
        return "passages"

    sources = Sources(read, lambda: "copied", search)
    assert fetched(FILE, " ~/mail.txt ", sources, CancelToken()) == "words"
    assert fetched(SEARCH, "tea", sources, CancelToken()) == "passages"
    assert fetched(CLIPBOARD, "", sources, CancelToken()) == "copied"
    assert fetched(CLIPBOARD, "typed", sources, CancelToken()) == "typed"
    assert fetched(FILE, " ", sources, CancelToken()) == " "
    assert asked == [Path("~/mail.txt").expanduser(), ("Notes", "tea")]


@pytest.mark.parametrize("variable", [FILE, SEARCH])
def test_where_there_is_no_source_it_is_said(variable: Variable) -> None:
    with pytest.raises(UsageError, match=f"“{variable.name}”"):
        fetched(variable, "x", NO_SOURCES, CancelToken())


def test_a_file_that_is_too_long_is_refused() -> None:
    sources = Sources(lambda _path, _cancel: "x" * (MOST_VALUE_CHARACTERS + 1))
    with pytest.raises(UsageError, match="more than"):
        fetched(FILE, "x", sources, CancelToken())


def test_languages_have_names() -> None:
    assert [language_name(one) for one in ("de_AT.UTF-8", "pt-BR", "C", "", "xx", "en")] == [
        "German",
        "Portuguese",
        "English",
        "English",
        "English",
        "English",
    ]


def test_all_that_every_prompt_may_use_is_told() -> None:
    from datetime import datetime

    assert set(builtins(datetime(2026, 11, 23), "", "", str)) == set(WORDS)  # noqa: DTZ001
    guide = (Path(__file__).parents[4] / "docs" / "prompt_templates.md").read_text(encoding="utf-8")
    assert all(f"{{{{ {name} }}}}" in guide for name in WORDS)


@given(st.sampled_from(list(VariableKind)), st.text(max_size=40))
def test_any_text_is_taken_or_refused(kind: VariableKind, text: str) -> None:
    variable = Variable("x", kind, choices=("a",))
    if not complaint(variable, text, TODAY):
        taken = checked(variable, text, TODAY)
        assert checked(variable, taken, TODAY) == taken
