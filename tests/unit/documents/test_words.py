"""Indexes of words: tantivy's and SQLite's do the same. And how texts and questions become words."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.unit.documents.shelf import Shelf
from workbench.cancel import CancelToken
from workbench.documents.retrieval import analysis
from workbench.documents.retrieval.asked import parse
from workbench.documents.retrieval.opening import open_words
from workbench.documents.retrieval.passages import Marker
from workbench.documents.retrieval.spelling import nearest
from workbench.documents.retrieval.stemming import stemmer
from workbench.documents.retrieval.stop_words import language_of
from workbench.documents.retrieval.tantivy_words import TantivyWords
from workbench.documents.retrieval.words import WordIndex
from workbench.documents.storing.chunks import ChunkStore
from workbench.documents.storing.word_index import SqliteWords
from workbench.errors import Cancelled

Open = Callable[[Path, ChunkStore], WordIndex]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.database.close()


@pytest.fixture(params=[TantivyWords, SqliteWords])
def open_index(request: pytest.FixtureRequest) -> Open:
    made: Open = request.param
    return made


@pytest.fixture
def index(open_index: Open, shelf: Shelf) -> Iterator[WordIndex]:
    made = open_index(shelf.home / "index-words", shelf.store)
    yield made
    made.close()


def found(index: WordIndex, text: str, *, as_typed: bool = False) -> list[int]:
    """The passages, the best first, of an index that was brought up to date."""
    assert index.catch_up(CancelToken()) == 0
    return [one.chunk_id for one in index.search(parse(text, index.languages(), as_typed=as_typed), 10)]


def test_a_passage_is_found_by_words_in_other_forms(shelf: Shelf, index: WordIndex) -> None:
    (fox,) = shelf.put("fox.txt", "The quick brown foxes were jumping over the lazy dog, and that was all of it.")
    shelf.put("sea.txt", "The deep sea is dark and cold, and there is no light in it at all.")
    assert found(index, "a fox that jumps") == [fox]


def test_more_of_the_words_is_better(shelf: Shelf, index: WordIndex) -> None:
    (one,) = shelf.put("one.txt", "the lease ends in march")
    (both,) = shelf.put("both.txt", "the lease has a notice period")
    assert found(index, "lease notice period") == [both, one]


def test_words_in_headings_titles_and_names_count(shelf: Shelf, index: WordIndex) -> None:
    (text,) = shelf.put("text.txt", "insurance is mentioned here, among many other things of a household that are told")
    (head,) = shelf.put(
        "head.txt",
        "what is mentioned here, among many other things of a household that are told",
        headings=["Insurance"],
    )
    (name,) = shelf.put("Versicherung-2024.txt", "what is mentioned here are things of a house that are told again")
    assert found(index, "insurance") == [head, text]
    assert found(index, "versicherung 2024") == [name]


def test_the_first_line_of_a_text_is_its_title(shelf: Shelf, index: WordIndex) -> None:
    passages = ("Insurance of houses\nWhat is told here.", "Of roofs, and of the walls.")
    first, second = shelf.put("a.txt", *passages)
    (other,) = shelf.put("b.txt", "Of roofs, and of the wall.")
    assert found(index, "insurance") == [first, second]
    assert found(index, "insurance of roofs") == [first, second, other]


def test_quotes_stand_together(shelf: Shelf, index: WordIndex) -> None:
    (together,) = shelf.put("one.txt", "a layer at the boundary; the boundary layer is thin")
    shelf.put("other.txt", "layer and boundary, boundary and layer")
    assert found(index, '"boundary layer"') == [together]
    assert found(index, '"the boundary layer" thin') == [together]
    assert found(index, '"layer thin"') == []


def test_the_last_word_may_be_unfinished_while_typing(shelf: Shelf, index: WordIndex) -> None:
    (one,) = shelf.put("one.txt", "thermodynamics of gases")
    assert found(index, "thermody") == []
    assert found(index, "thermody", as_typed=True) == [one]
    assert found(index, "thermo* of gas") == [one]


def test_identifiers_are_found_whole_and_in_parts(shelf: Shelf, index: WordIndex) -> None:
    (camel,) = shelf.put("a.py", "def readFileHeader(path): return HTTPServer(path)")
    (snake,) = shelf.put("b.py", "MAX_RETRY_COUNT = 3")
    assert found(index, "readfileheader") == [camel]
    assert found(index, "readFileHeader") == [camel]
    assert found(index, "header of a file") == [camel]
    assert found(index, "http server") == [camel]
    assert found(index, "max_retry_count") == [snake]
    assert found(index, "retry") == [snake]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("東京都は日本の首都です。", "首都"),
        ("대한민국의 수도는 서울입니다", "서울"),
        ("हिन्दी एक भाषा है", "भाषा"),
        ("Die Wohnungen sind nicht teuer, und das ist für uns auch gut so.", "wohnung"),
        ("Les négociations ont été longues, mais elles sont finies pour nous.", "négociation"),
        ("Les négociations ont été longues, mais elles sont finies pour nous.", "negociations"),
        ("Договоры были подписаны, и это было хорошо для нас всех.", "договор"),
        ("ภาษาไทยเป็นภาษาราชการ", "ภาษา"),
        ("Die Straße ist lang und das Haus ist alt.", "STRASSE"),
        ("مُحَمَّد في البيت", "محمد"),
        ("Café au lait", "cafe"),
    ],
)
def test_languages(shelf: Shelf, index: WordIndex, text: str, asked: str) -> None:
    (one,) = shelf.put("one.txt", text)
    shelf.put("other.txt", "The deep sea is dark and cold, and there is no light in it.")
    assert found(index, asked) == [one]


def test_the_languages_of_what_was_read_are_known(shelf: Shelf, index: WordIndex) -> None:
    shelf.put("1.txt", "The deep sea is dark and cold, and there is no light in it.")
    shelf.put("2.txt", "Der Vertrag ist nicht für die Mieter, sondern für uns.")
    shelf.put("3.txt", "It is not for them, and that was it.")
    found(index, "anything")
    assert index.languages() == ("english", "german")


def test_what_changes_is_followed(shelf: Shelf, index: WordIndex) -> None:
    (one,) = shelf.put("one.txt", "an ancient oak")
    assert found(index, "oak") == [one]
    shelf.remove("one.txt")
    (two,) = shelf.put("two.txt", "a young oak")
    assert index.behind() > 0
    assert found(index, "oak") == [two]
    assert index.behind() == 0


def test_only_some_contents(shelf: Shelf, index: WordIndex) -> None:
    shelf.put("one.txt", "an oak, an oak and an oak")
    (two,) = shelf.put("two.txt", "a tree that may be an oak or another tree")
    found(index, "oak")
    content = shelf.store.contents_of([two])[two]
    assert [one.chunk_id for one in index.search(parse("oak"), 10, {content})] == [two]


def test_all_contents_that_mention_it(shelf: Shelf, index: WordIndex) -> None:
    ids = [shelf.put(f"{n}.txt", f"the invoice number {n}", "another passage")[0] for n in range(30)]
    shelf.put("other.txt", "an invoice without it")
    found(index, "invoice")
    assert index.mentioning(parse("invoices number")) == set(shelf.store.contents_of(ids).values())
    assert index.mentioning(parse("number nowhere")) == set()
    assert index.about_mentioning(parse("invoices number")) == len(set(shelf.store.contents_of(ids).values()))
    assert index.about_mentioning(parse("number nowhere")) == 0


def test_near_spellings(shelf: Shelf, index: WordIndex) -> None:
    shelf.put("one.txt", "aerodynamics aerodynamics aerodynamic wing")
    found(index, "wing")
    assert index.near("aerodynamcis")[0] == "aerodynamics"
    assert index.near("wnig") == ["wing"]
    assert index.near("zzzzzz") == []


def test_another_opens_what_was_made(shelf: Shelf, open_index: Open) -> None:
    (one,) = shelf.put("one.txt", "an ancient oak")
    first = open_index(shelf.home / "index-words", shelf.store)
    assert found(first, "oak") == [one]
    second = open_index(shelf.home / "index-words", shelf.store)
    (two,) = shelf.put("two.txt", "a young oak, which is small")
    assert found(second, "small oak") == [two, one]
    assert found(first, "small oak") == [two, one]
    first.close()
    second.close()


def test_only_one_takes_in_and_the_others_go_on(shelf: Shelf, index: WordIndex) -> None:
    (one,) = shelf.put("one.txt", "an ancient oak")
    assert found(index, "oak") == [one]
    shelf.put("two.txt", "a young oak")
    with FileLock(shelf.home / "index-words.lock"):
        assert index.catch_up(CancelToken()) == 1
        assert [hit.chunk_id for hit in index.search(parse("oak"), 10)] == [one]
    assert len(found(index, "oak")) == 2


def test_many_are_not_counted_one_by_one(shelf: Shelf) -> None:
    for number in range(5):
        shelf.put(f"{number}.txt", f"the oak number {number}")
    index = TantivyWords(shelf.home / "index-words", shelf.store)
    assert index.catch_up(CancelToken()) == 0
    assert index.mentioning(parse("oak"), 4) is None
    assert len(index.mentioning(parse("oak"), 5) or ()) == 5
    assert index.about_mentioning(parse("oak")) == 5
    index.close()


def test_whoever_expects_more_goes_on_to_write_until_it_rests(shelf: Shelf) -> None:
    (one,) = shelf.put("one.txt", "an ancient oak")
    first, second = (TantivyWords(shelf.home / "index-words", shelf.store) for _ in range(2))
    assert first.catch_up(CancelToken(), more=True) == 0
    (two,) = shelf.put("two.txt", "a young oak, which is small")
    assert second.catch_up(CancelToken()) == 1
    assert [hit.chunk_id for hit in second.search(parse("oak"), 10)] == [one]
    assert found(first, "small oak") == [two, one]
    assert found(second, "small oak") == [two, one], "it sees what the other one wrote"
    shelf.remove("two.txt")
    first.rest()
    assert found(second, "small oak") == [one]
    assert found(first, "small oak") == [one]
    first.close()
    second.close()


def test_of_another_index_it_is_made_again(tmp_path: Path, open_index: Open) -> None:
    for word in ("oak", "elm"):
        shelf = Shelf(tmp_path)
        ids = shelf.put("one.txt", f"the {word}")
        index = open_index(tmp_path / "index-words", shelf.store)
        assert found(index, word) == ids
        assert word == "oak" or found(index, "oak") == []
        index.close()
        shelf.database.close()
        for name in tmp_path.glob("index.db*"):
            name.unlink()


def test_an_index_that_is_ahead_is_made_again(shelf: Shelf, index: WordIndex) -> None:
    """The power was cut: the last commits of ``index.db`` are lost, those of the words are not."""
    (one,) = shelf.put("one.txt", "an ancient oak")
    shelf.put("two.txt", "a young oak")
    found(index, "oak")
    with shelf.database.write() as tx:
        tx.execute("DELETE FROM documents WHERE id = 2")
        tx.execute("DROP TRIGGER chunk_went")
        tx.execute("DELETE FROM chunks WHERE content_id = 2")
        tx.execute("DELETE FROM changes WHERE sequence > 1")
    assert found(index, "oak") == [one]


def test_a_damaged_index_is_made_again(shelf: Shelf, open_index: Open) -> None:
    (one,) = shelf.put("one.txt", "an ancient oak")
    first = open_index(shelf.home / "index-words", shelf.store)
    assert found(first, "oak") == [one]
    first.close()
    for path in [*shelf.home.glob("index-words/*"), *shelf.home.glob("index-words.db")]:
        if path.name != "workbench.json":
            path.write_bytes(b"not an index at all" * 100)
    again = open_index(shelf.home / "index-words", shelf.store)
    assert found(again, "oak") == [one]
    again.close()


def test_a_deleted_index_is_made_again(shelf: Shelf, open_index: Open) -> None:
    (one,) = shelf.put("one.txt", "an ancient oak")
    first = open_index(shelf.home / "index-words", shelf.store)
    assert found(first, "oak") == [one]
    first.close()
    shutil.rmtree(shelf.home / "index-words", ignore_errors=True)
    (shelf.home / "index-words.db").unlink(missing_ok=True)
    again = open_index(shelf.home / "index-words", shelf.store)
    assert found(again, "oak") == [one]
    again.close()


def test_nobody_waits_for_much(shelf: Shelf, index: WordIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread makes the index again: a search goes on with what there is."""
    shelf.put("one.txt", "an ancient oak")
    assert len(found(index, "oak")) == 1
    shelf.put("two.txt", "a young oak")
    monkeypatch.setattr("workbench.documents.retrieval.words.PATIENCE", 0)
    with index._taking_in:  # type: ignore[attr-defined]
        assert index.catch_up(CancelToken()) == 1
        assert len(index.search(parse("oak"), 10)) == 1
    assert len(found(index, "oak")) == 2


def test_cancelled(shelf: Shelf, index: WordIndex) -> None:
    shelf.put("one.txt", "an ancient oak")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        index.catch_up(cancel)
    assert len(found(index, "oak")) == 1


def test_nothing_was_read_yet(index: WordIndex) -> None:
    assert found(index, "anything") == []
    assert index.mentioning(parse("anything")) == set()
    assert index.near("anything") == []


@pytest.mark.parametrize(
    "text", ["", "   ", '"', '""', "*", '"" AND (', "NOT near(x", "a:b^2 -c +d", "\0", "🙂", "_", "'"]
)
def test_nothing_that_is_typed_is_an_error(shelf: Shelf, index: WordIndex, text: str) -> None:
    shelf.put("one.txt", "an ancient oak")
    found(index, text)
    found(index, text, as_typed=True)
    index.mentioning(parse(text))


def test_tantivy_where_it_is(shelf: Shelf) -> None:
    words = open_words(shelf.home / "index-words", shelf.store)
    assert isinstance(words, TantivyWords)


# How texts and questions become words ---------------------------------------------------------------------------------


def test_frequent_words_are_left_out_unless_there_are_no_others() -> None:
    assert parse("what is the notice period").words == ("notice", "period")
    assert parse("to be or not to be").words == ("to", "be", "or", "not")
    assert parse('"to be or not" question').words == ("to be or not", "question")
    assert parse("was kostet die Wohnung", ("english", "german")).words == ("kostet", "wohnung")


def test_marks_show_the_words_in_their_forms() -> None:
    text = "Foxes jump; a readFile; 首都です; thermodynamics"
    shown = [text[start:end] for start, end in Marker(parse("fox jumping read_file 首都 thermo*"), ()).marks(text)]
    assert shown == ["Foxes", "jump", "readFile", "首都", "thermodynamics"]


def test_the_language_of_a_text() -> None:
    assert language_of(["it", "is", "not", "for", "them"]) == "english"
    assert language_of(["es", "ist", "nicht", "für", "sie"]) == "german"
    assert language_of(["xyz", "foo", "bar"]) == ""


def test_words_without_stemmers_of_another_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tantivy", None)
    stemmer.cache_clear()
    try:
        stem = stemmer("english")
        assert [stem(one) for one in ("invoices", "parties", "glass", "bus", "is")] == [
            "invoice",
            "party",
            "glass",
            "bus",
            "is",
        ]
    finally:
        stemmer.cache_clear()


def test_a_very_long_word_is_cut() -> None:
    some = analysis.words("x" * 300_000, stemmer)
    assert some.plain == ["x" * analysis.LONGEST_WORD]


def test_spelled_alike() -> None:
    assert nearest("wing", {"wing": 9, "wign": 1, "sing": 2, "song": 9, "winged": 1}, 5) == ["sing", "wign"]
    assert nearest("aerodynamcis", {"aerodynamic": 9, "aerodynamics": 1}, 5) == ["aerodynamics", "aerodynamic"]
