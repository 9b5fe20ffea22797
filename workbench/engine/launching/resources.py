"""What this machine has left for an engine."""

from __future__ import annotations

import os

from workbench.engine.launching.plan import Resources
from workbench.hardware.probes.memory import memory


def free_resources() -> Resources:
    """Measured now: the available memory changes. A container's limit counts."""
    return Resources(_usable_cores(), memory().available_bytes)


def _usable_cores() -> int:
    """Physical cores, but not more than the processors that this process may run on (a container, `taskset`)."""
    import psutil

    physical = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else physical
    return max(1, min(physical, allowed))
