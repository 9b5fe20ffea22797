"""The same chats in this program and in Open WebUI, on the same machine, in turns: list them, open one, search all.

Run: ``python -m tests.bench.bench_peer PYTHON``; PYTHON is an interpreter that has open-webui, in an environment of its own
(it is no dependency of this program). ``--chats``: how many, of 100 messages each; ``--folder`` keeps the databases of
both for another run, else they are made under the system's folder for temporary files and removed. Prints one JSON
object a line.

Each side is asked as its own window asks it: this program in its process, Open WebUI over HTTP on loopback. What an
empty call of it costs is measured too, and can be taken away. The JSON that it answers is read and not parsed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.bench.bench_search import PAGE, PER_CHAT, Language, conversations, fill, row
from tests.bench.peer import OpenWebui
from workbench import migrations
from workbench.app import Workbench, build
from workbench.cancel import CancelToken
from workbench.chat.searching.store import SearchStore
from workbench.db import Database
from workbench.paths import Paths

CHATS, ROUNDS, OPENED = 1000, 10, 10
SEED = 1
PER_COMMIT = 5000
FREQUENT, RARE, TWO = 10, 30_000, (100, 1000)  # ranks of words by frequency


class Action(NamedTuple):
    """One thing that both do; both get the number of the call, so that no call finds what the last one left."""

    name: str
    ours: Callable[[int], object] | None
    theirs: Callable[[int], object]
    times: int = 1  # calls in a round


class Measured(NamedTuple):
    milliseconds: list[float]
    processor: list[float]  # seconds, of all calls of a round together


def timed(call: Callable[[int], object], numbers: range, processor: Callable[[], float], into: Measured) -> None:
    before = processor()
    for number in numbers:
        began = time.perf_counter()
        call(number)
        into.milliseconds.append((time.perf_counter() - began) * 1000)
    into.processor.append(processor() - before)


def told(name: str, measured: Measured) -> tuple[float, float]:
    """Prints the figures of one side and returns the median of the clock and the mean of the processor, milliseconds."""
    clock = sorted(measured.milliseconds)
    mean = sum(measured.processor) * 1000 / len(clock)
    row(f"{name}, median", clock[len(clock) // 2], "ms")
    row(f"{name}, p95", clock[min(len(clock) - 1, int(len(clock) * 0.95))], "ms")
    row(f"{name}, processor, mean", mean, "ms")
    return clock[len(clock) // 2], mean


def compare(actions: list[Action], peer: OpenWebui, rounds: int) -> None:
    """All actions in each round, after one that does not count; who comes first changes with the round."""
    figures = {one.name: (Measured([], []), Measured([], [])) for one in actions}
    for turn in range(rounds + 1):
        print(f"round {turn} of {rounds}, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
        for name, ours, theirs, times in actions:
            numbers = range(turn * times, (turn + 1) * times)
            mine, other = figures[name] if turn else (Measured([], []), Measured([], []))
            sides = [(ours, time.process_time, mine), (theirs, peer.processor, other)]
            for call, processor, into in sides[:: 1 if turn % 2 else -1]:
                if call is not None:
                    timed(call, numbers, processor, into)
    for name, (mine, other) in figures.items():
        median, mean = told(f"{name}: open-webui", other)
        if mine.milliseconds:
            our_median, our_mean = told(f"{name}: ours", mine)
            row(f"{name}: open-webui / ours, medians", median / our_median, "")
            row(f"{name}: open-webui / ours, processor", mean / our_mean, "")


def actions(workbench: Workbench, peer: OpenWebui, ids: list[str], rounds: int) -> list[Action]:
    words = Language(SEED).words
    queries: dict[str, Callable[[int], str]] = {
        "search, a frequent word": lambda n: words[FREQUENT + n],
        "search, a rare word": lambda n: words[RARE + n],
        "search, two words": lambda n: f"{words[TWO[0] + n]} {words[TWO[1] + n]}",
    }
    opened = [n * 7919 % len(ids) for n in range((rounds + 1) * OPENED)]  # spread over all, none twice

    def searching(name: str) -> Action:
        query = queries[name]
        return Action(
            name,
            lambda n: workbench.searching.find(query(n), PAGE, per_chat=PER_CHAT),
            lambda n: peer.search(query(n)),
        )

    return [
        Action("an empty call", None, lambda _n: peer.ask("/health"), 10),
        Action("a call with a user and no rows", None, lambda _n: peer.ask("/api/v1/chats/pinned"), 10),
        Action("list all chats", lambda _n: workbench.chat.list(), lambda _n: peer.ask("/api/v1/chats/")),
        Action("list the first 60 chats", None, lambda _n: peer.ask("/api/v1/chats/?page=1")),
        Action(
            "open a chat",
            lambda n: workbench.chat.open(f"{opened[n]:032x}"),
            lambda n: peer.ask(f"/api/v1/chats/{ids[opened[n]]}"),
            OPENED,
        ),
        *map(searching, queries),
    ]


def check(workbench: Workbench, peer: OpenWebui, ids: list[str]) -> None:
    """Both hold the same: as many chats, and the same words in one of them. Raises `AssertionError`."""
    assert len(workbench.chat.list()) == len(json.loads(peer.ask("/api/v1/chats/"))) == len(ids)
    half = len(ids) // 2
    theirs = json.loads(peer.ask(f"/api/v1/chats/{ids[half]}"))["chat"]["history"]["messages"].values()
    ours = workbench.chat.open(f"{half:032x}").nodes
    assert [one["content"] for one in theirs] == [node.message.text for node in ours]


def fill_ours(paths: Paths, chats: int) -> None:
    paths.prepare()
    with_rows = Database(paths.database, migrations.workbench, backups=paths.backups)
    try:
        fill(with_rows, conversations(Language(SEED), chats))
        index = SearchStore(with_rows)
        while index.catch_up(PER_COMMIT):
            pass
    finally:
        with_rows.close()


def filled(folder: Path, peer: OpenWebui, chats: int) -> list[str]:
    """Fills both at once unless ``folder`` has them; the ids that Open WebUI gave the chats, in their order."""
    kept = folder / f"{chats}-chats.json"
    if kept.exists():
        return list(json.loads(kept.read_text()))
    program = f"from tests.bench.bench_peer import lines\nfor line in lines({chats}): print(line)"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as texts, peer.writer(texts.stdout) as rows:
        fill_ours(Paths(folder / "workbench"), chats)
        ids = (rows.communicate()[0] or "").split()
    if len(ids) != chats:
        raise RuntimeError(f"Open WebUI kept {len(ids)} of {chats} chats; see rows.log in {folder}.")
    kept.write_text(json.dumps(ids))
    return ids


def lines(chats: int) -> Iterator[str]:
    """What `peer_rows` reads: the same chats that `fill_ours` writes."""
    for one in conversations(Language(SEED), chats):
        yield json.dumps(one._asdict())


def measure(python: Path, chats: int, rounds: int, folder: Path) -> None:
    place = folder / "open-webui"
    with OpenWebui(python, place) as peer:
        ids = filled(folder, peer, chats)
    with OpenWebui(python, place) as peer:  # started anew, so that nothing is left of the filling
        workbench = build(Paths(folder / "workbench"))
        try:
            workbench.searching.catch_up(CancelToken())
            check(workbench, peer, ids)
            print(f"open-webui {peer.version()}", file=sys.stderr)
            compare(actions(workbench, peer, ids, rounds), peer, rounds)
            row("database: ours", workbench.paths.database.stat().st_size / 1e6, "MB")
            row("database: open-webui", (place / "webui.db").stat().st_size / 1e6, "MB")
            row("memory: ours, with the benchmark", psutil.Process().memory_info().rss / 1e6, "MB")
            row("memory: open-webui", peer.memory() / 1e6, "MB")
        finally:
            workbench.close()


def main(arguments: list[str]) -> int:
    if not arguments:
        print("Name an interpreter that has open-webui: python -m tests.bench.bench_peer PYTHON", file=sys.stderr)
        return 0
    known = argparse.ArgumentParser(prog="python -m tests.bench.bench_peer")
    known.add_argument("python", type=Path, help="an interpreter that has open-webui")
    known.add_argument("--chats", type=int, default=CHATS)
    known.add_argument("--rounds", type=int, default=ROUNDS)
    known.add_argument("--folder", type=Path, help="keeps the databases of both for another run")
    given = known.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="wb-peer-") as made:
        measure(given.python.absolute(), given.chats, given.rounds, (given.folder or Path(made)).absolute())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
