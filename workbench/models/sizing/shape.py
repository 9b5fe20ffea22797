"""What memory and speed depend on in a model: its layers, what each keeps in the cache, and the bytes of its tensors."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CacheKind(StrEnum):
    """How a layer remembers: all tokens, a window of them, a fixed state, or compressed (MLA, keys only)."""

    FULL = "full"
    SLIDING = "swa"
    RECURRENT = "recurrent"
    MLA = "mla"


@dataclass(frozen=True, slots=True)
class CacheGroup:
    """Layers that keep the same. ``key_length`` and ``value_length``: numbers a head keeps of each token.

    ``window``: tokens, for sliding layers; ``state_bytes``: of one layer and one sequence, for recurrent ones.
    """

    kind: CacheKind
    layers: int
    kv_heads: int = 0
    key_length: int = 0
    value_length: int = 0
    window: int = 0
    state_bytes: int = 0


@dataclass(frozen=True, slots=True)
class ModelShape:
    """Sizes in bytes. ``weights_bytes``: all tensors; ``embedding_bytes``: the token embedding, which stays in the
    machine's memory unless the GPU shares it; ``expert_layer_bytes``: the routed experts of each layer (empty: dense).

    ``active_bytes``: read for one generated token. ``projector_bytes``: the file that lets the model see, 0 without.
    ``activations``: numbers of one token that the engine holds at once where its graph is widest, 0 where unknown.
    ``exact``: read from the file itself; otherwise worked out from the catalog. ``upper_bound``: its layers keep something
    that is not known here, so all count as full ones.
    """

    architecture: str
    layers: int
    context_length: int
    weights_bytes: int
    embedding_bytes: int
    expert_layer_bytes: tuple[int, ...]
    active_bytes: int
    cache: tuple[CacheGroup, ...]
    hidden: int | None = None
    vocabulary: int | None = None
    parameters: int | None = None
    active_parameters: int | None = None
    projector_bytes: int = 0
    activations: int = 0
    exact: bool = False
    upper_bound: bool = False
