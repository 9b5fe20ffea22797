"""Processor, memory and disk of this machine. GPUs are not probed yet: what is not known is None, never a guess."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FEATURES_SHOWN = (
    "sse4_2",
    "avx",
    "avx2",
    "fma",
    "f16c",
    "avx512f",
    "avx512_vnni",
    "avx512_bf16",
    "amx_int8",
    "asimd",
    "sve",
)


@dataclass(frozen=True, slots=True)
class Gpu:
    """A graphics processor. Sizes in bytes, bandwidth in 10^9 bytes a second; None where unknown.

    ``vendor``: nvidia, amd, intel, apple or other. ``unified``: it works in the machine's own memory, of which it may use
    `Machine.unified_memory_limit_bytes`; then the sizes here are None or what it shares. ``backend``: what an engine that
    is installed here drives it with (cuda, vulkan, rocm, metal, sycl); None: no installed engine can use it.
    """

    name: str
    vendor: str
    memory_total_bytes: int | None = None
    memory_free_bytes: int | None = None
    unified: bool = False
    bandwidth_gbs: float | None = None
    backend: str | None = None
    driver: str | None = None
    compute_capability: str | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """Sizes in bytes. ``physical_cores`` counts cores, not threads. None where unknown; ``gpus`` None: nobody looked.

    ``memory_total_bytes`` and ``memory_available_bytes`` respect the limit of a container.
    """

    os: str
    cpu_name: str | None
    physical_cores: int
    cpu_features: tuple[str, ...] | None
    memory_total_bytes: int
    memory_available_bytes: int
    disk_free_bytes: int | None
    power: str
    memory_bandwidth_gbs: float | None = None
    gpus: tuple[Gpu, ...] | None = None
    unified_memory_limit_bytes: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The ``machine`` object of `workbench doctor --json`."""
        return {
            "os": self.os,
            "cpu": {"name": self.cpu_name, "physical_cores": self.physical_cores, "features": self.cpu_features},
            "memory_total_bytes": self.memory_total_bytes,
            "memory_available_bytes": self.memory_available_bytes,
            "memory_bandwidth_gbs": self.memory_bandwidth_gbs,
            "gpus": None if self.gpus is None else [asdict(gpu) for gpu in self.gpus],
            "unified_memory_limit_bytes": self.unified_memory_limit_bytes,
            "disk_free_bytes": self.disk_free_bytes,
            "power": self.power,
        }


def read_machine(home: Path) -> Machine:
    """This machine now; ``home`` tells which disk matters."""
    import psutil  # 20 ms that most runs do not need

    memory = psutil.virtual_memory()
    cpu_text = _read(Path("/proc/cpuinfo"))
    return Machine(
        os={"darwin": "macos", "win32": "windows"}.get(sys.platform, "linux"),
        cpu_name=cpu_name(cpu_text) or platform.processor() or None,
        physical_cores=psutil.cpu_count(logical=False) or os.cpu_count() or 1,
        cpu_features=cpu_features(cpu_text),
        memory_total_bytes=memory.total,
        memory_available_bytes=memory.available,
        disk_free_bytes=_disk_free(home),
        power=_power(psutil),
    )


def cpu_name(cpuinfo: str) -> str | None:
    """The processor's name from the text of ``/proc/cpuinfo``."""
    return _field(cpuinfo, "model name") or _field(cpuinfo, "Model")


def cpu_features(cpuinfo: str) -> tuple[str, ...] | None:
    """Instruction sets that matter for inference, from the text of ``/proc/cpuinfo``; None where it has none."""
    flags = _field(cpuinfo, "flags") or _field(cpuinfo, "Features")
    if flags is None:
        return None
    present = set(flags.split())
    return tuple(name for name in FEATURES_SHOWN if name in present)


def _field(cpuinfo: str, name: str) -> str | None:
    for line in cpuinfo.splitlines():
        key, separator, value = line.partition(":")
        if separator and key.strip() == name:
            return value.strip()
    return None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _disk_free(folder: Path) -> int | None:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _power(psutil: Any) -> str:
    try:
        battery = getattr(psutil, "sensors_battery", lambda: None)()
    except OSError:  # a container without /sys
        return "unknown"
    if battery is None or battery.power_plugged is None:
        return "unknown"
    return "mains" if battery.power_plugged else "battery"


def describe(machine: Mapping[str, Any]) -> str:
    """One line for people, from the ``machine`` object."""
    cpu = machine["cpu"]
    gib = machine["memory_total_bytes"] / 2**30
    free = machine["memory_available_bytes"] / 2**30
    return (
        f"{cpu['name'] or 'unknown processor'}, {cpu['physical_cores']} cores, {gib:.1f} GiB memory ({free:.1f} free)"
    )
