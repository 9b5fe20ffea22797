"""The GPU of a Mac, and how much of the memory it may use at once.

That limit is Metal's ``recommendedMaxWorkingSetSize``: it differs between versions of macOS (two thirds, three quarters, 84
per cent have been seen), and the person can raise it with ``sysctl iogpu.wired_limit_mb``. So it is read, never assumed.
Metal is asked in a child process, see `metal`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from workbench.errors import HardwareError
from workbench.hardware.looking import Run
from workbench.hardware.probes import files, sysctl
from workbench.hardware.sightings import APPLE, Sighting

_CORES = re.compile(r'"gpu-core-count"\s*=\s*(\d+)')

IOREG = ("/usr/sbin/ioreg", "-r", "-d", "1", "-c", "AGXAccelerator")
IOREG_SECONDS = 2.0


def look(run: Run, metal: Callable[[], tuple[Sighting, ...] | None]) -> tuple[Sighting, ...] | None:
    """``metal``: asks the child."""
    values = sysctl.read(run, ("machdep.cpu.brand_string", "hw.memsize", "iogpu.wired_limit_mb"))
    if not values:
        return None
    try:
        live = metal() or ()
    except (OSError, HardwareError):  # an old system without Metal, or one whose graphics hang: the rest is still true
        live = ()
    return gpus(values, cores(_ioreg(run)), live)


def gpus(values: Mapping[str, str], core_count: int | None, live: tuple[Sighting, ...]) -> tuple[Sighting, ...] | None:
    """What `sysctl`, `ioreg` and Metal say, together. Intel Macs have what Metal lists."""
    chip = values.get("machdep.cpu.brand_string", "")
    if not chip.startswith("Apple"):
        return live or None
    wired = files.whole(values.get("iogpu.wired_limit_mb", ""))
    limit = next((seen.shared_bytes for seen in live if seen.shared_bytes), None)
    return (
        Sighting(
            name=chip,
            vendor_id=APPLE,
            shared_bytes=limit or (wired << 20 if wired else None),
            integrated=True,
            cores=core_count,
        ),
    )


def cores(ioreg: str) -> int | None:
    found = _CORES.search(ioreg)
    return int(found[1]) if found else None


def _ioreg(run: Run) -> str:
    try:
        return run(IOREG, IOREG_SECONDS)
    except (OSError, HardwareError):
        return ""
