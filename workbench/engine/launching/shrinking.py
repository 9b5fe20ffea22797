"""The next smaller plan, offered after an engine has run out of memory. Pure.

What costs the person least goes first: what only makes things quicker, then a second answer at once, then the exactness of
the cache, then the length of chats, and at last the GPU.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from workbench.engine.launching.plan import with_choice
from workbench.engine.launching.plan_choices import ALL_LAYERS, expert_layers
from workbench.models.gguf.header import Header
from workbench.models.sizing.serving import CPU_BATCH_TOKENS, LEAST_CONTEXT_TOKENS, compressible
from workbench.models.sizing.shapes import from_header
from workbench.ports import Choice, LaunchPlan
from workbench.sizes import memory_words

LEAST_PROMPT_CACHE_BYTES: Final = 64 << 20
OUT_OF_MEMORY: Final = "The engine ran out of memory."
CARD: Final = "graphics card"  # as `log_reader` calls it
USUAL_CONTEXT_TOKENS: Final = 8192

Step = Callable[[LaunchPlan, Header | None], tuple[dict[str, Any], Choice] | None]


def smaller(plan: LaunchPlan, cause: str = "", header: Header | None = None) -> LaunchPlan | None:
    """``plan`` with the next thing less; None when nothing is left to go without.

    ``cause``: why, in a sentence that stands in the choices that changed; empty: memory. Where it is the graphics card's,
    what lies in the machine's own memory stays. ``header``: of the model, without
    which nothing is known of its experts and its cache stays as exact as it is.
    """
    if plan.embeddings:
        return None
    order = _CARD_STEPS if CARD in cause else _STEPS
    steps = (found for step in order if (found := step(plan, header)) is not None)
    change, choice = next(steps, (None, None))
    if change is None or choice is None:
        return None
    because = f"{cause or OUT_OF_MEMORY} {choice.because}"
    return with_choice(replace(plan, **change), replace(choice, because=because))


def changes(before: LaunchPlan, after: LaunchPlan) -> tuple[Choice, ...]:
    """What of ``after`` was decided otherwise than in ``before``."""
    return tuple(choice for choice in after.choices if choice not in before.choices)


def _prompts(plan: LaunchPlan, _header: Header | None) -> tuple[dict[str, Any], Choice] | None:
    if plan.cache_ram_bytes <= LEAST_PROMPT_CACHE_BYTES:
        return None
    size = memory_words(LEAST_PROMPT_CACHE_BYTES)
    choice = Choice("Kept prompts", size, "Fewer chats that were read stay in memory.")
    few = None if plan.context_checkpoints is None else 1
    return {"cache_ram_bytes": LEAST_PROMPT_CACHE_BYTES, "context_checkpoints": few}, choice


def _lock(plan: LaunchPlan, _header: Header | None) -> tuple[dict[str, Any], Choice] | None:
    if not plan.lock_memory:
        return None
    return {"lock_memory": False}, Choice("Kept in memory", "no", "The system may page the model out again.")


def _repack(plan: LaunchPlan, _header: Header | None) -> tuple[dict[str, Any], Choice] | None:
    if not plan.repack or not any(choice.name == "Repacked weights" for choice in plan.choices):
        return None
    because = "Without a second copy of its weights the model reads prompts more slowly."
    return {"repack": False}, Choice("Repacked weights", "no", because)


def _slots(plan: LaunchPlan, _header: Header | None) -> tuple[dict[str, Any], Choice] | None:
    if plan.slots == 1:
        return None
    return {"slots": 1}, Choice("Answers at once", "1", "A second question waits until the first is answered.")


def _batch(plan: LaunchPlan, _header: Header | None) -> tuple[dict[str, Any], Choice] | None:
    if plan.batch_tokens <= CPU_BATCH_TOKENS:
        return None
    choice = Choice("Batch", f"{CPU_BATCH_TOKENS} tokens", "Prompts are read in smaller pieces.")
    return {"batch_tokens": CPU_BATCH_TOKENS}, choice


def _context_above(least: int) -> Step:
    def step(plan: LaunchPlan, _header: Header | None) -> tuple[dict[str, Any], Choice] | None:
        tokens = plan.context_tokens // 2
        if tokens < least:
            return None
        return {"context_tokens": tokens}, Choice("Context", f"{tokens:,} tokens", "The model remembers half as much.")

    return step


def _cache(plan: LaunchPlan, header: Header | None) -> tuple[dict[str, Any], Choice] | None:
    if header is None or plan.cache_type != "f16" or not compressible(from_header(header)):
        return None
    choice = Choice("Cache", "q8_0", "The cache takes half of the memory when it is kept in eight bits.")
    return {"cache_type": "q8_0", "flash_attention": True}, choice


def _experts(plan: LaunchPlan, header: Header | None) -> tuple[dict[str, Any], Choice] | None:
    numbers = () if header is None else expert_layers(header)
    if not numbers or not _on_gpu(plan) or (plan.expert_layers_on_cpu or 0) > numbers[-1]:
        return None
    choice = Choice("Experts on the processor", "all", "Only what each token needs stays on the GPU.")
    layers = ALL_LAYERS if plan.gpu_layers is None else plan.gpu_layers
    return {"expert_layers_on_cpu": numbers[-1] + 1, "gpu_layers": layers}, choice


def _processor(plan: LaunchPlan, _header: Header | None) -> tuple[dict[str, Any], Choice] | None:
    if not _on_gpu(plan):
        return None
    choice = Choice("Layers on the GPU", "none", "The processor computes all.")
    return {"gpu_layers": 0, "expert_layers_on_cpu": None}, choice


def _on_gpu(plan: LaunchPlan) -> bool:
    told = next((choice.value for choice in plan.choices if choice.name == "Layers on the GPU"), "none")
    return plan.gpu_layers != 0 and told not in ("none", "0")


_STEPS: Final[tuple[Step, ...]] = (
    _prompts,
    _lock,
    _repack,
    _slots,
    _batch,
    _context_above(USUAL_CONTEXT_TOKENS),
    _experts,
    _cache,
    _context_above(LEAST_CONTEXT_TOKENS),
    _processor,
)
_CARD_STEPS: Final = _STEPS[3:]
