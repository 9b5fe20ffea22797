from __future__ import annotations

from pathlib import Path

import pytest

from workbench.diagnostics.checks import Check, Status
from workbench.diagnostics.machine_checks import check_gpus, check_machine, check_probes
from workbench.hardware.backends import Engines, ObtainableEngine
from workbench.hardware.machine import Gpu, Machine
from workbench.hardware.machine_file import read_machine_file

MACHINES = Path(__file__).parent.parent.parent / "machines"
CUDA = ObtainableEngine("cuda-linux", "cuda", "CUDA", 612_000_000)
VULKAN = ObtainableEngine("vulkan-linux", "vulkan", "Vulkan", None)


def machine(name: str) -> Machine:
    return read_machine_file(MACHINES / f"{name}.json")


def test_a_gpu_that_is_used_is_good() -> None:
    (check,) = check_gpus(machine("rtx-4090-24gb"), Engines())
    assert check.status is Status.OK
    assert check.detail.startswith("NVIDIA GeForce RTX 4090, 24 GB of memory")
    assert check.detail.endswith("used through CUDA")


@pytest.mark.parametrize(
    ("engines", "hint"),
    [
        (Engines(obtainable=(VULKAN, CUDA)), "Install the Vulkan engine: `workbench engines install vulkan-linux`."),
        (Engines(obtainable=(CUDA,)), "Install the CUDA engine (612 MB): `workbench engines install cuda-linux`."),
        (
            Engines(installed=frozenset({"cpu", "cuda"})),
            "The CUDA engine is installed but does not list it: install the newest graphics driver.",
        ),
        (
            Engines(),
            "Models run on the processor. `workbench engines list` shows the engines that could be installed.",
        ),
    ],
)
def test_a_gpu_that_nothing_can_use_says_what_to_install(engines: Engines, hint: str) -> None:
    (check,) = check_gpus(machine("rtx-3060-12gb"), engines)
    assert check.status is Status.WARNING
    assert "no engine that is installed here can use it" in check.detail
    assert check.hint == hint


def test_without_nvidias_own_driver_that_is_the_thing_to_install() -> None:
    card = Gpu("GeForce RTX 3060", "nvidia", driver="nouveau")
    bare = Machine("linux", None, 4, None, 1 << 33, 1 << 32, None, "unknown", gpus=(card,))
    (check,) = check_gpus(bare, Engines(obtainable=(CUDA,)))
    assert check.hint.startswith("Install NVIDIA's own driver")


def test_an_engine_for_other_cards_is_not_offered() -> None:
    (check,) = check_gpus(machine("arc-a770"), Engines(obtainable=(CUDA,)))
    assert "CUDA" not in check.hint


def test_several_gpus_have_numbers() -> None:
    assert [check.name for check in check_gpus(machine("two-gpus"), Engines())] == ["gpu 1", "gpu 2"]


def test_a_gpu_inside_the_processor_is_not_missed_beside_a_card() -> None:
    card, inside, _unified = check_gpus(machine("windows-16gb-rtx-4gb"), Engines(obtainable=(CUDA,)))
    assert (card.status, inside.status) == (Status.WARNING, Status.OK)
    assert inside.detail.endswith("not needed beside NVIDIA GeForce RTX 3050 Laptop GPU")
    alone, _unified = check_gpus(machine("windows-16gb-igpu"), Engines(obtainable=(VULKAN,)))
    assert alone.status is Status.WARNING


def test_without_gpus_that_is_said_and_unasked_nothing_is() -> None:
    (check,) = check_gpus(machine("no-gpu-8gb"), Engines())
    assert (check.status, check.detail) == (Status.OK, "No GPU was found: models run on the processor")
    unasked = Machine("linux", None, 4, None, 1 << 33, 1 << 32, None, "unknown")
    assert check_gpus(unasked, Engines()) == ()


@pytest.mark.parametrize(
    ("name", "told", "hint"),
    [
        ("m4-max-128gb", "may use 108 GB of 128 GB", "iogpu.wired_limit_mb"),
        ("strix-halo-128gb", "may use 100 GB of 125 GB", "ttm.pages_limit"),
        ("dgx-spark", "may use 122 GB of 122 GB", ""),
    ],
)
def test_what_a_gpu_may_use_of_the_memory_is_explained(name: str, told: str, hint: str) -> None:
    check = check_gpus(machine(name), Engines())[-1]
    assert check.name == "unified memory"
    assert told in check.detail
    assert hint in check.hint


def test_a_probe_that_failed_is_a_warning() -> None:
    (check,) = check_probes((("nvml", "gave no answer within 4 seconds"),))
    assert check.status is Status.WARNING
    assert check.detail == "NVIDIA's management library: gave no answer within 4 seconds"
    assert check.hint


def test_the_machine_says_where_it_runs() -> None:
    assert check_machine(machine("container-6gb")) == Check(
        "machine",
        Status.OK,
        "Intel(R) Xeon(R) Platinum 8272CL CPU @ 2.60GHz, 8 cores, 6 GB of memory (5.2 GB free), memory at 50 GB/s",
        "This is a container: a limit on its memory counts as the machine's memory.",
    )
    assert check_machine(machine("no-gpu-8gb")).hint == ""


def test_a_gpu_of_unknown_memory_is_told() -> None:
    unknown = Machine(
        "linux", None, 4, None, 1 << 33, 1 << 32, None, "unknown", gpus=(Gpu("A card", "other", driver="1"),)
    )
    (check,) = check_gpus(unknown, Engines(obtainable=(VULKAN,)))
    assert check.detail == "A card, driver 1: no engine that is installed here can use it"
    assert "vulkan-linux" in check.hint
