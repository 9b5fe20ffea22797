"""Why something is not found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.documents.shelf import Shelf, ToldVectors
from workbench.cancel import CancelToken
from workbench.documents.retrieval.hit import Explanation, Query
from workbench.documents.retrieval.opening import open_words
from workbench.documents.retrieval.search import Search


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def search(shelf: Shelf) -> Iterator[Search]:
    words = open_words(shelf.home / "index-words", shelf.store)
    made = Search(shelf.store, words, ToldVectors({1: 0.4, 2: 0.1}), lambda _text: [1.0], lambda: shelf.collections)
    shelf.put("wings.txt", "The aerodynamics of a wing")
    shelf.put("sea.txt", "The deep sea", folder="b")
    yield made
    made.close()


def explain(search: Search, query: Query) -> Explanation:
    return search.explain(query, CancelToken())


def test_words_and_the_best_of_each_method(search: Search) -> None:
    found = explain(search, Query("what are wings"))
    assert (found.words, found.unknown_words) == (("wings",), ())
    assert [hit.document.path for hit in found.by_method["words"]] == ["wings.txt"]
    assert [hit.document.path for hit in found.by_method["vectors"]] == ["wings.txt", "sea.txt"]
    assert (found.suggestions, found.wider) == ((), None)


def test_unknown_words_and_how_they_may_be_meant(search: Search) -> None:
    found = explain(search, Query("aerodynamcis of zorkwobbles"))
    assert found.unknown_words == ("aerodynamcis", "zorkwobbles")
    assert found.suggestions == (
        "“aerodynamcis” is in no file; there is “aerodynamics”.",
        "“zorkwobbles” is in no file that was read.",
    )
    assert found.wider == Query("aerodynamics of zorkwobbles")


def test_files_that_were_not_searched(shelf: Shelf, search: Search) -> None:
    for number in range(3):
        shelf.put_unread(f"{number}.pdf", "failed", "The file is damaged.")
    shelf.put_unread("4.pdf", "failed", "It has a password.")
    shelf.put_unread("photo.jpg", "skipped", "Pictures have no text.", folder="b")
    shelf.put_unread("new.txt", "waiting", "")
    found = explain(search, Query("wing"))
    assert [(one.collection.id, one.status, one.count, one.reason) for one in found.not_searched] == [
        ("a", "failed", 4, "could not be read: The file is damaged (3); It has a password (1)."),
        ("a", "waiting", 1, "not read yet"),
        ("b", "skipped", 1, "left out: Pictures have no text."),
    ]
    assert "6 files were not searched: see why below." in found.suggestions
    assert [one.collection.id for one in explain(search, Query("wing", collections=("b",))).not_searched] == ["b"]
    assert len(explain(search, Query("wing", path="*.jpg")).not_searched) == 1


def test_the_most_frequent_reasons_are_told_each_with_its_files(shelf: Shelf, search: Search) -> None:
    for number, reason in enumerate(["Archives."] * 4 + ["Pictures."] * 3 + ["Sounds."] * 2 + ["Empty.", "A pipe."]):
        shelf.put_unread(f"{number}.x", "skipped", reason)
    (one,) = explain(search, Query("wing")).not_searched
    assert one.reason == "left out: Archives (4); Pictures (3); Sounds (2); other reasons (2)."


@pytest.mark.parametrize(
    "query",
    [
        Query("sea", collections=("a",)),
        Query("sea", path="*.md"),
        Query("sea", modified_after=9e9),
        Query("sea", documents=(1,)),
    ],
)
def test_wider_is_everywhere(search: Search, query: Query) -> None:
    found = explain(search, query)
    assert found.wider == Query("sea")
    assert any("try" in told for told in found.suggestions)


def test_wider_is_without_quotes(search: Search) -> None:
    found = explain(search, Query('"wing aerodynamics"'))
    assert found.wider == Query("wing aerodynamics")
    assert found.by_method["words"] == ()


def test_nothing_was_asked(search: Search) -> None:
    assert explain(search, Query("?")).suggestions == ("Type a word that the text may have.",)
