"""How fast passages become vectors and are found by them: `python -m tests.bench.bench_embed [passages] [vectors]`.

Passages are cut from this repository's own documents and code; the vectors to be searched are drawn around random centres,
as those of texts lie. Rates are of processor time too, which a busy machine changes less.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.documents.chunking.chunk import chunks
from workbench.documents.embedding.minilm import DIMENSIONS, MiniLm
from workbench.documents.extract.document import Extracted
from workbench.documents.retrieval.vectors import VectorIndex
from workbench.documents.storing.schema import index
from workbench.documents.storing.vectors import VectorStore

ROOT = Path(__file__).parents[2]
QUESTIONS = 100
WANTED = 10


def main(passages: int = 200, vectors: int = 100_000) -> None:
    _embedding(passages)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "index.db", index, backups=Path(folder), durable=False)
        try:
            _searching(database, vectors)
        finally:
            database.close()


def _embedding(count: int) -> None:
    files = [*sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "workbench").rglob("*.py"))]
    texts = [one.searched for file in files for one in chunks(Extracted(file.read_text("utf-8"), ""), file.name)]
    texts = texts[:: max(1, len(texts) // count)][:count]
    model = MiniLm()
    model.embed_query("loaded")
    wall, cpu = time.perf_counter(), time.process_time()
    model.vectors(texts, CancelToken())
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    cores = psutil.cpu_count(logical=False) or 1
    _say("vectors of passages", len(texts) / wall, "1/s", ">= 18")
    _say(f"the same by processor time, {cores} idle cores", cores * len(texts) / cpu, "1/s", ">= 18")
    _say("characters of such a passage", sum(map(len, texts)) / len(texts), "")
    asked = sorted(_seconds(lambda: model.embed_query("how long is a model kept in memory?")) for _ in range(QUESTIONS))
    _say("the vector of a question", asked[QUESTIONS // 2] * 1000, "ms", "3")


def _searching(database: Database, count: int) -> None:
    store = VectorStore(database)
    model = store.add("generated", DIMENSIONS)
    made = _vectors(count)
    _write(database, store, model.id, made)
    before = psutil.Process().memory_info().rss
    search = VectorIndex(store)
    loading = _seconds(lambda: len(search))
    memory = psutil.Process().memory_info().rss - before
    asked = made[np.random.default_rng(2).integers(0, count, QUESTIONS)] + _noise(QUESTIONS, 3) * 0.5
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    times, hit, cpu = [], 0, 0.0
    for question in asked:
        began, used = time.perf_counter(), time.process_time()
        found = search.search(question, WANTED)
        times.append(time.perf_counter() - began)
        cpu += time.process_time() - used
        exact = np.argpartition(-(made @ question), WANTED)[:WANTED] + 1  # ids count from 1
        hit += len({chunk for chunk, _cosine in found} & set(exact.tolist()))
    times.sort()
    _say(f"{count:,} vectors: loading them", loading, "s")
    _say(f"{count:,} vectors: memory", memory / 1e6, "MB", "<= 48 at 1M")
    _say(f"{count:,} vectors: search, p50", times[QUESTIONS // 2] * 1000, "ms")
    _say(f"{count:,} vectors: search, p95", times[QUESTIONS * 95 // 100] * 1000, "ms", "<= 25 at 100k, 50 at 1M")
    _say(f"{count:,} vectors: search, by processor time", cpu / QUESTIONS * 1000, "ms")
    _say(f"{count:,} vectors: recall of the {WANTED} nearest", hit / WANTED / QUESTIONS, "", ">= .98")


def _noise(count: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    drawn = np.random.default_rng(seed).standard_normal((count, DIMENSIONS), np.float32)
    return drawn / np.float32(DIMENSIONS**0.5)


def _vectors(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    centres = _noise(max(1, count // 200), 0)
    made = centres[np.random.default_rng(1).integers(0, len(centres), count)] + _noise(count, 4)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def _write(
    database: Database, store: VectorStore, model_id: int, made: np.ndarray[tuple[int, int], np.dtype[np.float32]]
) -> None:
    for start in range(0, len(made), 5_000):
        keys = [number.to_bytes(16, "little") for number in range(start, min(start + 5_000, len(made)))]
        with database.write() as tx:
            content = tx.conn.execute(
                "INSERT INTO contents (sha256, ending, reader, media_type, text, characters) VALUES (?, '', 1, '', '', 0)",
                (keys[0],),
            ).lastrowid
            tx.conn.executemany(
                'INSERT INTO chunks (content_id, ordinal, start, "end", text, text_key) VALUES (?, ?, 0, 1, ?, ?)',
                [(content, number, "word " * 200, key) for number, key in enumerate(keys)],
            )
        store.put(model_id, zip(keys, made[start : start + 5_000], strict=True))


def _say(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "aim": aim}), flush=True)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
