"""Predicted against published speeds, and what must hold for any device."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean, median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.hardware.machine import Gpu, Machine
from workbench.models.sizing import speed
from workbench.models.sizing.estimate import Correction
from workbench.models.sizing.speed import Share

GIB = 1 << 30
MACHINE = Machine("linux", "Some CPU", 8, ("avx2",), 64 * GIB, 56 * GIB, None, "mains", 60.0, ())
GPUS = {
    name: Gpu(name, vendor, unified=unified, bandwidth_gbs=bandwidth, compute_capability=capability)
    for name, vendor, unified, bandwidth, capability in (
        ("Apple M2 Ultra", "apple", True, 800, None),
        ("Apple M1 Max", "apple", True, 400, None),
        ("Apple M3 Max", "apple", True, 400, None),
        ("Apple M4 Pro", "apple", True, 273, None),
        ("NVIDIA GB10", "nvidia", True, 273, "12.1"),
        ("NVIDIA GeForce RTX 5090", "nvidia", False, 1792, "12.0"),
        ("NVIDIA GeForce RTX 5080", "nvidia", False, 960, None),
        ("NVIDIA RTX PRO 6000 Blackwell", "nvidia", False, 1792, "12.0"),
        ("NVIDIA GeForce RTX 4090", "nvidia", False, 1008, "8.9"),
        ("NVIDIA GeForce RTX 3090", "nvidia", False, 936, "8.6"),
        ("AMD Radeon RX 7900 XT", "amd", False, 800, None),
        ("AMD Radeon 8060S (Strix Halo)", "amd", True, 256, None),
    )
}
# Active bytes of a token (10^9) and layers.
OSS_20B, OSS_120B, QWEN3_Q8, QWEN3_Q4 = (2.575, 24), (3.594, 36), (3.268, 48), (1.92, 48)
QWEN36, GEMMA4 = (2.57, 40), (3.45, 30)
# Generation at an empty context, tokens a second: llama.cpp's own benchmarks (M2 Ultra b7948, GB10 b7941) and runs that
# people published (llmfit, localmaxxing, whatmodel, issue threads; ranges as their middle), collected 2026-11-22.
PUBLISHED = (
    ("Apple M2 Ultra", OSS_20B, 129.97),
    ("Apple M2 Ultra", OSS_120B, 85.6),
    ("Apple M2 Ultra", QWEN3_Q8, 78.97),
    ("Apple M1 Max", OSS_20B, 83.6),
    ("Apple M1 Max", QWEN3_Q4, 67),
    ("Apple M3 Max", GEMMA4, 63.9),
    ("Apple M4 Pro", OSS_20B, 66.5),
    ("Apple M4 Pro", QWEN3_Q4, 70.6),
    ("NVIDIA GB10", OSS_20B, 83.43),
    ("NVIDIA GB10", OSS_120B, 58.72),
    ("NVIDIA GB10", QWEN3_Q8, 61.06),
    ("NVIDIA GB10", QWEN36, 69),
    ("NVIDIA GB10", GEMMA4, 72.9),
    ("NVIDIA GeForce RTX 5090", OSS_20B, 362.59),
    ("NVIDIA GeForce RTX 5090", QWEN36, 225),
    ("NVIDIA GeForce RTX 5090", GEMMA4, 230),
    ("NVIDIA GeForce RTX 5080", OSS_20B, 222),
    ("NVIDIA RTX PRO 6000 Blackwell", QWEN3_Q4, 251),
    ("NVIDIA GeForce RTX 4090", QWEN36, 161),
    ("NVIDIA GeForce RTX 3090", OSS_20B, 180),
    ("NVIDIA GeForce RTX 3090", QWEN36, 140),
    ("NVIDIA GeForce RTX 3090", GEMMA4, 152.8),
    ("AMD Radeon RX 7900 XT", OSS_20B, 162.6),
    ("AMD Radeon RX 7900 XT", QWEN3_Q4, 151.8),
    ("AMD Radeon RX 7900 XT", GEMMA4, 112),
    ("AMD Radeon 8060S (Strix Halo)", OSS_20B, 76),
    ("AMD Radeon 8060S (Strix Halo)", OSS_120B, 53),
    ("AMD Radeon 8060S (Strix Halo)", QWEN3_Q4, 85),
    ("AMD Radeon 8060S (Strix Halo)", QWEN36, 60.8),
)


def work(gpu: Gpu, active: float, layers: int, cache_bytes: float = 0.0) -> list[tuple[speed.Device, Share]]:
    return [(speed.gpu_device(gpu, MACHINE), Share(active * 1e9, layers, 12e9, 7e9, cache_bytes))]


def test_published_generation() -> None:
    found = [(speed.generation(work(GPUS[name], *model)), real) for name, model, real in PUBLISHED]
    errors = [abs(predicted.expected / real - 1) for predicted, real in found]
    assert len(errors) == 29
    assert median(errors) <= 0.05
    assert mean(errors) <= 0.06
    assert max(errors) <= 0.16
    within = sum(predicted.low <= real <= predicted.high for predicted, real in found)
    assert within >= 0.8 * len(found)


@pytest.mark.parametrize(
    ("name", "model", "kv_bytes", "depth", "measured"),
    [  # llama.cpp benches, tokens a second with so many tokens in the cache
        ("Apple M2 Ultra", OSS_20B, 24_576, 32_768, 98.25),
        ("Apple M2 Ultra", QWEN3_Q8, 98_304, 32_768, 45.26),
        ("NVIDIA GB10", OSS_20B, 24_576, 32_768, 61.65),
        ("NVIDIA GB10", OSS_120B, 36_864, 32_768, 42.76),
        ("NVIDIA GB10", QWEN3_Q8, 98_304, 32_768, 30.21),
        ("NVIDIA GeForce RTX 3090", OSS_20B, 24_576, 98_304, 108),
    ],
)
def test_a_deep_cache_slows(name: str, model: tuple[float, int], kv_bytes: int, depth: int, measured: float) -> None:
    predicted = speed.generation(work(GPUS[name], *model, cache_bytes=kv_bytes), cached_tokens=depth)
    assert predicted.expected == pytest.approx(measured, rel=0.1)


@pytest.mark.parametrize(
    ("name", "weights", "active_parameters", "batch", "measured"),
    [  # llama.cpp benches with batches of 2048, and one published run with 512: tokens a second of a prompt
        ("NVIDIA GB10", 12.1, 3.6, 2048, 4506),
        ("NVIDIA GB10", 63.4, 5.1, 2048, 2444),
        ("NVIDIA GB10", 32.5, 3.3, 2048, 2987),
        ("Apple M2 Ultra", 12.1, 3.6, 2048, 2713),
        ("Apple M2 Ultra", 63.4, 5.1, 2048, 1649),
        ("Apple M2 Ultra", 32.5, 3.3, 2048, 2453),
        ("NVIDIA GeForce RTX 5090", 12.1, 3.6, 512, 9898),
    ],
)
def test_published_prompts(name: str, weights: float, active_parameters: float, batch: int, measured: float) -> None:
    share = Share(0, 24, weights * 1e9, 2e9 * active_parameters)
    predicted = speed.prompt([(speed.gpu_device(GPUS[name], MACHINE), share)], batch)
    assert predicted.expected == pytest.approx(measured, rel=0.35)
    assert predicted.low < measured < predicted.high


@pytest.mark.parametrize(
    ("gpu", "memory_gbs", "active", "moved", "layers", "moved_layers", "measured"),
    [  # experts of some layers in memory (`--n-cpu-moe`); of very different machines, so only the range is claimed
        (Gpu("RTX 2080", "nvidia", bandwidth_gbs=448), 102.4, 2.575, 0.636, 24, 12, 36.4),
        (Gpu("RTX 4070", "nvidia", bandwidth_gbs=504), 51.2, 3.594, 1.643, 36, 31, 9.7),
        (Gpu("RTX 4060", "nvidia", bandwidth_gbs=272), 89.6, 3.594, 1.909, 36, 36, 25.6),
    ],
)
def test_published_offloads(
    gpu: Gpu, memory_gbs: float, active: float, moved: float, layers: int, moved_layers: int, measured: float
) -> None:
    machine = replace(MACHINE, memory_bandwidth_gbs=memory_gbs)
    parts = work(gpu, active - moved, layers)
    parts.append((speed.cpu_device(machine, beside_gpu=True), Share(moved * 1e9, moved_layers, 0, 0)))
    predicted = speed.generation(parts)
    assert predicted.low < measured < predicted.high * 1.1


def test_an_unknown_integrated_gpu_is_no_faster_than_memory() -> None:
    """Not taken for a graphics card: what the processor would be given counts."""
    nobody_knows = replace(MACHINE, memory_bandwidth_gbs=None)
    integrated = Gpu("Radeon 840M", "amd", unified=True, backend="vulkan")
    assert speed.gpu_device(integrated, nobody_knows).bandwidth == speed.DEFAULT_MEMORY_GBS * 1e9
    assert speed.gpu_device(integrated, MACHINE).bandwidth == 60e9
    assert speed.gpu_device(replace(integrated, unified=False), nobody_knows).bandwidth == speed.DEFAULT_GPU_GBS * 1e9


@settings(deadline=None)
@given(st.floats(10, 4000), st.floats(1.0, 3.0), st.sampled_from(sorted(GPUS)))
def test_more_bandwidth_is_never_slower(bandwidth: float, factor: float, name: str) -> None:
    less, more = (
        work(replace(GPUS[name], bandwidth_gbs=gbs), *QWEN36, cache_bytes=1e9)
        for gbs in (bandwidth, bandwidth * factor)
    )
    assert speed.generation(more, cached_tokens=1).expected >= speed.generation(less, cached_tokens=1).expected
    assert speed.prompt(more, 512).expected >= speed.prompt(less, 512).expected


@settings(deadline=None)
@given(st.floats(5, 800), st.floats(1.0, 3.0), st.integers(1, 64), st.integers(0, 64))
def test_more_of_a_processor_is_never_slower(bandwidth: float, factor: float, cores: int, further: int) -> None:
    def run(gbs: float, count: int) -> tuple[float, float]:
        device = speed.cpu_device(replace(MACHINE, memory_bandwidth_gbs=gbs, physical_cores=count))
        parts = [(device, Share(2e9, 24, 5e9, 6e9))]
        return speed.generation(parts).expected, speed.prompt(parts, 256).expected

    less, more = run(bandwidth, cores), run(bandwidth * factor, cores + further)
    assert more >= less or all(b >= a * (1 - 1e-9) for a, b in zip(less, more, strict=True))


def test_what_is_not_known_makes_the_range_wide() -> None:
    known = speed.generation(work(GPUS["NVIDIA GeForce RTX 4090"], *OSS_20B))
    unknown = speed.generation(work(Gpu("A new card", "nvidia"), *OSS_20B))
    assert unknown.high / unknown.low > 2 * known.high / known.low
    measured = speed.generation(work(GPUS["NVIDIA GeForce RTX 4090"], *OSS_20B), Correction(0.5, measured=True))
    assert measured.expected == pytest.approx(known.expected / 2)
    assert measured.high / measured.low < known.high / known.low


def test_instruction_sets_speed_prompts_up() -> None:
    slow, fast = (speed.core_flops(replace(MACHINE, cpu_features=names)) for names in (("sse4_2",), ("sse4_2", "avx2")))
    assert fast > slow


@pytest.mark.parametrize(
    ("gigabytes", "profile", "published"), [(273, speed.CUDA_GB10, 48.7), (800, speed.METAL, 59.6)]
)
def test_a_compressed_cache_takes_time_in_each_layer(gigabytes: int, profile: speed.Profile, published: float) -> None:
    """GLM-4.7-Flash Q8_0 (47 MLA layers, 2.5 GB read for a token), llama.cpp's own benchmarks of GB10 and M2 Ultra."""
    device = speed.Device(profile, gigabytes * 1e9, (0.8, 1.2), 1e13)
    share = speed.Share(2.55e9, 47, 31e9, 6e9, latent_layers=47)
    found = speed.generation([(device, share)])
    assert found.low < published < found.high
    assert found.expected < speed.generation([(device, replace(share, latent_layers=0))]).expected
