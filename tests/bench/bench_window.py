"""The window alone: from the start of the process to its first paint, its memory, and what it costs while nothing happens.

Run on a display (xvfb-run or a real one); without one Qt's offscreen platform is used. Medians over several runs, after
one to warm the disk's cache. The engine is not started.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent.parent
RUNS = 5
IDLE_SECONDS = float(os.environ.get("BENCH_IDLE_SECONDS", "30"))
MARKS = ("painted_cpu",)
STAGES = ("imported", "application", "dressed", "window_made", "painted", "built", "filled")
WORDS = {
    "imported": "window: modules of the window imported",
    "application": "window: Qt application, fonts, single-instance check",
    "dressed": "window: palette and style sheet",
    "window_made": "window: widgets made",
    "painted": "window: shown and painted",
    "built": "window: core built (in a worker, after the paint)",
    "filled": "window: pages filled",
}


@contextmanager
def window(home: Path) -> Iterator[tuple[psutil.Process, dict[str, int]]]:
    """A running window and its trace, in milliseconds since its process began."""
    environment = os.environ | {"WORKBENCH_HOME": str(home), "WORKBENCH_STARTUP_TRACE": "1"}
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("darwin", "win32")):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench.entry"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        yield psutil.Process(process.pid), _trace(process)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _trace(process: subprocess.Popen[str]) -> dict[str, int]:
    assert process.stderr
    for line in process.stderr:
        if line.startswith('{"'):
            return dict(json.loads(line))
    raise RuntimeError("the window ended before it was painted")


def start_times(home: Path) -> dict[str, float]:
    """Milliseconds at each stage, the median of the runs."""
    traces = []
    for number in range(RUNS + 1):
        with window(home) as (_process, trace):
            if number:
                traces.append(trace)
    return {stage: statistics.median(trace[stage] for trace in traces) for stage in (*STAGES, *MARKS)}


def idle_figures(home: Path) -> tuple[float, float]:
    """Proportional memory in MB, and percent of one CPU over `IDLE_SECONDS`, after five seconds to settle."""
    with window(home) as (process, _trace):
        time.sleep(5)
        before = process.cpu_times()
        time.sleep(IDLE_SECONDS)
        after = process.cpu_times()
        memory = process.memory_full_info()
        used = after.user + after.system - before.user - before.system
        return getattr(memory, "pss", memory.uss) / 1e6, 100 * used / IDLE_SECONDS


def tell(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "aim": aim}), flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        times = start_times(home)
        tell("start to painted window, warm", times["painted"] / 1000, "s", "< 1")
        tell("processor time until that paint", times["painted_cpu"] / 1000, "s")
        earlier = 0.0
        for stage in STAGES:
            tell(WORDS[stage], (times[stage] - earlier) / 1000, "s")
            earlier = times[stage]
        memory, cpu = idle_figures(home)
        tell("memory of the window without the engine (PSS)", memory, "MB", "< 150")
        tell(f"CPU of the idle window over {IDLE_SECONDS:.0f} s", cpu, "% of a core", "< 0.5")


if __name__ == "__main__":
    main()
