"""Reading a folder of real mixed files: until it can be searched, memory, an unchanged look, a saved edit, and vectors.

Prints one JSON object a line. Run: ``python -m tests.bench index``; ``python -m tests.bench.bench_index FOLDER`` reads
another folder than the one that is put together of this system's documentation and Python's packages. Clock seconds of
a busy machine mean little: processor seconds, of this process and of its children, stand beside them.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from unittest.mock import patch

import psutil

from workbench.app import Workbench, build
from workbench.cancel import CancelToken
from workbench.documents.embedding.minilm import MiniLm
from workbench.documents.retrieval.hit import Query
from workbench.jobs import quiet_job
from workbench.paths import Paths

SOURCES = ("/usr/share/doc", "/usr/lib/python3", "/usr/share", sys.prefix)
WANTED = {".py": 700, ".txt": 350, ".html": 250, ".md": 200, "": 150, ".json": 120, ".h": 100, ".pdf": 60, ".rst": 60}
OTHERS = 30  # of every other ending that a reader might know
ENDINGS = (
    ".csv",
    ".xml",
    ".js",
    ".css",
    ".ipynb",
    ".docx",
    ".xlsx",
    ".pptx",
    ".epub",
    ".eml",
    ".toml",
    ".yaml",
    ".yml",
    ".c",
)
LEAST, MOST = 200, 5_000_000  # bytes
EMBEDDED = 500  # passages whose vectors are timed


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "aim": aim}), flush=True)


def collected(target: Path) -> None:
    """Some 2,000 files, the same ones each time on the same system."""
    found: dict[str, list[Path]] = defaultdict(list)
    for source in SOURCES:
        for folder, _folders, files in os.walk(source):
            for path in (Path(folder, name) for name in files):
                if not path.is_symlink() and LEAST < path.lstat().st_size < MOST:
                    found[path.suffix.lower()].append(path)
    chance = random.Random(7)
    for ending, count in (WANTED | dict.fromkeys(ENDINGS, OTHERS)).items():
        known = sorted(found[ending])
        for number, path in enumerate(chance.sample(known, min(count, len(known)))):
            place = target / (ending.strip(".") or "plain") / str(number % 7)
            place.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place / f"{number}_{path.name}")


class Memory:
    """The most that this process and its children had, in bytes."""

    def __init__(self) -> None:
        self.own = self.children = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        process = psutil.Process()
        while not self._over.wait(0.1):
            self.own = max(self.own, process.memory_info().rss)
            taken = 0
            for child in process.children(recursive=True):
                try:
                    taken += child.memory_info().rss
                except psutil.Error:
                    continue
            self.children = max(self.children, taken)


@contextmanager
def timed(name: str, unit: str = "s", aim: str = "") -> Iterator[None]:
    began, before = time.perf_counter(), os.times()
    yield
    after = os.times()
    row(name, time.perf_counter() - began, unit, aim)
    row(f"{name}: processor, this process", after.user + after.system - before.user - before.system, unit)


def until(workbench: Workbench, word: str) -> float:
    began = time.perf_counter()
    while not workbench.documents.search(Query(word, as_typed=True), CancelToken()).hits:
        time.sleep(0.01)
    return time.perf_counter() - began


def main(folder: Path) -> None:
    home = Path(tempfile.mkdtemp(prefix="workbench-bench-"))
    workbench = build(Paths(home))
    try:
        measure(workbench, folder)
    finally:
        workbench.close()
        shutil.rmtree(home)
    children = os.times()
    row("processor, all children", children.children_user + children.children_system, "s")


def measure(workbench: Workbench, folder: Path) -> None:
    documents = workbench.documents
    at_first = psutil.Process().memory_info().rss
    began = time.perf_counter()
    with Memory() as memory, timed("text can be searched", aim="<= 45 (goal 25)"):
        collection = documents.add(folder)
        documents.sync(quiet_job(), collection.id)
    seconds, state = time.perf_counter() - began, documents.state(collection.id)
    row("files", state.files, "files")
    row("passages", state.chunks, "passages")
    row("files a second", state.files / seconds, "1/s")
    row("passages a second", state.chunks / seconds, "1/s")
    row("memory of this process, more than before", (memory.own - at_first) / 1e6, "MB", "<= 500")
    row("memory of all children", memory.children / 1e6, "MB")
    with timed("an unchanged folder is looked at again", aim="<= 0.1"):
        documents.sync(quiet_job(), collection.id)
    workbench.follow_documents()
    time.sleep(3)
    waits = []
    for number in range(5):
        word = f"zanzibar{number}quokka"
        (folder / "saved-edit.md").write_text(f"# Note\n\nIt is about {word}.\n")
        waits.append(until(workbench, word))
        time.sleep(0.5)
    row("a saved edit is found, the longest of 5", max(waits), "s", "<= 1")
    (folder / "saved-edit.md").unlink()
    vectors(workbench, collection.id)


@contextmanager
def overheard() -> Iterator[list[str]]:
    """The texts that are embedded meanwhile."""
    texts: list[str] = []
    embed = MiniLm.embed

    def listening(self: MiniLm, asked: Sequence[str], cancel: CancelToken) -> tuple[tuple[float, ...], ...]:
        made = embed(self, asked, cancel)
        texts.extend(asked)
        return made

    with patch.object(MiniLm, "embed", listening):
        yield texts


def vectors(workbench: Workbench, collection_id: str) -> None:
    """How fast vectors come in the background, and how fast the same texts are embedded when nothing is around it."""
    documents = workbench.documents
    while not documents.state(collection_id).embedded:
        time.sleep(0.05)
    with overheard() as texts:
        time.sleep(1)
        texts.clear()
        began, own = time.perf_counter(), os.times()
        while len(texts) < EMBEDDED:
            time.sleep(0.02)
        behind = rates(len(texts), began, own)
    documents.pause(collection_id, paused=True)
    time.sleep(3)
    embedder = MiniLm()
    embedder.embed(texts[:8], CancelToken())
    began, own = time.perf_counter(), os.times()
    embedder.embed(texts, CancelToken())
    alone = rates(len(texts), began, own)
    row("vectors in the background", behind[0], "1/s", ">= 18 (goal 25)")
    row("the same passages, the embedder alone", alone[0], "1/s")
    row("background / alone", behind[0] / alone[0], "", ">= 0.8")
    row("background / alone, by processor time", behind[1] / alone[1], "", ">= 0.8")


def rates(texts: int, began: float, own: os.times_result) -> tuple[float, float]:
    """Texts a second of the clock, and of the processor of this process."""
    after = os.times()
    return texts / (time.perf_counter() - began), texts / (after.user + after.system - own.user - own.system)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory(prefix="workbench-corpus-") as made:
            collected(Path(made))
            main(Path(made))
