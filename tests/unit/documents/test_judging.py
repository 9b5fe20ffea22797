"""The best passages are read once more by a reranker, where a person wants one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.fakes.tiny_models.ranking import ranking_model
from tests.unit.documents.shelf import Shelf, ToldVectors
from workbench.app import build
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.documents.collection import Chunk
from workbench.documents.ranking.choice import OwnRanker, wanted
from workbench.documents.ranking.models import ROWS, row_of
from workbench.documents.retrieval.fuse import judged
from workbench.documents.retrieval.hit import Query
from workbench.documents.retrieval.judging import AT_ONCE, JUDGED, LEFT_ALONE_SECONDS, MOST_SECONDS, Judge
from workbench.documents.retrieval.opening import open_words
from workbench.documents.retrieval.search import Search
from workbench.engine.worker.worker_launcher import WorkerLauncher
from workbench.errors import Cancelled, EngineError, ModelError
from workbench.models.gguf.header import read_header
from workbench.models.gguf.kind import Kind, kind_of
from workbench.paths import Paths
from workbench.ports import LaunchPlan


class Likes:
    """Ranks by how often a word is in a text; refuses all texts where one is longer than ``most``."""

    def __init__(self, word: str = "whales", most: int = 10_000) -> None:
        self.word = word
        self.most = most
        self.asked: list[list[str]] = []
        self.works = True
        self.seconds = 0.0
        self.now = 0.0

    def rank(self, _question: str, texts: Sequence[str], cancel: CancelToken) -> tuple[float, ...]:
        cancel.check()
        self.asked.append(list(texts))
        self.now += self.seconds
        if not self.works or any(len(text) > self.most for text in texts):
            raise EngineError("The engine ended.")
        return tuple(float(text.count(self.word)) for text in texts)


def passages(count: int, length: int = 10) -> dict[int, tuple[int, Chunk]]:
    return {one: (one, Chunk(0, 0, length, f"{one} " + "whales " * one + "x" * length)) for one in range(count)}


def chunks(of: Mapping[int, tuple[int, Chunk]], wanted: Sequence[int]) -> Mapping[int, tuple[int, Chunk]]:
    return {one: of[one] for one in wanted if one in of}


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.database.close()


def test_judgements_change_places_among_those_that_were_judged() -> None:
    scores = {1: 0.9, 2: 0.8, 3: 0.7, 4: 0.1}
    assert judged(scores, {}) == scores
    assert judged(scores, {1: -2.0, 3: 5.0, 9: 7.0}) == {3: 0.9, 2: 0.8, 1: 0.7, 4: 0.1}
    assert judged(scores, {1: 1.0, 2: 1.0}) == scores, "equal ones stay as they were found"


def test_thirty_at_most_are_read_a_few_at_a_time() -> None:
    there = passages(50)
    likes = Likes()
    said = Judge(lambda: likes).judge("q", list(there), lambda some: chunks(there, some), CancelToken())
    assert set(said.scores) == set(range(JUDGED))
    assert said.scores[7] == 7.0
    assert {len(some) for some in likes.asked} == {AT_ONCE}


def test_a_slow_one_reads_what_it_can_in_time() -> None:
    there, likes = passages(50), Likes()
    likes.seconds = MOST_SECONDS / 2
    said = Judge(lambda: likes, lambda: likes.now).judge(
        "q", list(there), lambda some: chunks(there, some), CancelToken()
    )
    assert set(said.scores) == set(range(2 * AT_ONCE))


def test_what_is_too_long_is_cut() -> None:
    there, likes = passages(3, 5_000), Likes(most=500)
    said = Judge(lambda: likes).judge("q", list(there), lambda some: chunks(there, some), CancelToken())
    assert len(said.scores) == 3
    assert not said.problem


def test_one_that_fails_is_told_and_left_alone_for_a_while() -> None:
    there, likes = passages(3), Likes()
    likes.works = False
    judge = Judge(lambda: likes, lambda: likes.now)

    def ask() -> str:
        said = judge.judge("q", list(there), lambda some: chunks(there, some), CancelToken())
        assert not said.scores or likes.works
        return said.problem

    assert ask() == "The engine ended."
    before = len(likes.asked)
    assert ask() == "The engine ended."
    assert len(likes.asked) == before
    likes.now, likes.works = LEFT_ALONE_SECONDS, True
    assert ask() == ""


def test_nobody_is_asked_where_none_is_wanted_and_one_that_is_gone_is_told() -> None:
    assert wanted("", tuple) is None
    there = passages(1)
    gone = Judge(lambda: wanted("Mine", tuple)).judge("q", [0], lambda some: chunks(there, some), CancelToken())
    assert gone.problem == "There is no reranker 'Mine' on this disk."
    mine = OwnRanker("id", "Mine", lambda _cancel: Likes())
    assert wanted("id", lambda: [mine]) is wanted("Mine", lambda: [mine]) is mine
    with pytest.raises(ModelError):
        wanted("Other", lambda: [mine])


def test_a_search_puts_the_best_in_order(shelf: Shelf) -> None:
    shelf.put("sea.txt", "The sea is deep, and the sea is dark, says the book of the sea.")
    shelf.put("whales.txt", "Far away in the deep there are whales.")
    words, likes = open_words(shelf.home / "index-words", shelf.store), Likes()
    wants: list[Likes | None] = [None]
    search = Search(
        shelf.store, words, ToldVectors(), lambda _text: [1.0], lambda: shelf.collections, Judge(lambda: wants[0])
    )
    question = Query("the deep sea")

    def found(query: Query = question) -> list[str]:
        return [hit.document.path for hit in search.find(query, CancelToken()).hits]

    assert found() == ["sea.txt", "whales.txt"]
    wants[0] = likes
    assert found() == ["whales.txt", "sea.txt"]
    assert search.find(question, CancelToken()).hits[0].methods["reranker"] == 1.0
    asked = len(likes.asked)
    assert found(Query("deep sea", as_typed=True)) == ["sea.txt", "whales.txt"], "not while somebody types"
    assert len(likes.asked) == asked
    likes.works = False
    failed = search.find(question, CancelToken())
    assert [hit.document.path for hit in failed.hits] == ["sea.txt", "whales.txt"]
    assert failed.note == "The best were not read once more by the reranker: The engine ended."
    search.close()


def test_cancelled(shelf: Shelf) -> None:
    there, cancel = passages(3), CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        Judge(Likes).judge("q", list(there), lambda some: chunks(there, some), cancel)


def test_each_row_says_under_what_licence_and_is_known_by_its_file() -> None:
    assert all(row.licence and row_of(row.reference.rpartition("/")[2]) is row for row in ROWS)
    assert row_of("Qwen3-4B") is None


@pytest.mark.engine
def test_a_real_engine_ranks(home: Path, tmp_path: Path) -> None:
    model = ranking_model(tmp_path / "ranker.gguf")
    assert kind_of(read_header(model)) is Kind.RANKER
    paths = Paths(home)
    paths.prepare()
    workbench = build(paths)
    try:
        ranker = workbench.engine.ranker(model, "ranker", CancelToken())
        texts = ("the oak tree", "whales and the sea", "whales whales whales", "the sea")
        oak, some, only, sea = ranker.rank("what sing", texts, CancelToken())
        assert only > some > max(oak, sea)
        assert ranker.rank("what", (), CancelToken()) == ()
    finally:
        workbench.close()


def test_the_worker_leaves_rerankers_to_the_other_engines(home: Path, tmp_path: Path) -> None:
    model = ranking_model(tmp_path / "ranker.gguf")
    plan = LaunchPlan(
        model_path=model,
        context_tokens=64,
        slots=1,
        threads=1,
        batch_tokens=64,
        embeddings=True,
        options={"pooling": "rank"},
    )
    with pytest.raises(EngineError, match="does not run rerankers"):
        WorkerLauncher(Paths(home), SystemClock()).start(plan, CancelToken())
