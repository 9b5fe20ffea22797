"""What is decided before an engine starts, as tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workbench.engine.launching.plan import (
    BATCH_TOKENS,
    EngineSettings,
    Resources,
    plan_launch,
)
from workbench.models.gguf.header import Header

GIB = 1 << 30
AUTO = EngineSettings()
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
    tensors=(),
)


def _keys(architecture: str) -> dict[str, int]:
    """The metadata of `HEADER`."""
    return {
        f"{architecture}.{name}": value
        for name, value in (("block_count", 32), ("attention.head_count", 32), ("attention.head_count_kv", 8))
    }


@pytest.mark.parametrize(
    ("own", "free_gib", "settings", "expected"),
    [
        (131_072, 16, AUTO, 8192),
        (2048, 16, AUTO, 2048),
        (None, 16, AUTO, 8192),
        (131_072, 5, AUTO, 4096),  # 1 GiB left, half of it for the cache: 4096 tokens of 128 KiB
        (131_072, 4, AUTO, 1024),  # nothing left: the least that is useful; the engine says if it does not fit
        (131_072, 1, AUTO, 1024),
        (512, 1, AUTO, 512),
        (131_072, 16, EngineSettings(context_tokens=32_768), 32_768),
        (4096, 16, EngineSettings(context_tokens=32_768), 4096),
    ],
)
def test_context(own: int | None, free_gib: int, settings: EngineSettings, expected: int) -> None:
    header = replace(HEADER, context_length=own)
    assert plan_launch(Path("m"), header, Resources(8, free_gib * GIB), settings).context_tokens == expected


def test_the_rest_of_the_plan() -> None:
    plan = plan_launch(Path("m.gguf"), HEADER, Resources(6, 16 * GIB), AUTO)
    assert (plan.model_path, plan.threads, plan.slots, plan.batch_tokens) == (Path("m.gguf"), 6, 2, BATCH_TOKENS)
    assert plan.gpu_layers is None
    assert plan.options is None
    assert 0 < plan.cache_ram_bytes <= 512 << 20
    assert plan.memory_limit_bytes is not None
    assert 2 * HEADER.weights_bytes < plan.memory_limit_bytes < 16 * GIB


@pytest.mark.parametrize(
    ("free_gib", "settings", "slots"),
    [
        (16, AUTO, 2),  # 8192 tokens take 1 GiB, and 6 GiB may be taken
        (7, AUTO, 1),  # 1.5 GiB may be taken
        (4, AUTO, 1),
        (16, EngineSettings(context_tokens=32_768), 1),
    ],
)
def test_slots(free_gib: int, settings: EngineSettings, slots: int) -> None:
    assert plan_launch(Path("m"), HEADER, Resources(8, free_gib * GIB), settings).slots == slots


def test_windows_leave_room_for_a_second_slot() -> None:
    sliding = {"gemma3.attention.sliding_window": 512, "gemma3.attention.sliding_window_pattern": 6}
    header = replace(HEADER, architecture="gemma3", metadata=_keys("gemma3") | sliding)
    assert plan_launch(Path("m"), header, Resources(8, 6 * GIB), AUTO).slots == 2
    assert plan_launch(Path("m"), HEADER, Resources(8, 6 * GIB), AUTO).slots == 1


def test_a_persons_choices_are_kept() -> None:
    plan = plan_launch(Path("m"), HEADER, Resources(6, 16 * GIB), EngineSettings(threads=3, gpu_layers=10))
    assert (plan.threads, plan.gpu_layers) == (3, 10)


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
