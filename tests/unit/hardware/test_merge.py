from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.hardware.backends import EngineDevice
from workbench.hardware.machine import Gpu, Machine
from workbench.hardware.merge import merge
from workbench.hardware.sightings import AMD, APPLE, INTEL, NVIDIA, Sighting

GIB = 1 << 30
PC = Machine("linux", "Some processor", 8, None, 64 * GIB, 50 * GIB, None, "mains", memory_bandwidth_gbs=60.0)
MAC = Machine("macos", "Apple M4", 10, None, 16 * GIB, 8 * GIB, None, "battery")

RTX = Sighting("NVIDIA GeForce RTX 4090", NVIDIA, 0x2684, 24 * GIB, 23 * GIB, integrated=False, driver="580")
RADEON = Sighting("AMD Radeon RX 7900 XTX", AMD, 0x744C, 24 * GIB, 22 * GIB, 32 * GIB, 31 * GIB, driver="amdgpu")
APU = Sighting("AMD Radeon Graphics", AMD, 0x1586, GIB, GIB // 2, 30 * GIB, 29 * GIB, integrated=True)
IRIS = Sighting("Intel Iris Xe", INTEL, 0x46A6, None, None, 32 * GIB, None, integrated=True)


def device(backend: str, name: str, total: int | None = None, free: int | None = None) -> EngineDevice:
    return EngineDevice(f"{backend.upper()}0", backend, name, total, free)


def gpus(machine: Machine, *sources: tuple[Sighting, ...], devices: tuple[EngineDevice, ...] = ()) -> tuple[Gpu, ...]:
    found = merge(machine, sources, devices).gpus
    assert found is not None
    return found


def test_one_card_of_several_sources_is_one_gpu() -> None:
    vulkan = (
        Sighting("NVIDIA GeForce RTX 4090", NVIDIA, 0x2684, 24 * GIB, 20 * GIB, driver="vulkan's own words"),
        Sighting("llvmpipe (LLVM 19)", 0x10005, 0),
    )
    dxgi = (Sighting("NVIDIA GeForce RTX 4090", NVIDIA, 0x2684, 24 * GIB - 5, 19 * GIB, 32 * GIB),)
    (gpu,) = gpus(PC, (RTX,), dxgi, vulkan)
    assert (gpu.memory_free_bytes, gpu.driver, gpu.bandwidth_gbs, gpu.backend) == (23 * GIB, "580", 1008, None)


def test_two_equal_cards_are_two_gpus_and_each_has_its_engine() -> None:
    devices = tuple(EngineDevice(f"CUDA{place}", "cuda", "NVIDIA GeForce RTX 4090") for place in range(2))
    both = gpus(PC, (RTX, RTX), (RTX, RTX), devices=devices)
    assert [gpu.backend for gpu in both] == ["cuda", "cuda"]
    one = gpus(PC, (RTX, RTX), devices=devices[:1])
    assert [gpu.backend for gpu in one] == ["cuda", None]


def test_the_first_source_says_how_many_there_are() -> None:
    assert len(gpus(PC, (RTX,), (RTX, RTX))) == 1
    assert len(gpus(PC, (), (RTX, RTX))) == 2


def test_details_tell_of_no_card_that_nobody_sees() -> None:
    old = Sighting("NVIDIA GeForce GTX 970", NVIDIA, 0x13C2, 4 * GIB)
    new = Sighting("NVIDIA GeForce RTX 4090", NVIDIA, 0x2684, driver="32.0.15")
    bare = Sighting("NVIDIA GeForce RTX 4090", NVIDIA, 0x2684, 24 * GIB)
    told = merge(PC, [(bare,)], (), (old, new)).gpus or ()
    assert [(gpu.name, gpu.driver) for gpu in told] == [("NVIDIA GeForce RTX 4090", "32.0.15")]
    assert len(merge(PC, [()], (), (old, new)).gpus or ()) == 2


@pytest.mark.parametrize(
    ("name", "backend"),
    [
        ("NVIDIA GeForce RTX 4090", "cuda"),
        ("GeForce RTX 4090", "vulkan"),
    ],
)
def test_an_engines_device_is_found_by_name(name: str, backend: str) -> None:
    both = gpus(PC, (RTX,), (IRIS,), devices=(device(backend, name),))
    assert [(gpu.name, gpu.backend) for gpu in both] == [("NVIDIA GeForce RTX 4090", backend), ("Intel Iris Xe", None)]


def test_the_makers_own_interface_is_told_before_vulkan() -> None:
    devices = (device("vulkan", "AMD Radeon RX 7900 XTX (RADV NAVI31)"), device("rocm", "AMD Radeon RX 7900 XTX"))
    (gpu,) = gpus(PC, (RADEON,), devices=devices)
    assert gpu.backend == "rocm"


def test_a_driver_that_calls_it_otherwise_is_matched_by_vendor_and_memory() -> None:
    both = gpus(PC, (RADEON, APU), devices=(device("vulkan", "AMD Radeon Graphics (RADV GFX1151)", 31 * GIB),))
    assert {gpu.name: gpu.backend for gpu in both} == {"AMD Radeon Graphics": "vulkan", "AMD Radeon RX 7900 XTX": None}


def test_a_device_without_its_makers_name_is_known_by_its_backend() -> None:
    orin = Sighting("Orin (nvgpu)", NVIDIA, 0x2B80, integrated=True)
    (gpu,) = gpus(PC, (orin,), devices=(device("cuda", "Orin", 60 * GIB, 50 * GIB),))
    assert (gpu.vendor, gpu.backend, gpu.unified) == ("nvidia", "cuda", True)
    (alone,) = gpus(PC, devices=(device("rocm", "gfx1151", 60 * GIB),))
    assert (alone.vendor, alone.backend) == ("amd", "rocm")


def test_a_gpu_of_another_maker_takes_nothing_from_a_card() -> None:
    devices = (device("vulkan", "V3D 7.1.7.0 (V3DV Mesa)"), device("vulkan", "AMD Radeon RX 7900 XTX (RADV NAVI31)"))
    both = gpus(PC, (RADEON,), devices=devices)
    assert {gpu.vendor: gpu.backend for gpu in both} == {"amd": "vulkan", "other": "vulkan"}


def test_a_gpu_that_only_an_engine_sees_is_one_too() -> None:
    (gpu,) = gpus(PC, devices=(device("cuda", "NVIDIA GeForce RTX 3060", 12 * GIB, 11 * GIB),))
    assert (gpu.vendor, gpu.memory_total_bytes, gpu.memory_free_bytes) == ("nvidia", 12 * GIB, 11 * GIB)
    assert (gpu.bandwidth_gbs, gpu.unified, gpu.backend) == (360, False, "cuda")


def test_what_is_no_gpu_is_left_out() -> None:
    devices = (device("cpu", "CPU"), device("blas", "Accelerate"), device("vulkan", "llvmpipe (LLVM 17.0.6, 256 bits)"))
    assert gpus(PC, devices=devices) == ()


def test_more_free_than_there_is_cannot_be() -> None:
    """https://github.com/ggml-org/llama.cpp/issues/17536 (2025-11-27)."""
    devices = (device("cuda", "NVIDIA GeForce RTX 5090", 32106 << 20, 55372 << 20),)
    (gpu,) = gpus(PC, devices=devices)
    assert gpu.memory_free_bytes == 32106 << 20


@pytest.mark.parametrize(
    ("sighting", "devices", "limit"),
    [
        pytest.param(
            Sighting("Apple M4", APPLE, None, None, None, 12 * GIB, integrated=True), (), 12 * GIB, id="Metal"
        ),
        pytest.param(
            Sighting("Apple M4", APPLE, integrated=True),
            (device("metal", "Apple M4", 11 * GIB),),
            11 * GIB,
            id="engine",
        ),
        pytest.param(
            Sighting("Apple M4", APPLE, integrated=True), (), 16 * GIB * 2 // 3, id="neither: the least known"
        ),
    ],
)
def test_what_a_macs_gpu_may_use(sighting: Sighting, devices: tuple[EngineDevice, ...], limit: int) -> None:
    told = merge(MAC, [(sighting,)], devices)
    assert told.unified_memory_limit_bytes == limit
    assert told.gpus is not None
    assert (told.gpus[0].memory_total_bytes, told.gpus[0].memory_free_bytes) == (limit, 8 * GIB)
    assert told.memory_bandwidth_gbs == told.gpus[0].bandwidth_gbs == 120


def test_an_engine_alone_tells_of_a_macs_gpu() -> None:
    told = merge(MAC, [], (device("metal", "Apple M4", 12 * GIB, 12 * GIB),))
    assert told.unified_memory_limit_bytes == 12 * GIB
    assert told.gpus is not None
    assert told.gpus[0].unified


def test_an_apu_may_use_what_is_set_aside_and_what_it_shares() -> None:
    told = merge(PC, [(APU,)], ())
    assert told.unified_memory_limit_bytes == 31 * GIB
    assert told.gpus is not None
    assert told.gpus[0].memory_free_bytes == GIB // 2 + 29 * GIB
    assert told.gpus[0].bandwidth_gbs == PC.memory_bandwidth_gbs


def test_an_apu_with_most_of_the_memory_set_aside_has_memory_of_its_own() -> None:
    set_aside = Sighting("AMD Radeon 8060S", AMD, 0x1586, 96 * GIB, 95 * GIB, 16 * GIB, 16 * GIB, integrated=True)
    told = merge(PC, [(set_aside,)], ())
    assert told.gpus is not None
    assert (told.gpus[0].unified, told.gpus[0].memory_total_bytes) == (False, 96 * GIB)
    assert told.unified_memory_limit_bytes is None
    assert told.gpus[0].bandwidth_gbs == 256


def test_a_card_that_may_use_the_machines_memory_too_is_still_a_card() -> None:
    (gpu,) = gpus(PC, (RADEON,))
    assert (gpu.unified, gpu.memory_total_bytes, gpu.memory_free_bytes) == (False, 24 * GIB, 22 * GIB)


def test_an_integrated_gpu_of_unknown_limit_has_none() -> None:
    told = merge(PC, [(Sighting("Intel UHD", INTEL, 0x9BC4, integrated=True),)], ())
    assert told.unified_memory_limit_bytes is None
    assert told.gpus == (Gpu("Intel UHD", "intel", unified=True, bandwidth_gbs=60.0),)


def test_the_most_useful_gpu_comes_first() -> None:
    told = gpus(PC, (APU, RADEON), (RTX,), devices=(device("vulkan", "AMD Radeon Graphics", 31 * GIB),))
    assert [gpu.name for gpu in told[:1]] == ["AMD Radeon Graphics"]
    assert {gpu.name for gpu in told[1:]} == {"NVIDIA GeForce RTX 4090", "AMD Radeon RX 7900 XTX"}


NAMES = st.sampled_from(
    ["NVIDIA GeForce RTX 4090", "AMD Radeon Graphics", "Apple M4", "llvmpipe", "Intel Arc A770", "", None]
)
SIZES = st.none() | st.integers(0, 1 << 40)
SIGHTINGS = st.builds(
    Sighting,
    name=NAMES,
    vendor_id=st.sampled_from([NVIDIA, AMD, INTEL, APPLE, 5, None]),
    device_id=st.sampled_from([1, 2, None]),
    total_bytes=SIZES,
    free_bytes=SIZES,
    shared_bytes=SIZES,
    shared_free_bytes=SIZES,
    integrated=st.none() | st.booleans(),
)
DEVICES = st.builds(
    EngineDevice,
    id=st.just("X0"),
    backend=st.sampled_from(["cuda", "vulkan", "metal", "cpu"]),
    name=NAMES.map(str),
    memory_total_bytes=SIZES,
    memory_free_bytes=SIZES,
)


@given(st.lists(st.lists(SIGHTINGS, max_size=3), max_size=3), st.lists(DEVICES, max_size=4), st.sampled_from([PC, MAC]))
def test_whatever_sources_say_the_machine_makes_sense(
    sources: list[list[Sighting]], devices: list[EngineDevice], machine: Machine
) -> None:
    told = merge(machine, sources, devices)
    assert told.gpus is not None
    for gpu in told.gpus:
        assert gpu.name
        if gpu.memory_free_bytes is not None and gpu.memory_total_bytes is not None:
            assert 0 <= gpu.memory_free_bytes <= gpu.memory_total_bytes
    real = [device for device in devices if device.backend != "cpu" and device.name != "llvmpipe"]
    assert bool(real) == any(gpu.backend for gpu in told.gpus)
