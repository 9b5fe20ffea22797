"""What a launch plan stands on beside the model: the machine, the engine that will start, and what the person chose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.hardware.backends import CPU
from workbench.hardware.machine import Gpu, Machine
from workbench.models.sizing.estimate import UNCORRECTED, Correction
from workbench.models.sizing.placement import DRIVERS
from workbench.settings import Engine


@dataclass(frozen=True, slots=True)
class Resources:
    """``physical_cores`` that this process may use; ``memory_available_bytes`` without swapping."""

    physical_cores: int
    memory_available_bytes: int


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What a person chose; None: decided here. ``cache_type``: f16, q8_0 or q4_0; see `workbench.settings.Engine`."""

    context_tokens: int | None = None
    threads: int | None = None
    gpu_layers: int | None = None
    expert_layers_on_cpu: int | None = None
    cache_type: str | None = None
    flash_attention: bool | None = None
    batch_tokens: int | None = None
    slots: int | None = None
    memory_map: bool | None = None
    prompt_cache_bytes: int | None = None
    keep_ready: bool = False
    saved_states_bytes: int = 0

    @classmethod
    def of(cls, chosen: Engine) -> EngineSettings:
        """What the settings file says, in the words of this module."""
        switch = {"on": True, "off": False}
        cache = chosen.prompt_cache_megabytes
        return cls(
            context_tokens=chosen.context_tokens or None,
            threads=chosen.threads or None,
            gpu_layers=None if chosen.gpu_layers < 0 else chosen.gpu_layers,
            expert_layers_on_cpu=None if chosen.expert_layers_on_cpu < 0 else chosen.expert_layers_on_cpu,
            cache_type=None if chosen.cache_type == "auto" else chosen.cache_type,
            flash_attention=switch.get(chosen.flash_attention),
            batch_tokens=chosen.batch_tokens or None,
            slots=chosen.slots or None,
            memory_map=switch.get(chosen.memory_map),
            prompt_cache_bytes=None if cache < 0 else cache << 20,
            keep_ready=chosen.keep_ready,
            saved_states_bytes=chosen.saved_states_megabytes << 20,
        )


NOTHING_CHOSEN = EngineSettings()


@dataclass(frozen=True, slots=True)
class Ground:
    """``machine`` None: nobody looked, so only the processor counts. ``backends``: what the engine that will start drives.

    ``fits_itself``: that engine lays a model onto its devices by itself. ``projector``: the file that lets the model see.
    ``state_folder``: where slots may be saved, None: nowhere. ``correction``: what earlier runs have taught.
    """

    machine: Machine | None = None
    backends: frozenset[str] = frozenset({CPU})
    fits_itself: bool = True
    projector: Path | None = None
    projector_bytes: int = 0
    state_folder: Path | None = None
    correction: Correction = UNCORRECTED


NOTHING_KNOWN = Ground()


def usable_machine(ground: Ground, free: Resources, *, use_gpus: bool = True) -> Machine:
    """The machine as the engine that will start can use it, with what is free now."""
    if ground.machine is None:
        memory = free.memory_available_bytes
        return Machine("unknown", None, free.physical_cores, None, memory, memory, None, "unknown", gpus=())
    gpus = tuple(driven(gpu, ground.machine, ground.backends) for gpu in ground.machine.gpus or ()) if use_gpus else ()
    return replace(
        ground.machine,
        physical_cores=free.physical_cores,
        memory_available_bytes=free.memory_available_bytes,
        gpus=tuple(gpu for gpu in gpus if gpu.backend),
    )


def driven(gpu: Gpu, machine: Machine, backends: frozenset[str]) -> Gpu:
    """``gpu`` with the one of ``backends`` that drives it, None without one."""
    if gpu.backend is None or gpu.backend in backends:
        return gpu
    possible = [name for name, systems in DRIVERS.get(gpu.vendor, ()) if not systems or machine.os in systems]
    return replace(gpu, backend=next((name for name in possible if name in backends), None))


Survey = Callable[[Path], Ground]
"""What the plan for the model at a path stands on; may look at the hardware, which takes a second the first time."""
