"""What this machine has left for an engine."""

from __future__ import annotations

from workbench.engine.launching.plan import Resources
from workbench.hardware.probes.memory import memory
from workbench.hardware.probes.processor import usable_cores


def free_resources() -> Resources:
    """Measured now: the available memory changes. A container's limit counts."""
    return Resources(usable_cores(), memory().available_bytes)
