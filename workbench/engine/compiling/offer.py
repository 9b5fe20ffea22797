"""llama-cpp-python as something that can be installed: how it would be done here, doing it, throwing it away."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from workbench.engine.compiling.lock import Lock, read_lock
from workbench.engine.compiling.plan import BuildPlan, Tools, build_plan
from workbench.hardware.machine import Gpu
from workbench.jobs import Job
from workbench.models.fetching.partial import FreeBytes
from workbench.paths import Paths
from workbench.ports import Clock


def offer(system: str, machine: str, gpus: Sequence[Gpu], lock: Lock | None = None) -> tuple[BuildPlan, Tools]:
    """How it would be installed here. Asks programs: may take seconds."""
    from workbench.engine.compiling.tools import find_tools

    tools = find_tools(system, machine, cores=_cores(), memory_bytes=_memory_bytes())
    return build_plan((lock or read_lock()).version, tools, {gpu.vendor for gpu in gpus}), tools


def install(paths: Paths, folder: Path, plan: BuildPlan, tools: Tools, job: Job, clock: Clock, free: FreeBytes) -> None:
    """As `CompiledInstaller.install`; ``job`` hears `DownloadProgress` in thousandths, and `DownloadStep`."""
    from workbench.engine.compiling.installer import CompiledInstaller
    from workbench.engine.compiling.progress import Course

    course = Course(job.emit, clock)
    CompiledInstaller(folder, paths.logs, tools.python, read_lock(), plan, course, job.cancel, free).install()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory_bytes() -> int:
    import psutil  # only here: most runs compile nothing

    return int(psutil.virtual_memory().available)
