"""Who owns a running turn or engine: a process, told by its id and its start time, so that a reused id is not mistaken."""

from __future__ import annotations

import os
from functools import cache


@cache
def this_process() -> str:
    """The owner to record for this process: ``<process id>@<start time in seconds>``."""
    import psutil

    return f"{os.getpid()}@{psutil.Process().create_time():.2f}"


def is_alive(owner: str) -> bool:
    """Whether the process that recorded ``owner`` still runs. Text that is no owner counts as gone."""
    import psutil

    process_id, _, started = owner.partition("@")
    try:
        return abs(psutil.Process(int(process_id)).create_time() - float(started)) < 1.0
    except (ValueError, psutil.Error):
        return False
