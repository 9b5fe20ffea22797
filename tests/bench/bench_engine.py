"""What our client costs: tokens per second and time to first token against the same engine asked with a bare HTTP client.

Also how fast stopping is, and how four chats at once do. Of each runtime that is here. Prints one JSON object a line.
Run: ``python -m tests.bench engine``, or ``python -m tests.bench.bench_engine native llama-server`` for some runtimes.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.runtimes import here
from workbench.cancel import CancelToken
from workbench.diagnostics.bench.result import ratio_interval
from workbench.engine.asking import wire
from workbench.engine.asking.client import LlamaBackend
from workbench.engine.launching.plan import EngineSettings, plan_launch
from workbench.engine.launching.resources import free_resources
from workbench.errors import Cancelled
from workbench.messages import ChatRequest, Sampling, TextDelta, user
from workbench.models.gguf.header import read_header
from workbench.paths import Paths
from workbench.ports import BackendInfo, Endpoint, EngineLauncher, RunningEngine

MODEL = Path(__file__).parent.parent.parent / ".cache" / "test-home" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
TOKENS = 96
ROUNDS = 60
CHATS = 4
LONG_WORDS = 5000  # a token each
CONTEXT_TOKENS = 8192

Timed = tuple[float, float]  # seconds to the first token, tokens per second after it


class BareConnection(http.client.HTTPConnection):
    """The standard library's client, over the engine's socket or port."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint.base_url.removeprefix("http://"), timeout=120)
        self._endpoint = endpoint

    def connect(self) -> None:
        if self._endpoint.socket_path is None:
            super().connect()
            return
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._endpoint.socket_path))


def bare(endpoint: Endpoint, request: ChatRequest) -> Timed:
    """Ask with `http.client`, looking only for lines that carry a token."""
    started = time.perf_counter()
    connection = BareConnection(endpoint)
    headers = {"Content-Type": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    connection.request("POST", "/v1/chat/completions", json.dumps(wire.chat_body(request)), headers)
    answer, told = connection.getresponse(), b""
    moments = []
    for line in answer:
        if b'"delta":{"content":"' in line or b'"delta": {"content": "' in line:
            moments.append(time.perf_counter())
        elif line.strip():
            told = line
    connection.close()
    if len(moments) < 2:
        raise RuntimeError(f"the engine said {answer.status} and {told[:500]!r}")
    return _timed(started, moments)


def ours(backend: LlamaBackend, request: ChatRequest) -> Timed:
    started = time.perf_counter()
    events = backend.stream(request, CancelToken())
    return _timed(started, [time.perf_counter() for event in events if isinstance(event, TextDelta)])


def _timed(started: float, moments: list[float]) -> Timed:
    return moments[0] - started, (len(moments) - 1) / (moments[-1] - moments[0])


def stop_seconds(engine: RunningEngine, backend: LlamaBackend, messages: tuple[Any, ...], moment: str) -> Timed:
    """Seconds from cancelling until the stream has ended, and until the engine's processor time stands still."""
    cancel, cancelled_at = CancelToken(), 0.0

    def cancel_now() -> None:
        nonlocal cancelled_at
        cancelled_at = time.perf_counter()
        cancel.cancel()

    timer = threading.Timer(0.7, cancel_now)
    if moment == "prefill":
        timer.start()
    with suppress(Cancelled):
        for event in backend.stream(ChatRequest(messages, max_tokens=2000, sampling=Sampling(temperature=0)), cancel):
            if isinstance(event, TextDelta) and timer.ident is None:
                timer.start()
    ended = time.perf_counter() - cancelled_at
    timer.join()
    return ended, _idle_after(engine.process_id) - cancelled_at


def _idle_after(process_id: int) -> float:
    """The moment from which the process has computed nothing for a quarter of a second."""
    import psutil

    process = psutil.Process(process_id)
    last, seconds = time.perf_counter(), sum(process.cpu_times()[:2])
    while time.perf_counter() - last < 0.25:
        time.sleep(0.01)
        if (now := sum(process.cpu_times()[:2])) > seconds:
            last, seconds = time.perf_counter(), now
    return last


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "aim": aim}), flush=True)


def compare(name: str, engine: RunningEngine, backend: LlamaBackend) -> None:
    """Both clients in turn, each time the same prompt; the order changes from pair to pair."""
    request = _request(0)
    ask: dict[str, Callable[[], Timed]] = {
        "bare": lambda: bare(engine.endpoint, request),
        "ours": lambda: ours(backend, request),
    }
    results: dict[str, list[Timed]] = {"bare": [], "ours": []}
    ask["bare"](), ask["ours"]()  # the first of each pays for imports and for the prompt
    for number in range(ROUNDS):
        for way in ("bare", "ours") if number % 2 else ("ours", "bare"):
            results[way].append(ask[way]())
    speed = {way: [rate for _, rate in timed] for way, timed in results.items()}
    ratios = [our / their for our, their in zip(speed["ours"], speed["bare"], strict=True)]
    low, _mean, high = ratio_interval(speed["ours"], speed["bare"])
    later = [our - their for (our, _), (their, _) in zip(results["ours"], results["bare"], strict=True)]
    row(f"{name}: generation, asked directly", median(speed["bare"]), "tokens/s")
    row(f"{name}: generation, ours / directly, median of {ROUNDS} pairs", median(ratios), "ratio", ">= 0.97")
    row(f"{name}:   95 % interval, low", low, "ratio")
    row(f"{name}:   95 % interval, high", high, "ratio")
    row(f"{name}: processor time of our client", _cpu_per_token(backend, request) * 1000, "ms/token")
    row(f"{name}: first token, ours - directly, median", median(later) * 1000, "ms", "<= 50")


def several(name: str, engine: RunningEngine, backend: LlamaBackend) -> None:
    """Tokens a second of all chats at once, of our client and of a bare one, against one alone."""
    alone = TOKENS / _seconds([lambda: ours(backend, _request(1))])
    ways: dict[str, Callable[[ChatRequest], Timed]] = {
        "directly": lambda request: bare(engine.endpoint, request),
        "ours": lambda request: ours(backend, request),
    }
    total: dict[str, list[float]] = {"directly": [], "ours": []}
    for number in range(4):
        for way in ("ours", "directly") if number % 2 else ("directly", "ours"):
            asked = [partial(ways[way], _request(2 + chat)) for chat in range(CHATS)]
            total[way].append(CHATS * TOKENS / _seconds(asked))
    row(f"{name}: one chat alone", alone, "tokens/s")
    row(f"{name}: {CHATS} chats at once, all of them", median(total["ours"]), "tokens/s")
    row(f"{name}: {CHATS} chats at once / one alone", median(total["ours"]) / alone, "ratio")
    row(
        f"{name}: {CHATS} at once, ours / directly",
        median(total["ours"]) / median(total["directly"]),
        "ratio",
        ">= 0.97",
    )


def _seconds(asked: Sequence[Callable[[], object]]) -> float:
    """Wall-clock until the last of them has its answer."""
    started = time.perf_counter()
    with ThreadPoolExecutor(len(asked)) as pool:
        for future in [pool.submit(one) for one in asked]:
            future.result()
    return time.perf_counter() - started


def _request(number: int) -> ChatRequest:
    return ChatRequest(
        (user(f"Tell a long story about the sea, in {number + 20} chapters."),),
        max_tokens=TOKENS,
        sampling=Sampling(temperature=0, seed=1),
    )


def _cpu_per_token(backend: LlamaBackend, request: ChatRequest) -> float:
    started = time.thread_time()
    ours(backend, request)
    return (time.thread_time() - started) / TOKENS


def measure(name: str, launcher: EngineLauncher, model: Path) -> None:
    settings = EngineSettings(context_tokens=CONTEXT_TOKENS, slots=CHATS)
    plan = plan_launch(model, read_header(model), free_resources(), settings)
    started = time.perf_counter()
    engine = launcher.start(plan, CancelToken())
    row(f"{name}: start until healthy", time.perf_counter() - started, "s")
    try:
        info = BackendInfo("bench", model.stem, local=True, context_tokens=plan.context_tokens)
        backend = LlamaBackend(engine.endpoint, info)
        compare(name, engine, backend)
        several(name, engine, backend)
        long = (user("word " * LONG_WORDS),)
        for moment, messages in (("prefill", long), ("generation", (user("Count from 1 to 1000."),))):
            ended, idle = stop_seconds(engine, backend, messages, moment)
            row(f"{name}: stop in {moment}, stream ended", ended * 1000, "ms", "<= 200")
            row(f"{name}: stop in {moment}, engine idle", idle * 1000, "ms", "<= 2000")
    finally:
        started = time.perf_counter()
        engine.stop()
        row(f"{name}: stop", time.perf_counter() - started, "s", "<= 3")


def main() -> int:
    print(json.dumps({"load": os.getloadavg() if hasattr(os, "getloadavg") else None}), file=sys.stderr)
    for name, make in here().items():
        if not sys.argv[1:] or name in sys.argv[1:]:
            with tempfile.TemporaryDirectory(prefix="wb-bench-") as home:
                paths = Paths(Path(home))
                paths.prepare()
                measure(name, make(paths), MODEL)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
