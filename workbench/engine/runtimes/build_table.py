"""The builds of `assets/engines.json`, and which of them would do something good on a machine. Pure but for the file."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from workbench.engine.runtimes.builds import EngineBuild
from workbench.hardware.backends import CPU, Engines, ObtainableEngine
from workbench.hardware.machine import Gpu, Machine
from workbench.paths import asset

# Whose GPUs a backend drives; a vendor that is not named here is driven by no build of ours.
_VENDORS = {
    "cuda": frozenset({"nvidia"}),
    "rocm": frozenset({"amd"}),
    "vulkan": frozenset({"nvidia", "amd", "intel", "other"}),
    "metal": frozenset({"apple", "amd", "intel"}),
}
_VENDOR_WORDS = {"cuda": "NVIDIA GPU", "rocm": "AMD GPU", "vulkan": "GPU with a Vulkan driver", "metal": "Metal GPU"}


@cache
def builds() -> tuple[EngineBuild, ...]:
    """All rows, for every system, the best for each system first."""
    table = json.loads(asset("engines.json").read_text("utf-8"))
    return tuple(_build(table, row) for row in table["builds"])


def for_system(table: Iterable[EngineBuild], system: str, machine: str) -> tuple[EngineBuild, ...]:
    """The rows for ``system`` (linux, macos, windows) on ``machine``, as `machine_name` names it."""
    return tuple(build for build in table if (build.os, build.machine) == (system, machine_name(machine)))


def machine_name(machine: str) -> str:
    """x86_64 or arm64 for what `platform.machine` says on any system; anything else as it is."""
    name = machine.lower()
    return {"amd64": "x86_64", "x64": "x86_64", "aarch64": "arm64"}.get(name, name)


def obstacle(build: EngineBuild, gpus: Sequence[Gpu]) -> str:
    """Why ``build`` is of no use with ``gpus``, in words; empty when it may be. What is unknown is no obstacle."""
    if build.backend == CPU:
        return ""
    fitting = [gpu for gpu in gpus if gpu.vendor in _VENDORS.get(build.backend, ())]
    if not fitting:
        return f"It needs an {_VENDOR_WORDS[build.backend]}, and none was found here.".replace("an GPU", "a GPU")
    complaints = [_complaint(build, gpu) for gpu in fitting]
    return "" if "" in complaints else complaints[0]


def obtainable(
    table: Iterable[EngineBuild], gpus: Sequence[Gpu], installed: Collection[str]
) -> tuple[ObtainableEngine, ...]:
    """The rows worth offering, best first: each for a backend that no engine drives yet."""
    return tuple(
        ObtainableEngine(build.id, build.backend, build.label, build.download_bytes)
        for build in table
        if build.backend not in installed and not obstacle(build, gpus)
    )


def engines_of(table: Iterable[EngineBuild], machine: Machine) -> Engines:
    """What can be used and had on a machine that is known by its description alone.

    The kind of its processor is not in it: Apple's GPUs and the instruction sets of Arm tell it, else it is x86-64.
    """
    gpus = machine.gpus or ()
    features = machine.cpu_features or ()
    arm = "asimd" in features or "sve" in features or any(gpu.vendor == "apple" for gpu in gpus)
    installed = frozenset({CPU, *(gpu.backend for gpu in gpus if gpu.backend)})
    builds_there = for_system(table, machine.os, "arm64" if arm else "x86_64")
    return Engines(installed, obtainable(builds_there, gpus, installed))


def _complaint(build: EngineBuild, gpu: Gpu) -> str:
    if gpu.driver and build.minimum_driver and numbers(gpu.driver) < numbers(build.minimum_driver):
        return f"It needs driver {build.minimum_driver} or newer; that of the {gpu.name} is {gpu.driver}."
    if not gpu.compute_capability:
        return ""
    compute = numbers(gpu.compute_capability)
    if build.minimum_compute and compute < numbers(build.minimum_compute):
        return f"It has no code for a GPU as old as the {gpu.name}."
    if build.maximum_compute and compute > numbers(build.maximum_compute):
        return f"It has no code for a GPU as new as the {gpu.name}."
    return ""


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version with dots, to be compared; a text without any compares below all."""
    return tuple(int(number) for number in re.findall(r"\d{1,9}", version))


def _build(table: dict[str, Any], row: dict[str, Any]) -> EngineBuild:
    archives = tuple((f"{table['address']}/{a['file']}", a["sha256"], a["bytes"]) for a in row["archives"])
    fields = {name: value for name, value in row.items() if name != "archives"}
    return EngineBuild(version=table["version"], archives=archives, **fields)
