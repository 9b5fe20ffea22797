"""What engines can use: the devices they list themselves, and which engines are installed or to be had. Pure values."""

from __future__ import annotations

from dataclasses import dataclass

CPU = "cpu"


@dataclass(frozen=True, slots=True)
class EngineDevice:
    """A device as an engine lists it: ``id`` such as CUDA0, ``backend`` such as cuda; sizes in bytes or None."""

    id: str
    backend: str
    name: str
    memory_total_bytes: int | None = None
    memory_free_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class ObtainableEngine:
    """An engine that could be installed: ``id`` of its build, ``backend`` it drives (cuda, vulkan, rocm), download size."""

    id: str
    backend: str
    label: str
    download_bytes: int | None


@dataclass(frozen=True, slots=True)
class Engines:
    """``installed``: the backends that can be used now (``cpu`` always). ``obtainable``: best first."""

    installed: frozenset[str] = frozenset({CPU})
    obtainable: tuple[ObtainableEngine, ...] = ()
