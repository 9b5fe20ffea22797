"""How soon a model answers that was idle, paged out, killed, or busy in the background; and what looking after it costs.

Prints one JSON object a line. Run: ``python -m tests.bench.bench_ready [MODEL.gguf] [idle seconds] [times idle]``.
"""

from __future__ import annotations

import ctypes
import itertools
import json
import os
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.connection import State
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.launching.plan import EngineSettings
from workbench.engine.scheduling.idle import Scheduling
from workbench.engine.scheduling.pressure import Reading
from workbench.engine.scheduling.ready import missing_ranges, touch
from workbench.engine.service import EngineService
from workbench.events import Bus
from workbench.messages import ChatRequest, Finished, PromptProgress, Sampling, TextDelta, user
from workbench.paths import Paths
from workbench.ports import ChatBackend

MODEL = Path(__file__).parent.parent.parent / ".cache" / "test-home" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
IDLE_SECONDS = 60.0
ROUNDS = 5
IDLE_ROUNDS = 3 if len(sys.argv) < 4 else int(sys.argv[3])
MADV_PAGEOUT = 21
PROCESS_MADVISE = 440


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "aim": aim}), flush=True)


def first_token(backend: ChatBackend, *, background: bool = False, prompt: str = "Hi") -> float:
    started = time.perf_counter()
    request = ChatRequest((user(prompt),), max_tokens=2, sampling=Sampling(temperature=0), background=background)
    events = backend.stream(request, CancelToken())
    moments = [time.perf_counter() for event in events if isinstance(event, TextDelta | Finished)]
    return moments[0] - started


def warm(backend: ChatBackend) -> float:
    first_token(backend)
    return statistics.median(first_token(backend) for _ in range(ROUNDS))


def page_out(process_id: int) -> int:
    """Have the system page out all that the engine maps; returns how many bytes it took."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.pidfd_open(process_id)  # type: ignore[attr-defined,unused-ignore]
    taken = 0
    try:
        for line in Path(f"/proc/{process_id}/maps").read_text().splitlines():
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            vector = (ctypes.c_size_t * 2)(start, end - start)
            done = libc.syscall(PROCESS_MADVISE, descriptor, vector, ctypes.c_size_t(1), MADV_PAGEOUT, 0)
            taken += max(0, done)
    finally:
        os.close(descriptor)
    return taken


class Moments:
    """When the engine's state changed, as the bus told it."""

    def __init__(self, bus: Bus, service: EngineService) -> None:
        self._service = service
        self.seen: list[tuple[State, float]] = []
        self.changed = threading.Condition()
        bus.subscribe(lambda _change: self._note())

    def _note(self) -> None:
        with self.changed:
            self.seen.append((self._service.status().state, time.perf_counter()))
            self.changed.notify_all()

    def after(self, moment: float, state: State) -> float:
        """Seconds from ``moment`` to ``state``."""
        with self.changed:
            self.changed.wait_for(lambda: self._first(moment, state) is not None, 60)
            found = self._first(moment, state)
        assert found is not None, state
        return found - moment

    def _first(self, moment: float, state: State) -> float | None:
        return next((at for seen, at in self.seen if seen is state and at > moment), None)


def kill(service: EngineService) -> float:
    process_id = service.status().process_id
    assert process_id is not None
    moment = time.perf_counter()
    os.kill(process_id, signal.SIGKILL)
    return moment


def deaths(service: EngineService, moments: Moments, start: Callable[[], ChatBackend]) -> None:
    start()
    row("ready: exit noticed, idle", moments.after(kill(service), State.FAILED), "s", "<= 0.3")
    backend, answered = start(), threading.Event()

    def wait() -> None:
        first_token(backend, prompt="word " * 1500 + "Now say hello to me.")
        answered.set()

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(1.5)
    moment = kill(service)
    row("ready: restart issued, a request waits", moments.after(moment, State.STARTING), "s", "<= 0.5")
    thread.join()
    row("ready: the waiting request answered by the next engine", time.perf_counter() - moment, "s")


def behind(backend: ChatBackend) -> None:
    """A person's message while the background reads a long prompt: how many of its batches the person waits for."""
    alone = warm(backend)
    seen = [_behind_once(backend, f"{number} ") for number in range(ROUNDS)]
    delays = [(delayed - alone) / batch for delayed, batch in seen]
    row("ready: first token, alone", alone, "s")
    row("ready: first token, the background reads a long prompt", statistics.median(at for at, _ in seen), "s")
    row("ready: one batch of it", statistics.median(batch for _, batch in seen), "s")
    row(f"ready: so the background delays by, median of {ROUNDS}", statistics.median(delays), "batches", "<= 1")
    row("ready:   the longest", max(delays), "batches")


def _behind_once(backend: ChatBackend, begin: str) -> tuple[float, float]:
    """Seconds to the person's first token, and of the background's last batches before."""
    cancel = CancelToken()
    request = ChatRequest((user(begin + "text " * 6000),), max_tokens=4, background=True)
    batches: list[float] = []

    def read() -> None:
        with suppress(Exception):
            events = backend.stream(request, cancel)
            batches.extend(time.perf_counter() for event in events if isinstance(event, PromptProgress))

    thread = threading.Thread(target=read)
    thread.start()
    while len(batches) < 5:
        time.sleep(0.01)
    time.sleep(0.1)
    batch = statistics.median(after - before for before, after in itertools.pairwise(batches[-3:]))
    delayed = first_token(backend)
    cancel.cancel()
    thread.join()
    return delayed, batch


def looking(folder: Path) -> None:
    sparse = folder / "twelve"
    with sparse.open("wb") as file:
        file.truncate(12 << 30)
    with sparse.open("rb") as file:
        started = time.perf_counter()
        list(missing_ranges(file.fileno()))
        row("ready: a look at which of 12 GiB are in memory", (time.perf_counter() - started) * 1000, "ms")


def main() -> int:
    model = Path(sys.argv[1]) if len(sys.argv) > 1 else MODEL
    idle_seconds = float(sys.argv[2]) if len(sys.argv) > 2 else IDLE_SECONDS
    with tempfile.TemporaryDirectory(prefix="wb-bench-") as home:
        paths, bus = Paths(Path(home)), Bus()
        paths.prepare()
        service = EngineService(
            NativeLauncher(paths, SystemClock()),
            paths,
            SystemClock(),
            bus,
            settings=lambda: EngineSettings(context_tokens=8192, slots=2),
            scheduling=lambda: Scheduling(kept_ready=model.absolute()),
            pressure=lambda: Reading(1 << 34, 1 << 35),
        )
        moments = Moments(bus, service)

        def start() -> ChatBackend:
            return service.backend(model, "bench", CancelToken())

        try:
            looking(paths.home)
            backend = start()
            base = warm(backend)
            row("ready: first token, warm", base, "s")
            after_idle(backend, idle_seconds)
            paged(service, backend, base)
            behind(backend)
            deaths(service, moments, start)
        finally:
            service.close()
    return 0


def after_idle(backend: ChatBackend, seconds: float) -> None:
    """A new question of a person's length each time, after so many seconds in which nobody asked and right after that."""
    ratios, numbers = [], itertools.count()

    def asked() -> float:
        return first_token(backend, prompt=f"{next(numbers)} " + "Tell me more about rivers and hills. " * 10)

    asked()
    for _ in range(IDLE_ROUNDS):
        time.sleep(seconds)
        idle = asked()
        base = statistics.median(asked() for _ in range(ROUNDS))
        ratios.append(idle / base)
        row(f"ready: first token of a new question, after {seconds:.0f} s idle", idle, "s")
        row("ready:   the same, warm", base, "s")
    name = f"ready: first token after {seconds:.0f} s idle / warm"
    row(f"{name}, median of {IDLE_ROUNDS}", statistics.median(ratios), "ratio", "<= 1.5")
    row(f"{name}, the longest", max(ratios), "ratio")


def paged(service: EngineService, backend: ChatBackend, base: float) -> None:
    """As after long idleness on a machine that is short of memory."""
    process_id = service.status().process_id
    (resident,) = service._residents.all()
    if process_id is None or not hasattr(os, "pidfd_open"):
        return
    if page_out(process_id):
        row("ready: first token after all was paged out / warm", first_token(backend) / base, "ratio")
    if page_out(process_id):
        started = time.perf_counter()
        touch(resident)
        row("ready: bringing it back", time.perf_counter() - started, "s")
        row("ready: first token after that / warm", first_token(backend) / base, "ratio", "<= 1.5")
    started = time.thread_time()
    touch(resident)
    row("ready: a touch when all is there, processor", (time.thread_time() - started) * 1000, "ms")


if __name__ == "__main__":
    raise SystemExit(main())
