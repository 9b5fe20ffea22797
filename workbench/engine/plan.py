"""Decides how an engine is started: from what the model file says and what the machine has left. Pure.

Two slots where the memory allows, else one: a second window or the command line is then answered while a long answer
runs, and waits for it otherwise. Each slot has the whole context for itself: docs/decisions/0010-slots-of-their-own.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbench.engine.templates import substitute
from workbench.models.gguf import Header
from workbench.ports import LaunchPlan

DEFAULT_CONTEXT_TOKENS = 8192
LEAST_CONTEXT_TOKENS = 1024
MOST_SLOTS = 2

# Stopping takes effect between batches: 256 tokens are read in well under two seconds even by a slow processor.
BATCH_TOKENS = 256

# llama.cpp keeps up to 8 GiB of old prompts by default; half a GiB holds several conversations of a small model.
MOST_PROMPT_CACHE_BYTES = 512 << 20

_KEY_AND_VALUE_BYTES = 2  # f16
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
    affordable = _affordable_tokens(header, free)
    context_tokens = _context_tokens(header, affordable, settings)
    slots = max(1, min(MOST_SLOTS, affordable // context_tokens))
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
        memory_limit_bytes=_memory_limit_bytes(header, context_tokens * slots, cache_ram_bytes),
        options={"chat_template": template.text, "stops": list(template.stops)} if template else None,
    )


def cache_bytes_per_token(header: Header) -> int:
    """What one token of context costs in all layers, as f16; an upper bound where layers have a sliding window."""
    layers = header.block_count or 0
    heads = header.head_count if isinstance(header.head_count, int) else max(header.head_count or (1,))
    kv_heads = header.head_count_kv if header.head_count_kv is not None else heads
    kv_heads_of_all_layers = sum(kv_heads) if isinstance(kv_heads, tuple) else kv_heads * layers
    default_length = (header.embedding_length or 0) // max(1, heads)
    lengths = sum(
        _number(header, f"{header.architecture}.attention.{part}_length", default_length) for part in ("key", "value")
    )
    return kv_heads_of_all_layers * lengths * _KEY_AND_VALUE_BYTES


def _number(header: Header, key: str, default: int) -> int:
    value = header.metadata.get(key)
    return value if isinstance(value, int) and value > 0 else default


def _affordable_tokens(header: Header, free: Resources) -> int:
    """How many tokens of context fit into the share of memory that they may have."""
    left = max(0, free.memory_available_bytes - header.weights_bytes)
    return int(left * _CACHE_SHARE) // max(1, cache_bytes_per_token(header))


def _context_tokens(header: Header, affordable: int, settings: EngineSettings) -> int:
    most = header.context_length or DEFAULT_CONTEXT_TOKENS
    if settings.context_tokens is not None:
        return max(1, min(settings.context_tokens, most))
    tokens = min(DEFAULT_CONTEXT_TOKENS, most)
    while tokens > affordable and tokens // 2 >= LEAST_CONTEXT_TOKENS:
        tokens //= 2
    return tokens


def _memory_limit_bytes(header: Header, cached_tokens: int, cache_ram_bytes: int) -> int:
    """Far above any healthy engine: weights twice (mapped, and repacked for the processor), the cache twice."""
    cache = cache_bytes_per_token(header) * cached_tokens
    return 2 * header.weights_bytes + 2 * cache + cache_ram_bytes + _LIMIT_MARGIN_BYTES
