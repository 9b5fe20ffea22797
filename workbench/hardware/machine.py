"""Processor, memory, disk and GPUs of this machine: the values. What is not known is None, never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from workbench.sizes import memory_words


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

    ``memory_total_bytes`` and ``memory_available_bytes`` respect the limit of a container. ``surroundings``: wsl2 or
    container, where the system itself has only a part of the machine.
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
    surroundings: str | None = None

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
            "surroundings": self.surroundings,
        }


def describe(machine: Mapping[str, Any]) -> str:
    """One line for people, from the ``machine`` object."""
    cpu = machine["cpu"]
    memory, free = memory_words(machine["memory_total_bytes"]), memory_words(machine["memory_available_bytes"])
    return f"{cpu['name'] or 'unknown processor'}, {cpu['physical_cores']} cores, {memory} of memory ({free} free)"
