"""100,000 passages with generated words and vectors: the index of words made, searches by words and meaning, as typed, in
one folder, in one file, and after a change.

Prints one JSON object a line. Run: ``python -m tests.bench passages``; ``python -m tests.bench.bench_passages 1000000`` for
more. The index is made under the system's folder for temporary files (about 10 kB a passage) and removed afterwards.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from tests.bench.bench_search import Language
from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.documents.collection import Collection
from workbench.documents.retrieval.hit import Query
from workbench.documents.retrieval.opening import open_words
from workbench.documents.retrieval.search import Search
from workbench.documents.retrieval.vectors import VectorIndex
from workbench.documents.storing.chunks import ChunkStore
from workbench.documents.storing.schema import index as migrations
from workbench.documents.storing.vectors import VectorStore

PASSAGES, PER_DOCUMENT, FOLDERS = 100_000, 5, 10
DIMENSIONS = 384
ASKED = 300


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "aim": aim}), flush=True)


class Passages:
    """Documents of five passages in ten folders. What is asked: three to eight words of a passage that is there."""

    def __init__(self, home: Path, count: int) -> None:
        self.database = Database(home / "index.db", migrations, backups=home, durable=False)
        self._language, self._random, self._numbers = Language(7), random.Random(7), np.random.default_rng(7)
        self.collections = {f"c{n}": Collection(f"c{n}", f"Folder {n}", home) for n in range(FOLDERS)}
        self.vectors = VectorStore(self.database)
        self.model = self.vectors.add("generated", DIMENSIONS)
        self.texts: list[str] = []
        for begin in range(0, count // PER_DOCUMENT, 2000):
            self._add(range(begin, min(begin + 2000, count // PER_DOCUMENT)))

    def question(self) -> str:
        words = self._random.choice(self.texts).split()
        return " ".join(self._random.sample(words, self._random.randint(3, 8)))

    def vector(self, _text: str) -> list[float]:
        one = self._numbers.standard_normal(DIMENSIONS)
        found: list[float] = (one / np.linalg.norm(one)).tolist()
        return found

    def _add(self, documents: range) -> None:
        texts = [
            [" ".join(self._language.text() for _ in range(4)) for _ in range(PER_DOCUMENT)] for _document in documents
        ]
        self.texts += [one[0] for one in texts[:200]]
        with self.database.write() as tx:
            for number, passages in zip(documents, texts, strict=True):
                self._document(tx, number + 1, passages)
        keys = [b"%16d" % (number * 10 + place) for number in documents for place in range(PER_DOCUMENT)]
        vectors = self._numbers.standard_normal((len(keys), DIMENSIONS)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        self.vectors.put(self.model.id, zip(keys, vectors, strict=True))

    def _document(self, tx: object, number: int, passages: list[str]) -> None:
        execute: Callable[..., object] = tx.execute  # type: ignore[attr-defined]
        text = "\n".join(passages)
        execute(
            "INSERT INTO contents (id, sha256, ending, reader, media_type, text, characters) VALUES (?, ?, ?, 1, ?, ?, ?)",
            (number, b"%32d" % number, ".txt", "text/plain", zlib.compress(text.encode(), 1), len(text)),
        )
        execute(
            "INSERT INTO documents (collection_id, path, content_id, bytes, modified_ns, status) VALUES (?, ?, ?, 1, ?, ?)",
            (f"c{number % FOLDERS}", b"notes/%d.txt" % number, number, number, "indexed"),
        )
        start = 0
        for ordinal, passage in enumerate(passages):
            execute(
                """INSERT INTO chunks (content_id, ordinal, start, "end", text, headings, text_key)
                   VALUES (?, ?, ?, ?, ?, '["Notes"]', ?)""",
                (number, ordinal, start, start + len(passage), passage, b"%16d" % ((number - 1) * 10 + ordinal)),
            )
            start += len(passage) + 1


def timed(name: str, search: Search, queries: list[Query], aim: str = "") -> None:
    seconds = []
    for query in queries:
        started = time.perf_counter()
        search.find(query, CancelToken())
        seconds.append(time.perf_counter() - started)
    row(f"{name}, half within", statistics.median(seconds) * 1000, "ms")
    row(f"{name}, 95 % within", statistics.quantiles(seconds, n=20)[-1] * 1000, "ms", aim)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        passages = Passages(home, count)
        store = ChunkStore(passages.database)
        words = open_words(home / "index-words", store)
        started = time.perf_counter()
        words.catch_up(CancelToken())
        row(f"index of words of {count:,} passages made", time.perf_counter() - started, "s")
        search = Search(store, words, VectorIndex(passages.vectors), passages.vector, lambda: passages.collections)
        search.find(Query("anything"), CancelToken())
        before = psutil.Process().memory_info().rss
        questions = [passages.question() for _ in range(ASKED)]
        timed("searched", search, [Query(text) for text in questions], "25 ms")
        row("memory that searching added", (psutil.Process().memory_info().rss - before) / 1e6, "MB")
        typed = [Query(text[: len(text) - len(text.split()[-1]) // 2], as_typed=True) for text in questions]
        timed("searched as typed", search, typed, "25 ms")
        timed("searched in one of ten folders", search, [Query(text, collections=("c3",)) for text in questions])
        timed(
            "searched in nine of ten folders",
            search,
            [Query(text, collections=tuple(passages.collections)[1:]) for text in questions],
        )
        timed("searched in one file", search, [Query(text, documents=(77,)) for text in questions])
        timed("searched in names that match", search, [Query(text, path="notes/1*.txt") for text in questions[:100]])
        times = []
        for _ in range(20):
            with passages.database.write() as tx:
                tx.execute("UPDATE chunks SET text = text WHERE id = 1")
                tx.execute("INSERT INTO changes (chunk_id, came) VALUES (1, 1)")
            started = time.perf_counter()
            words.catch_up(CancelToken())
            times.append(time.perf_counter() - started)
        row("one change taken in", statistics.median(times) * 1000, "ms")
        words.close()
        passages.database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PASSAGES)
