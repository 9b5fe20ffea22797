"""Who owns a running turn or engine: a process, told by its id and its start time, so that a reused id is not mistaken."""

from __future__ import annotations

import os
from functools import cache


@cache
def this_process() -> str:
    """The owner to record for this process: ``<process id>@<start time in seconds>``."""
    return of(os.getpid())


def of(process_id: int) -> str:
    """The owner to record for a process that runs; one that no longer does gets a start time that matches nothing."""
    import psutil

    try:
        return f"{process_id}@{psutil.Process(process_id).create_time():.2f}"
    except psutil.Error:
        return f"{process_id}@0.00"


def is_alive(owner: str) -> bool:
    """Whether the process that recorded ``owner`` still runs. Text that is no owner counts as gone."""
    import psutil

    process_id, _, started = owner.partition("@")
    try:
        return abs(psutil.Process(int(process_id)).create_time() - float(started)) < 1.0
    except (ValueError, psutil.Error):
        return False
