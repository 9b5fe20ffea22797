"""What the operating system says at once: processor, memory, disk, power."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from workbench.hardware import looking
from workbench.hardware.machine import Machine
from workbench.hardware.probes import files
from workbench.hardware.probes.memory import memory
from workbench.hardware.probes.power import power
from workbench.hardware.probes.processor import Processor, processor
from workbench.hardware.probes.surroundings import CONTAINER, surroundings

OPERATING_SYSTEMS = {"darwin": "macos", "win32": "windows"}


def read_machine(home: Path, cpu: Processor | None = None, root: Path = files.ROOT) -> Machine:
    """This machine now, without its GPUs, which take longer: see `service`. ``home`` tells which disk matters; ``cpu``
    what is known already, since it does not change."""
    cpu = cpu or processor(looking.run, root)
    now = memory(root)
    return Machine(
        os=OPERATING_SYSTEMS.get(sys.platform, "linux"),
        cpu_name=cpu.name,
        physical_cores=cpu.cores,
        cpu_features=cpu.features,
        memory_total_bytes=now.total_bytes,
        memory_available_bytes=now.available_bytes,
        disk_free_bytes=_disk_free(home),
        power=power(),
        surroundings=CONTAINER if now.contained else surroundings(root),
    )


def _disk_free(folder: Path) -> int | None:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
