"""Decides how an engine is started: from what the model file says and what the machine has left. Pure.

Two slots where the memory allows, else one: a second window or the command line is then answered while a long answer
runs, and waits for it otherwise. Each slot has the whole context for itself: docs/decisions/0010-slots-of-their-own.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbench.engine.launching.templates import substitute
from workbench.models.gguf.header import Header
from workbench.models.sizing.estimate import Request
from workbench.models.sizing.memory import cache_bytes
from workbench.models.sizing.shape import ModelShape
from workbench.models.sizing.shapes import from_header
from workbench.ports import LaunchPlan

DEFAULT_CONTEXT_TOKENS = 8192
LEAST_CONTEXT_TOKENS = 1024
MOST_SLOTS = 2

# Stopping takes effect between batches: 256 tokens are read in well under two seconds even by a slow processor.
BATCH_TOKENS = 256

# llama.cpp keeps up to 8 GiB of old prompts by default; half a GiB holds several conversations of a small model.
MOST_PROMPT_CACHE_BYTES = 512 << 20

_CACHE_SHARE = 0.5  # of the memory that the weights leave
_LIMIT_MARGIN_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class Resources:
    """``physical_cores`` that this process may use; ``memory_available_bytes`` without swapping."""

    physical_cores: int
    memory_available_bytes: int


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What a person chose; None: decided here."""

    context_tokens: int | None = None
    threads: int | None = None
    gpu_layers: int | None = None


def plan_launch(path: Path, header: Header, free: Resources, settings: EngineSettings = EngineSettings()) -> LaunchPlan:
    """The plan for the model at ``path``. A person's choice is kept, but never above the model's own context."""
    shape = from_header(header)
    affordable_bytes = int(max(0, free.memory_available_bytes - header.weights_bytes) * _CACHE_SHARE)
    context_tokens = _context_tokens(shape, affordable_bytes, settings)
    slots = _slots(shape, context_tokens, affordable_bytes)
    cache_ram_bytes = min(MOST_PROMPT_CACHE_BYTES, free.memory_available_bytes // 16)
    template = substitute(header)
    return LaunchPlan(
        model_path=path,
        context_tokens=context_tokens,
        slots=slots,
        # One thread a core: a second one on the same core only waits for the same memory.
        threads=settings.threads or max(1, free.physical_cores),
        batch_tokens=BATCH_TOKENS,
        gpu_layers=settings.gpu_layers,
        cache_ram_bytes=cache_ram_bytes,
        memory_limit_bytes=_memory_limit_bytes(header, _cache_bytes(shape, context_tokens, slots), cache_ram_bytes),
        options={"chat_template": template.text, "stops": list(template.stops)} if template else None,
    )


def _cache_bytes(shape: ModelShape, context_tokens: int, slots: int) -> int:
    """What the cache takes when each slot has ``context_tokens`` for itself."""
    return cache_bytes(shape, Request(context_tokens * slots, slots, batch_tokens=BATCH_TOKENS, unified=False))


def _context_tokens(shape: ModelShape, affordable_bytes: int, settings: EngineSettings) -> int:
    most = shape.context_length or DEFAULT_CONTEXT_TOKENS
    if settings.context_tokens is not None:
        return max(1, min(settings.context_tokens, most))
    tokens = min(DEFAULT_CONTEXT_TOKENS, most)
    while _cache_bytes(shape, tokens, 1) > affordable_bytes and tokens // 2 >= LEAST_CONTEXT_TOKENS:
        tokens //= 2
    return tokens


def _slots(shape: ModelShape, context_tokens: int, affordable_bytes: int) -> int:
    fitting = (
        slots for slots in range(MOST_SLOTS, 1, -1) if _cache_bytes(shape, context_tokens, slots) <= affordable_bytes
    )
    return next(fitting, 1)


def _memory_limit_bytes(header: Header, cached_bytes: int, cache_ram_bytes: int) -> int:
    """Far above any healthy engine: weights twice (mapped, and repacked for the processor), the cache twice."""
    return 2 * header.weights_bytes + 2 * cached_bytes + cache_ram_bytes + _LIMIT_MARGIN_BYTES
