"""Where models would run on real machines, what is advised, and what must hold for any machine and model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.hardware.backends import Engines, ObtainableEngine
from workbench.hardware.machine import Gpu, Machine
from workbench.hardware.machine_file import read_machine_file
from workbench.models.sizing.estimate import Correction, Estimate, Fit, KvType, Request
from workbench.models.sizing.fit import estimate
from workbench.models.sizing.shape import CacheGroup, CacheKind, ModelShape

GIB, MIB = 1 << 30, 1 << 20
MACHINES = Path(__file__).parents[2] / "machines"
CUDA = ObtainableEngine("cuda-13", "cuda", "CUDA", 500_000_000)
VULKAN = ObtainableEngine("vulkan", "vulkan", "Vulkan", 40_000_000)
ALL_ENGINES = Engines(obtainable=(CUDA, VULKAN))
FULL, SLIDING = CacheKind.FULL, CacheKind.SLIDING

GPT_OSS_20B = ModelShape(
    architecture="gpt-oss",
    layers=24,
    context_length=131_072,
    weights_bytes=12_096_558_336,
    embedding_bytes=615_329_280,
    expert_layer_bytes=(423_567_360,) * 24,
    active_bytes=2_575_000_000,
    cache=(CacheGroup(FULL, 12, 8, 64, 64), CacheGroup(SLIDING, 12, 8, 64, 64, window=128)),
    hidden=2880,
    vocabulary=201_088,
    active_parameters=3_610_000_000,
    activations=48_960,
)
GPT_OSS_120B = replace(
    GPT_OSS_20B,
    layers=36,
    weights_bytes=63_374_323_968,
    expert_layer_bytes=(1_694_269_440,) * 36,
    active_bytes=3_594_000_000,
    cache=(CacheGroup(FULL, 18, 8, 64, 64), CacheGroup(SLIDING, 18, 8, 64, 64, window=128)),
    active_parameters=5_130_000_000,
)
QWEN3_4B = ModelShape(
    architecture="qwen3",
    layers=36,
    context_length=262_144,
    weights_bytes=2_490_000_000,
    embedding_bytes=0,
    expert_layer_bytes=(),
    active_bytes=2_490_000_000,
    cache=(CacheGroup(FULL, 36, 8, 128, 128),),
    hidden=2560,
    vocabulary=151_936,
    active_parameters=4_000_000_000,
    activations=41_984,
)


def codes(found: Estimate) -> set[str]:
    return {advice.code for advice in found.advice}


def machine(name: str) -> Machine:
    return read_machine_file(MACHINES / f"{name}.json")


@pytest.mark.parametrize(
    ("name", "shape", "fit", "engine"),
    [
        ("m2-ultra-64gb", GPT_OSS_20B, Fit.GPU, None),
        ("m2-ultra-64gb", GPT_OSS_120B, Fit.NONE, None),
        ("m2-ultra-192gb", GPT_OSS_120B, Fit.GPU, None),
        ("m4-max-128gb", GPT_OSS_120B, Fit.GPU, None),
        ("m4-pro-24gb", GPT_OSS_20B, Fit.GPU, None),
        ("m2-air-16gb", GPT_OSS_20B, Fit.NONE, None),
        ("m4-air-16gb", QWEN3_4B, Fit.GPU, None),
        ("m1-8gb", GPT_OSS_20B, Fit.NONE, None),
        ("rtx-4090-24gb", GPT_OSS_20B, Fit.GPU, None),
        ("rtx-4090-24gb", GPT_OSS_120B, Fit.EXPERTS_ON_CPU, None),
        ("rtx-3060-12gb", GPT_OSS_20B, Fit.EXPERTS_ON_CPU, "cuda-13"),
        ("rtx-3060-12gb", QWEN3_4B, Fit.GPU, "cuda-13"),
        ("windows-32gb-rtx-8gb", GPT_OSS_20B, Fit.EXPERTS_ON_CPU, "cuda-13"),
        ("arc-a770", GPT_OSS_20B, Fit.GPU, "vulkan"),
        ("rx-7900-xtx", GPT_OSS_20B, Fit.GPU, None),
        ("two-gpus", GPT_OSS_20B, Fit.GPU, None),
        ("two-gpus", GPT_OSS_120B, Fit.EXPERTS_ON_CPU, None),
        ("strix-halo-128gb", GPT_OSS_120B, Fit.GPU, None),
        ("dgx-spark", GPT_OSS_120B, Fit.GPU, None),
        ("windows-16gb-igpu", QWEN3_4B, Fit.CPU, None),
        ("windows-16gb-igpu", GPT_OSS_20B, Fit.NONE, None),
        ("no-gpu-16gb", QWEN3_4B, Fit.CPU, None),
        ("no-gpu-8gb", GPT_OSS_20B, Fit.NONE, None),
        ("container-6gb", QWEN3_4B, Fit.CPU, None),
        ("container-6gb", GPT_OSS_20B, Fit.NONE, None),
    ],
)
def test_real_machines(name: str, shape: ModelShape, fit: Fit, engine: str | None) -> None:
    found = estimate(shape, machine(name), engines=ALL_ENGINES)
    assert (found.fit, found.needs_engine) == (fit, engine)
    assert ("install_engine" in codes(found)) == (engine is not None)
    assert sum(device.bytes for device in found.devices) == found.total_bytes
    if fit is Fit.NONE:
        assert {"no_room", "needs_bytes"} <= codes(found)
        assert found.generation_tokens_per_second is None
        return
    assert all(device.bytes <= device.free_bytes for device in found.devices)
    assert found.generation_tokens_per_second
    assert found.prompt_tokens_per_second
    assert found.max_context >= found.request.context_tokens


def test_without_an_engine_for_it_a_card_is_not_counted_on() -> None:
    here = machine("rtx-3060-12gb")
    assert estimate(GPT_OSS_20B, here).fit is Fit.CPU
    assert estimate(GPT_OSS_20B, replace(here, os="macos"), engines=Engines(obtainable=(CUDA,))).fit is Fit.CPU


def test_the_parts_add_up() -> None:
    found = estimate(GPT_OSS_20B, machine("no-gpu-16gb"), Request(131_072))
    parts = found.weights_bytes + found.cache_bytes + found.compute_bytes + found.overhead_bytes + found.projector_bytes
    assert found.total_bytes == parts
    assert found.cache_bytes == 3090 * MIB
    assert found.compute_bytes == pytest.approx(221 * MIB, rel=0.05)  # what the engine prints


def test_two_cards_share_by_what_they_have_free() -> None:
    two = machine("two-gpus")
    assert two.gpus
    uneven = replace(two, gpus=(two.gpus[0], replace(two.gpus[1], memory_free_bytes=8 * GIB)))
    found = estimate(GPT_OSS_20B, uneven)
    assert found.fit is Fit.GPU
    first, second, memory = found.devices
    assert first.bytes > 2 * second.bytes
    assert memory.bytes < 2 * GIB


def test_what_was_measured_says_nothing_of_an_engine_that_is_not_here() -> None:
    here, learned = machine("rtx-3060-12gb"), Correction(0.5, 0.5, 1.0, measured=True)
    planned = [estimate(QWEN3_4B, here, Request(), ALL_ENGINES, known) for known in (Correction(), learned)]
    assert planned[0].needs_engine
    assert planned[0] == planned[1]


def test_a_unified_pool_counts_once_and_experts_may_leave_the_gpus_part() -> None:
    mac = replace(
        machine("m4-pro-24gb"),
        memory_available_bytes=20 * GIB,
        unified_memory_limit_bytes=11 * GIB,
        gpus=_apple(11 * GIB),
    )
    found = estimate(GPT_OSS_20B, mac)
    assert found.fit is Fit.EXPERTS_ON_CPU
    assert found.expert_layers_on_cpu > 0
    assert found.total_bytes < 14 * GIB
    assert "raise_wired_limit" in codes(found)
    command = next(advice.text for advice in found.advice if advice.code == "raise_wired_limit")
    assert "sudo sysctl iogpu.wired_limit_mb=" in command


def _apple(free: int) -> tuple[Gpu, ...]:
    return (Gpu("Apple M4 Pro", "apple", free, free, unified=True, bandwidth_gbs=273, backend="metal"),)


def test_a_weak_integrated_gpu_is_left_alone_beside_a_card() -> None:
    laptop = machine("windows-32gb-rtx-8gb")
    assert laptop.gpus
    integrated = Gpu("Intel UHD", "intel", unified=True, bandwidth_gbs=60, backend="vulkan")
    both = estimate(GPT_OSS_20B, replace(laptop, gpus=(integrated, replace(laptop.gpus[0], backend="cuda"))))
    assert both.devices[0].name == laptop.gpus[0].name
    assert estimate(GPT_OSS_20B, replace(laptop, gpus=(integrated,))).devices[0].name == "Intel UHD"


@pytest.mark.parametrize(
    ("name", "shape", "request_", "expected"),
    [
        ("no-gpu-8gb", QWEN3_4B, Request(65_536), {"smaller_context"}),
        ("no-gpu-16gb", QWEN3_4B, Request(49_152), {"smaller_context", "q8_cache", "close_programs"}),
        ("m2-air-16gb", GPT_OSS_20B, Request(4096), {"close_programs", "smaller_quantization"}),
        ("windows-16gb-rtx-4gb", QWEN3_4B, Request(8192), {"smaller_context"}),
        ("rtx-3060-12gb", GPT_OSS_20B, Request(8192), {"experts_on_cpu", "install_engine", "low_memory_left"}),
        ("no-gpu-16gb", QWEN3_4B, Request(300_000), {"beyond_model", "no_room", "needs_bytes"}),
    ],
)
def test_advice(name: str, shape: ModelShape, request_: Request, expected: set[str]) -> None:
    assert expected <= codes(estimate(shape, machine(name), request_, ALL_ENGINES))


def test_on_battery_it_is_said() -> None:
    here = machine("rtx-4090-24gb")
    assert "battery" in codes(estimate(QWEN3_4B, replace(here, power="battery")))
    assert estimate(QWEN3_4B, replace(here, power="mains")).advice == ()


def test_smaller_context_really_fits() -> None:
    here = machine("no-gpu-16gb")
    found = estimate(QWEN3_4B, here, Request(131_072))
    assert found.fit is Fit.NONE
    assert estimate(QWEN3_4B, here, Request(found.max_context)).fit is Fit.CPU
    assert estimate(QWEN3_4B, here, Request(found.max_context + 256)).fit is Fit.NONE


def test_the_context_up_to_which_all_stays_on_the_gpu() -> None:
    here = machine("rtx-4090-24gb")
    found = estimate(QWEN3_4B, here)
    assert found.max_gpu_context < found.max_context
    assert estimate(QWEN3_4B, here, Request(found.max_gpu_context)).fit is Fit.GPU
    assert estimate(QWEN3_4B, here, Request(found.max_gpu_context + 256)).fit is not Fit.GPU


def test_a_full_cache_slows_the_answer() -> None:
    found = estimate(GPT_OSS_20B, machine("m2-ultra-64gb"), Request(65_536))
    start, deep = found.generation_at(0), found.generation_at(32_768)
    assert start == found.generation_tokens_per_second
    assert deep
    assert deep.expected == pytest.approx(98.25, rel=0.1)  # llama.cpp's benchmark of that machine
    assert estimate(GPT_OSS_20B, machine("no-gpu-8gb")).generation_at(1000) is None


def test_a_projector_is_counted() -> None:
    here = machine("rtx-4090-24gb")
    plain, seeing = estimate(QWEN3_4B, here), estimate(replace(QWEN3_4B, projector_bytes=GIB), here)
    assert seeing.total_bytes > plain.total_bytes + GIB
    assert seeing.projector_bytes == GIB


def test_compute_buffers_are_corrected() -> None:
    here = machine("rtx-4090-24gb")
    usual, twice = estimate(QWEN3_4B, here), estimate(QWEN3_4B, here, correction=Correction(memory=2.0))
    assert twice.compute_bytes == pytest.approx(2 * usual.compute_bytes)


# What holds for all ----------------------------------------------------------------------------------------------------

BYTES = st.integers(0, 256 * GIB)
GPU = st.builds(
    Gpu,
    name=st.just("A GPU"),
    vendor=st.sampled_from(["nvidia", "amd", "intel", "apple", "other"]),
    memory_total_bytes=BYTES,
    memory_free_bytes=st.none() | BYTES,
    unified=st.booleans(),
    bandwidth_gbs=st.none() | st.floats(10, 4000),
    backend=st.sampled_from([None, "cuda", "vulkan", "rocm", "metal"]),
)
ANY_MACHINE = st.builds(
    Machine,
    os=st.sampled_from(["linux", "macos", "windows"]),
    cpu_name=st.none() | st.just("Some CPU"),
    physical_cores=st.integers(1, 128),
    cpu_features=st.none() | st.just(("avx2",)),
    memory_total_bytes=BYTES,
    memory_available_bytes=BYTES,
    disk_free_bytes=st.none(),
    power=st.just("unknown"),
    memory_bandwidth_gbs=st.none() | st.floats(5, 1000),
    gpus=st.none() | st.lists(GPU, max_size=3).map(tuple),
    unified_memory_limit_bytes=st.none() | BYTES,
)
GROUP = st.builds(
    CacheGroup,
    kind=st.sampled_from(list(CacheKind)),
    layers=st.integers(1, 60),
    kv_heads=st.integers(0, 16),
    key_length=st.integers(0, 512),
    value_length=st.integers(0, 512),
    window=st.integers(1, 4096),
    state_bytes=st.integers(0, 1 << 22),
)
SHAPE = st.builds(
    lambda dense, experts, layers, cache, context: ModelShape(
        architecture="any",
        layers=layers,
        context_length=context,
        weights_bytes=dense + experts * layers,
        embedding_bytes=dense // 4,
        expert_layer_bytes=(experts,) * layers if experts else (),
        active_bytes=dense * 3 // 4 + experts * layers // 8,
        cache=tuple(cache),
    ),
    dense=st.integers(1 * MIB, 40 * GIB),
    experts=st.integers(0, 2 * GIB),
    layers=st.integers(1, 90),
    cache=st.lists(GROUP, max_size=3),
    context=st.integers(0, 1 << 20),
)
REQUEST = st.builds(
    Request,
    context_tokens=st.integers(1, 1 << 20),
    slots=st.integers(1, 16),
    kv=st.sampled_from(list(KvType)),
    batch_tokens=st.integers(1, 4096),
    unified=st.booleans(),
)
ORDER = list(Fit)
MORE = st.integers(0, 64 * GIB)


def worse_or_equal(first: Fit, second: Fit) -> bool:
    return ORDER.index(first) >= ORDER.index(second)


@settings(max_examples=120, deadline=None)
@given(SHAPE, ANY_MACHINE, REQUEST, MORE, MORE)
def test_more_memory_is_never_worse(
    shape: ModelShape, here: Machine, request_: Request, memory: int, graphics: int
) -> None:
    richer = replace(
        here,
        memory_total_bytes=here.memory_total_bytes + memory,
        memory_available_bytes=here.memory_available_bytes + memory,
        unified_memory_limit_bytes=here.unified_memory_limit_bytes and here.unified_memory_limit_bytes + memory,
        gpus=here.gpus
        and tuple(
            replace(
                gpu,
                memory_total_bytes=(gpu.memory_total_bytes or 0) + graphics,
                memory_free_bytes=gpu.memory_free_bytes and gpu.memory_free_bytes + graphics,
            )
            for gpu in here.gpus
        ),
    )
    poor, rich = (estimate(shape, one, request_, ALL_ENGINES) for one in (here, richer))
    assert worse_or_equal(poor.fit, rich.fit)
    assert poor.max_context <= rich.max_context
    assert poor.max_gpu_context <= rich.max_gpu_context


@settings(max_examples=120, deadline=None)
@given(SHAPE, ANY_MACHINE, REQUEST, st.integers(1, 20 * GIB))
def test_a_larger_file_takes_more_and_fits_no_better(
    shape: ModelShape, here: Machine, request_: Request, more: int
) -> None:
    larger = replace(shape, weights_bytes=shape.weights_bytes + more, active_bytes=shape.active_bytes + more)
    small, big = (estimate(one, here, request_, ALL_ENGINES) for one in (shape, larger))
    assert big.weights_bytes == small.weights_bytes + more
    assert worse_or_equal(big.fit, small.fit)
    assert big.max_context <= small.max_context


@settings(max_examples=120, deadline=None)
@given(SHAPE, ANY_MACHINE, REQUEST)
def test_every_answer_is_consistent(shape: ModelShape, here: Machine, request_: Request) -> None:
    found = estimate(shape, here, request_, ALL_ENGINES)
    assert sum(device.bytes for device in found.devices) == found.total_bytes
    parts = found.weights_bytes + found.cache_bytes + found.compute_bytes + found.overhead_bytes + found.projector_bytes
    assert found.total_bytes == parts
    own = shape.context_length * (1 if request_.unified else request_.slots)
    assert 0 <= found.max_gpu_context <= found.max_context <= max(own, request_.context_tokens)
    assert (found.fit is Fit.EXPERTS_ON_CPU) == (found.expert_layers_on_cpu > 0)
    for speed in (found.generation_tokens_per_second, found.prompt_tokens_per_second):
        assert (speed is None) == (found.fit is Fit.NONE)
        assert speed is None or 0 < speed.low <= speed.expected <= speed.high
    if found.fit is not Fit.NONE:
        assert all(device.bytes <= device.free_bytes for device in found.devices)
    assert found.as_json()["fit"] == str(found.fit)
