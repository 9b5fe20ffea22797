"""Engines: one that is there, one that can be had."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.engine.compiling.plan import BuildPlan, Tools, build_plan
from workbench.engine.runtimes.builds import EngineBuild, InstalledEngine
from workbench.events import Bus, Topic
from workbench.hardware.backends import CPU, EngineDevice, Engines, ObtainableEngine
from workbench.jobs import Job

CUDA = EngineBuild(
    "cuda-13", "b9310", "linux", "x86_64", "cuda", "CUDA engine",
    (("https://example.invalid/llama-cuda.tar.gz", "0" * 64, 180_000_000),), "an NVIDIA GPU", "580",
)  # fmt: skip
NATIVE = InstalledEngine("native", "Built-in engine", "b9310", None, frozenset({CPU}))


@dataclass
class FakeRuntimes:
    """The built-in engine, and CUDA to be had. ``refused``: builds that the drivers here are too old for."""

    bus: Bus
    builds: tuple[EngineBuild, ...] = (CUDA,)
    refused: frozenset[str] = frozenset()
    here: tuple[InstalledEngine, ...] = (NATIVE,)

    def available(self) -> tuple[EngineBuild, ...]:
        return self.builds

    def installed(self, fresh: bool = False) -> tuple[InstalledEngine, ...]:
        return self.here

    def compiled(self) -> BuildPlan:
        return build_plan("0.3.36", Tools("linux", "x86_64", "apt-get", python="python3", compiler="g++", cores=2), ())

    def engines(self) -> Engines:
        works = (one for one in self.builds if one.id not in self.refused)
        obtainable = (ObtainableEngine(one.id, one.backend, one.label, one.download_bytes) for one in works)
        return Engines(frozenset().union(*(one.backends for one in self.here)), tuple(obtainable))

    def devices(self) -> tuple[EngineDevice, ...]:
        return tuple(device for one in self.here for device in one.devices)

    def fetch(self, build_id: str, job: Job) -> None:
        build = next(one for one in self.builds if one.id == build_id)
        self.here = (*self.here, InstalledEngine(build.id, build.label, build.version, None, frozenset({"cuda"})))
        self.bus.publish(Topic.ENGINES)

    def remove(self, build_id: str) -> None:
        self.here = tuple(one for one in self.here if one.id != build_id)
        self.bus.publish(Topic.ENGINES)
