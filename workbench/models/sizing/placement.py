"""Where a model would lie: which devices an engine can use, and what goes onto each. Pure.

Held against what is free now, less a reserve: on a card for the desktop, in memory for the person's programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from workbench.hardware.backends import Engines, ObtainableEngine
from workbench.hardware.machine import Gpu, Machine
from workbench.models.sizing.estimate import Correction, DeviceUse, Fit, Request
from workbench.models.sizing.memory import (
    MIB,
    PROJECTOR_COMPUTE_BYTES,
    cache_bytes,
    compute_bytes,
    device_overhead_bytes,
    host_compute_bytes,
    host_overhead_bytes,
)
from workbench.models.sizing.shape import ModelShape

CARD_RESERVE_BYTES: Final = 512 * MIB
LEAST_RESERVE_BYTES: Final = 512 * MIB
MOST_RESERVE_BYTES: Final = 2048 * MIB
RESERVE_SHARE: Final = 8

UNSAID_FREE_SHARE: Final = 0.92  # of a card that does not say what it has free
STRONG_UNIFIED_GBS: Final = 150  # below it an integrated GPU is no faster than the processor at its side

# vendor -> the backends that can drive it, and the systems where that is so (empty: all).
DRIVERS: Final[dict[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "nvidia": (("cuda", ("linux", "windows")), ("vulkan", ())),
    "amd": (("rocm", ("linux",)), ("vulkan", ())),
    "intel": (("sycl", ()), ("vulkan", ())),
    "other": (("vulkan", ()),),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A set of devices that an engine can use together. No GPU: the processor alone. ``engine``: to be installed."""

    gpus: tuple[Gpu, ...] = ()
    backend: str = ""
    engine: ObtainableEngine | None = None

    @property
    def unified(self) -> bool:
        return bool(self.gpus) and self.gpus[0].unified


@dataclass(frozen=True, slots=True)
class Placement:
    """Where everything would lie, in bytes. ``slack``: what is left of the tightest budget, negative: it does not fit.

    ``gpu_shares``: the part of the layers that each GPU of the way computes. ``fit`` is what it would be if it fitted.
    """

    way: Way
    fit: Fit
    devices: tuple[DeviceUse, ...]
    overhead_bytes: int
    compute_bytes: int
    slack: int
    expert_layers_on_cpu: int = 0
    expert_bytes_on_cpu: int = 0
    gpu_shares: tuple[float, ...] = ()

    @property
    def fits(self) -> bool:
        return self.slack >= 0

    @property
    def total_bytes(self) -> int:
        return sum(device.bytes for device in self.devices)


def ways(machine: Machine, engines: Engines) -> tuple[Way, ...]:
    """All that could be used on ``machine``: cards of one kind together and alone, unified GPUs, the processor.

    Beside a card a weak integrated GPU is left to the desktop; without one it is used where an engine drives it already.
    """
    cards: dict[tuple[str, ObtainableEngine | None], list[Gpu]] = {}
    unified: list[Way] = []
    for gpu in machine.gpus or ():
        backend, engine = _driver(gpu, machine, engines)
        if not backend or (engine and not _strong(gpu, machine)):
            continue
        if gpu.unified:
            unified.append(Way((gpu,), backend, engine))
        else:
            cards.setdefault((backend, engine), []).append(gpu)
    if cards:
        unified = [way for way in unified if _strong(way.gpus[0], machine)]
    together = [Way(tuple(gpus), *driver) for driver, gpus in cards.items()]
    alone = [Way((gpu,), *driver) for driver, gpus in cards.items() if len(gpus) > 1 for gpu in gpus]
    return (*together, *alone, *unified, Way())


def _strong(gpu: Gpu, machine: Machine) -> bool:
    return not gpu.unified or (gpu.bandwidth_gbs or machine.memory_bandwidth_gbs or 0) >= STRONG_UNIFIED_GBS


def _driver(gpu: Gpu, machine: Machine, engines: Engines) -> tuple[str, ObtainableEngine | None]:
    """The backend that drives a GPU, and the engine that must be installed for it."""
    if gpu.backend:
        return gpu.backend, None
    possible = {name for name, systems in DRIVERS.get(gpu.vendor, ()) if not systems or machine.os in systems}
    engine = next((engine for engine in engines.obtainable if engine.backend in possible), None)
    return (engine.backend, engine) if engine else ("", None)


def memory_reserve_bytes(machine: Machine) -> int:
    """What is left to the person's own programs, beside what they take now."""
    return min(MOST_RESERVE_BYTES, max(LEAST_RESERVE_BYTES, machine.memory_available_bytes // RESERVE_SHARE))


def place(way: Way, shape: ModelShape, machine: Machine, request: Request, correction: Correction) -> Placement:
    """The model on the devices of ``way``; experts leave the GPU, layer by layer, where it has too little room."""
    compute = round(compute_bytes(shape, request) * correction.memory)
    if shape.projector_bytes:
        compute += PROJECTOR_COMPUTE_BYTES
    cache = cache_bytes(shape, request)
    if not way.gpus:
        return _on_cpu(shape, machine, cache, compute)
    if way.unified:
        return _on_unified(way, shape, machine, cache, compute)
    host_compute = round(host_compute_bytes(shape, request) * correction.memory)
    return _on_cards(way, shape, machine, cache, compute, host_compute)


def _on_cpu(shape: ModelShape, machine: Machine, cache: int, compute: int) -> Placement:
    """Weights count once: repacked ones are the process's own, and the mapped file behind them can be given up."""
    overhead = host_overhead_bytes(shape)
    need = shape.weights_bytes + shape.projector_bytes + cache + compute + overhead
    slack = machine.memory_available_bytes - memory_reserve_bytes(machine) - need
    return Placement(Way(), Fit.CPU, (_memory(machine, need),), overhead, compute, slack)


def _memory(machine: Machine, used: int) -> DeviceUse:
    return DeviceUse(machine.cpu_name or "CPU", used, machine.memory_available_bytes)


def _on_unified(way: Way, shape: ModelShape, machine: Machine, cache: int, compute: int) -> Placement:
    """One pool, counted once; the GPU may use a part of it, and experts may lie in the rest."""
    gpu = way.gpus[0]
    host = host_overhead_bytes(shape)
    overhead = host + device_overhead_bytes(way.backend)
    need = shape.weights_bytes + shape.projector_bytes + cache + compute + overhead
    pool = machine.memory_available_bytes - memory_reserve_bytes(machine)
    limit = _unified_limit(gpu, machine)
    layers, moved = _experts_to_move(shape, need - host - limit)
    slack = min(pool - need, limit - (need - host - moved))
    free = min(limit, machine.memory_available_bytes)
    devices = (DeviceUse(gpu.name, need - moved, free), *([_memory(machine, moved)] if moved else ()))
    fit = Fit.EXPERTS_ON_CPU if layers else Fit.GPU
    return Placement(way, fit, devices, overhead, compute, slack, layers, moved, (1.0,))


def _unified_limit(gpu: Gpu, machine: Machine) -> int:
    return machine.unified_memory_limit_bytes or gpu.memory_total_bytes or machine.memory_total_bytes


def _experts_to_move(shape: ModelShape, excess: int) -> tuple[int, int]:
    """The experts of how many layers, and how many bytes, must leave the GPU so that ``excess`` bytes do."""
    moved = 0
    for layers, size in enumerate((0, *shape.expert_layer_bytes)):
        moved += size
        if moved >= excess:
            return layers, moved
    return len(shape.expert_layer_bytes), moved


def _on_cards(way: Way, shape: ModelShape, machine: Machine, cache: int, compute: int, host_compute: int) -> Placement:
    """Whole layers are dealt out to the cards by what they have free; each needs buffers of its own."""
    device_overhead = device_overhead_bytes(way.backend)
    fixed = compute + device_overhead
    cards = [gpu for gpu in way.gpus if _free_on(gpu) > fixed + CARD_RESERVE_BYTES] or way.gpus[:1]
    free = [_free_on(gpu) for gpu in cards]
    room = [max(0, size - CARD_RESERVE_BYTES - fixed) for size in free]
    spread = shape.weights_bytes - shape.embedding_bytes + shape.projector_bytes + cache
    # A layer is not cut: on each card but the largest up to one layer's worth stays unused.
    waste = sum(min(size, spread // max(1, shape.layers)) for size in sorted(room)[:-1])
    layers, moved = _experts_to_move(shape, spread + waste - sum(room))
    in_memory = shape.embedding_bytes + moved + host_compute + host_overhead_bytes(shape)
    parts = _shared_out(spread - moved, room)
    devices = [DeviceUse(gpu.name, part + fixed, card) for gpu, part, card in zip(cards, parts, free, strict=True)]
    slack = min(
        sum(room) - waste - (spread - moved),
        machine.memory_available_bytes - memory_reserve_bytes(machine) - in_memory,
    )
    fit = Fit.EXPERTS_ON_CPU if layers else Fit.GPU
    overhead = host_overhead_bytes(shape) + device_overhead * len(cards)
    used = (*devices, _memory(machine, in_memory))
    shares = tuple(part / max(1, spread - moved) for part in parts)
    used_way = replace(way, gpus=tuple(cards))
    return Placement(used_way, fit, used, overhead, compute * len(cards) + host_compute, slack, layers, moved, shares)


def _shared_out(count: int, room: Sequence[int]) -> list[int]:
    """``count`` in parts that are to each other as the ``room`` there is; all on the first where there is none."""
    parts = [count * part // max(1, sum(room)) for part in room]
    parts[0] += count - sum(parts)
    return parts


def _free_on(card: Gpu) -> int:
    if card.memory_free_bytes is not None:
        return card.memory_free_bytes
    return int((card.memory_total_bytes or 0) * UNSAID_FREE_SHARE)
