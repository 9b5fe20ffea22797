"""What is decided before an engine starts, as tables: real machines, shapes of real models, and what a person chose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import model_shapes
from workbench.engine.launching import plan_choices
from workbench.engine.launching.ground import Ground
from workbench.engine.launching.plan import EngineSettings, Resources, plan_launch, request_of
from workbench.hardware.backends import CPU
from workbench.hardware.machine import Machine
from workbench.hardware.machine_file import read_machine_file
from workbench.models.advising.advisor import with_own_engine
from workbench.models.gguf.header import Header, Tensor, read_header
from workbench.models.sizing.estimate import DEFAULT_REQUEST, Correction, Fit
from workbench.models.sizing.fit import BEST_FIRST, best_placement, estimate
from workbench.models.sizing.shapes import from_header
from workbench.ports import Choice, LaunchPlan
from workbench.settings import Engine

GIB = 1 << 30
AUTO = EngineSettings()
MACHINES = Path(__file__).parents[3] / "machines"
ALL_BACKENDS = frozenset({CPU, "cuda", "vulkan", "metal", "rocm", "sycl"})
HEADER = Header(
    version=3,
    architecture="llama",
    name="Some Instruct",
    file_type="Q4_0",
    parameter_count=8_000_000_000,
    weights_bytes=4 * GIB,
    expected_bytes=4 * GIB,
    context_length=131_072,
    embedding_length=4096,
    block_count=32,
    head_count=32,
    head_count_kv=8,
    expert_count=None,
    expert_used_count=None,
    vocabulary_size=128_256,
    tokenizer="gpt2",
    chat_template="{{ messages }}",
    metadata={"llama.attention.head_count": 32, "llama.attention.head_count_kv": 8},
    array_lengths={},
    tensors=(Tensor("blk.0.ffn_up.weight", (4096, 1_900_000), "Q4_0", 0, 4 * GIB),),
)
SHAPES: dict[str, Callable[[], model_shapes.Model]] = {
    "1b": model_shapes.dense,
    "8b": lambda: model_shapes.dense(
        "qwen3", hidden=4096, layers=36, length=128, feed_forward=12_288, vocabulary=151_936
    ),
    "qwen3moe": model_shapes.qwen3moe,
    "gpt-oss": model_shapes.gpt_oss,
    "gemma4": model_shapes.gemma4,
    "qwen35moe": model_shapes.qwen35moe,
}


@pytest.fixture(scope="module")
def headers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Header]:
    folder = tmp_path_factory.mktemp("shapes")
    return {name: read_header(make().write(folder / f"{name}.gguf")) for name, make in SHAPES.items()}


def machine(name: str) -> Machine:
    """With an engine installed for each of its GPUs."""
    found = with_own_engine(read_machine_file(MACHINES / f"{name}.json"))
    drivers = {"nvidia": "cuda", "amd": "vulkan", "intel": "vulkan"}
    gpus = tuple(replace(gpu, backend=gpu.backend or drivers.get(gpu.vendor)) for gpu in found.gpus or ())
    return replace(found, gpus=gpus)


def planned(header: Header, here: Machine | str, settings: EngineSettings = AUTO, **ground: Any) -> LaunchPlan:
    here = machine(here) if isinstance(here, str) else here
    free = Resources(here.physical_cores, here.memory_available_bytes)
    return plan_launch(Path("m"), header, free, settings, Ground(here, **{"backends": ALL_BACKENDS} | ground))


def on_processor(free_gib: float, settings: EngineSettings = AUTO, header: Header = HEADER) -> LaunchPlan:
    return plan_launch(Path("m"), header, Resources(8, int(free_gib * GIB)), settings)


def choice(plan: LaunchPlan, name: str) -> Choice:
    return next(choice for choice in plan.choices if choice.name == name)


# Real machines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "model", "context", "slots", "batch", "kv", "flash", "repack"),
    [
        ("no-gpu-8gb", "1b", 16_384, 2, 64, "f16", False, True),
        ("no-gpu-16gb", "1b", 32_768, 2, 64, "f16", False, True),
        ("no-gpu-16gb", "8b", 8192, 1, 64, "f16", False, False),  # a second copy of 5 GB is too much
        ("no-gpu-16gb", "gpt-oss", 8192, 1, 64, "f16", False, False),  # does not fit; a smaller cache changes nothing
        ("no-gpu-8gb", "8b", 1024, 1, 64, "f16", False, False),
        ("container-6gb", "8b", 2048, 1, 64, "q8_0", True, False),
        ("m2-air-16gb", "8b", 8192, 1, 512, "f16", None, True),
        ("m4-pro-24gb", "gpt-oss", 8192, 2, 512, "f16", None, True),
        ("m2-ultra-192gb", "qwen3moe", 32_768, 2, 512, "f16", None, True),
        ("rtx-3060-12gb", "8b", 8192, 2, 512, "f16", None, True),
        ("rtx-3060-12gb", "qwen35moe", 32_768, 2, 1024, "f16", None, True),
        ("rtx-4090-24gb", "qwen3moe", 16_384, 2, 512, "f16", None, True),
        ("rtx-4090-24gb", "gpt-oss", 32_768, 2, 512, "f16", None, True),
        ("windows-32gb-rtx-8gb", "gpt-oss", 16_384, 2, 1024, "f16", None, True),
        ("windows-32gb-rtx-8gb", "gemma4", 32_768, 2, 512, "f16", None, False),
        ("strix-halo-128gb", "gemma4", 32_768, 2, 512, "f16", None, True),
    ],
)
def test_plans(
    headers: dict[str, Header],
    here: str,
    model: str,
    context: int,
    slots: int,
    batch: int,
    kv: str,
    flash: bool | None,
    repack: bool,
) -> None:
    plan = planned(headers[model], here)
    assert (plan.context_tokens, plan.slots, plan.batch_tokens) == (context, slots, batch)
    assert (plan.cache_type, plan.flash_attention, plan.repack) == (kv, flash, repack)
    assert plan.gpu_layers is None, "the engine's own fit gives up as soon as a number is given"
    assert plan.expert_layers_on_cpu is None


@pytest.mark.parametrize("here", sorted(file.stem for file in MACHINES.glob("*.json")))
def test_on_every_machine(headers: dict[str, Header], here: str) -> None:
    """The plan keeps the fit that the estimate promises, says why in sentences, and takes no more than there is."""
    for name, header in headers.items():
        plan = planned(header, here)
        place, shape = machine(here), from_header(header)
        promised = best_placement(shape, place, DEFAULT_REQUEST)
        kept = best_placement(shape, place, request_of(plan))
        if promised.fits:
            assert kept.fits, name
            assert BEST_FIRST.index(kept.fit) <= BEST_FIRST.index(promised.fit), name
        assert plan.context_tokens >= 1024
        assert 0 < plan.cache_ram_bytes <= 2 * GIB
        assert plan.cache_ram_bytes <= max(64 << 20, place.memory_available_bytes // 8)
        assert plan.memory_limit_bytes is not None
        assert plan.memory_limit_bytes > 2 * shape.weights_bytes
        names = [choice.name for choice in plan.choices]
        assert len(set(names)) == len(names)
        for one in plan.choices:
            assert one.because.endswith("."), one
            assert one.because[0].isupper(), one
            assert not one.own


# Context, slots, cache ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "free_gib", "settings", "expected"),
    [
        (131_072, 32, AUTO, (32_768, 2, "f16")),  # a token takes 128 KiB: 8 GiB of 26
        (131_072, 16, AUTO, (16_384, 2, "f16")),
        (131_072, 11, AUTO, (8192, 2, "f16")),
        (131_072, 7, AUTO, (8192, 1, "f16")),
        (131_072, 5.6, AUTO, (8192, 1, "q8_0")),  # only compressed
        (131_072, 5.2, AUTO, (4096, 1, "q8_0")),
        (131_072, 4, AUTO, (1024, 1, "f16")),  # nothing fits: the least that is useful; the engine says if it fails
        (131_072, 1, AUTO, (1024, 1, "f16")),
        (2048, 16, AUTO, (2048, 2, "f16")),
        (12_000, 16, AUTO, (12_000, 2, "f16")),
        (None, 16, AUTO, (8192, 2, "f16")),
        (512, 1, AUTO, (512, 1, "f16")),
        (131_072, 16, EngineSettings(context_tokens=32_768), (32_768, 1, "f16")),
        (131_072, 8, EngineSettings(context_tokens=32_768), (32_768, 1, "q8_0")),
        (131_072, 8, EngineSettings(context_tokens=32_768, flash_attention=False), (32_768, 1, "f16")),
        (131_072, 8, EngineSettings(context_tokens=32_768, cache_type="f16"), (32_768, 1, "f16")),
        (4096, 16, EngineSettings(context_tokens=32_768), (4096, 2, "f16")),
        (131_072, 16, EngineSettings(slots=4), (8192, 4, "f16")),
        (131_072, 32, EngineSettings(cache_type="q4_0"), (32_768, 2, "q4_0")),
    ],
)
def test_context_slots_and_cache(
    own: int | None, free_gib: float, settings: EngineSettings, expected: tuple[int, int, str]
) -> None:
    plan = on_processor(free_gib, settings, replace(HEADER, context_length=own))
    assert (plan.context_tokens, plan.slots, plan.cache_type) == expected
    assert choice(plan, "Context").own is (settings.context_tokens is not None)
    assert choice(plan, "Answers at once").own is (settings.slots is not None)
    assert choice(plan, "Cache").own is (settings.cache_type is not None)


@pytest.mark.parametrize(
    ("head", "architecture", "kv"), [(128, "llama", "q8_0"), (80, "llama", "f16"), (128, "grok", "f16")]
)
def test_only_caches_that_the_engine_can_compress(head: int, architecture: str, kv: str) -> None:
    """It packs 32 numbers together, and has no flash attention for some."""
    heads = {"block_count": 32, "attention.head_count": 32, "attention.head_count_kv": 8}
    lengths = {"attention.key_length": head, "attention.value_length": head}
    metadata = {f"{architecture}.{name}": value for name, value in (heads | lengths).items()}
    header = replace(HEADER, architecture=architecture, metadata=metadata)
    assert on_processor(8, EngineSettings(context_tokens=32_768), header).cache_type == kv


@pytest.mark.parametrize(
    ("kv", "flash", "expected", "words"),
    [
        (None, None, False, "Measured"),
        (None, True, True, "You chose"),
        (None, False, False, "You chose"),
        ("q8_0", None, True, "only with it"),
        ("q8_0", False, True, "Choose f16 to switch it off"),
    ],
)
def test_flash_attention_on_a_processor(kv: str | None, flash: bool | None, expected: bool, words: str) -> None:
    plan = on_processor(16, EngineSettings(cache_type=kv, flash_attention=flash))
    assert plan.flash_attention is expected
    assert words in choice(plan, "Flash attention").because


# Devices --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "model", "settings", "fits_itself", "layers", "experts"),
    [
        ("rtx-3060-12gb", "gpt-oss", AUTO, True, None, None),
        ("rtx-3060-12gb", "gpt-oss", AUTO, False, 999, 2),
        ("rtx-3060-12gb", "gpt-oss", EngineSettings(gpu_layers=999), True, 999, 2),
        ("rtx-3060-12gb", "gpt-oss", EngineSettings(gpu_layers=12), True, 12, None),
        ("rtx-3060-12gb", "gpt-oss", EngineSettings(expert_layers_on_cpu=9), True, 999, 9),
        ("rtx-3060-12gb", "gpt-oss", EngineSettings(expert_layers_on_cpu=99), True, 999, 24),
        ("rtx-3060-12gb", "gpt-oss", EngineSettings(gpu_layers=0), True, 0, None),
        ("rtx-3060-12gb", "gpt-oss", EngineSettings(gpu_layers=0, expert_layers_on_cpu=3), True, 0, None),
        ("rtx-3060-12gb", "8b", AUTO, False, 999, None),
        ("windows-16gb-rtx-4gb", "8b", AUTO, True, None, None),
        ("windows-16gb-rtx-4gb", "8b", AUTO, False, 20, None),
        ("no-gpu-16gb", "gpt-oss", AUTO, False, None, None),
    ],
)
def test_layers_and_experts(
    headers: dict[str, Header],
    here: str,
    model: str,
    settings: EngineSettings,
    fits_itself: bool,
    layers: int | None,
    experts: int | None,
) -> None:
    plan = planned(headers[model], here, settings, fits_itself=fits_itself)
    assert (plan.gpu_layers, plan.expert_layers_on_cpu) == (layers, experts)


def test_experts_are_counted_from_the_first_layer_of_all() -> None:
    """llama.cpp's number counts the leading layers without experts too."""
    parts = ("ffn_gate_inp", "ffn_up_exps", "ffn_down_exps", "ffn_up_shexp")
    tensors = [Tensor(f"blk.{layer}.{part}.weight", (32, 32, 4), "Q8_0", 0, 4352) for layer in (3, 4) for part in parts]
    header = replace(HEADER, tensors=(*HEADER.tensors, *tensors))
    assert plan_choices.expert_layers(header) == (3, 4)


def test_the_engine_that_starts_decides_what_counts(headers: dict[str, Header]) -> None:
    """A card that only another engine drives is none; one that it drives in another way is."""
    alone = planned(headers["gpt-oss"], "rtx-4090-24gb", backends=frozenset({CPU}))
    assert (alone.batch_tokens, alone.flash_attention) == (128, False)
    assert "No graphics processor" in choice(alone, "Layers on the GPU").because
    vulkan = planned(headers["gpt-oss"], "rtx-4090-24gb", backends=frozenset({CPU, "vulkan"}))
    assert (vulkan.batch_tokens, vulkan.flash_attention) == (512, None)


def test_a_larger_batch_beside_experts_in_memory_is_read_in_time(headers: dict[str, Header]) -> None:
    """It is taken where that reads faster, a stop still takes effect soon, and answers are as quick."""
    larger = [name for name in headers if planned(headers[name], "rtx-3060-12gb").batch_tokens > 512]
    assert larger
    for name in larger:
        plan, here, shape = (
            planned(headers[name], "rtx-3060-12gb"),
            machine("rtx-3060-12gb"),
            from_header(headers[name]),
        )
        found = estimate(shape, here, request_of(plan))
        usual = estimate(shape, here, replace(request_of(plan), batch_tokens=512))
        assert found.fit is Fit.EXPERTS_ON_CPU
        assert found.prompt_tokens_per_second is not None
        assert usual.prompt_tokens_per_second is not None
        assert found.prompt_tokens_per_second.expected > usual.prompt_tokens_per_second.expected
        assert plan.batch_tokens / found.prompt_tokens_per_second.expected <= 1.5


# The rest -------------------------------------------------------------------------------------------------------------


def test_a_persons_choices_are_kept_and_marked(headers: dict[str, Header]) -> None:
    settings = EngineSettings.of(
        Engine(
            context_tokens=4096, threads=3, gpu_layers=10, cache_type="q4_0", batch_tokens=64, slots=3,
            memory_map="off", prompt_cache_megabytes=7, flash_attention="on",
        )
    )  # fmt: skip
    plan = planned(headers["1b"], "rtx-4090-24gb", settings)
    assert (plan.context_tokens, plan.threads, plan.gpu_layers, plan.cache_type) == (4096, 3, 10, "q4_0")
    assert (plan.batch_tokens, plan.slots, plan.use_mmap, plan.cache_ram_bytes) == (64, 3, False, 7 << 20)
    own = {choice.name for choice in plan.choices if choice.own}
    assert own == {
        "Context", "Threads", "Layers on the GPU", "Cache", "Batch", "Answers at once", "Mapped file", "Kept prompts",
    }  # fmt: skip


def test_the_settings_file_says_nothing_by_default() -> None:
    assert EngineSettings.of(Engine(saved_states_megabytes=0)) == AUTO


@pytest.mark.parametrize(
    ("here", "model", "locked", "words"),
    [
        ("no-gpu-16gb", "1b", True, "never paged out"),
        ("no-gpu-8gb", "8b", False, "more than what is free"),
        ("rtx-4090-24gb", "8b", False, "on the GPU"),
        ("m4-max-128gb", "8b", True, "never paged out"),
        ("rtx-3060-12gb", "gpt-oss", True, "never paged out"),
    ],
)
def test_keep_ready(headers: dict[str, Header], here: str, model: str, locked: bool, words: str) -> None:
    plan = planned(headers[model], here, EngineSettings(keep_ready=True))
    assert plan.lock_memory is locked
    assert words in choice(plan, "Kept in memory").because
    assert not planned(headers[model], here).lock_memory


def test_checkpoints_only_where_layers_cannot_go_back(headers: dict[str, Header]) -> None:
    """As many as an eighth of the memory that is left holds, never none."""
    assert planned(headers["1b"], "rtx-4090-24gb").context_checkpoints is None
    assert planned(headers["gpt-oss"], "rtx-4090-24gb").context_checkpoints == 32
    assert planned(headers["gpt-oss"], "no-gpu-16gb").context_checkpoints == 1
    gemma = planned(headers["gemma4"], "rtx-4090-24gb").context_checkpoints
    assert gemma is not None
    assert 1 < gemma < 32


def test_a_projector_is_counted_and_given(headers: dict[str, Header]) -> None:
    plan = planned(headers["8b"], "rtx-3060-12gb", projector=Path("/p/mmproj.gguf"), projector_bytes=4 * GIB)
    assert plan.projector_path == Path("/p/mmproj.gguf")
    assert "4 GB" in choice(plan, "Pictures").because
    assert plan.slots < planned(headers["8b"], "rtx-3060-12gb").slots


def test_states_are_saved_where_they_may_be() -> None:
    folder, settings = Path("/home/states"), EngineSettings(saved_states_bytes=1 << 30)
    free = Resources(4, 16 * GIB)
    assert plan_launch(Path("m"), HEADER, free, settings, Ground(state_folder=folder)).state_folder == folder
    assert plan_launch(Path("m"), HEADER, free, AUTO, Ground(state_folder=folder)).state_folder is None
    assert plan_launch(Path("m"), HEADER, free, settings).state_folder is None


def test_the_rest_of_the_plan() -> None:
    plan = plan_launch(Path("m.gguf"), HEADER, Resources(6, 16 * GIB), AUTO)
    assert (plan.model_path, plan.threads, plan.use_mmap) == (Path("m.gguf"), 6, True)
    assert (plan.gpu_layers, plan.options, plan.embeddings) == (None, None, False)
    assert plan.memory_limit_bytes is not None
    assert 2 * HEADER.weights_bytes < plan.memory_limit_bytes


@pytest.mark.parametrize(
    ("architecture", "pooling", "expected"),
    [
        ("bert", 2, "cls"),
        ("bert", None, "mean"),
        ("nomic-bert", 1, "mean"),
        ("qwen3", 3, "last"),
        ("qwen3", None, None),
        ("qwen3", 0, None),
        ("bert", 4, "rank"),
    ],
)
def test_models_that_answer_with_vectors(architecture: str, pooling: int | None, expected: str | None) -> None:
    told = {} if pooling is None else {f"{architecture}.pooling_type": pooling}
    header = replace(HEADER, architecture=architecture, context_length=512, metadata=told)
    plan = on_processor(8, EngineSettings(context_tokens=4096), header)
    assert plan.embeddings is (expected is not None)
    if expected is not None:
        assert plan.options == {"pooling": expected}
        assert (plan.context_tokens, plan.batch_tokens) == (512, 512), "a passage is computed in one piece"
        assert plan.cache_ram_bytes == 0


@pytest.mark.parametrize(
    ("architecture", "name", "template", "marker"),
    [
        ("gemma3", "Gemma 3 270m it", None, "<start_of_turn>"),
        ("gemma3", "gemma-3-4b-it", None, "<start_of_turn>"),
        ("gemma3", "Gemma 3 270m", None, "Question: "),
        ("llama", "Some Base", None, "Question: "),
        ("llama", "Some Instruct", None, None),  # the engine's ChatML is the best guess
        ("gemma3", "Gemma 3 270m it", "{{ own }}", None),
    ],
)
def test_files_without_a_template(architecture: str, name: str, template: str | None, marker: str | None) -> None:
    header = replace(HEADER, architecture=architecture, name=name, chat_template=template)
    options = plan_launch(Path("m"), header, Resources(1, GIB), AUTO).options
    if marker is None:
        assert options is None
    else:
        assert options is not None
        assert marker in options["chat_template"]


def test_what_a_machine_has_shown_decides_how_soon_it_stops(headers: dict[str, Header]) -> None:
    here = replace(machine("no-gpu-16gb"), physical_cores=64)
    quick = planned(headers["1b"], here)
    slow = planned(headers["1b"], here, correction=Correction(prompt=0.2, measured=True))
    assert quick.batch_tokens == 256
    assert slow.batch_tokens < 256
