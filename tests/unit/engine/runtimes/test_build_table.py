"""The table of official builds, and which of them are offered on which machine."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from workbench.engine.runtimes.build_table import builds, engines_of, for_system, numbers, obstacle, obtainable
from workbench.engine.runtimes.builds import EngineBuild
from workbench.hardware.machine import Gpu, Machine

SYSTEMS = [("linux", "x86_64"), ("linux", "arm64"), ("windows", "x86_64"), ("windows", "arm64"), ("macos", "arm64")]


def nvidia(driver: str | None, compute: str | None = "8.9", name: str = "RTX 4090") -> Gpu:
    return Gpu(name, "nvidia", driver=driver, compute_capability=compute)


AMD, INTEL, APPLE = Gpu("RX 7900", "amd"), Gpu("Arc A770", "intel"), Gpu("M4", "apple", unified=True)


def test_every_row_can_be_installed_safely() -> None:
    seen = set()
    for build in builds():
        assert (build.os, build.machine) in [*SYSTEMS, ("macos", "x86_64")]
        assert (build.os, build.machine, build.id) not in seen
        seen.add((build.os, build.machine, build.id))
        assert re.fullmatch(r"[a-z0-9.-]{3,40}", build.id), "it becomes a folder's name"
        assert build.id.endswith(build.version)
        for address, sha256, size in build.archives:
            assert address.startswith("https://github.com/ggml-org/llama.cpp/releases/download/")
            assert address.endswith((".zip", ".tar.gz"))
            assert re.fullmatch(r"[0-9a-f]{64}", sha256)
            assert size > 10_000_000
    assert len({sha256 for build in builds() for _, sha256, _ in build.archives}) == 21


@pytest.mark.parametrize(("system", "machine"), SYSTEMS)
def test_every_system_has_a_build(system: str, machine: str) -> None:
    assert for_system(builds(), system, machine)


@pytest.mark.parametrize("said", ["AMD64", "x86_64", "x64"])
def test_names_of_the_machine(said: str) -> None:
    assert for_system(builds(), "linux", said) == for_system(builds(), "linux", "x86_64")


@pytest.mark.parametrize(
    ("system", "machine", "gpus", "installed", "offered"),
    [
        ("linux", "x86_64", [nvidia("615.71.09", "12.0")], {"cpu"}, ["cuda-12.8", "cuda-13.4", "vulkan"]),
        ("linux", "x86_64", [nvidia("580.65.06")], {"cpu"}, ["cuda-12.8", "cuda-13.4", "vulkan"]),
        ("linux", "x86_64", [nvidia("575.57")], {"cpu"}, ["cuda-12.8", "vulkan"]),  # too old for CUDA 13
        ("linux", "x86_64", [nvidia("535.183.01")], {"cpu"}, ["vulkan"]),  # too old for CUDA
        ("linux", "x86_64", [nvidia("615.71", "7.5")], {"cpu"}, ["cuda-12.8", "vulkan"]),
        (
            "linux",
            "x86_64",
            [nvidia(None, None)],
            {"cpu"},
            ["cuda-12.8", "cuda-13.4", "vulkan"],
        ),  # unknown: no obstacle
        ("linux", "x86_64", [nvidia("615.71")], {"cpu", "cuda"}, ["vulkan"]),
        ("linux", "x86_64", [AMD], {"cpu"}, ["vulkan", "rocm-10.0"]),
        ("linux", "x86_64", [INTEL], {"cpu"}, ["vulkan"]),
        ("linux", "x86_64", [], {"cpu"}, []),
        ("linux", "x86_64", [], set(), ["cpu"]),
        ("linux", "arm64", [nvidia("580.95", "12.1", "GB10")], set(), ["cuda-13.4", "vulkan", "cpu"]),
        ("windows", "x86_64", [nvidia("610.10", "12.0")], {"cpu"}, ["cuda-13.4", "vulkan"]),
        ("windows", "x86_64", [nvidia("552.12", "8.6")], {"cpu"}, ["cuda-12.4", "vulkan"]),
        ("windows", "x86_64", [nvidia("537.42", "8.6"), AMD], {"cpu"}, ["vulkan", "rocm-10.0"]),
        ("macos", "arm64", [APPLE], {"cpu", "metal"}, []),
        ("freebsd", "x86_64", [AMD], {"cpu"}, []),
    ],
)
def test_offers(system: str, machine: str, gpus: list[Gpu], installed: set[str], offered: list[str]) -> None:
    found = obtainable(for_system(builds(), system, machine), gpus, installed)
    assert [engine.id.rpartition("-")[0] for engine in found] == offered
    assert all(engine.download_bytes for engine in found)


@pytest.mark.parametrize(
    ("os", "features", "gpus", "installed", "offered"),
    [
        ("windows", ("avx2",), (nvidia("560.1", "8.9"),), {"cpu"}, ["cuda-12.4", "vulkan"]),
        ("windows", None, (replace(nvidia("560.1", "8.9"), backend="cuda"),), {"cpu", "cuda"}, ["vulkan"]),
        ("linux", ("asimd",), (nvidia("580.95", "12.1"),), {"cpu"}, ["cuda-13.4", "vulkan"]),
        ("macos", None, (replace(APPLE, backend="metal"),), {"cpu", "metal"}, []),
        ("linux", None, None, {"cpu"}, []),
    ],
)
def test_engines_of_another_machine(
    os: str, features: tuple[str, ...] | None, gpus: tuple[Gpu, ...] | None, installed: set[str], offered: list[str]
) -> None:
    machine = Machine(os, None, 8, features, 16 << 30, 12 << 30, None, "mains", gpus=gpus)
    found = engines_of(builds(), machine)
    assert found.installed == installed
    assert [engine.id.rpartition("-")[0] for engine in found.obtainable] == offered


BUILD = EngineBuild(
    "cuda-1-b1", "b1", "linux", "x86_64", "cuda", "CUDA 1", (), minimum_driver="570.26", minimum_compute="5.0"
)


@pytest.mark.parametrize(
    ("build", "gpu", "words"),
    [
        (BUILD, nvidia("550.54"), "It needs driver 570.26 or newer; that of the RTX 4090 is 550.54."),
        (BUILD, nvidia("570.124", "3.5", "Tesla K80"), "It has no code for a GPU as old as the Tesla K80."),
        (
            replace(BUILD, maximum_compute="9.0"),
            nvidia("615", "12.0"),
            "It has no code for a GPU as new as the RTX 4090.",
        ),
        (BUILD, AMD, "It needs an NVIDIA GPU, and none was found here."),
        (replace(BUILD, backend="vulkan"), APPLE, "It needs a GPU with a Vulkan driver, and none was found here."),
    ],
)
def test_obstacles_in_words(build: EngineBuild, gpu: Gpu, words: str) -> None:
    assert obstacle(build, [gpu]) == words


def test_one_fitting_gpu_is_enough() -> None:
    assert obstacle(BUILD, [nvidia("550.54"), nvidia("580.1")]) == ""


@pytest.mark.parametrize(
    ("low", "high"), [("570.26", "570.124.06"), ("9.0", "12.0"), ("", "1"), ("550.54.14", "550.127"), ("580", "580.65")]
)
def test_versions_are_compared_by_numbers(low: str, high: str) -> None:
    assert numbers(low) < numbers(high)
