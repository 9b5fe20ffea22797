from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from workbench.errors import EngineError, HardwareError
from workbench.hardware import service as module
from workbench.hardware.backends import EngineDevice
from workbench.hardware.looking import Probe
from workbench.hardware.machine import Machine
from workbench.hardware.probes.processor import Processor
from workbench.hardware.service import HardwareService, platform_probes
from workbench.hardware.sightings import NVIDIA, Sighting

GIB = 1 << 30
CARD = Sighting("NVIDIA GeForce RTX 4090", NVIDIA, 0x2684, 24 * GIB, 20 * GIB, integrated=False)


class Source:
    """A probe whose answer changes."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self) -> Any:
        self.asked += 1
        answer = self.answers[min(self.asked, len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


def copying(command: Sequence[str], seconds: float) -> str:
    return "41.5"


def service(home: Path, *probes: Probe, devices: Any = tuple) -> HardwareService:
    free = iter(range(50, 0, -1))

    def read(_home: Path, _cpu: Processor) -> Machine:
        return Machine("linux", "Some processor", 8, None, 64 * GIB, next(free) * GIB, None, "mains")

    return HardwareService(home, devices, probes=probes, run=copying, read=read)


def test_this_machine_is_told_whatever_is_missing(tmp_path: Path) -> None:
    hardware = HardwareService(tmp_path / "not" / "there" / "yet")
    told = hardware.machine()
    assert told.os == "linux"
    assert told.memory_total_bytes > told.memory_available_bytes > 0
    assert told.gpus is not None
    assert told.memory_bandwidth_gbs
    assert told.disk_free_bytes
    assert hardware.problems() == ()


@pytest.mark.parametrize(
    ("platform", "names"),
    [
        ("linux", ["nvml", "amd", "intel", "nvidia", "vulkan"]),
        ("win32", ["nvml", "dxgi", "registry", "vulkan"]),
        ("darwin", ["apple"]),
    ],
)
def test_each_system_has_its_probes(platform: str, names: list[str]) -> None:
    assert [probe.name for probe in platform_probes(platform)] == names


def test_memory_is_fresh_while_the_probes_rest(tmp_path: Path) -> None:
    source = Source((CARD,))
    hardware = service(tmp_path, Probe("nvml", source, live=True))
    first, second = hardware.machine(), hardware.machine()
    assert (first.memory_available_bytes, second.memory_available_bytes) == (50 * GIB, 49 * GIB)
    assert source.asked == 1
    hardware.machine(fresh=True)
    assert source.asked == 2


def test_what_changes_is_asked_again_and_what_found_nothing_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIVE_SECONDS", 0.0)
    card, nothing, named = Source((CARD,), ()), Source(None), Source((CARD,))
    probes = (Probe("nvml", card, live=True), Probe("amd", nothing, live=True), Probe("vulkan", named))
    hardware = service(tmp_path, *probes)
    hardware.machine()
    hardware.machine()
    assert (card.asked, nothing.asked, named.asked) == (2, 1, 1)


def test_a_driver_that_is_busy_for_a_moment_does_not_lose_its_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIVE_SECONDS", 0.0)
    hardware = service(tmp_path, Probe("nvml", Source((CARD,), OSError("busy"), OSError("gone")), live=True))
    hardware.machine()
    assert [gpu.name for gpu in hardware.machine().gpus or ()] == [CARD.name]
    assert hardware.machine(fresh=True).gpus == ()
    assert hardware.problems() == (("nvml", "gone"),)


def test_a_card_that_was_unplugged_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIVE_SECONDS", 0.0)
    hardware = service(tmp_path, Probe("nvml", Source((CARD,), None), live=True))
    assert [len(hardware.machine().gpus or ()) for _ in range(2)] == [1, 0]


def test_a_measurement_that_fails_is_not_tried_at_each_look(tmp_path: Path) -> None:
    asked = []

    def failing(command: Sequence[str], seconds: float) -> str:
        asked.append(command)
        raise HardwareError("gave no answer")

    hardware = HardwareService(tmp_path, probes=(), run=failing)
    assert [hardware.machine().memory_bandwidth_gbs for _ in range(3)] == [None] * 3
    assert len(asked) == 1


def test_a_probe_that_hangs_is_told_and_the_rest_is_there(tmp_path: Path) -> None:
    mended = threading.Event()
    hardware = service(tmp_path, Probe("vulkan", mended.wait, seconds=0.05), Probe("nvml", Source((CARD,))))
    assert [gpu.name for gpu in hardware.machine().gpus or ()] == [CARD.name]
    mended.set()
    assert hardware.problems() == (("vulkan", "gave no answer within 0.05 seconds"),)


def test_engines_that_cannot_be_asked_are_a_problem(tmp_path: Path) -> None:
    def broken() -> tuple[EngineDevice, ...]:
        raise EngineError("llama-server does not start.")

    hardware = service(tmp_path, Probe("nvml", Source((CARD,))), devices=broken)
    assert [gpu.backend for gpu in hardware.machine().gpus or ()] == [None]
    assert hardware.problems() == (("engine devices", "llama-server does not start."),)


def test_the_engines_devices_are_asked_each_time(tmp_path: Path) -> None:
    lists = iter([(), (EngineDevice("CUDA0", "cuda", "NVIDIA GeForce RTX 4090"),)])
    hardware = service(tmp_path, Probe("nvml", Source((CARD,))), devices=lambda: next(lists))
    backends = [[gpu.backend for gpu in hardware.machine().gpus or ()] for _ in range(2)]
    assert backends == [[None], ["cuda"]]


def test_an_unknown_chip_is_measured_and_a_known_one_is_not(tmp_path: Path) -> None:
    assert service(tmp_path).machine().memory_bandwidth_gbs == 41.5
    assert (tmp_path / "hardware.json").exists()
    apple = Sighting("Apple M4", 0x106B, shared_bytes=12 * GIB, integrated=True)
    other = tmp_path / "other"
    other.mkdir()
    assert service(other, Probe("apple", Source((apple,)))).machine().memory_bandwidth_gbs == 120
    assert not (other / "hardware.json").exists()


def test_several_threads_may_ask_at_once(tmp_path: Path) -> None:
    source = Source((CARD,))
    hardware = service(tmp_path, Probe("nvml", source))
    threads = [threading.Thread(target=hardware.machine) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert source.asked == 1
