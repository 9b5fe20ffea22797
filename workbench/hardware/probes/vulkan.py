"""What Vulkan lists: every GPU with a driver for it, with the memory that is left (VK_EXT_memory_budget).

Read from the text of `vulkaninfo`, which is the same on every system and in every version since 2018; most systems do not
have the program, and nothing rests on it alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workbench.hardware.looking import Run
from workbench.hardware.probes import files
from workbench.hardware.sightings import Sighting

SECONDS = 3.0

_GPU = re.compile(r"^GPU(\d+):$")
_HEAP = re.compile(r"^memoryHeaps\[(\d+)\]:?$")


def look(run: Run) -> tuple[Sighting, ...] | None:
    try:
        output = run(["vulkaninfo"], SECONDS)
    except FileNotFoundError:
        return None
    return parse(output) or None


@dataclass(slots=True)
class _Heap:
    size: int = 0
    budget: int | None = None
    local: bool = False


@dataclass(slots=True)
class _Gpu:
    values: dict[str, str] = field(default_factory=dict)
    heaps: dict[str, _Heap] = field(default_factory=dict)


def parse(output: str) -> tuple[Sighting, ...]:
    """The GPUs of ``output``, whole or `--summary`. One GPU that two drivers offer is told once."""
    seen: dict[tuple[str | None, ...], Sighting] = {}
    for gpu in _read(output).values():
        if "deviceName" not in gpu.values:
            continue
        uuid = gpu.values.get("deviceUUID")
        twin = (gpu.values.get("vendorID"), gpu.values.get("deviceID"), uuid)
        seen.setdefault(twin, _sighting(gpu))
    return tuple(seen.values())


def _read(output: str) -> dict[str, _Gpu]:
    gpus: dict[str, _Gpu] = {}
    gpu = heap = None
    for line in (raw.strip() for raw in output.splitlines()):
        if found := _GPU.match(line):
            gpu, heap = gpus.setdefault(found[1], _Gpu()), None
        elif gpu is None:
            continue
        elif found := _HEAP.match(line):
            heap = gpu.heaps.setdefault(found[1], _Heap())
        elif line.startswith("memoryTypes"):
            heap = None
        elif heap is not None:
            _into_heap(heap, line)
        else:
            key, equals, value = line.partition("=")
            if equals:
                gpu.values.setdefault(key.strip(), value.strip())
    return gpus


def _into_heap(heap: _Heap, line: str) -> None:
    key, equals, value = line.partition("=")
    words = value.split()
    bytes_ = files.whole(words[0]) if equals and words else None
    if key.strip() == "size":
        heap.size = bytes_ or 0
    elif key.strip() == "budget":
        heap.budget = bytes_
    elif line == "MEMORY_HEAP_DEVICE_LOCAL_BIT":
        heap.local = True


def _sighting(gpu: _Gpu) -> Sighting:
    integrated = "INTEGRATED" in gpu.values.get("deviceType", "")
    own = [heap for heap in gpu.heaps.values() if heap.local or integrated]
    total, free = _sum(own)
    vendor, device = (_number(gpu.values.get(key, "")) for key in ("vendorID", "deviceID"))
    return Sighting(
        name=gpu.values["deviceName"],
        vendor_id=vendor,
        device_id=device,
        total_bytes=None if integrated else total,
        free_bytes=None if integrated else free,
        shared_bytes=total if integrated else None,
        shared_free_bytes=free if integrated else None,
        integrated=integrated,
        driver=" ".join(filter(None, (gpu.values.get("driverName"), gpu.values.get("driverInfo")))) or None,
    )


def _sum(heaps: list[_Heap]) -> tuple[int | None, int | None]:
    """Total and free. A budget that is no number of 63 bits is a driver's underflow (seen: 16 EiB): nothing is free."""
    total = sum(heap.size for heap in heaps)
    budgets = [min(heap.size, heap.budget or 0) for heap in heaps]
    known = any(heap.budget is not None for heap in heaps)
    return total or None, sum(budgets) if known else None


def _number(words: str) -> int | None:
    """``0x1002``, or ``4098 (0x1002)``."""
    return files.whole(words.split()[0]) if words.split() else None
