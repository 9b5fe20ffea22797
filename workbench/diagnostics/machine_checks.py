"""What the doctor says of the machine: each GPU, what it may use, and what could not be looked at. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.diagnostics.checks import Check, Status
from workbench.hardware.backends import Engines, ObtainableEngine
from workbench.hardware.machine import Gpu, Machine, describe
from workbench.hardware.probes.surroundings import CONTAINER, WSL2
from workbench.sizes import memory_words, size_words

# By whose GPUs the backends are driven, the better first.
_BACKENDS = {"nvidia": ("cuda", "vulkan"), "amd": ("rocm", "vulkan"), "intel": ("sycl", "vulkan"), "apple": ("metal",)}
_OTHERS = ("vulkan",)

NOUVEAU = "nouveau"

_LABELS = {"cuda": "CUDA", "rocm": "ROCm", "vulkan": "Vulkan", "metal": "Metal", "sycl": "SYCL"}

_PROBES = {
    "nvml": "NVIDIA's management library",
    "amd": "the kernel's list of AMD GPUs",
    "intel": "the kernel's list of Intel GPUs",
    "nvidia": "the kernel's list of NVIDIA GPUs",
    "apple": "the list of Apple GPUs",
    "dxgi": "Windows' list of graphics adapters",
    "registry": "the registry of display adapters",
    "vulkan": "vulkaninfo",
}

_SURROUNDINGS = {
    WSL2: "WSL 2 gives Linux half of the memory: a `memory=` line in .wslconfig on Windows gives more.",
    CONTAINER: "This is a container: a limit on its memory counts as the machine's memory.",
}


def check_machine(machine: Machine) -> Check:
    bandwidth = machine.memory_bandwidth_gbs
    speed = "" if bandwidth is None else f", memory at {bandwidth:.0f} GB/s"
    hint = _SURROUNDINGS.get(machine.surroundings or "", "")
    return Check("machine", Status.OK, f"{describe(machine.as_json())}{speed}", hint)


def check_gpus(machine: Machine, engines: Engines) -> tuple[Check, ...]:
    """One line per GPU; with none, one that says so."""
    if machine.gpus is None:
        return ()
    if not machine.gpus:
        return (Check("gpu", Status.OK, "No GPU was found: models run on the processor"),)
    names = ["gpu"] if len(machine.gpus) == 1 else [f"gpu {number}" for number in range(1, len(machine.gpus) + 1)]
    cards = [gpu for gpu in machine.gpus if not gpu.unified]
    checks = [_check_gpu(name, gpu, engines, cards) for name, gpu in zip(names, machine.gpus, strict=True)]
    return (*checks, *_check_unified(machine))


def check_probes(problems: Sequence[tuple[str, str]]) -> tuple[Check, ...]:
    """A line for each source that failed or gave no answer: a GPU may be missing above because of it."""
    hint = "The rest of the report is complete. A restart, or the newest driver, usually mends this."
    return tuple(
        Check(f"probe {name}", Status.WARNING, f"{_PROBES.get(name, name)}: {problem}", hint)
        for name, problem in problems
    )


def _check_gpu(name: str, gpu: Gpu, engines: Engines, cards: Sequence[Gpu]) -> Check:
    """``cards``: the GPUs with memory of their own, beside which one inside the processor is not missed."""
    if gpu.backend is not None:
        return Check(name, Status.OK, f"{_told(gpu)}, used through {_LABELS.get(gpu.backend, gpu.backend)}")
    if gpu.unified and cards:
        return Check(name, Status.OK, f"{_told(gpu)}: not needed beside {cards[0].name}")
    return Check(
        name,
        Status.WARNING,
        f"{_told(gpu)}: no engine that is installed here can use it",
        _what_to_install(gpu, engines),
    )


def _told(gpu: Gpu) -> str:
    """Name, memory, driver."""
    parts = [gpu.name]
    if gpu.memory_total_bytes is not None:
        free = "" if gpu.memory_free_bytes is None else f" ({memory_words(gpu.memory_free_bytes)} free)"
        kind = "shared memory" if gpu.unified else "memory"
        parts.append(f"{memory_words(gpu.memory_total_bytes)} of {kind}{free}")
    if gpu.driver is not None:
        parts.append(f"driver {gpu.driver}")
    return ", ".join(parts)


def _what_to_install(gpu: Gpu, engines: Engines) -> str:
    if gpu.driver == NOUVEAU:
        return "Install NVIDIA's own driver: with nouveau, the one in use, no engine can compute on it."
    wanted = _BACKENDS.get(gpu.vendor, _OTHERS)
    engine = next((engine for engine in engines.obtainable if engine.backend in wanted), None)
    if engine is not None:
        return f"Install the {engine.label} engine{_size(engine)}: `workbench engines install {engine.id}`."
    for backend in wanted:
        if backend in engines.installed:
            return (
                f"The {_LABELS[backend]} engine is installed but does not list it: install the newest graphics driver."
            )
    return "Models run on the processor. `workbench engines list` shows the engines that could be installed."


def _size(engine: ObtainableEngine) -> str:
    return "" if engine.download_bytes is None else f" ({size_words(engine.download_bytes)})"


def _check_unified(machine: Machine) -> tuple[Check, ...]:
    limit = machine.unified_memory_limit_bytes
    if limit is None:
        return ()
    total = machine.memory_total_bytes
    told = f"The GPU works in the machine's memory and may use {memory_words(limit)} of {memory_words(total)}"
    return (Check("unified memory", Status.OK, told, _how_to_raise(machine)),)


def _how_to_raise(machine: Machine) -> str:
    """How a person gives the GPU more, where the system lets them."""
    vendors = {gpu.vendor for gpu in machine.gpus or () if gpu.unified}
    if machine.os == "macos" and "apple" in vendors:
        return (
            "`sudo sysctl iogpu.wired_limit_mb=N` raises this until the next start; leave 4 GB or more to the system."
        )
    if machine.os == "linux" and "amd" in vendors:
        return "The kernel parameter ttm.pages_limit (in pages of 4 KiB) raises this."
    return ""
