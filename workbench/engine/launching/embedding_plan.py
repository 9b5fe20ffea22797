"""How a model that answers with vectors is started. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from workbench.engine.launching.ground import EngineSettings
from workbench.hardware.machine import Machine
from workbench.models.gguf.header import Header
from workbench.models.sizing.estimate import Request
from workbench.models.sizing.memory import compute_bytes
from workbench.models.sizing.shape import ModelShape
from workbench.ports import Choice, LaunchPlan

# Architectures that make vectors and nothing else. Others do where the file says how their vectors are pooled.
ENCODERS: Final = frozenset(
    {
        "bert",
        "nomic-bert",
        "nomic-bert-moe",
        "jina-bert-v2",
        "jina-bert-v3",
        "neo-bert",
        "modern-bert",
        "eurobert",
        "gemma-embedding",
    }
)
MEAN = "mean"
RANK = "rank"
POOLINGS: Final = {1: MEAN, 2: "cls", 3: "last", 4: RANK}  # llama.cpp's `llama_pooling_type`
SLOTS: Final = 4
MOST_TOKENS: Final = 2048  # a passage; the whole of it is computed in one batch
_LIMIT_MARGIN_BYTES: Final = 2 << 30


def pooling_of(header: Header) -> str | None:
    """How the model makes one vector of many, or one number (``rank``); None: it writes words. ``mean`` where an encoder's
    file does not say."""
    told = header.metadata.get(f"{header.architecture}.pooling_type")
    if isinstance(told, int) and told in POOLINGS:
        return POOLINGS[told]
    return MEAN if header.architecture in ENCODERS and not told else None


def _answers(pooling: str) -> Choice:
    if pooling == RANK:
        return Choice("Answers with", "a number", "It is a reranker: it tells how well a text answers a question.")
    return Choice("Answers with", "vectors", f"It is an embedding model; its vectors are pooled by {pooling!r}.")


def plan(path: Path, shape: ModelShape, machine: Machine, settings: EngineSettings, pooling: str) -> LaunchPlan:
    """Small: what a person chose for chats (context, slots, cache) is not meant for it."""
    tokens = min(shape.context_length or MOST_TOKENS, MOST_TOKENS)
    threads = settings.threads or max(1, machine.physical_cores)
    gpus = bool(machine.gpus)
    memory = compute_bytes(shape, Request(tokens * SLOTS, SLOTS, batch_tokens=tokens))
    return LaunchPlan(
        model_path=path,
        context_tokens=tokens,
        slots=SLOTS,
        threads=threads,
        batch_tokens=tokens,
        gpu_layers=settings.gpu_layers,
        flash_attention=None if gpus else False,
        embeddings=True,
        cache_ram_bytes=0,
        use_mmap=settings.memory_map is not False,
        memory_limit_bytes=2 * shape.weights_bytes + 2 * memory + _LIMIT_MARGIN_BYTES,
        options={"pooling": pooling},
        choices=(
            _answers(pooling),
            Choice("Context", f"{tokens:,} tokens", "The longest passage that it takes at once."),
            Choice("Answers at once", str(SLOTS), "Short passages are computed together."),
            Choice("Batch", f"{tokens} tokens", "A passage is computed in one piece."),
        ),
    )
