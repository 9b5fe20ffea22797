"""How good is what is found: nDCG@10 and recall@100 of words, meaning and both on labelled collections, read and searched
as people's folders are.

Prints one JSON object a line. Run: ``python -m tests.bench retrieval``; ``python -m tests.bench.bench_retrieval FILE.json``
for a collection of your own (see `labelled.of_file`), and with ``--reranker MODEL.gguf`` the best once more in the order of
that model, however long it takes. Takes a minute for 1,000 texts: they are embedded.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.labelled import Labelled, of_code, of_file, of_perl_faq
from workbench.app import build
from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.documents.embedding.minilm import MiniLm
from workbench.documents.ranking.choice import OwnRanker
from workbench.documents.retrieval.asked import Asked
from workbench.documents.retrieval.hit import Query
from workbench.documents.retrieval.judging import Judge
from workbench.documents.retrieval.opening import open_words
from workbench.documents.retrieval.search import Search
from workbench.documents.retrieval.vectors import VectorIndex
from workbench.documents.retrieval.words import Match
from workbench.documents.storing.chunks import ChunkStore
from workbench.documents.storing.schema import index as migrations
from workbench.documents.storing.vectors import VectorStore
from workbench.jobs import quiet_job
from workbench.paths import Paths

DEEP = 100


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "aim": aim}), flush=True)


def gain(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """nDCG, with the grade itself as the gain."""
    ideal = sorted(map(float, grades.values()), reverse=True)[:depth]
    got = [float(grades.get(one, 0)) for one in ranked[:depth]]
    best = sum(value / math.log2(place + 2) for place, value in enumerate(ideal))
    return sum(value / math.log2(place + 2) for place, value in enumerate(got)) / best


def recall(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    wanted = {one for one, grade in grades.items() if grade > 0}
    return len(wanted & set(ranked[:DEEP])) / len(wanted)


def read(labelled: Labelled, home: Path) -> dict[str, str]:
    """The texts as files of a folder, read and embedded by the program; returns the id of each path."""
    folder = home / "texts"
    folder.mkdir()
    ids: dict[str, str] = {}
    for number, (key, (title, text)) in enumerate(labelled.texts.items()):
        name = f"{number}{labelled.ending}"
        (folder / name).write_text(f"{title}\n\n{text}" if title else text, "utf-8")
        ids[name] = key
    workbench = build(Paths(home / "home"))
    try:
        collection = workbench.documents.add(folder)
        workbench.documents.sync(quiet_job(), collection.id, vectors=True)
    finally:
        workbench.close()
    return ids


class NoVectors:
    def __len__(self) -> int:
        return 0

    def search(self, *_asked: Any) -> list[tuple[int, float]]:
        return []


class NoWords:
    """Another index of words, without its finds."""

    def __init__(self, words: Any) -> None:
        self._words = words

    def __getattr__(self, name: str) -> Any:
        return getattr(self._words, name)

    def search(self, _asked: Asked, _limit: int, _contents: Any = None) -> list[Match]:
        return []


def measure(labelled: Labelled, reranker: Path | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        ids = read(labelled, home)
        workbench = build(Paths(home / "home"))
        collections = {one.collection.id: one.collection for one in workbench.documents.collections()}
        workbench.close()
        database = Database(home / "home" / "index.db", migrations, backups=home, durable=False)
        store, model = ChunkStore(database), MiniLm()
        words, vectors = open_words(home / "index-words", store), VectorIndex(VectorStore(database))
        row(f"{labelled.name}: passages", store.count(), "")

        def search(words: Any, vectors: Any) -> Search:
            return Search(store, words, vectors, model.embed_query, lambda: collections)

        def told(name: str, search: Search, **options: Any) -> None:
            _tell(f"{labelled.name}: {name}", labelled, lambda text: _ranked(search, text, ids, options))

        both = search(words, vectors)
        told("words", search(words, NoVectors()), limit=DEEP, per_document=1)
        told("meaning", search(NoWords(words), vectors), limit=DEEP, per_document=1)
        told("both", both, limit=DEEP, per_document=1)
        told("both, as the command line asks for 10", both, limit=10)
        if reranker is not None:
            with reading(reranker, home) as judge:
                ranking = Search(store, words, vectors, model.embed_query, lambda: collections, judge)
                told("both, reranked", ranking, limit=DEEP, per_document=1)
        words.close()
        model.close()
        database.close()


@contextmanager
def reading(reranker: Path, home: Path) -> Iterator[Judge]:
    """By the program's own engine. A clock that stands still: quality is measured, not what is done in three seconds."""
    workbench = build(Paths(home / "engine"))
    try:
        own = OwnRanker("own", reranker.stem, lambda cancel: workbench.engine.ranker(reranker, reranker.stem, cancel))
        yield Judge(lambda: own, lambda: 0.0)
    finally:
        workbench.close()


def _ranked(search: Search, text: str, ids: dict[str, str], options: dict[str, Any]) -> list[str]:
    """Each document once, where its first passage stands."""
    found = search.find(Query(text, **options), CancelToken())
    return list(dict.fromkeys(ids[hit.document.path] for hit in found.hits))


def _tell(name: str, labelled: Labelled, rank: Callable[[str], list[str]]) -> None:
    ranked = {key: rank(text) for key, text in labelled.questions.items()}
    row(f"{name}, nDCG@10", statistics.fmean(gain(ranked[key], labelled.grades[key]) for key in ranked), "")
    row(f"{name}, recall@100", statistics.fmean(recall(ranked[key], labelled.grades[key]) for key in ranked), "")


def main(arguments: Sequence[str]) -> None:
    known = argparse.ArgumentParser(prog="python -m tests.bench.bench_retrieval")
    known.add_argument("files", nargs="*", type=Path)
    known.add_argument("--reranker", type=Path)
    given = known.parse_args(arguments)
    for labelled in map(of_file, given.files) if given.files else (of_code(), of_perl_faq()):
        if labelled is not None:
            measure(labelled, given.reranker)


if __name__ == "__main__":
    main(sys.argv[1:])
