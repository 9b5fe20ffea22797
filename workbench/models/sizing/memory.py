"""What a model takes in memory: llama.cpp's own sum. Pure.

Weights and cache follow from the shape exactly; compute buffers are fitted to the engine's figures
(docs/decisions/0063-the-sum-is-llama-cpps-own.md; `python -m tests.bench estimate` compares them).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from workbench.models.sizing.estimate import KvType, Request
from workbench.models.sizing.shape import CacheGroup, CacheKind, ModelShape

MIB: Final = 1 << 20

CELLS: Final = 256  # llama.cpp pads the cache to whole blocks of tokens
KV_BYTES: Final = {KvType.F16: 2.0, KvType.Q8_0: 34 / 32, KvType.Q4_0: 18 / 32}
MASK_BYTES: Final = 2  # one f16 for each token of a batch and each cell that it may look at
NUMBER_BYTES: Final = 4  # the graph computes in f32
ROWS_ALIVE: Final = 19  # of the hidden size, where the file has not been read: 17 to 22 in the models of the catalog
DEFAULT_HIDDEN: Final = 3072

# What a process takes beyond its buffers (its private memory after loading, measured over vocabularies of 49,000 to
# 262,000 tokens: 40 to 71 MiB), and what a driver keeps on its device.
PROCESS_BYTES: Final = 32 * MIB
VOCABULARY_BYTES_PER_TOKEN: Final = 200
DEVICE_OVERHEAD_BYTES: Final = {"cuda": 420 * MIB, "rocm": 420 * MIB, "sycl": 300 * MIB, "vulkan": 160 * MIB}
DEFAULT_DEVICE_OVERHEAD_BYTES: Final = 64 * MIB  # Metal works in the process's own memory
PROJECTOR_COMPUTE_BYTES: Final = 256 * MIB


def cache_bytes(shape: ModelShape, request: Request) -> int:
    """Everything that the layers remember, in all slots."""
    return round(sum(group.layers * _layer_cache_bytes(group, request) for group in shape.cache))


def _layer_cache_bytes(group: CacheGroup, request: Request) -> float:
    if group.kind is CacheKind.RECURRENT:
        return group.state_bytes * request.slots
    value_length = 0 if group.kind is CacheKind.MLA else group.value_length
    return cells(group, request) * group.kv_heads * (group.key_length + value_length) * KV_BYTES[request.kv]


def cached_token_bytes(shape: ModelShape, request: Request) -> float:
    """What one token of the conversation takes in the layers that see everything: read again for each that follows."""
    kinds = (CacheKind.FULL, CacheKind.MLA)
    row = replace(request, context_tokens=CELLS, slots=1)
    return sum(group.layers * _layer_cache_bytes(group, row) / CELLS for group in shape.cache if group.kind in kinds)


def cells(group: CacheGroup, request: Request) -> int:
    """Tokens that a layer has room for: all of them, or its window for each slot and one batch."""
    streams = 1 if request.unified else request.slots
    own = _padded(-(-request.context_tokens // streams))
    if group.kind is CacheKind.SLIDING:
        windows = request.slots if request.unified else 1
        own = _padded(min(own, group.window * windows + request.batch_tokens))
    return own * streams


def _padded(tokens: int) -> int:
    return -(-tokens // CELLS) * CELLS


def compute_bytes(shape: ModelShape, request: Request) -> int:
    """The scratch memory of one batch: its numbers, the masks of who may look at whom, and the answer's logits."""
    numbers = shape.activations or ROWS_ALIVE * (shape.hidden or DEFAULT_HIDDEN)
    logits = NUMBER_BYTES * request.slots * (shape.vocabulary or 0)
    return _batch(request) * NUMBER_BYTES * numbers + _mask_bytes(shape, request) + logits


def host_compute_bytes(shape: ModelShape, request: Request) -> int:
    """What stays in the machine's memory of a batch that GPUs compute: its embeddings, twice, and the masks."""
    rows = 2 * (shape.hidden or DEFAULT_HIDDEN)
    return _batch(request) * NUMBER_BYTES * rows + _mask_bytes(shape, request)


def _batch(request: Request) -> int:
    return min(request.batch_tokens, request.context_tokens)


def _mask_bytes(shape: ModelShape, request: Request) -> int:
    """One mask for the layers that see everything, one for those with a window; each slot that is apart sees its own."""
    streams = 1 if request.unified else request.slots
    masks = sum(
        max((cells(group, request) for group in shape.cache if group.kind in kinds), default=0)
        for kinds in ((CacheKind.FULL, CacheKind.MLA), (CacheKind.SLIDING,))
    )
    return _batch(request) * MASK_BYTES * masks // streams


def host_overhead_bytes(shape: ModelShape) -> int:
    """What the engine's process takes beyond its buffers."""
    return PROCESS_BYTES + VOCABULARY_BYTES_PER_TOKEN * (shape.vocabulary or 0)


def device_overhead_bytes(backend: str) -> int:
    """What a driver keeps on a GPU for itself."""
    return DEVICE_OVERHEAD_BYTES.get(backend, DEFAULT_DEVICE_OVERHEAD_BYTES)
