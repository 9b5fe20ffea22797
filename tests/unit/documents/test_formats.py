"""What a name says of a file, before anybody opens it."""

from __future__ import annotations

import pytest

from workbench.documents.formats import FORMATS, ending_of, format_of, format_of_type, why_unread


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.PDF", "pdf"),
        ("notes.v2.docx", "word"),
        ("a.py", "code"),
        ("Makefile", "code"),
        ("README", "text"),
        ("a.tar.gz", ""),
        (".profile", ""),
        ("none", ""),
        ("a.", ""),
    ],
)
def test_the_format_of_a_name(name: str, found: str) -> None:
    assert format_of(name) == found


def test_an_ending_belongs_to_one_format() -> None:
    endings = [ending for one in FORMATS.values() for ending in one.endings]
    assert len(endings) == len(set(endings))
    assert not [ending for ending in endings if why_unread(f"a.{ending}")]
    assert all(ending == ending.lower() for ending in endings)


def test_each_media_type_is_of_one_format() -> None:
    for name, one in FORMATS.items():
        assert {format_of_type(kind) for kind in one.media_types} == {name}
    assert format_of_type("text/x-python") == "code"
    assert format_of_type("image/png") == ""


def test_what_is_not_worth_opening() -> None:
    assert why_unread("IMG_1.JPG") == "Pictures have no text."
    assert why_unread("a.txt") == why_unread("none") == ""


def test_endings() -> None:
    assert [ending_of(name) for name in ("a.B", ".b", "..b", "a", "a.b.c")] == ["b", "", "", "", "c"]
