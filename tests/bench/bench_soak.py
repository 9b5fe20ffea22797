"""Ten thousand turns through the real chat service, its database and the real client, of an engine that only pretends.

Memory, threads, descriptors and children at the end against those after the first tenth. Prints one JSON object a line.
Run: ``python -m tests.bench soak``; ``python -m tests.bench.bench_soak 2000`` for fewer turns.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.bench_engine import MODEL
from tests.fakes.launcher import FakeLauncher
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.chat.asking.options import Options
from workbench.chat.events import TurnStarted
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.engine.service import EngineService
from workbench.events import Bus
from workbench.jobs import Job, JobEvent
from workbench.messages import Id
from workbench.paths import Paths
from workbench.ports import ChatBackend

TURNS = 10_000
TURNS_OF_A_CHAT = 20
ANSWERS = ("The sea is wide and blue.", "One two three four five six seven eight.", "Yes.", "word " * 60)


@dataclass
class Route:
    """The `BackendRoute` of this machine, with one model."""

    engine: EngineService

    def name(self, _model: str) -> str:
        return "Small"

    def source(self, _model: str) -> str:
        return "engine"

    def backend(self, _model: str, cancel: CancelToken, progress: Callable[[str], None]) -> ChatBackend:
        return self.engine.backend(MODEL, "Small", cancel, progress)

    def ready(self, _model: str) -> ChatBackend | None:
        return self.engine.ready(MODEL)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the process holds now."""

    rss_bytes: int
    threads: int
    descriptors: int
    children: int

    @classmethod
    def now(cls) -> Taken:
        gc.collect()
        process = psutil.Process()
        return cls(
            process.memory_info().rss,
            threading.active_count(),
            _descriptors(process),
            len(process.children(recursive=True)),
        )


def _descriptors(process: psutil.Process) -> int:
    count: Callable[[], int] = getattr(process, "num_handles" if sys.platform == "win32" else "num_fds")
    return count()


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "aim": aim}), flush=True)


def turns(chat: ChatService, launcher: FakeLauncher, count: int, wanted: Callable[[int], None]) -> None:
    """``wanted`` hears the number of each turn that is done."""
    conversation: Id | None = None

    def hear(event: JobEvent) -> None:
        nonlocal conversation
        if isinstance(event.payload, TurnStarted):
            conversation = event.payload.conversation

    for number in range(count):
        if number % TURNS_OF_A_CHAT == 0:
            conversation = None
        answer = chat.send(conversation, f"Question {number}: what is the sea like?", Job(hear))
        if answer.turn is None or answer.turn.error:
            raise SystemExit(f"turn {number} failed: {answer.turn}")
        for engine in launcher.engines:
            engine.server.forget()  # what the fake remembers is for tests
        wanted(number + 1)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    with tempfile.TemporaryDirectory(prefix="wb-soak-") as folder:
        paths = Paths(Path(folder))
        paths.prepare()
        clock, bus, launcher = SystemClock(), Bus(), FakeLauncher(*ANSWERS)
        database = Database(paths.database, migrations.workbench, backups=paths.backups)
        engine = EngineService(launcher, paths, clock, bus)
        chat = ChatService(ConversationStore(database, clock), Route(engine), bus, clock, Options)
        seen: dict[int, Taken] = {}

        def look(done: int) -> None:
            if done % (count // 10) == 0:
                seen[done] = Taken.now()
                print(f"# {done} turns: {seen[done]}", file=sys.stderr, flush=True)

        started = time.perf_counter()
        try:
            turns(chat, launcher, count, look)
        finally:
            engine.close()
            database.close()
        tell(count, tuple(seen.values()), time.perf_counter() - started, paths.database.stat().st_size)
    return 0


def tell(count: int, seen: tuple[Taken, ...], seconds: float, database_bytes: int) -> None:
    first, last = seen[0], seen[-1]
    row(f"soak: {count:,} turns, each", 1000 * seconds / count, "ms")
    row("soak: memory after a tenth", first.rss_bytes / 1e6, "MB")
    row("soak: growth of memory since", 100 * (last.rss_bytes / first.rss_bytes - 1), "%", "< 5")
    row("soak: threads more than after a tenth", max(one.threads for one in seen) - first.threads, "", "0")
    row("soak: descriptors more than after a tenth", max(one.descriptors for one in seen) - first.descriptors, "", "0")
    row("soak: children more than after a tenth", max(one.children for one in seen) - first.children, "", "0")
    row("soak: the database", database_bytes / 1e6, "MB")


if __name__ == "__main__":
    raise SystemExit(main())
