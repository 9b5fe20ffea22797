"""The memory bandwidth of a machine whose chip is in no table: measured once by copying, in a child process.

A lower bound: a copy by a few threads does not reach the peak that a specification names, and other programs take their
share. So it is measured again on another day, and the highest figure counts; it is kept in the home.
"""

from __future__ import annotations

import ctypes
import json
import math
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.errors import HardwareError
from workbench.hardware.looking import Run

QUESTION = "bandwidth"
FILE = "hardware.json"

COPY_SECONDS = 0.3
CHILD_SECONDS = 5.0  # a busy machine takes its time to start a process
BLOCK_BYTES = 32 << 20  # a thread's source and target, together beyond what caches hold
MOST_THREADS = 8
DAY_SECONDS = 24 * 3600.0


def measured(home: Path, machine: str, run: Run, question: list[str], *, again: bool = False) -> float | None:
    """10^9 bytes a second of ``machine`` (any words that tell machines apart), from the home or measured now.

    ``question``: the command of the child. ``again``: measure also when it is known from today, for the machine may have
    been busy. None when the child gives no answer; then it is asked again next time.
    """
    kept = _kept(home / FILE, machine)
    if kept is not None and not again and not _is_old(home / FILE):
        return kept
    try:
        rate = _positive(json.loads(run(question, CHILD_SECONDS)))
    except (HardwareError, OSError, ValueError):
        return kept
    if rate is None:
        return kept
    rate = max(rate, kept or 0.0)
    with suppress(OSError):  # a full or read-only disk: measured again next time
        (home / FILE).write_text(json.dumps({"machine": machine, "memory_bandwidth_gbs": rate}), encoding="utf-8")
    return rate


def copy_rate() -> float:
    """In the child: 10^9 bytes a second, read and written, by all threads together."""
    import psutil

    count = min(MOST_THREADS, psutil.cpu_count(logical=False) or 1)
    copied = [0] * count
    start = threading.Barrier(count)
    threads = [threading.Thread(target=_copy, args=(start, copied, place)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(2 * sum(copied) / COPY_SECONDS / 1e9, 1)


def _copy(start: threading.Barrier, copied: list[int], place: int) -> None:
    """Copies until the time is over. `memmove` through ctypes runs without the interpreter's lock."""
    source, target = (ctypes.create_string_buffer(BLOCK_BYTES) for _ in range(2))
    ctypes.memset(source, 1, BLOCK_BYTES)  # else every page of it is the same page of zeros
    ctypes.memmove(target, source, BLOCK_BYTES)
    start.wait()
    end = time.monotonic() + COPY_SECONDS
    while time.monotonic() < end:
        ctypes.memmove(target, source, BLOCK_BYTES)
        copied[place] += BLOCK_BYTES


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > DAY_SECONDS
    except OSError:
        return True


def _kept(path: Path, machine: str) -> float | None:
    try:
        kept = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(kept, dict) or kept.get("machine") != machine:
        return None
    return _positive(kept.get("memory_bandwidth_gbs"))


def _positive(value: Any) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0
    return float(value) if good else None
