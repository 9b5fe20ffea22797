"""How fast a model would answer: tokens a second, from the bytes that each token reads and the device's bandwidth. Pure.

One token takes the time to read the active weights, a fixed time for each layer (starting its kernels), and the time to
read the cache: `W / (e BW) + c layers + KV / (e_kv BW)`. A prompt is computed in batches, each of which reads the weights
once. The constants were fitted to published runs (docs/decisions/0064-speed-from-bytes-and-layers.md); tests hold the
points. They rank machines and set expectations; what runs here corrects them (`measurements`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workbench.hardware.machine import Gpu, Machine
from workbench.models.sizing.estimate import UNCORRECTED, Correction, Range


@dataclass(frozen=True, slots=True)
class Profile:
    """What one kind of device makes of its bandwidth.

    ``weights`` and ``cache``: the share of the bandwidth reached when reading them. ``layer_seconds``: fixed cost of a
    layer. ``flops_per_byte``: arithmetic in a prompt for each byte of bandwidth. ``low`` and ``high``: the range of four
    of five published runs, as factors of the expectation.
    """

    name: str
    weights: float
    cache: float
    layer_seconds: float
    flops_per_byte: float
    low: float = 0.8
    high: float = 1.2


METAL: Final = Profile("metal", 0.85, 0.40, 171e-6, 23)
METAL_M5: Final = Profile("metal-m5", 0.85, 0.40, 171e-6, 70, low=0.7)  # matrix units in the GPU's cores
CUDA_GB10: Final = Profile("cuda-gb10", 0.85, 0.70, 43e-6, 115)
CUDA_BLACKWELL: Final = Profile("cuda-blackwell", 0.85, 0.70, 57e-6, 47)
CUDA: Final = Profile("cuda", 0.85, 0.70, 88e-6, 40)
AMD: Final = Profile("amd", 0.85, 0.50, 98e-6, 25)
AMD_UNIFIED: Final = Profile("amd-unified", 0.85, 0.50, 63e-6, 35)
INTEL: Final = Profile("intel", 0.60, 0.40, 150e-6, 20, low=0.5, high=1.4)

# A layer that keeps compressed keys (MLA) unpacks them for each token: what two published runs of GLM-4.7-Flash (GB10, M2
# Ultra) took longer than other models of their size.
LATENT_LAYER_SECONDS: Final = 90e-6

DEFAULT_GPU_GBS: Final = 250.0  # of a graphics card that nobody knows
UNKNOWN_BANDWIDTH: Final = (0.4, 1.8)

# The processor: a share of the memory's bandwidth, and no more than its cores can take in.
CPU_WEIGHTS: Final = 0.50
CPU_CACHE: Final = 0.40
CPU_LAYER_SECONDS: Final = 60e-6
CPU_EXPERTS: Final = 0.42  # beside a GPU, with a transfer for each layer
CPU_BYTES_PER_CORE: Final = 8e9
DEFAULT_MEMORY_GBS: Final = 40.0
CPU_RANGE: Final = (0.55, 1.5)
# Arithmetic of one core in a prompt, operations a second (18e9 measured on one core of a Xeon). The engine that comes
# with the program is built for AVX2, so wider instruction sets do not count.
CORE_FLOPS: Final = (("avx2", 20e9), ("sve", 30e9), ("asimd", 25e9))
LEAST_CORE_FLOPS: Final = 8e9

# Experts in the machine's memory are copied to the GPU for each batch of a prompt.
TRANSFER_BYTES_PER_SECOND: Final = 12e9


@dataclass(frozen=True, slots=True)
class Share:
    """What one device does for a token. ``bytes``: weights read, ``layers`` computed, ``weights_bytes``: all that lie
    there, ``flops``: arithmetic of a prompt's token, ``cache_bytes`` read for each token that is in the cache,
    ``latent_layers``: those of ``layers`` with a compressed cache."""

    bytes: float
    layers: int
    weights_bytes: float
    flops: float
    cache_bytes: float = 0.0
    latent_layers: int = 0

    @property
    def latent_seconds(self) -> float:
        """What compressed caches cost for one token."""
        return self.latent_layers * LATENT_LAYER_SECONDS


@dataclass(frozen=True, slots=True)
class Device:
    """A device as speed sees it: ``bandwidth`` in bytes a second. ``range``: factors for low and high."""

    profile: Profile
    bandwidth: float
    range: tuple[float, float]
    flops: float


def gpu_device(gpu: Gpu, machine: Machine, backend: str | None = None) -> Device:
    """``backend``: what would drive it, where that is not yet installed."""
    profile = gpu_profile(gpu, machine)
    known = gpu.bandwidth_gbs or (machine.memory_bandwidth_gbs if gpu.unified else None)
    bandwidth = (known or (DEFAULT_MEMORY_GBS if gpu.unified else DEFAULT_GPU_GBS)) * 1e9
    spread = (profile.low, profile.high) if known else UNKNOWN_BANDWIDTH
    if gpu.vendor == "nvidia" and (backend or gpu.backend) == "vulkan":
        spread = (spread[0] * 0.8, spread[1])
    return Device(profile, bandwidth, spread, profile.flops_per_byte * bandwidth)


def gpu_profile(gpu: Gpu, machine: Machine) -> Profile:
    """The kind of device that a GPU is."""
    if gpu.vendor == "apple":
        return METAL_M5 if " M5" in f" {gpu.name} {machine.cpu_name or ''}" else METAL
    if gpu.vendor == "nvidia":
        if gpu.unified:
            return CUDA_GB10
        return CUDA_BLACKWELL if _capability(gpu) >= 10 or "RTX 50" in gpu.name or "RTX PRO" in gpu.name else CUDA
    if gpu.vendor == "amd":
        return AMD_UNIFIED if gpu.unified else AMD
    return INTEL


def _capability(gpu: Gpu) -> float:
    try:
        return float(gpu.compute_capability or 0)
    except ValueError:
        return 0.0


def cpu_device(machine: Machine, *, beside_gpu: bool = False) -> Device:
    """The processor. ``beside_gpu``: it computes only experts, and passes each layer's result on."""
    bandwidth = (machine.memory_bandwidth_gbs or DEFAULT_MEMORY_GBS) * 1e9
    usable = min(bandwidth, machine.physical_cores * CPU_BYTES_PER_CORE / CPU_WEIGHTS)
    profile = Profile("cpu", CPU_EXPERTS if beside_gpu else CPU_WEIGHTS, CPU_CACHE, CPU_LAYER_SECONDS, 0)
    spread = CPU_RANGE if machine.memory_bandwidth_gbs else UNKNOWN_BANDWIDTH
    return Device(profile, usable, spread, core_flops(machine) * machine.physical_cores)


def core_flops(machine: Machine) -> float:
    """Arithmetic of one core in a prompt, operations a second."""
    if machine.cpu_features is None:
        return CORE_FLOPS[0][1]  # nobody looked: most have it
    return next((flops for name, flops in CORE_FLOPS if name in machine.cpu_features), LEAST_CORE_FLOPS)


Work = Sequence[tuple[Device, Share]]


def generation(work: Work, correction: Correction = UNCORRECTED, cached_tokens: int = 0) -> Range:
    """Tokens a second while an answer is written: the devices work one after the other."""
    seconds = cached_tokens * cache_seconds(work)
    for device, share in work:
        profile = device.profile
        seconds += share.bytes / (profile.weights * device.bandwidth) + profile.layer_seconds * share.layers
        seconds += share.latent_seconds
    return _range(1 / max(seconds, 1e-9), work, correction.generation, correction.measured)


def cache_seconds(work: Work) -> float:
    """What each token in the cache adds to the time of one that is written."""
    return sum(share.cache_bytes / (device.profile.cache * device.bandwidth) for device, share in work)


def prompt(work: Work, batch_tokens: int, transfer_bytes: float = 0.0, correction: Correction = UNCORRECTED) -> Range:
    """Tokens a second while a prompt is read in batches; ``transfer_bytes`` go to the GPU with each of them."""
    seconds = transfer_bytes / TRANSFER_BYTES_PER_SECOND
    for device, share in work:
        seconds += batch_tokens * share.flops / max(device.flops, 1.0)
        seconds += share.weights_bytes / (device.profile.weights * device.bandwidth)
        seconds += device.profile.layer_seconds * share.layers
    low, high = 0.75, 1.25  # arithmetic varies more than reading: cooling, drivers, kernels
    found = _range(batch_tokens / max(seconds, 1e-9), work, correction.prompt, correction.measured)
    return found if correction.measured else Range(found.low * low, found.expected, found.high * high)


MEASURED_RANGE: Final = (0.85, 1.15)


def _range(expected: float, work: Work, factor: float, measured: bool) -> Range:
    """The range of the least known device that takes part; narrow where this machine has shown what it does."""
    low = MEASURED_RANGE[0] if measured else min(device.range[0] for device, _ in work)
    high = MEASURED_RANGE[1] if measured else max(device.range[1] for device, _ in work)
    return Range(expected * factor * low, expected * factor, expected * factor * high)
