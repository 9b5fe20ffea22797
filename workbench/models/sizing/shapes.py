"""The shape of a model: from its GGUF header, exact, or from the catalog, about right. Pure.

Which layers keep what is read as llama.cpp reads it: from the metadata where the file says it, and from the tables below
where only the engine's source does (llama.cpp, `src/models/*.cpp`, `load_arch_hparams`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.gguf.header import Header, Tensor
from workbench.models.sizing.shape import CacheGroup, CacheKind, ModelShape

STATE_NUMBER_BYTES: Final = 4  # recurrent states are f32

# architecture -> (period, full layer first): of each period one layer sees everything, the others a window. Period 1: the
# window that the file names is not used.
SLIDING_PERIODS: Final[Mapping[str, tuple[int, bool]]] = {
    "afmoe": (4, False),
    "cohere2": (4, False),
    "exaone-moe": (4, False),
    "exaone4": (4, False),
    "gemma2": (2, False),
    "gemma3": (6, False),
    "gemma3n": (5, False),
    "gpt-oss": (2, False),
    "laguna": (4, True),
    "llama4": (4, False),
    "olmo2": (4, False),
    "phi3": (1, False),
    "plamo3": (8, False),
    "smallthinker": (4, True),
}
WINDOW_ONLY_WITH_LAYERS: Final[Mapping[str, int]] = {"exaone4": 64}  # the small one names a window and has none
DEFAULT_WINDOWS: Final[Mapping[str, int]] = {"gemma2": 4096, "llama4": 8192}
# Every n-th layer has attention, the others a state; the files of the first builds do not say it.
FULL_ATTENTION_INTERVALS: Final[Mapping[str, int]] = {"qwen3next": 4, "qwen35": 4, "qwen35moe": 4}
ONLY_RECURRENT: Final = frozenset({"mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7"})
ATTENTION_AND_STATE: Final = frozenset({"falcon-h1"})  # in every layer both
LAYERS_WITH_OWN_CACHE: Final[Mapping[str, int]] = {"gemma3n": 20}

# Tables that are looked up by token stay in the machine's memory; nothing but one row is read of them for a token.
PER_LAYER_EMBEDDING: Final = frozenset({"per_layer_token_embd.weight"})
LOOKED_UP: Final = PER_LAYER_EMBEDDING | {"token_embd.weight"}
MOST_LAYERS: Final = 512  # llama.cpp takes no more
BLOCK: Final = re.compile(r"blk\.(\d+)\.")

# Sizes of files beyond their tensors: the vocabulary and its merges (measured over eight vocabularies: 50 to 75).
METADATA_BYTES_PER_TOKEN: Final = 64
DEFAULT_VOCABULARY: Final = 150_000
DEFAULT_HIDDEN: Final = 2048
# Bits of a parameter in builds whose size nobody recorded, by what their quantization's name has in it.
BITS_PER_PARAMETER: Final = (
    ("F32", 32.0),
    ("F16", 16.0),
    ("Q8", 8.6),
    ("Q6", 6.7),
    ("Q5", 5.8),
    ("Q3", 4.1),
    ("Q2", 3.2),
    ("Q1", 2.2),
)
DEFAULT_BITS_PER_PARAMETER: Final = 5.0  # Q4, MXFP4, NVFP4
EMBEDDING_BITS: Final = 6.6  # Q6_K, what most builds keep the embedding in


def from_header(header: Header, projector_bytes: int = 0) -> ModelShape:
    """The shape of the model in a GGUF file; ``projector_bytes`` of the file that lets it see.

    ``upper_bound`` where the header speaks of a cache that is not known here: then all layers count as full ones.
    """
    keys = _Keys(header)
    weights = [tensor for tensor in header.tensors if (_layer(tensor) or 0) < max(1, keys.layers)]
    # Without an output matrix the embedding is one: it is read whole for each token, and the GPU has a copy.
    tied = all(tensor.name != "output.weight" for tensor in weights)
    looked_up = [tensor for tensor in weights if tensor.name in (PER_LAYER_EMBEDDING if tied else LOOKED_UP)]
    experts = [tensor for tensor in weights if "_exps." in tensor.name]
    unused = 1 - _share(header.expert_used_count, header.expert_count)
    total, embedding = _bytes(weights), _bytes(looked_up)
    parameters = _values(weights)
    return ModelShape(
        architecture=header.architecture,
        layers=keys.layers,
        context_length=header.context_length or 0,
        weights_bytes=total,
        embedding_bytes=embedding,
        expert_layer_bytes=_per_layer(experts, keys.layers),
        active_bytes=round(total - embedding - _bytes(experts) * unused),
        cache=_grouped(_cache_of(keys)),
        hidden=header.embedding_length,
        vocabulary=header.vocabulary_size,
        parameters=parameters,
        active_parameters=round(parameters - _values(looked_up) - _values(experts) * unused),
        projector_bytes=projector_bytes,
        activations=_activations(keys),
        exact=True,
        upper_bound=keys.unknown_cache,
    )


def _bytes(tensors: Iterable[Tensor]) -> int:
    return sum(tensor.bytes for tensor in tensors)


def _values(tensors: Iterable[Tensor]) -> int:
    return sum(tensor.values for tensor in tensors)


def _share(used: int | None, count: int | None) -> float:
    """The share of the experts that one token goes through."""
    return min(1.0, used / count) if used and count else 1.0


def _layer(tensor: Tensor) -> int | None:
    found = BLOCK.match(tensor.name)
    return int(found[1]) if found else None


def _per_layer(experts: Iterable[Tensor], layers: int) -> tuple[int, ...]:
    """The bytes of the routed experts of each layer that has some."""
    sizes: Counter[int] = Counter()
    for tensor in experts:
        if (layer := _layer(tensor)) is not None:
            sizes[layer] += tensor.bytes
    return tuple(sizes[layer] for layer in range(layers) if sizes[layer])


# What each layer keeps ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Keys:
    """The metadata that decides about the cache, by the short names of llama.cpp."""

    header: Header

    @property
    def architecture(self) -> str:
        return self.header.architecture

    @property
    def layers(self) -> int:
        """Without the layers that only predict several tokens at once: they are not loaded."""
        return min(MOST_LAYERS, max(0, (self.header.block_count or 0) - self.number("nextn_predict_layers")))

    def value(self, key: str) -> Any:
        return self.header.metadata.get(f"{self.architecture}.{key}")

    def number(self, key: str, default: int = 0) -> int:
        value = self.value(key)
        return value if type(value) is int and value >= 0 else default

    def at(self, key: str, layer: int, default: int) -> int:
        """A number that may differ from layer to layer."""
        value = self.value(key)
        if isinstance(value, tuple):
            value = value[layer] if layer < len(value) else None
        return int(value) if isinstance(value, int) and value >= 0 else default

    @cached_property
    def head_length(self) -> int:
        heads = max((self.at("attention.head_count", layer, 1) for layer in range(self.layers)), default=1)
        return (self.header.embedding_length or 0) // max(1, heads)

    @property
    def window(self) -> int:
        if self.layers != WINDOW_ONLY_WITH_LAYERS.get(self.architecture, self.layers):
            return 0
        return self.number("attention.sliding_window", DEFAULT_WINDOWS.get(self.architecture, 0))

    @property
    def mla(self) -> bool:
        """Keys and values compressed into one row for all heads; older conversions lack the second key."""
        return bool(self.number("attention.kv_lora_rank") and self.number("attention.key_length_mla"))

    @property
    def unknown_cache(self) -> bool:
        known_window = self.architecture in SLIDING_PERIODS or isinstance(
            self.value("attention.sliding_window_pattern"), tuple
        )
        return bool(self.window) and not known_window and self.architecture not in _WINDOW_UNUSED

    def kv_heads(self, layer: int) -> int:
        heads = self.at("attention.head_count", layer, 1)
        return self.at("attention.head_count_kv", layer, heads)

    def slides(self, layer: int) -> bool:
        if not self.window:
            return False
        pattern = self.value("attention.sliding_window_pattern")
        if isinstance(pattern, tuple):
            return layer < len(pattern) and bool(pattern[layer])
        if self.architecture not in SLIDING_PERIODS:
            return False
        period, full_first = SLIDING_PERIODS[self.architecture]
        if type(pattern) is int and pattern > 0:
            period = pattern
        return layer % period != 0 if full_first else layer % period < period - 1

    def recurrent(self, layer: int) -> bool:
        listed = self.value("attention.recurrent_layers")
        if isinstance(listed, tuple):
            return layer < len(listed) and bool(listed[layer])
        if self.architecture in ONLY_RECURRENT or self.architecture in ATTENTION_AND_STATE:
            return True
        interval = self.number("full_attention_interval", FULL_ATTENTION_INTERVALS.get(self.architecture, 0))
        if interval:
            return (layer + 1) % interval != 0
        # Layers without attention have a state, except (in nemotron_h) those that are only a feed-forward network.
        feeds_only = isinstance(self.value("feed_forward_length"), tuple) and self.architecture.startswith("nemotron_h")
        return self.kv_heads(layer) == 0 and not (feeds_only and self.at("feed_forward_length", layer, 0))

    @property
    def state_bytes(self) -> int:
        """What a recurrent layer keeps of one sequence: the tail of its convolution and its state."""
        hidden = self.header.embedding_length or 0
        if head := self.number("wkv.head_size"):
            return STATE_NUMBER_BYTES * hidden * (self.number("token_shift_count", 2) + head)
        if tail := self.number("shortconv.l_cache"):
            return STATE_NUMBER_BYTES * hidden * (tail - 1)
        convolution = max(0, self.number("ssm.conv_kernel") - 1)
        if head := self.number("kda.head_dim"):
            heads = self.at("attention.head_count", 0, 1)
            return STATE_NUMBER_BYTES * heads * head * (head + 3 * convolution)
        inner, state = self.number("ssm.inner_size"), self.number("ssm.state_size")
        return STATE_NUMBER_BYTES * (state * inner + convolution * (inner + 2 * self.number("ssm.group_count") * state))


def _activations(keys: _Keys) -> int:
    """Numbers of one token that are alive at once at the widest place of llama.cpp's graph.

    The engine reuses the room of what it no longer needs, so the widest place counts: a feed-forward network (gate, up and
    their product), the attention (queries and its result), what a state is made of, or the routed experts, whose results
    lie beside their product where they do not fit into the room of gate and up. Five more rows go through the layer.
    """
    hidden = keys.header.embedding_length or 0
    feed_forward = max((keys.at("feed_forward_length", layer, 0) for layer in range(keys.layers)), default=0)
    queries = keys.at("attention.head_count", 0, 1) * keys.number("attention.key_length", keys.head_length)
    per_layer = keys.number("embedding_length_per_layer_input") * keys.layers
    return (
        5 * hidden
        + per_layer
        + max(3 * feed_forward, 2 * queries, _state_activations(keys), _expert_activations(keys, hidden))
    )


def _state_activations(keys: _Keys) -> int:
    inner = keys.number("ssm.inner_size")
    convolved = inner + 2 * keys.number("ssm.group_count") * keys.number("ssm.state_size")
    return max(3 * inner, 2 * convolved) if inner else 0


def _expert_activations(keys: _Keys, hidden: int) -> int:
    used = keys.header.expert_used_count or 0
    inner = used * keys.number("expert_feed_forward_length", keys.number("feed_forward_length"))
    outer = used * hidden
    if inner <= hidden:
        return outer
    return 3 * inner + (outer if outer > 2 * inner else 0)


# These name a window in their files, and llama.cpp does not use it.
_WINDOW_UNUSED: Final = frozenset(
    {"llama", "mistral3", "qwen2", "qwen2moe", "qwen3", "qwen3moe", "phimoe", "starcoder2"}
)


def _cache_of(keys: _Keys) -> Iterable[CacheGroup]:
    owners = LAYERS_WITH_OWN_CACHE.get(keys.architecture, keys.layers - keys.number("attention.shared_kv_layers"))
    for layer in range(keys.layers):
        if keys.recurrent(layer):
            if keys.state_bytes:
                yield CacheGroup(CacheKind.RECURRENT, 1, state_bytes=keys.state_bytes)
            if keys.architecture not in ATTENTION_AND_STATE:
                continue
        if layer < owners and keys.kv_heads(layer):
            yield _attention(keys, layer)


def _attention(keys: _Keys, layer: int) -> CacheGroup:
    if keys.mla:
        row = keys.number("attention.kv_lora_rank") + keys.number("rope.dimension_count")
        return CacheGroup(CacheKind.MLA, 1, 1, row)
    slides = keys.slides(layer)
    key, value = (keys.number(f"attention.{part}_length", keys.head_length) for part in ("key", "value"))
    if slides:
        key = keys.number("attention.key_length_swa", key)
        value = keys.number("attention.value_length_swa", value)
        return CacheGroup(CacheKind.SLIDING, 1, keys.kv_heads(layer), key, value, window=keys.window)
    return CacheGroup(CacheKind.FULL, 1, keys.kv_heads(layer), key, value)


def _grouped(layers: Iterable[CacheGroup]) -> tuple[CacheGroup, ...]:
    counted = Counter(layers)
    return tuple(replace(group, layers=count) for group, count in counted.items())


# From the catalog -----------------------------------------------------------------------------------------------------


def from_catalog(model: CatalogModel, file: CatalogFile) -> ModelShape:
    """The shape of one build as the catalog knows it. Tensor sizes follow from the file's and the parameters'."""
    vocabulary = model.vocabulary or DEFAULT_VOCABULARY
    total = file.bytes or round(model.parameters * _bits(file.quantization) / 8)
    weights = max(0, total - METADATA_BYTES_PER_TOKEN * vocabulary)
    embedding = min(round(vocabulary * (model.hidden or DEFAULT_HIDDEN) * EMBEDDING_BITS / 8), weights // 4)
    active = min(_active_bytes(model, file, weights - embedding), weights - embedding)
    unused = 1 - _share(model.experts_used, model.experts)
    # What is not read for a token lies in the experts that are not used.
    experts = min(round((weights - embedding - active) / unused), weights - embedding) if unused else 0
    return ModelShape(
        architecture=model.architecture.split()[0],
        layers=model.layers,
        context_length=model.context_length,
        weights_bytes=weights,
        embedding_bytes=embedding,
        expert_layer_bytes=(experts // model.layers,) * model.layers if experts and model.layers else (),
        active_bytes=active,
        cache=model.cache,
        hidden=model.hidden,
        vocabulary=model.vocabulary,
        parameters=model.parameters,
        active_parameters=model.active_parameters,
        projector_bytes=file.projector_bytes,
    )


def _bits(quantization: str) -> float:
    named = (bits for name, bits in BITS_PER_PARAMETER if name in quantization.upper())
    return next(named, DEFAULT_BITS_PER_PARAMETER)


def _active_bytes(model: CatalogModel, file: CatalogFile, read_bytes: int) -> int:
    """What one token reads: known for the first file, and else like the share of the active parameters."""
    first = model.files[0].bytes if model.files else None
    if model.active_bytes and first and file.bytes:
        return round(model.active_bytes * file.bytes / first)
    return round(read_bytes * model.active_parameters / max(1, model.parameters))
