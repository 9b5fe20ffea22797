"""A folder of 100,000 files: looked at for the first time, unchanged, after one edit, after a move, and forgotten.

Prints one JSON object a line. Run: ``python -m tests.bench scan``; ``python -m tests.bench.bench_scan 10000`` for fewer
files. They are made under the system's folder for temporary files (about 400 MB) and removed afterwards.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.documents.collection import FileStatus, Rules
from workbench.documents.following.follower import Follower
from workbench.documents.scanning.scan import scan
from workbench.documents.storing.files import FileStore
from workbench.documents.storing.schema import index

FILES = 100_000
PER_FOLDER = 100
PASSAGES = 60_000
ROUNDS = 5


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "aim": aim}), flush=True)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def plant(root: Path, count: int) -> None:
    for folder in range(count // PER_FOLDER):
        place = root / f"p{folder // 100}" / f"q{folder // 10 % 10}" / f"d{folder}"
        place.mkdir(parents=True)
        for number in range(PER_FOLDER):
            (place / f"file-{folder}-{number}.{('txt', 'md', 'pdf', 'py')[number % 4]}").write_bytes(b"x" * number)


class Bench:
    def __init__(self, root: Path, database: Database) -> None:
        self.root, self.db, self.files = root, database, FileStore(database)

    def look(self, *places: str) -> None:
        seen = scan(self.root, Rules(), CancelToken(), places or "")
        assert self.files.apply(self.files.diff("c", seen))

    def passages(self) -> None:
        """As if a tenth of the files had been read, into six passages each."""
        with self.db.write() as tx:
            tx.execute(
                """INSERT INTO contents (sha256, ending, reader, media_type, text, characters, chunks)
                   SELECT path, '.txt', 1, 'text/plain', zeroblob(2000), 0, 6 FROM documents LIMIT ?""",
                (PASSAGES // 6,),
            )
            tx.execute("UPDATE documents SET content_id = (SELECT id FROM contents WHERE sha256 = documents.path)")
            tx.execute(
                """WITH RECURSIVE six(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM six WHERE n < 5)
                   INSERT INTO chunks (content_id, ordinal, start, "end", text, text_key)
                   SELECT id, n, 0, 1000, hex(zeroblob(500)), randomblob(16) FROM contents, six"""
            )
            tx.execute("UPDATE documents SET status = 'indexed'")


@contextmanager
def longest_wait(database: Database) -> Iterator[list[float]]:
    """How long somebody else waited at most to write, while the block ran."""
    waits: list[float] = [0.0]
    done = threading.Event()

    def write() -> None:
        while not done.wait(0.002):
            began = time.perf_counter()
            with database.write() as tx:
                tx.execute("INSERT OR REPLACE INTO facts VALUES ('bench', '1')")
            waits.append(time.perf_counter() - began)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield waits
    finally:
        done.set()
        thread.join()


def looks(bench: Bench) -> None:
    row("first look at all files", timed(bench.look), "s")
    unchanged = [timed(bench.look) for _ in range(ROUNDS)]
    row("unchanged look, median", sorted(unchanged)[ROUNDS // 2], "s", "<= 2, better 0.6")
    row("unchanged look, best", min(unchanged), "s")
    cpu = time.process_time()
    bench.look()
    row("unchanged look, processor time", time.process_time() - cpu, "s")
    edited = "p0/q0/d1/file-1-0.txt"
    (bench.root / edited).write_text("edited")
    row("look at one edited file", 1000 * timed(lambda: bench.look(edited)), "ms")
    (bench.root / "p1" if (bench.root / "p1").exists() else bench.root / "p0" / "q0").rename(bench.root / "moved")
    row("look at a moved tree, nothing read", timed(bench.look), "s")


def lists(bench: Bench) -> None:
    row("the next 512 files to read", 1000 * timed(lambda: bench.files.waiting(512)), "ms")
    row("counts by status", 1000 * timed(bench.files.counts), "ms", "<= 50")
    row("first page of 500", 1000 * timed(lambda: bench.files.items("c")), "ms", "<= 50")
    last = bench.files.items("c", limit=PER_FOLDER * PER_FOLDER)[-1].id
    row("a page in the middle", 1000 * timed(lambda: bench.files.items("c", after=last)), "ms", "<= 50")
    row("a page of a rare status", 1000 * timed(lambda: bench.files.items("c", (FileStatus.FAILED,))), "ms", "<= 100")
    row("a page with a text in the path", 1000 * timed(lambda: bench.files.items("c", text="-77-3")), "ms", "<= 100")


def forgetting(bench: Bench) -> None:
    bench.passages()
    with longest_wait(bench.db) as waits:
        row("forget a folder", timed(lambda: bench.files.forget("c")), "s")
    row("longest wait to write meanwhile", 1000 * max(waits), "ms")
    with longest_wait(bench.db) as waits:
        row(f"sweep {PASSAGES:,} passages", timed(lambda: bench.files.sweep(600)), "s", "<= 10, better 3")
    row("longest wait to write meanwhile, sweeping", 1000 * max(waits), "ms", "<= 100")


def following(bench: Bench) -> None:
    told = threading.Event()
    follower = Follower({"c": bench.root}, lambda _name, _places: told.set())
    began = time.perf_counter()
    follower.start()
    while not (follower.states() and follower.states()["c"].live):
        time.sleep(0.005)
    row("begin to follow", time.perf_counter() - began, "s")
    cpu = time.process_time()
    time.sleep(5)
    row("processor time of following, idle", 100 * (time.process_time() - cpu) / 5, "%", "<= 0.2")
    told.clear()
    began = time.perf_counter()
    (bench.root / "new.txt").write_text("new")
    told.wait(10)
    row("a saved file is told after", 1000 * (time.perf_counter() - began), "ms")
    follower.close()


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made) / "folder"
        plant(root, count)
        database = Database(Path(made) / "index.db", index, backups=Path(made), durable=False)
        bench = Bench(root, database)
        looks(bench)
        lists(bench)
        following(bench)
        forgetting(bench)
        database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FILES)
