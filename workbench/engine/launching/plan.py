"""Decides how an engine is started: from what the model file says, what the machine has left and what a person chose. Pure.

Each decision is a `Choice` with its reason. How much is asked of the engine (context, slots, cache, batch) is decided in
`models.sizing.serving`, so that an estimate shows what a start does. Each slot has the whole context for itself:
docs/decisions/0010-slots-of-their-own.md; what else is decided here: docs/decisions/0090-a-plan-with-reasons.md.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from workbench.engine.launching import embedding_plan, plan_choices
from workbench.engine.launching.ground import (
    NOTHING_CHOSEN,
    NOTHING_KNOWN,
    EngineSettings,
    Ground,
    Resources,
    usable_machine,
)
from workbench.engine.launching.plan_choices import Circumstances
from workbench.engine.launching.templates import substitute
from workbench.models.gguf.header import Header
from workbench.models.sizing.estimate import KvType, Request
from workbench.models.sizing.memory import cache_bytes
from workbench.models.sizing.serving import Serving, Wishes, serve
from workbench.models.sizing.shapes import from_header
from workbench.ports import Choice, LaunchPlan

__all__ = ["EngineSettings", "Ground", "Resources", "plan_launch", "request_of", "wishes_of", "with_choice"]

_LIMIT_MARGIN_BYTES = 2 << 30


def plan_launch(
    path: Path,
    header: Header,
    free: Resources,
    settings: EngineSettings = NOTHING_CHOSEN,
    ground: Ground = NOTHING_KNOWN,
) -> LaunchPlan:
    """The plan for the model at ``path``. A person's choice is kept, but never above the model's own context."""
    shape = from_header(header, ground.projector_bytes)
    machine = usable_machine(ground, free, use_gpus=settings.gpu_layers != 0)
    if (pooling := embedding_plan.pooling_of(header)) is not None:
        return embedding_plan.plan(path, shape, machine, settings, pooling)
    serving = serve(shape, machine, wishes_of(settings), ground.correction)
    case = Circumstances(header, shape, machine, serving, settings, ground)
    gpu_layers, gpu = plan_choices.gpu_layers(case)
    experts, expert = plan_choices.experts(case)
    if experts is not None and gpu_layers is None:
        gpu_layers, gpu = plan_choices.all_layers(case)
    flash, flash_choice = plan_choices.flash_attention(case)
    kv, kv_choice = plan_choices.cache_type(case)
    threads, thread = plan_choices.threads(case)
    repack, repack_choice = plan_choices.repack(case)
    use_mmap, mapping = plan_choices.memory_map(case)
    lock, locking = plan_choices.lock_memory(case)
    prompts, prompt = plan_choices.prompt_cache(case)
    checkpoints, checkpoint = plan_choices.checkpoints(case)
    folder, states = plan_choices.states(case)
    template = substitute(header)
    decided = (gpu, expert, *_serving_choices(serving, settings), kv_choice, flash_choice, thread, repack_choice)
    decided += (mapping, locking, prompt, checkpoint, states, plan_choices.projector(case))
    cached = cache_bytes(shape, serving.request) + prompts
    return LaunchPlan(
        model_path=path,
        context_tokens=serving.context_tokens,
        slots=serving.slots,
        threads=threads,
        batch_tokens=serving.batch_tokens,
        gpu_layers=gpu_layers,
        expert_layers_on_cpu=experts,
        cache_type=kv,
        flash_attention=flash,
        repack=repack,
        lock_memory=lock,
        projector_path=ground.projector,
        state_folder=folder,
        context_checkpoints=checkpoints,
        cache_ram_bytes=prompts,
        use_mmap=use_mmap,
        memory_limit_bytes=memory_limit_bytes(
            shape.weights_bytes + shape.projector_bytes,
            cached + (checkpoints or 0) * serving.slots * plan_choices.checkpoint_bytes(case),
        ),
        options={"chat_template": template.text, "stops": list(template.stops)} if template else None,
        choices=tuple(choice for choice in decided if choice is not None),
    )


def wishes_of(settings: EngineSettings) -> Wishes:
    """What of the settings an estimate depends on."""
    return Wishes(
        settings.context_tokens,
        settings.slots,
        None if settings.cache_type is None else KvType(settings.cache_type),
        settings.batch_tokens,
        compressed=settings.flash_attention is not False,
    )


def request_of(plan: LaunchPlan) -> Request:
    """What ``plan`` asks of the engine, for `models.sizing`."""
    kv = KvType(plan.cache_type)
    return Request(plan.context_tokens * plan.slots, plan.slots, kv, plan.batch_tokens, unified=False)


def memory_limit_bytes(weights: int, cached: int) -> int:
    """Far above any healthy engine: weights twice (mapped, and repacked for the processor), caches twice."""
    return 2 * weights + 2 * cached + _LIMIT_MARGIN_BYTES


def _serving_choices(serving: Serving, settings: EngineSettings) -> tuple[Choice, ...]:
    tokens = f"{serving.context_tokens:,} tokens"
    return (
        Choice("Context", tokens, serving.context_because, settings.context_tokens is not None),
        Choice("Answers at once", str(serving.slots), serving.slots_because, settings.slots is not None),
        Choice("Batch", f"{serving.batch_tokens:,} tokens", serving.batch_because, settings.batch_tokens is not None),
    )


def with_choice(plan: LaunchPlan, choice: Choice) -> LaunchPlan:
    """``plan`` with ``choice`` in the place of the one of its name."""
    kept = [choice if old.name == choice.name else old for old in plan.choices]
    if choice not in kept:
        kept.append(choice)
    return replace(plan, choices=tuple(kept))
