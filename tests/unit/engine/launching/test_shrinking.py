"""Smaller plans after an engine ran out of memory: in which order, with which sentence, and that they come to an end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.engine.launching.test_plan import HEADER, headers, planned
from workbench.engine.launching.plan import EngineSettings, Resources, plan_launch, request_of
from workbench.engine.launching.shrinking import changes, smaller
from workbench.models.gguf.header import Header
from workbench.models.sizing.memory import cache_bytes
from workbench.models.sizing.shapes import from_header
from workbench.ports import LaunchPlan

__all__ = ["headers"]  # a fixture of the plan's own tests

GIB = 1 << 30


def all_smaller(plan: LaunchPlan, header: Header | None = None) -> Iterator[LaunchPlan]:
    """Each smaller plan in its turn, down to the smallest."""
    while (found := smaller(plan, header=header)) is not None:
        yield found
        plan = found


def steps(plan: LaunchPlan, header: Header | None) -> list[str]:
    found = []
    for less in all_smaller(plan, header):
        (changed,) = changes(plan, less)
        found.append(f"{changed.name}: {changed.value}")
        plan = less
    return found


def test_on_a_processor() -> None:
    plan = plan_launch(Path("m"), HEADER, Resources(8, 16 * GIB), EngineSettings(keep_ready=True))
    assert steps(plan, HEADER) == [
        "Kept prompts: 64 MB",
        "Kept in memory: no",
        "Repacked weights: no",
        "Answers at once: 1",
        "Context: 8,192 tokens",
        "Cache: q8_0",
        "Context: 4,096 tokens",
        "Context: 2,048 tokens",
        "Context: 1,024 tokens",
    ]


def test_beside_a_card_experts_go_before_the_cache(headers: dict[str, Header]) -> None:
    plan = planned(headers["qwen35moe"], "rtx-3060-12gb")
    assert steps(plan, headers["qwen35moe"]) == [
        "Kept prompts: 64 MB",
        "Repacked weights: no",
        "Answers at once: 1",
        "Batch: 256 tokens",
        "Context: 16,384 tokens",
        "Context: 8,192 tokens",
        "Experts on the processor: all",
        "Cache: q8_0",
        "Context: 4,096 tokens",
        "Context: 2,048 tokens",
        "Context: 1,024 tokens",
        "Layers on the GPU: none",
    ]
    last = list(all_smaller(plan, headers["qwen35moe"]))[-1]
    assert (last.gpu_layers, last.expert_layers_on_cpu, last.flash_attention) == (0, None, True)
    assert last.context_checkpoints == 1


@pytest.mark.parametrize("name", ["1b", "8b", "gpt-oss", "gemma4"])
@pytest.mark.parametrize("here", ["no-gpu-16gb", "rtx-4090-24gb", "m4-pro-24gb"])
def test_each_is_smaller_and_they_end(headers: dict[str, Header], name: str, here: str) -> None:
    plan, shape = planned(headers[name], here), from_header(headers[name])
    for count, less in enumerate(all_smaller(plan, headers[name])):
        assert count < 20
        assert cache_bytes(shape, request_of(less)) <= cache_bytes(shape, request_of(plan))
        assert less != plan
        plan = less
    assert smaller(plan, header=headers[name]) is None


def test_the_cause_stands_in_the_choice() -> None:
    plan = plan_launch(Path("m"), HEADER, Resources(8, 16 * GIB))
    less = smaller(plan, "The engine was ended from outside.")
    assert less is not None
    (changed,) = changes(plan, less)
    assert changed.because.startswith("The engine was ended from outside. ")


def test_without_a_header_the_cache_stays_exact() -> None:
    plan = plan_launch(Path("m"), HEADER, Resources(8, 16 * GIB))
    assert not any(step.startswith("Cache") for step in steps(plan, None))


def test_a_model_for_vectors_is_as_small_as_it_gets() -> None:
    header = replace(HEADER, architecture="bert", metadata={})
    assert smaller(plan_launch(Path("m"), header, Resources(8, 16 * GIB))) is None


def test_a_full_card_is_not_helped_by_the_machines_memory(headers: dict[str, Header]) -> None:
    header, cause = headers["qwen35moe"], "The graphics card ran out of memory."
    plan = planned(header, "rtx-3060-12gb")
    less = smaller(plan, cause, header)
    assert less is not None
    assert [choice.name for choice in changes(plan, less)] == ["Answers at once"]
    assert (less.cache_ram_bytes, less.repack) == (plan.cache_ram_bytes, plan.repack)
