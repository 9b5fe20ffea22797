"""What our client costs: tokens per second and time to first token against the same engine asked with a bare HTTP client.

Also how fast stopping is. Prints one JSON object a line. Run: ``python -m tests.bench.bench_engine [MODEL.gguf]``.
"""

from __future__ import annotations

import http.client
import json
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.asking import wire
from workbench.engine.asking.client import LlamaBackend
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.launching.plan import EngineSettings, plan_launch
from workbench.engine.launching.resources import free_resources
from workbench.errors import Cancelled
from workbench.messages import ChatRequest, Sampling, TextDelta, user
from workbench.models.gguf.header import read_header
from workbench.paths import Paths
from workbench.ports import BackendInfo, Endpoint, RunningEngine

MODEL = Path(__file__).parent.parent.parent / ".cache" / "test-home" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
TOKENS = 96
ROUNDS = 7

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
    moments = [time.perf_counter() for line in connection.getresponse() if b'"delta":{"content":"' in line]
    connection.close()
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
    with suppress(Cancelled):
        for event in backend.stream(ChatRequest(messages, max_tokens=2000, sampling=Sampling(temperature=0)), cancel):
            if not timer.is_alive() and not cancelled_at and (moment == "prefill" or isinstance(event, TextDelta)):
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


def compare(engine: RunningEngine, backend: LlamaBackend) -> None:
    """Both clients in turn, each time the same prompt. The best round of each counts: other work only slows down."""
    request = ChatRequest(
        (user("Tell a long story about the sea."),),
        max_tokens=TOKENS,
        sampling=Sampling(temperature=0, seed=1),
    )
    ask: dict[str, Callable[[], Timed]] = {
        "bare": lambda: bare(engine.endpoint, request),
        "ours": lambda: ours(backend, request),
    }
    results: dict[str, list[Timed]] = {"bare": [], "ours": []}
    ask["bare"](), ask["ours"]()  # the first of each pays for imports and for the prompt
    for number in range(ROUNDS):
        for name in ("bare", "ours") if number % 2 else ("ours", "bare"):
            results[name].append(ask[name]())
    first = {name: min(seconds for seconds, _ in timed) for name, timed in results.items()}
    speed = {name: max(rate for _, rate in timed) for name, timed in results.items()}
    row("engine: generation, bare client", speed["bare"], "tokens/s")
    row("engine: generation, our client", speed["ours"], "tokens/s")
    row("engine: our client / bare client", speed["ours"] / speed["bare"], "ratio", ">= 0.97")
    row("engine: processor time of our client", _cpu_per_token(backend, request) * 1000, "ms/token")
    row("engine: first token, bare client", first["bare"], "s")
    row("engine: first token, ours - bare", (first["ours"] - first["bare"]) * 1000, "ms", "<= 30")


def _cpu_per_token(backend: LlamaBackend, request: ChatRequest) -> float:
    started = time.thread_time()
    ours(backend, request)
    return (time.thread_time() - started) / TOKENS


def main() -> int:
    model = Path(sys.argv[1]) if len(sys.argv) > 1 else MODEL
    with tempfile.TemporaryDirectory(prefix="wb-bench-") as home:
        paths = Paths(Path(home))
        paths.prepare()
        plan = plan_launch(model, read_header(model), free_resources(), EngineSettings())
        started = time.perf_counter()
        engine = NativeLauncher(paths, SystemClock()).start(plan, CancelToken())
        row("engine: start until healthy", time.perf_counter() - started, "s")
        try:
            backend = LlamaBackend(
                engine.endpoint, BackendInfo("bench", model.stem, local=True, context_tokens=plan.context_tokens)
            )
            compare(engine, backend)
            long = (user("word " * 6000),)
            for moment, messages in (("prefill", long), ("generation", (user("Count from 1 to 1000."),))):
                ended, idle = stop_seconds(engine, backend, messages, moment)
                row(f"engine: stop in {moment}, stream ended", ended * 1000, "ms", "<= 200")
                row(f"engine: stop in {moment}, engine idle", idle * 1000, "ms", "<= 1500")
        finally:
            started = time.perf_counter()
            engine.stop()
            row("engine: stop", time.perf_counter() - started, "s", "<= 3")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
