"""A handful of real models on believable machines, with a rough sum in the place of the program's own.

Names, sizes, licences and figures are those of the models' cards; the estimate is only good enough to draw pages with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.hardware.machine import Gpu, Machine
from workbench.models.advising.advice import Pick, Preference, Recommendation, Task, Use
from workbench.models.catalog.model import CatalogFile, CatalogModel, Score
from workbench.models.sizing.estimate import Advice, DeviceUse, Estimate, Fit, Range, Request
from workbench.models.sizing.shape import CacheGroup, CacheKind

GB = 1_000_000_000
COMMIT = "c099eb48e663fd284577b04978a94ffccb261841"

LAPTOP = Machine(
    "linux", "AMD Ryzen 7 7840HS", 8, ("avx2", "avx512f"), 32 * 2**30, 21 * 2**30, 214 * GB, "mains", 77.0,
    (Gpu("NVIDIA GeForce RTX 4060 Laptop GPU", "nvidia", 8_585 * 10**6, 7_900 * 10**6, bandwidth_gbs=256.0,
         driver="550.54", compute_capability="8.9"),),
)  # fmt: skip
LAPTOP_WITH_CUDA = replace(LAPTOP, gpus=tuple(replace(gpu, backend="cuda") for gpu in LAPTOP.gpus or ()))
STUDIO = Machine(
    "macos", "Apple M4 Max", 16, ("asimd",), 64 * 2**30, 41 * 2**30, 612 * GB, "mains", 546.0,
    (Gpu("Apple M4 Max", "apple", unified=True, bandwidth_gbs=546.0, backend="metal"),), 48 * 2**30,
)  # fmt: skip
SMALL = Machine("windows", "Intel Core i5-1135G7", 4, ("avx2",), 8 * 2**30, 5_100 * 10**6, 31 * GB, "battery", 51.0, ())

TASKS = {
    Use.CHAT: Task(600, 300, 350),
    Use.WRITING: Task(800, 400, 900),
    Use.CODE: Task(4_000, 800, 700),
    Use.DOCUMENTS: Task(16_000, 500, 500),
}


def _file(repository: str, file: str, quantization: str, size: int | None, **more: object) -> CatalogFile:
    return CatalogFile(repository, file, quantization, size, revision=COMMIT, **more)  # type: ignore[arg-type]


def _full(layers: int, heads: int, length: int) -> CacheGroup:
    return CacheGroup(CacheKind.FULL, layers, heads, length, length)


GPT_OSS_20B = CatalogModel(
    id="gpt-oss-20b", name="gpt-oss 20B", vendor="OpenAI", family="gpt-oss", licence="Apache-2.0",
    released="2025-08-05", architecture="gpt-oss", parameters=20_910_000_000, active_parameters=3_610_000_000,
    layers=24, hidden=2880, vocabulary=201_088, context_length=131_072, experts=32, experts_used=4,
    cache=(_full(12, 8, 64), CacheGroup(CacheKind.SLIDING, 12, 8, 64, 64, window=128)), active_bytes=2_575_000_000,
    effort="reasoning_effort", effort_values=("low", "medium", "high"), tools=True, vision=False,
    sampling={"temperature": 1.0, "top_p": 1.0, "top_k": 0, "min_p": 0.0},
    scores=(
        Score("GPQA", 71.5, "high", independent=False, source="model card", date="2025-08-05"),
        Score("SWE-bench Verified", 34.0, "high", independent=True, source="Z.ai", date="2026-01-19"),
    ),
    files=(
        _file("ggml-org/gpt-oss-20b-GGUF", "gpt-oss-20b-MXFP4.gguf", "MXFP4", 12_109_566_624),
        _file("bartowski/openai_gpt-oss-20b-GGUF", "openai_gpt-oss-20b-Q4_K_M.gguf", "Q4_K_M", 11_673_418_816),
    ),
)  # fmt: skip
GPT_OSS_120B = replace(
    GPT_OSS_20B, id="gpt-oss-120b", name="gpt-oss 120B", parameters=116_830_000_000, active_parameters=5_130_000_000,
    layers=36, experts=128, active_bytes=3_594_000_000,
    cache=(_full(18, 8, 64), CacheGroup(CacheKind.SLIDING, 18, 8, 64, 64, window=128)),
    scores=(Score("GPQA", 80.1, "high", independent=False, source="model card", date="2025-08-05"),),
    files=(_file("ggml-org/gpt-oss-120b-GGUF", "gpt-oss-120b-MXFP4.gguf", "MXFP4", 63_387_346_208),),
)  # fmt: skip
QWEN_35B = CatalogModel(
    id="qwen3.6-35b-a3b", name="Qwen3.6 35B-A3B", vendor="Qwen/Alibaba", family="qwen3.5-moe", licence="Apache-2.0",
    released="2026-04", architecture="qwen35moe", parameters=34_660_000_000, active_parameters=3_000_000_000,
    layers=40, hidden=2048, vocabulary=248_320, context_length=262_144, experts=256, experts_used=8,
    cache=(_full(10, 2, 256), CacheGroup(CacheKind.RECURRENT, 30, state_bytes=2_195_456)), active_bytes=2_570_000_000,
    effort="enable_thinking", effort_values=("on", "off"), tools=True, vision=True,
    sampling={"temperature": 1.0, "top_p": 0.95, "top_k": 20},
    scores=(
        Score("MMLU-Pro", 85.2, "on", independent=False, source="model card", date="2026-04-16"),
        Score("SWE-bench Verified", 64.4, "on", independent=True, source="whatmodel", date="2026-06-02"),
    ),
    files=tuple(
        _file("unsloth/Qwen3.6-35B-A3B-GGUF", f"Qwen3.6-35B-A3B-{name}.gguf", name, size,
              projector="mmproj-F16.gguf", projector_bytes=899_283_680)
        for name, size in (("UD-Q4_K_XL", 22_360_456_160), ("UD-Q5_K_XL", 26_592_508_896),
                           ("UD-Q6_K_XL", 31_843_777_504), ("UD-Q8_K_XL", 38_451_182_560))
    ),
)  # fmt: skip
GEMMA_26B = replace(
    QWEN_35B, id="gemma-4-26b-a4b", name="Gemma 4 26B-A4B", vendor="Google", family="gemma-4", released="2026-04-02",
    architecture="gemma4", parameters=25_230_000_000, active_parameters=3_820_000_000, layers=30, experts=128,
    cache=(_full(5, 2, 512), CacheGroup(CacheKind.SLIDING, 25, 8, 256, 256, window=1024)), active_bytes=3_203_000_000,
    sampling={"temperature": 1.0, "top_p": 0.95, "top_k": 64},
    scores=(Score("MMLU-Pro", 82.6, "on", independent=False, source="model card", date="2026-04-02"),),
    files=tuple(
        _file("unsloth/gemma-4-26B-A4B-it-GGUF", f"gemma-4-26B-A4B-it-{name}.gguf", name, size,
              projector="mmproj-F16.gguf", projector_bytes=1_193_058_784)
        for name, size in (("UD-Q4_K_XL", 17_010_980_576), ("UD-Q3_K_XL", 12_907_280_096), ("Q8_0", 26_859_861_728))
    ),
)  # fmt: skip
QWEN_CODER = replace(
    GPT_OSS_20B, id="qwen3-coder-30b-a3b", name="Qwen3 Coder 30B-A3B", vendor="Qwen/Alibaba", family="qwen3-moe",
    released="2025-07-31", architecture="qwen3moe", parameters=30_530_000_000, active_parameters=3_300_000_000,
    layers=48, cache=(_full(48, 4, 128),), active_bytes=1_920_000_000, effort="none", effort_values=(),
    sampling={"temperature": 0.7, "top_p": 0.8, "top_k": 20, "repeat_penalty": 1.05},
    scores=(Score("SWE-bench Verified", 31.8, "none", independent=True, source="whatmodel", date="2026-06-02"),),
    files=(_file("unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF", "Qwen3-Coder-30B-A3B-Instruct-Q4_K_M.gguf", "Q4_K_M",
                 18_556_689_568),),
)  # fmt: skip
LFM_8B = replace(
    GPT_OSS_20B, id="lfm2.5-8b-a1b", name="LFM2.5 8B-A1B", vendor="Liquid AI", family="lfm2", released="2026",
    licence="LFM Open License v1.0 (free under $10M revenue)", architecture="lfm2moe", parameters=8_340_000_000,
    active_parameters=1_500_000_000, cache=(_full(6, 8, 64),), active_bytes=900_000_000, effort="always-on",
    effort_values=(), scores=(), sampling={"temperature": 0.1, "top_k": 50},
    files=(_file("LiquidAI/LFM2.5-8B-A1B-GGUF", "LFM2.5-8B-A1B-Q4_K_M.gguf", "Q4_K_M", 5_155_564_768),),
)  # fmt: skip
QWEN_4B = replace(
    GPT_OSS_20B, id="qwen3-4b-instruct-2507", name="Qwen3 4B Instruct 2507", vendor="Qwen/Alibaba",
    family="qwen3-dense", released="2025-08-06", architecture="qwen3", parameters=4_020_000_000,
    active_parameters=4_020_000_000, layers=36, experts=0, experts_used=0, cache=(_full(36, 8, 128),),
    active_bytes=2_490_000_000, effort="none", effort_values=(),
    sampling={"temperature": 0.7, "top_p": 0.8, "top_k": 20, "min_p": 0.0},
    scores=(Score("MMLU-Pro", 69.6, "none", independent=False, source="model card", date="2025-08-06"),),
    files=tuple(
        _file("bartowski/Qwen_Qwen3-4B-Instruct-2507-GGUF", f"Qwen_Qwen3-4B-Instruct-2507-{name}.gguf", name, size)
        for name, size in (("Q4_K_M", 2_497_280_736), ("Q6_K", 3_306_261_216), ("Q8_0", 4_280_405_216))
    ),
)  # fmt: skip

MODELS = (QWEN_35B, GPT_OSS_20B, GEMMA_26B, QWEN_CODER, GPT_OSS_120B, LFM_8B, QWEN_4B)


def find(reference: str, models: Sequence[CatalogModel] = MODELS) -> tuple[CatalogModel, CatalogFile]:
    """The model and build meant by a catalog id, a reference of the hub, a name or a file name; else the first."""
    for model in models:
        for file in model.files:
            if reference in (file.reference, file.reference.partition("@")[0], file.file) or file.file in reference:
                return model, file
    found = next((model for model in models if reference in (model.id, model.name)), models[0])
    return found, found.files[0]


def estimated(
    model: CatalogModel, file: CatalogFile, machine: Machine = LAPTOP, request: Request | None = None
) -> Estimate:
    """A sum of the right shape and size."""
    request = request or Request()
    weights = file.bytes or 12 * GB
    parts = (weights, _cache_bytes(model, request), 420_000_000, 260_000_000, file.projector_bytes)
    total = sum(parts)
    free = machine.memory_available_bytes
    gpu = _usable(machine)
    gpu_free = 0 if gpu is None else (gpu.memory_free_bytes or min(free, machine.unified_memory_limit_bytes or free))
    fit, devices, layers = _placed(model, total, gpu, gpu_free, machine)
    tightest = min((use.free_bytes - use.bytes for use in devices), default=0)
    return Estimate(
        *parts[:4],
        total,
        fit,
        0 if fit is Fit.NONE else min(model.context_length, 131_072 if tightest > 2 * GB else 24_576),
        devices,
        layers,
        _advice(fit, gpu, total - free),
        request,
        projector_bytes=parts[4],
        memory_left_bytes=max(0, tightest),
        needs_engine="cuda-13" if gpu is not None and gpu.backend is None and fit is not Fit.NONE else None,
        prompt_tokens_per_second=None if fit is Fit.NONE else _around(_speed(model, fit, gpu, machine) * 9),
        generation_tokens_per_second=None if fit is Fit.NONE else _around(_speed(model, fit, gpu, machine)),
    )


def _usable(machine: Machine) -> Gpu | None:
    return next(iter(machine.gpus or ()), None)


def _cache_bytes(model: CatalogModel, request: Request) -> int:
    tokens = request.context_tokens
    return sum(
        group.layers * group.state_bytes
        + 4
        * group.layers
        * group.kv_heads
        * group.key_length
        * min(tokens, group.window + 512 if group.window else tokens)
        for group in model.cache
    )


def _placed(
    model: CatalogModel, total: int, gpu: Gpu | None, gpu_free: int, machine: Machine
) -> tuple[Fit, tuple[DeviceUse, ...], int]:
    free, cpu = machine.memory_available_bytes, machine.cpu_name or "CPU"
    if gpu is not None and total <= gpu_free:
        return Fit.GPU, (DeviceUse(gpu.name, total, gpu_free),), 0
    if gpu is not None and not gpu.unified and model.experts and total <= gpu_free + free:
        on_gpu = int(gpu_free * 0.9)
        layers = min(model.layers, round(model.layers * (total - on_gpu) / total) + 1)
        return Fit.EXPERTS_ON_CPU, (DeviceUse(gpu.name, on_gpu, gpu_free), DeviceUse(cpu, total - on_gpu, free)), layers
    if total <= free:
        return Fit.CPU, (DeviceUse(cpu, total, free),), 0
    return Fit.NONE, (DeviceUse(cpu, total, free),), 0


def _advice(fit: Fit, gpu: Gpu | None, missing: int) -> tuple[Advice, ...]:
    if fit is Fit.NONE:
        return (
            Advice("more_memory", f"It needs {missing / 1e9:.1f} GB more free memory than there is now."),
            Advice("smaller_model", "Choose a smaller build or a smaller model."),
        )
    if gpu is not None and gpu.backend is None:
        return (Advice("install_engine", "Runs on the GPU after installing the CUDA engine (180 MB)."),)
    return ()


def _speed(model: CatalogModel, fit: Fit, gpu: Gpu | None, machine: Machine) -> float:
    slow = machine.memory_bandwidth_gbs or 50.0
    fast = slow if gpu is None else (gpu.bandwidth_gbs or slow)
    bandwidth = {Fit.GPU: fast, Fit.EXPERTS_ON_CPU: (fast + 3 * slow) / 4}.get(fit, slow)
    return 0.6 * bandwidth * 1e9 / (model.active_bytes or 3 * GB)


def _around(speed: float) -> Range:
    return Range(0.8 * speed, speed, 1.2 * speed)


def pick(model: CatalogModel, machine: Machine = LAPTOP, use: Use = Use.CHAT, role: str = "") -> Pick:
    """The first build, as it would run."""
    file = model.files[0]
    sum_ = estimated(model, file, machine)
    task = TASKS[use]
    reading, writing = sum_.prompt_tokens_per_second, sum_.generation_tokens_per_second
    seconds = 0.0
    if reading and writing:
        thinking = task.reasoning_tokens if model.effort != "none" else 0
        seconds = task.prompt_tokens / reading.expected + (thinking + task.answer_tokens) / writing.expected
    effort = model.effort_values[0] if model.effort_values else "none"
    reasons = ("The best answers of what fits here.", "Reads pictures." if model.vision else "Follows tools well.")
    return Pick(model, file, sum_, role, reasons, task, effort, _quality(model), _around(seconds))


def _quality(model: CatalogModel) -> float:
    return max((score.value for score in model.scores), default=40.0)


def recommendation(
    models: Sequence[CatalogModel] = MODELS,
    machine: Machine = LAPTOP,
    use: Use = Use.CHAT,
    preference: Preference = Preference.BALANCED,
) -> Recommendation:
    """The best that fits, a faster one, and a bridge."""
    fitting = [one for one in models if estimated(one, one.files[0], machine).fit is not Fit.NONE]
    if not fitting:
        return Recommendation(use, preference, None, (), notes=("No model of the catalog fits this machine.",))
    best = max(fitting, key=_quality)
    rest = sorted((one for one in fitting if one is not best), key=lambda one: one.files[0].bytes or 0)
    small = next((one for one in rest if 2 * GB <= (one.files[0].bytes or 0) <= 6 * GB), None)
    return Recommendation(
        use,
        preference,
        pick(best, machine, use, "Recommended"),
        tuple(pick(one, machine, use, "Faster") for one in rest[:1]),
        pick(small, machine, use, "Bridge") if small else None,
    )
