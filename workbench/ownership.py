"""Who owns a running turn or engine: a process, told by its id and its start time, so that a reused id is not mistaken."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path


@cache
def this_process() -> str:
    """The owner to record for this process: ``<process id>@<start time in seconds>``."""
    return of(os.getpid())


def of(process_id: int) -> str:
    """The owner to record for a process that runs; one that no longer does gets a start time that matches nothing."""
    started = _started(process_id)
    return f"{process_id}@{0.0 if started is None else started:.2f}"


def is_alive(owner: str) -> bool:
    """Whether the process that recorded ``owner`` still runs. Text that is no owner counts as gone."""
    process_id, _, recorded = owner.partition("@")
    try:
        started = _started(int(process_id))
        return started is not None and abs(started - float(recorded)) < 1.0
    except ValueError:
        return False


def _started(process_id: int) -> float | None:
    """When the process began, by a clock that nobody can set; None when it does not run."""
    return _started_on_linux(process_id) if sys.platform == "linux" else _started_elsewhere(process_id)


def _started_on_linux(process_id: int) -> float | None:
    """In seconds since the boot. Since the epoch, as psutil tells it, it would change whenever the clock is set."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_bytes()
    except OSError:
        return None
    state, *fields = status.rpartition(b")")[2].split()  # the program's name, in brackets before, may hold anything
    if state in (b"Z", b"X"):  # dead, and its parent has not looked yet
        return None
    return int(fields[18]) / os.sysconf("SC_CLK_TCK")


def _started_elsewhere(process_id: int) -> float | None:
    import psutil

    try:
        return psutil.Process(process_id).create_time()
    except psutil.Error:
        return None
