"""The same files read by this program and by Open WebUI with the same embedder, on the same machine, in turns.

Run: ``python -m tests.bench.bench_peer_index PYTHON``; PYTHON is an interpreter that has open-webui, in an environment
of its own. ``--files``: how many small texts (of this system); ``--rounds``. Prints one JSON object a line.

Both begin anew in each round: a new home, a new knowledge collection. Open WebUI gets each file as its page sends it,
`UPLOADS` at once, and asks for `BATCH` vectors at once of a server on loopback that holds the embedder of this program.
``--as-shipped`` adds it as it comes: one vector a request, as many requests at once as a file has passages, and one file
after the other, as its page sends a folder that is dropped on it. Without vectors it finds nothing; this program finds
words before.

Passages a second say how busy the embedder is kept; bytes of text a second how soon a folder answers. They differ, for
the two cut the same text into passages of different length.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.bench.bench_index import SOURCES, row
from tests.bench.peer import OpenWebui
from workbench.app import build
from workbench.jobs import quiet_job
from workbench.paths import Paths

FILES, ROUNDS, UPLOADS, BATCH = 200, 3, 4, 32
ENDINGS = (".txt", ".md", ".py", ".html")
LEAST, MOST = 1000, 6000  # bytes of a file


class Read(NamedTuple):
    """Seconds until words are found, and until all has vectors; passages; seconds of processor time."""

    words: float
    all: float
    passages: int
    processor: float


def collected(target: Path, count: int) -> list[Path]:
    """Small texts that differ, the same ones each time on the same system."""
    known: dict[str, Path] = {}
    for source in SOURCES:
        for folder, _folders, files in os.walk(source):
            for path in (Path(folder, name) for name in files if name.endswith(ENDINGS)):
                if not path.is_symlink() and LEAST <= path.lstat().st_size <= MOST:
                    known.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    chosen = random.Random(7).sample(sorted(known), count)
    for number, name in enumerate(chosen):
        path = known[name]
        (target / f"{number}{path.suffix}").write_bytes(path.read_bytes())
    return sorted(target.iterdir())


def taken(process: psutil.Process) -> float:
    """Seconds of processor time of a process and its children, those that ended included."""
    times = process.cpu_times()
    total = float(times.user + times.system + times.children_user + times.children_system)
    for child in process.children(recursive=True):
        try:
            total += sum(child.cpu_times()[:2])
        except psutil.Error:
            continue
    return total


def ours(folder: Path) -> Read:
    with tempfile.TemporaryDirectory(prefix="wb-peer-home-") as home:
        workbench = build(Paths(Path(home)))
        try:
            documents, process = workbench.documents, psutil.Process()
            before, began = taken(process), time.perf_counter()
            collection = documents.add(folder)
            documents.sync(quiet_job(), collection.id)
            words = time.perf_counter() - began
            documents.sync(quiet_job(), collection.id, vectors=True)
            seconds, state = time.perf_counter() - began, documents.state(collection.id)
            assert state.embedded == state.chunks > 0, state
            return Read(words, seconds, state.chunks, taken(process) - before)
        finally:
            workbench.close()


def theirs(peer: OpenWebui, embedder: psutil.Process, files: list[Path], uploads: int = UPLOADS) -> Read:
    name = {"name": f"Knowledge {time.time()}", "description": "of a benchmark"}
    knowledge = json.loads(peer.ask("/api/v1/knowledge/create", name))["id"]

    def spent() -> float:
        return peer.processor() + taken(embedder)

    before, began = spent(), time.perf_counter()
    with ThreadPoolExecutor(uploads) as pool:
        for _ in pool.map(partial(peer.upload, knowledge), files):
            pass
    seconds, processor = time.perf_counter() - began, spent() - before
    asked = {"collection_names": [knowledge], "query": "license", "k": 100_000}
    found = json.loads(peer.ask("/api/v1/retrieval/query/collection", asked))
    kept = json.loads(peer.ask(f"/api/v1/knowledge/{knowledge}/files?page=1"))["total"]
    assert kept == len(files), (kept, len(files))
    return Read(seconds, seconds, len(found["documents"][0]), processor)


@contextmanager
def embedding() -> Iterator[tuple[str, psutil.Process]]:
    """The address of a server of the embedder, and its process."""
    command = [sys.executable, "-m", "tests.bench.embedding_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield f"http://127.0.0.1:{int(server.stdout.readline())}", psutil.Process(server.pid)
        finally:
            server.terminate()


def told(side: str, rounds: list[Read], kilobytes: float) -> Read:
    """Prints and returns the medians of a side; ``kilobytes``: of text."""
    middle = Read(*(sorted(values)[len(rounds) // 2] for values in zip(*rounds, strict=True)))
    row(f"{side}: words are found after", middle.words, "s")
    row(f"{side}: all is kept with vectors after", middle.all, "s")
    row(f"{side}: slowest of {len(rounds)}", max(one.all for one in rounds), "s")
    row(f"{side}: passages", middle.passages, "passages")
    row(f"{side}: passages a second", middle.passages / middle.all, "1/s")
    row(f"{side}: text a second", kilobytes / middle.all, "kB/s")
    row(f"{side}: passages a second of processor time", middle.passages / middle.processor, "1/s")
    row(f"{side}: processor", middle.processor, "s")
    return middle


Sides = dict[str, tuple[Callable[[], Read], list[Read]]]


def measure(python: Path, count: int, rounds: int, folder: Path, *, as_shipped: bool) -> None:
    place = folder / "files"
    place.mkdir()
    files = collected(place, count)
    kilobytes = sum(path.stat().st_size for path in files) / 1000
    row("files", len(files), "files")
    row("text", kilobytes, "kB")
    with embedding() as (address, embedder), ExitStack() as peers:

        def peer(name: str, uploads: int, **settings: str) -> Callable[[], Read]:
            made = OpenWebui(python, folder / name, RAG_OPENAI_API_BASE_URL=address, **settings)
            opened = peers.enter_context(made)
            theirs(opened, embedder, files[:5], uploads)  # reads its libraries
            return partial(theirs, opened, embedder, files, uploads)

        sides: Sides = {"ours": (partial(ours, place), [])}
        sides["open-webui"] = (peer("open-webui", UPLOADS, RAG_EMBEDDING_BATCH_SIZE=str(BATCH)), [])
        if as_shipped:
            sides["open-webui as shipped"] = (peer("as-shipped", 1), [])
        embedded = take_turns(sides, rounds, partial(_embedded, address))
    mine, *others = ((name, told(name, figures, kilobytes)) for name, (_read, figures) in sides.items())
    for name, other in others:
        row(f"{name}: texts embedded in a round", embedded[name] / rounds, "texts")
        compare(mine[1], name, other)


def take_turns(sides: Sides, rounds: int, embedded: Callable[[], int]) -> dict[str, int]:
    """Has each side read all, in turns; how many texts were embedded of each by the server."""
    counts = dict.fromkeys(sides, 0)
    for turn in range(rounds):
        for name in list(sides)[:: 1 if turn % 2 else -1]:
            read, figures = sides[name]
            before = embedded()
            figures.append(read())
            counts[name] += embedded() - before
            print(f"{name}: {figures[-1]}, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return counts


def compare(mine: Read, name: str, other: Read) -> None:
    row(f"ours / {name}, passages a second", (mine.passages / mine.all) / (other.passages / other.all), "", ">= 3")
    row(f"ours / {name}, text a second", other.all / mine.all, "")
    row(f"{name} / ours, seconds until words are found", other.words / mine.words, "")
    row(f"{name} / ours, processor", other.processor / mine.processor, "")


def _embedded(address: str) -> int:
    with urllib.request.urlopen(f"{address}/count") as answer:
        return int(json.load(answer)["texts"])


def main(arguments: list[str]) -> int:
    if not arguments:
        print("Name an interpreter that has open-webui: python -m tests.bench.bench_peer_index PYTHON", file=sys.stderr)
        return 0
    known = argparse.ArgumentParser(prog="python -m tests.bench.bench_peer_index")
    known.add_argument("python", type=Path, help="an interpreter that has open-webui")
    known.add_argument("--files", type=int, default=FILES)
    known.add_argument("--rounds", type=int, default=ROUNDS)
    known.add_argument("--as-shipped", action="store_true", help="also as it comes, and as its page sends a folder")
    given = known.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="wb-peer-") as folder:
        measure(given.python.absolute(), given.files, given.rounds, Path(folder), as_shipped=given.as_shipped)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
