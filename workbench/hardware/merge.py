"""What several sources saw, joined into the machine's GPUs. Pure.

The sources overlap: NVIDIA's library, the kernel, DXGI and Vulkan may all tell of one card. And none of them knows what can
be used: that is what the engines' own lists say, so a GPU's backend comes from them alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace

from workbench.hardware.backends import CPU, EngineDevice
from workbench.hardware.bandwidth import gpu_bandwidth, processor_bandwidth
from workbench.hardware.machine import Gpu, Machine
from workbench.hardware.sightings import AMD, APPLE, INTEL, NVIDIA, Sighting, is_software, vendor_of

# Where several installed engines can use a GPU, the one that is told: makers' own interfaces are faster than Vulkan.
_BETTER_FIRST = ("metal", "cuda", "rocm", "sycl", "vulkan")
_NO_GPU = frozenset({CPU, "blas", "rpc"})
_MAKERS = {"cuda": NVIDIA, "rocm": AMD, "metal": APPLE, "sycl": INTEL}

# What macOS let Metal use before it raised it, of memories up to and above this size: the least to count on while nothing
# has asked Metal itself (measured values: docs/decisions/0060-what-a-gpu-may-use.md).
_SMALL_MAC_BYTES = 36 << 30

_NOISE = re.compile(r"\([^)]*\)|\b(?:nvidia|geforce|amd|radeon|intel|arc|graphics|gpu)\b")


def merge(
    machine: Machine,
    sources: Sequence[Sequence[Sighting]],
    devices: Sequence[EngineDevice],
    details: Sequence[Sighting] = (),
) -> Machine:
    """``machine`` with its GPUs: ``sources`` in the order of trust, ``devices`` as the installed engines list them.

    ``details``: what may tell of cards that are no longer there; it counts only for GPUs that a source sees, or alone.
    """
    usable = [device for device in devices if device.backend not in _NO_GPU and not is_software(device.name)]
    found = _assigned(_joined(sources, details), usable)
    gpus = tuple(_gpu(machine, sighting, own) for sighting, own in found)
    limit = max((gpu.memory_total_bytes or 0 for gpu in gpus if gpu.unified), default=0)
    told = replace(machine, gpus=_sorted(gpus), unified_memory_limit_bytes=limit or None)
    return with_bandwidth(told)


def with_bandwidth(machine: Machine) -> Machine:
    """``machine`` with the bandwidths that the table knows, where they are not known yet.

    A GPU in unified memory reads as fast as the memory does, and the other way round.
    """
    gpus = machine.gpus or ()
    named = [gpu if gpu.bandwidth_gbs else replace(gpu, bandwidth_gbs=_table(machine, gpu)) for gpu in gpus]
    shared = max((gpu.bandwidth_gbs or 0 for gpu in named if gpu.unified), default=0)
    memory = machine.memory_bandwidth_gbs or processor_bandwidth(machine.cpu_name) or shared or None
    if memory is None and machine.os == "macos" and machine.cpu_name:
        memory = gpu_bandwidth(machine.cpu_name, machine.memory_total_bytes)
    filled = tuple(
        replace(gpu, bandwidth_gbs=memory) if gpu.unified and not gpu.bandwidth_gbs else gpu for gpu in named
    )
    return replace(machine, memory_bandwidth_gbs=memory, gpus=None if machine.gpus is None else filled)


def _table(machine: Machine, gpu: Gpu) -> float | None:
    if gpu.vendor == "apple":
        return gpu_bandwidth(gpu.name, machine.memory_total_bytes)
    return gpu_bandwidth(gpu.name, None if gpu.unified else gpu.memory_total_bytes)


def _joined(sources: Sequence[Sequence[Sighting]], details: Sequence[Sighting]) -> list[Sighting]:
    """One sighting per GPU. The first source that sees a kind of card (its numbers on the bus) says how many there are; the
    others, and the details, fill in what it does not say."""
    joined: list[Sighting] = []
    for source in (*sources, details):
        waiting: dict[object, list[int]] = {}
        for place, sighting in enumerate(joined):
            waiting.setdefault(_kind(sighting), []).append(place)
        known, adds = set(waiting), source is not details or not joined
        for sighting in source:
            kind = _kind(sighting)
            if is_software(sighting.name):
                continue
            if kind not in known and adds:
                joined.append(sighting)
            elif waiting.get(kind):
                place = waiting[kind].pop(0)
                joined[place] = _filled(joined[place], sighting)
    return joined


def _kind(sighting: Sighting) -> object:
    if sighting.vendor_id is None or sighting.device_id is None:
        return (vendor_of(sighting.name, sighting.vendor_id), *sorted(_words(sighting.name)))
    return sighting.vendor_id, sighting.device_id


def _filled(sighting: Sighting, other: Sighting) -> Sighting:
    """``sighting`` with what only ``other`` says."""
    missing = {
        field.name: getattr(other, field.name) for field in fields(Sighting) if getattr(sighting, field.name) is None
    }
    return replace(sighting, **missing)


def _assigned(seen: list[Sighting], devices: Sequence[EngineDevice]) -> list[tuple[Sighting, tuple[EngineDevice, ...]]]:
    """Each GPU with the engines' devices that are it. A device that no source saw is a GPU of its own."""
    found: list[tuple[Sighting, list[EngineDevice]]] = [(sighting, []) for sighting in seen]
    for device in devices:
        free = [
            place
            for place, (sighting, own) in enumerate(found)
            if _may_be(sighting, device) and all(other.backend != device.backend for other in own)
        ]
        place = _best(free, found, device)
        if place is None:
            found.append((_unseen(device), [device]))
        else:
            found[place][1].append(device)
    return [(sighting, tuple(own)) for sighting, own in found]


def _may_be(sighting: Sighting, device: EngineDevice) -> bool:
    return vendor_of(sighting.name, sighting.vendor_id) == _vendor(device)


def _vendor(device: EngineDevice) -> str:
    """By its name; CUDA's "Orin" is NVIDIA's all the same."""
    named = vendor_of(device.name)
    return named if named != "other" else vendor_of(None, _MAKERS.get(device.backend))


def _best(
    places: Sequence[int], found: Sequence[tuple[Sighting, list[EngineDevice]]], device: EngineDevice
) -> int | None:
    """The first GPU of that name; else the one whose memory is closest, since two drivers may call one GPU differently."""
    words = _words(device.name)
    for place in places:
        name = _words(found[place][0].name)
        if name and words and (name <= words or words <= name):
            return place
    nameless = [place for place in places if not (_words(found[place][0].name) and words)] or places
    return min(nameless, key=lambda place: _distance(found[place][0], device), default=None)


def _distance(sighting: Sighting, device: EngineDevice) -> float:
    """How far apart the two sizes are; 0 where one is unknown."""
    size = (sighting.total_bytes or 0) + ((sighting.shared_bytes or 0) if sighting.integrated else 0)
    return abs(size - device.memory_total_bytes) if size and device.memory_total_bytes else 0.0


def _unseen(device: EngineDevice) -> Sighting:
    integrated = _vendor(device) == "apple" or None
    return Sighting(
        device.name,
        vendor_id=_MAKERS.get(device.backend) if vendor_of(device.name) == "other" else None,
        total_bytes=None if integrated else device.memory_total_bytes,
        free_bytes=None if integrated else device.memory_free_bytes,
        integrated=integrated,
    )


def _words(name: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", _NOISE.sub(" ", (name or "").lower())))


def _gpu(machine: Machine, sighting: Sighting, devices: tuple[EngineDevice, ...]) -> Gpu:
    vendor = vendor_of(sighting.name or (devices[0].name if devices else None), sighting.vendor_id)
    names = (sighting.name, *(device.name for device in devices))
    unified = _is_unified(sighting)
    total, free = _shared(machine, vendor, sighting, devices) if unified else _own(sighting, devices)
    name = next((name for name in names if name), f"{vendor} GPU")
    by_cores = None
    if vendor == "apple":
        by_cores = gpu_bandwidth(name, machine.memory_total_bytes, sighting.cores)
    return Gpu(
        name=name,
        vendor=vendor,
        memory_total_bytes=total,
        memory_free_bytes=free,
        unified=unified,
        bandwidth_gbs=by_cores,
        backend=_backend(devices),
        driver=sighting.driver,
        compute_capability=sighting.compute_capability,
    )


def _is_unified(sighting: Sighting) -> bool:
    """An integrated GPU, unless most of what it may use has been set aside for it: then that is memory of its own."""
    if not sighting.integrated:
        return False
    return (sighting.total_bytes or 0) <= (sighting.shared_bytes or 0) or sighting.total_bytes is None


def _own(sighting: Sighting, devices: tuple[EngineDevice, ...]) -> tuple[int | None, int | None]:
    total, free = sighting.total_bytes, sighting.free_bytes
    for device in devices:
        total = total or device.memory_total_bytes or None
        free = device.memory_free_bytes if free is None else free
    return total, free if free is None or total is None else min(free, total)


def _shared(
    machine: Machine, vendor: str, sighting: Sighting, devices: tuple[EngineDevice, ...]
) -> tuple[int | None, int | None]:
    """How much of the machine's memory the GPU may use, and how much of that is free now."""
    set_aside = sighting.total_bytes or 0
    listed = max((device.memory_total_bytes or 0 for device in devices), default=0)
    if vendor == "nvidia":
        limit = machine.memory_total_bytes
    else:
        limit = set_aside + (sighting.shared_bytes or 0) if sighting.shared_bytes else listed
    if not limit and vendor == "apple":
        limit = least_mac_limit(machine.memory_total_bytes)
    if not limit:
        return None, None
    shared_free = (limit - set_aside) if sighting.shared_free_bytes is None else sighting.shared_free_bytes
    own_free = set_aside if sighting.free_bytes is None else sighting.free_bytes
    return limit, min(limit, (own_free if set_aside else 0) + min(shared_free, machine.memory_available_bytes))


def least_mac_limit(memory_bytes: int) -> int:
    """What Metal may use at least on a Mac with ``memory_bytes``."""
    return memory_bytes * 2 // 3 if memory_bytes < _SMALL_MAC_BYTES else memory_bytes * 3 // 4


def _backend(devices: tuple[EngineDevice, ...]) -> str | None:
    backends = [device.backend for device in devices]
    return next((name for name in _BETTER_FIRST if name in backends), backends[0] if backends else None)


def _sorted(gpus: Sequence[Gpu]) -> tuple[Gpu, ...]:
    """The most useful first: usable ones, those with memory of their own, the largest."""
    return tuple(sorted(gpus, key=lambda gpu: (gpu.backend is None, gpu.unified, -(gpu.memory_total_bytes or 0))))
