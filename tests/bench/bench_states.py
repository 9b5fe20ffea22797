"""First token of a long chat: cold, warm in the next turn, and brought back from the disk after a restart.

Prints one JSON object a line. Run: ``python -m tests.bench states``; ``python -m tests.bench.bench_states native 1500 1``
for one runtime, so many words, so many rounds.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.bench.bench_engine import MODEL
from tests.bench.runtimes import here
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.diagnostics.bench.prompts import words
from workbench.engine.launching.ground import Ground
from workbench.engine.launching.plan import EngineSettings
from workbench.engine.service import EngineService
from workbench.engine.states.keeper import StateKeeper
from workbench.engine.states.shelf import StateShelf
from workbench.events import Bus
from workbench.messages import ChatRequest, Finished, Message, Sampling, TextDelta, assistant, user
from workbench.paths import Paths
from workbench.ports import EngineLauncher

WORDS, ROUNDS = 1500, 3
CONTEXT_TOKENS = 8192


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "aim": aim}), flush=True)


def service_of(launcher: EngineLauncher, paths: Paths) -> EngineService:
    """As the program makes it, with the states of chats on the disk."""
    folder = paths.home / "states"
    return EngineService(
        launcher,
        paths,
        SystemClock(),
        Bus(),
        settings=lambda: EngineSettings(context_tokens=CONTEXT_TOKENS, slots=1, saved_states_bytes=1 << 30),
        survey=lambda _path: Ground(state_folder=folder),
        states=StateKeeper(StateShelf(folder, lambda: 1 << 30), launcher.build),
    )


def first_token(service: EngineService, messages: tuple[Message, ...], prefix: str) -> tuple[float, int]:
    """Seconds to the first word, the engine being loaded; and how many tokens of the prompt it had read before."""
    backend = service.backend(MODEL, "Small", CancelToken())
    request = ChatRequest(messages, max_tokens=4, sampling=Sampling(temperature=0), prefix=prefix)
    started, first, cached = time.perf_counter(), 0.0, 0
    for event in backend.stream(request, CancelToken()):
        if isinstance(event, TextDelta) and not first:
            first = time.perf_counter() - started
        if isinstance(event, Finished):
            cached = event.usage.cached_tokens or 0
    return first or time.perf_counter() - started, cached


def measure(name: str, launcher: EngineLauncher, paths: Paths, size: int, rounds: int) -> None:
    cold, warm, restored, cached = [], [], [], 0
    for number in range(rounds):
        start = (user(f"{words(size, number)} Which word came first?"),)
        further = (*start, assistant("The first."), user("And then?"))
        again = (*further, assistant("The second."), user("And the last?"))
        service = service_of(launcher, paths)
        try:
            cold.append(first_token(service, start, f"chat-{number}")[0])
            warm.append(first_token(service, further, f"chat-{number}")[0])
        finally:
            service.close()
        service = service_of(launcher, paths)
        try:
            seconds, cached = first_token(service, again, f"chat-{number}")
            restored.append(seconds)
        finally:
            service.close()
    row(f"{name}: first token of a long chat, cold", median(cold), "s")
    row(f"{name}: warm, the next turn", median(warm), "s")
    row(f"{name}: restored after a restart", median(restored), "s")
    row(f"{name}: restored / cold", median(restored) / median(cold), "ratio", "<= 0.2")
    row(f"{name}: tokens that were not read again", cached, "")


def main() -> int:
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    size = int(sys.argv[2]) if len(sys.argv) > 2 else WORDS
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else ROUNDS
    for name, make in here().items():
        if only in ("", name):
            with tempfile.TemporaryDirectory(prefix="wb-bench-") as home:
                paths = Paths(Path(home))
                paths.prepare()
                measure(name, make(paths), paths, size, rounds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
