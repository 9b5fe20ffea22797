"""Searching by words and meaning at once: filters, neighbours, copies, files without vectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from tests.unit.documents.shelf import Shelf, ToldVectors
from workbench.cancel import CancelToken
from workbench.documents.retrieval.hit import Found, Query
from workbench.documents.retrieval.opening import open_words
from workbench.documents.retrieval.search import Search
from workbench.documents.retrieval.words import WordIndex
from workbench.errors import Cancelled, EngineError, StorageError, UsageError


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def vectors() -> ToldVectors:
    return ToldVectors()


@pytest.fixture
def search(shelf: Shelf, vectors: ToldVectors) -> Iterator[Search]:
    words = open_words(shelf.home / "index-words", shelf.store)
    made = Search(shelf.store, words, vectors, lambda _text: [1.0], lambda: shelf.collections)
    yield made
    made.close()


def paths(found: Found) -> list[str]:
    return [hit.document.path for hit in found.hits]


def find(search: Search, query: Query) -> Found:
    return search.find(query, CancelToken())


def test_words_and_meaning(shelf: Shelf, search: Search, vectors: ToldVectors) -> None:
    (lease,) = shelf.put("lease.txt", "The tenant may end the lease with a notice of three months.")
    (rent,) = shelf.put("rent.txt", "Whoever hires a flat can leave it after a quarter of a year.")
    (sea,) = shelf.put("sea.txt", "The deep sea is dark.")
    vectors.cosines = {lease: 0.5, rent: 0.7, sea: 0.05}
    found = find(search, Query("notice of the lease"))
    assert paths(found) == ["lease.txt", "rent.txt", "sea.txt"]
    best, meant, _sea = found.hits
    assert set(best.methods) == {"words", "vectors"}
    assert meant.methods == {"vectors": 0.7}
    assert found.vectors
    assert found.documents == 3
    text = best.chunk.text
    assert [text[start:end] for start, end in best.marks] == ["lease", "notice"]
    assert best.collection.name == "Folder a"


def test_words_alone_while_typing(shelf: Shelf, search: Search, vectors: ToldVectors) -> None:
    (one,) = shelf.put("one.txt", "thermodynamics of gases")
    vectors.cosines = {one: 0.5}
    found = find(search, Query("thermody", as_typed=True))
    assert paths(found) == ["one.txt"]
    assert not found.vectors
    assert vectors.asked == 0


def test_meaning_that_cannot_be_asked_is_told(shelf: Shelf, vectors: ToldVectors) -> None:
    (one,) = shelf.put("one.txt", "an ancient oak")
    vectors.cosines = {one: 0.5}

    def broken(_text: str) -> Sequence[float]:
        raise EngineError("The embedding model is not there.")

    words = open_words(shelf.home / "index-words", shelf.store)
    search = Search(shelf.store, words, vectors, broken, lambda: shelf.collections)
    found = find(search, Query("oak"))
    assert paths(found) == ["one.txt"]
    assert found.note == "Only words were searched: The embedding model is not there."
    assert not found.vectors
    search.close()


def test_passages_without_vectors_are_found_and_told(shelf: Shelf, search: Search, vectors: ToldVectors) -> None:
    (one,) = shelf.put("one.txt", "an ancient oak")
    (two,) = shelf.put("two.txt", "a young oak of mine")
    vectors.cosines = {two: 0.5}
    found = find(search, Query("oak"))
    assert set(paths(found)) == {"one.txt", "two.txt"}
    assert found.note == "1 of 2 passages are found by their words only so far; their meaning comes later."
    vectors.cosines[one] = 0.4
    assert find(search, Query("oak")).note == ""


@pytest.mark.parametrize("crowd", [5, 900])
def test_filters_are_exact_whatever_they_let_through(
    shelf: Shelf, search: Search, vectors: ToldVectors, crowd: int
) -> None:
    """The one file that may answer is the worst of very many that match."""
    with_many = [f"oak oak oak oak number{n}" for n in range(crowd)]
    ids = [
        one for begin in range(0, crowd, 100) for one in shelf.put(f"many/{begin}.txt", *with_many[begin : begin + 100])
    ]
    (wanted,) = shelf.put(
        "notes/wanted.md",
        "a text that is rather long and only once, at its very end, has the word oak",
        folder="b",
        media_type="text/markdown",
        modified=5_000.0,
    )
    vectors.cosines = {**dict.fromkeys(ids, 0.9), wanted: 0.1}
    document = find(search, Query("oak", collections=("b",))).hits[0].document
    for query in (
        Query("oak", collections=("b",)),
        Query("oak", documents=(document.id,)),
        Query("oak", media_types=("text/markdown",)),
        Query("oak", path="notes/"),
        Query("oak", path="*.md"),
        Query("oak", modified_after=4_000.0),
        Query("oak", modified_after=4_000.0, modified_before=6_000.0, collections=("a", "b")),
    ):
        found = find(search, query)
        assert [hit.chunk_id for hit in found.hits] == [wanted], query
        assert set(found.hits[0].methods) == {"words", "vectors"}
        assert found.documents == 1
    assert find(search, Query("oak", modified_before=0.5)).hits == ()


def test_filters_see_what_has_changed(shelf: Shelf, search: Search, vectors: ToldVectors) -> None:
    (one,) = shelf.put("one.txt", "an ancient oak", folder="b")
    vectors.cosines = {one: 0.5}
    assert paths(find(search, Query("oak", collections=("b",)))) == ["one.txt"]
    (two,) = shelf.put("two.txt", "a young oak of mine", folder="b")
    vectors.cosines[two] = 0.6
    shelf.remove("one.txt")
    assert paths(find(search, Query("oak", collections=("b",)))) == ["two.txt"]


def test_files_that_are_gone_do_not_answer(shelf: Shelf, search: Search, vectors: ToldVectors) -> None:
    """Their content stays a while, for they may come back."""
    (one,) = shelf.put("one.txt", "an ancient oak")
    vectors.cosines = {one: 0.9}
    assert paths(find(search, Query("oak"))) == ["one.txt"]
    shelf.forget_file("one.txt")
    found = find(search, Query("oak"))
    assert (found.hits, found.documents) == ((), 0)


def test_which_files_mention_it_counts_all_files(shelf: Shelf, search: Search) -> None:
    for number in range(120):
        shelf.put(f"{number}.txt", f"invoice number {number} of this year", "and something else")
    shelf.put("copy.txt", "invoice number 7 of this year", "and something else")
    shelf.put("other.txt", "an invoice without any")
    found = find(search, Query("invoice number", limit=5))
    assert len(found.hits) == 5
    assert found.documents == 121
    listed = find(search, Query("invoice number", limit=500, per_document=1))
    assert len({hit.document.id for hit in listed.hits}) >= 100


def test_at_most_so_many_of_one_document(shelf: Shelf, search: Search) -> None:
    shelf.put("book.txt", *[f"the whale {n}, and the whale again, the whale of page {n}" for n in range(0, 60, 2)])
    shelf.put("note.txt", "I once saw a whale, and it was from very far away on a long journey")
    found = find(search, Query("whale", per_document=1))
    assert sorted(paths(found)) == ["book.txt", "note.txt"]
    assert paths(find(search, Query("whale", limit=4))).count("note.txt") == 1


def test_the_same_text_is_shown_once(shelf: Shelf, search: Search) -> None:
    text = "The tenant may end this lease with a written notice of three months, but not before the first of May."
    shelf.put("one.txt", text)
    shelf.put("two.txt", f"{text} ")
    shelf.put("three.txt", "Another lease.")
    assert len(find(search, Query("lease")).hits) == 2


def test_neighbours_are_one(shelf: Shelf, search: Search) -> None:
    before = ["Something about trees.", "The harbour of Bergen is old.", "In Bergen the harbour is deep.", "Of hills."]
    shelf.put("guide.txt", *before, *[f"Page {n} of other things" for n in range(9)])
    shelf.put("other.txt", "Oslo has no such thing as the other town does have, and it is large.")
    found = find(search, Query("harbour in Bergen"))
    first = found.hits[0].chunk
    assert first.text == "The harbour of Bergen is old.\n\nIn Bergen the harbour is deep."
    text = shelf.store.text(1)
    assert all(text[hit.chunk.start : hit.chunk.end] == hit.chunk.text for hit in found.hits)
    assert [first.text[start:end] for start, end in found.hits[0].marks] == ["harbour", "Bergen", "Bergen", "harbour"]


def test_pages_are_not_joined(shelf: Shelf, search: Search) -> None:
    shelf.put("paper.pdf", "The harbour of Bergen is old.", "In Bergen the harbour is deep.", pages=True)
    assert [hit.chunk.page for hit in find(search, Query("harbour in Bergen")).hits] == [1, 2]


def test_a_folder_that_is_not_attached(search: Search) -> None:
    with pytest.raises(UsageError, match="'c'"):
        find(search, Query("oak", collections=("c",)))


def test_cancelled(shelf: Shelf, search: Search) -> None:
    shelf.put("one.txt", "an ancient oak")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        search.find(Query("oak"), cancel)


@pytest.mark.parametrize("text", ["", "???", "🙂"])
def test_nothing_was_asked(shelf: Shelf, search: Search, text: str) -> None:
    shelf.put("one.txt", "an ancient oak")
    assert find(search, Query(text)).hits == ()


def test_meaning_finds_what_no_word_does(shelf: Shelf) -> None:
    """The real embedding model."""
    from workbench.documents.embedding.minilm import MiniLm
    from workbench.documents.retrieval.vectors import VectorIndex
    from workbench.documents.storing.vectors import VectorStore

    shelf.put("cat.txt", "A kitten sleeps on the sofa.")
    shelf.put("tax.txt", "The income tax return is due in July.")
    shelf.put("sea.txt", "Waves are higher in winter storms.")
    model, store = MiniLm(threads=1), VectorStore(shelf.database)
    row = store.add(model.name, model.dimensions)
    keys = store.without_vectors(row.id, 10)
    vectors = model.embed([searched for _key, searched in keys], CancelToken())
    store.put(row.id, [(key, vector) for (key, _searched), vector in zip(keys, vectors, strict=True)])
    words = open_words(shelf.home / "index-words", shelf.store)
    search = Search(shelf.store, words, VectorIndex(store), model.embed_query, lambda: shelf.collections)
    assert paths(find(search, Query("when must I pay money to the government", limit=1))) == ["tax.txt"]
    assert paths(find(search, Query("young pets", limit=1))) == ["cat.txt"]
    search.close()
    model.close()


class FullDisk:
    """A `WordIndex` on a disk that fills up."""

    def __init__(self, words: WordIndex) -> None:
        self._words = words
        self.problem = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._words, name)

    def catch_up(self, cancel: CancelToken, *, more: bool = False) -> int:
        if self.problem:
            raise StorageError(self.problem)
        return self._words.catch_up(cancel, more=more)


def test_what_was_taken_in_before_answers_while_the_disk_is_full(shelf: Shelf, vectors: ToldVectors) -> None:
    words = FullDisk(open_words(shelf.home / "index-words", shelf.store))
    search = Search(shelf.store, cast(WordIndex, words), vectors, lambda _text: [1.0], lambda: shelf.collections)
    shelf.put("old.txt", "An old whale.")
    assert paths(find(search, Query("whale"))) == ["old.txt"]
    (new,) = shelf.put("new.txt", "A new whale.")
    words.problem = "The disk is full."
    found = find(search, Query("whale"))
    assert paths(found) == ["old.txt"]
    assert found.note == "1 passage is not found by words yet: The disk is full."
    assert search.explain(Query("whale"), CancelToken()).by_method["words"]
    vectors.cosines = {new: 0.9}
    assert set(paths(find(search, Query("whale")))) == {"old.txt", "new.txt"}
    words.problem = "index.db is damaged and was left as it is."
    with pytest.raises(StorageError, match="damaged"):
        find(search, Query("whale"))
    search.close()
