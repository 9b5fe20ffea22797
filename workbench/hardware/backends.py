"""Which engines there are for a graphics processor: installed here, or to be had. Pure values."""

from __future__ import annotations

from dataclasses import dataclass

CPU = "cpu"


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
