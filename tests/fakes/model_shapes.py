"""Model files of real and of any other sizes without their weights: header, tensor table and vocabulary are whole, the body
is a hole in the file. The engine loads them far enough to say what it allocates.

Names and keys as llama.cpp reads them (`gguf-py/gguf/constants.py`, `src/models/*.cpp`).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.gguf_file import gguf, string_key, tensor, text
from workbench.models.gguf.types import TENSOR_TYPES

F32, Q4_0, Q8_0, Q4_K, Q6_K, MXFP4 = (
    next(number for number, kind in TENSOR_TYPES.items() if kind.name == name)
    for name in ("F32", "Q4_0", "Q8_0", "Q4_K", "Q6_K", "MXFP4")
)
UINT32, INT32, FLOAT32, BOOL, ARRAY = 4, 5, 6, 7, 9

Value = int | float | bool | str | Sequence[int] | Sequence[bool]


@dataclass
class Model:
    """A model being written: keys without the architecture's name, and tensors as (name, shape, type)."""

    architecture: str
    vocabulary: int
    hidden: int
    layers: int
    keys: dict[str, Value] = field(default_factory=dict)
    tensors: list[tuple[str, tuple[int, ...], int]] = field(default_factory=list)

    def add(self, name: str, *shape: int, kind: int = F32) -> None:
        """A tensor; rows that do not divide into the blocks of ``kind`` become Q8_0, or F32."""
        for candidate in (kind, Q8_0, F32):
            if shape[0] % TENSOR_TYPES[candidate].block_values == 0:
                self.tensors.append((name, shape, candidate))
                return

    def write(self, path: Path) -> Path:
        """The file, with nothing in it but the header: it takes a few megabytes of disk, whatever its size."""
        table, offset = [], 0
        for name, shape, kind in self.tensors:
            table.append(tensor(name, shape, kind, offset))
            values = 1
            for size in shape:
                values *= size
            size_bytes = values // TENSOR_TYPES[kind].block_values * TENSOR_TYPES[kind].block_bytes
            offset += -(-size_bytes // 32) * 32
        header = gguf(self._keys(), table)
        with path.open("wb") as file:
            file.write(header)
            file.truncate(len(header) + offset)
        return path

    def _keys(self) -> list[bytes]:
        own = {
            "block_count": self.layers,
            "embedding_length": self.hidden,
            "attention.layer_norm_rms_epsilon": 1e-6,
            "rope.freq_base": 10000.0,
            **self.keys,
        }
        keys = [string_key("general.architecture", self.architecture), string_key("general.name", "a shape")]
        keys += [_key(f"{self.architecture}.{name}", value) for name, value in own.items()]
        return keys + _vocabulary(self.vocabulary)


def _key(name: str, value: Value) -> bytes:
    if isinstance(value, str):
        return string_key(name, value)
    if isinstance(value, bool):
        return text(name) + struct.pack("<I?", BOOL, value)
    if isinstance(value, int):
        return text(name) + struct.pack("<II", UINT32, value)
    if isinstance(value, float):
        return text(name) + struct.pack("<If", FLOAT32, value)
    code, element = ("?", BOOL) if value and isinstance(value[0], bool) else ("i", INT32)
    return text(name) + struct.pack(f"<IIQ{len(value)}{code}", ARRAY, element, len(value), *value)


def _vocabulary(size: int) -> list[bytes]:
    """A tokenizer of ``size`` words, the first of them bytes, that llama.cpp accepts."""
    words = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    words += [f"w{number}" for number in range(size - len(words))]
    kinds = [2, 3, 3] + [6] * 256 + [1] * (size - 259)
    return [
        string_key("tokenizer.ggml.model", "llama"),
        text("tokenizer.ggml.tokens") + struct.pack("<IIQ", ARRAY, 8, size) + b"".join(text(word) for word in words),
        text("tokenizer.ggml.scores") + struct.pack(f"<IIQ{size}f", ARRAY, FLOAT32, size, *[0.0] * size),
        text("tokenizer.ggml.token_type") + struct.pack(f"<IIQ{size}i", ARRAY, INT32, size, *kinds),
        _key("tokenizer.ggml.bos_token_id", 1),
        _key("tokenizer.ggml.eos_token_id", 2),
    ]


# Parts of a model -----------------------------------------------------------------------------------------------------


def _ends(model: Model, kind: int, *, tied: bool) -> None:
    model.add("token_embd.weight", model.hidden, model.vocabulary, kind=kind)
    model.add("output_norm.weight", model.hidden)
    if not tied:
        model.add("output.weight", model.hidden, model.vocabulary, kind=kind)


def _attention(model: Model, block: str, heads: int, kv_heads: int, length: int, kind: int, *, norms: bool) -> None:
    model.add(f"{block}.attn_norm.weight", model.hidden)
    model.add(f"{block}.attn_q.weight", model.hidden, heads * length, kind=kind)
    model.add(f"{block}.attn_k.weight", model.hidden, kv_heads * length, kind=kind)
    model.add(f"{block}.attn_v.weight", model.hidden, kv_heads * length, kind=kind)
    model.add(f"{block}.attn_output.weight", heads * length, model.hidden, kind=kind)
    if norms:
        model.add(f"{block}.attn_q_norm.weight", length)
        model.add(f"{block}.attn_k_norm.weight", length)


def _feed_forward(model: Model, block: str, size: int, kind: int, suffix: str = "") -> None:
    model.add(f"{block}.ffn_gate{suffix}.weight", model.hidden, size, kind=kind)
    model.add(f"{block}.ffn_up{suffix}.weight", model.hidden, size, kind=kind)
    model.add(f"{block}.ffn_down{suffix}.weight", size, model.hidden, kind=kind)


def _experts(model: Model, block: str, count: int, size: int, kind: int) -> None:
    model.add(f"{block}.ffn_gate_inp.weight", model.hidden, count)
    model.add(f"{block}.ffn_gate_exps.weight", model.hidden, size, count, kind=kind)
    model.add(f"{block}.ffn_up_exps.weight", model.hidden, size, count, kind=kind)
    model.add(f"{block}.ffn_down_exps.weight", size, model.hidden, count, kind=kind)


# Architectures --------------------------------------------------------------------------------------------------------


def dense(
    architecture: str = "llama",
    *,
    hidden: int = 2048,
    layers: int = 16,
    heads: int = 32,
    kv_heads: int = 8,
    length: int = 64,
    feed_forward: int = 8192,
    vocabulary: int = 128_256,
    context: int = 131_072,
    kind: int = Q4_K,
    tied: bool = True,
) -> Model:
    """llama or qwen3 (which has norms of queries and keys): every layer keeps everything."""
    model = Model(architecture, vocabulary, hidden, layers)
    model.keys = {
        "context_length": context,
        "feed_forward_length": feed_forward,
        "attention.head_count": heads,
        "attention.head_count_kv": kv_heads,
        "attention.key_length": length,
        "attention.value_length": length,
        "rope.dimension_count": length,
    }
    _ends(model, Q6_K, tied=tied)
    for layer in range(layers):
        block = f"blk.{layer}"
        _attention(model, block, heads, kv_heads, length, kind, norms=architecture == "qwen3")
        model.add(f"{block}.ffn_norm.weight", hidden)
        _feed_forward(model, block, feed_forward, kind)
    return model


def qwen3moe(
    *,
    hidden: int = 2048,
    layers: int = 48,
    heads: int = 32,
    kv_heads: int = 4,
    length: int = 128,
    experts: int = 128,
    used: int = 8,
    size: int = 768,
    vocabulary: int = 151_936,
    context: int = 262_144,
    kind: int = Q4_K,
) -> Model:
    model = Model("qwen3moe", vocabulary, hidden, layers)
    model.keys = {
        "context_length": context,
        "feed_forward_length": size * used,
        "expert_feed_forward_length": size,
        "expert_count": experts,
        "expert_used_count": used,
        "attention.head_count": heads,
        "attention.head_count_kv": kv_heads,
        "attention.key_length": length,
        "attention.value_length": length,
    }
    _ends(model, Q6_K, tied=False)
    for layer in range(layers):
        block = f"blk.{layer}"
        _attention(model, block, heads, kv_heads, length, kind, norms=True)
        model.add(f"{block}.ffn_norm.weight", hidden)
        _experts(model, block, experts, size, kind)
    return model


def gpt_oss(
    *,
    hidden: int = 2880,
    layers: int = 24,
    heads: int = 64,
    kv_heads: int = 8,
    length: int = 64,
    experts: int = 32,
    used: int = 4,
    size: int = 2880,
    window: int = 128,
    vocabulary: int = 201_088,
) -> Model:
    """Every other layer looks at a window; experts in MXFP4, all matrices with a bias."""
    model = Model("gpt-oss", vocabulary, hidden, layers)
    model.keys = {
        "context_length": 131_072,
        "feed_forward_length": size,
        "expert_feed_forward_length": size,
        "expert_count": experts,
        "expert_used_count": used,
        "attention.head_count": heads,
        "attention.head_count_kv": kv_heads,
        "attention.key_length": length,
        "attention.value_length": length,
        "attention.sliding_window": window,
    }
    _ends(model, Q8_0, tied=False)
    for layer in range(layers):
        block = f"blk.{layer}"
        _attention(model, block, heads, kv_heads, length, Q8_0, norms=False)
        model.add(f"{block}.attn_q.bias", heads * length)
        model.add(f"{block}.attn_k.bias", kv_heads * length)
        model.add(f"{block}.attn_v.bias", kv_heads * length)
        model.add(f"{block}.attn_output.bias", hidden)
        model.add(f"{block}.attn_sinks.weight", heads)
        model.add(f"{block}.post_attention_norm.weight", hidden)
        _experts(model, block, experts, size, MXFP4)
        model.add(f"{block}.ffn_gate_inp.bias", experts)
        for part, rows in (("gate", size), ("up", size), ("down", hidden)):
            model.add(f"{block}.ffn_{part}_exps.bias", rows, experts)
    return model


def gemma3(
    *,
    hidden: int = 2560,
    layers: int = 34,
    heads: int = 8,
    kv_heads: int = 4,
    length: int = 256,
    feed_forward: int = 10_240,
    window: int = 1024,
    vocabulary: int = 262_144,
    kind: int = Q4_K,
) -> Model:
    """One layer of six sees everything."""
    model = Model("gemma3", vocabulary, hidden, layers)
    model.keys = {
        "context_length": 131_072,
        "feed_forward_length": feed_forward,
        "attention.head_count": heads,
        "attention.head_count_kv": kv_heads,
        "attention.key_length": length,
        "attention.value_length": length,
        "attention.sliding_window": window,
    }
    _ends(model, Q6_K, tied=True)
    for layer in range(layers):
        block = f"blk.{layer}"
        _attention(model, block, heads, kv_heads, length, kind, norms=True)
        for name in ("post_attention_norm", "ffn_norm", "post_ffw_norm"):
            model.add(f"{block}.{name}.weight", hidden)
        _feed_forward(model, block, feed_forward, kind)
    return model


def gemma4(
    *,
    hidden: int = 2816,
    layers: int = 30,
    heads: int = 16,
    kv_heads: tuple[int, int] = (8, 2),
    lengths: tuple[int, int] = (256, 512),
    period: int = 6,
    feed_forward: int = 2112,
    experts: int = 128,
    used: int = 8,
    size: int = 704,
    window: int = 1024,
    shared_layers: int = 0,
    per_layer: int = 0,
    vocabulary: int = 262_144,
    kind: int = Q4_K,
) -> Model:
    """``kv_heads`` and ``lengths``: of window layers and of full ones, which have no values of their own. No experts:
    one of the small models, with ``shared_layers`` that use the cache of others and embeddings ``per_layer``."""
    slides = [layer % period < period - 1 for layer in range(layers)]
    model = Model("gemma4", vocabulary, hidden, layers)
    model.keys = {
        "context_length": 262_144,
        "feed_forward_length": feed_forward,
        "attention.head_count": heads,
        "attention.head_count_kv": [kv_heads[0] if slide else kv_heads[1] for slide in slides],
        "attention.key_length": lengths[1],
        "attention.value_length": lengths[1],
        "attention.key_length_swa": lengths[0],
        "attention.value_length_swa": lengths[0],
        "attention.sliding_window": window,
        "attention.sliding_window_pattern": slides,
        "attention.shared_kv_layers": shared_layers,
        "embedding_length_per_layer_input": per_layer,
        "rope.dimension_count": lengths[1],
        "rope.dimension_count_swa": lengths[0],
        "rope.freq_base_swa": 10000.0,
    }
    if experts:
        model.keys |= {"expert_count": experts, "expert_used_count": used, "expert_feed_forward_length": size}
    _ends(model, Q6_K, tied=True)
    model.add("rope_freqs.weight", lengths[1] // 2)
    if per_layer:
        model.add("per_layer_token_embd.weight", per_layer * layers, vocabulary, kind=Q4_K)
        model.add("per_layer_model_proj.weight", hidden, per_layer * layers, kind=kind)
        model.add("per_layer_proj_norm.weight", per_layer)
    for layer, slide in enumerate(slides):
        _gemma4_layer(model, layer, slide, heads, kv_heads, lengths, feed_forward, experts, size, per_layer, kind)
    return model


def _gemma4_layer(
    model: Model,
    layer: int,
    slide: bool,
    heads: int,
    kv_heads: tuple[int, int],
    lengths: tuple[int, int],
    feed_forward: int,
    experts: int,
    size: int,
    per_layer: int,
    kind: int,
) -> None:
    block, length = f"blk.{layer}", lengths[0 if slide else 1]
    model.add(f"{block}.attn_norm.weight", model.hidden)
    model.add(f"{block}.attn_q.weight", model.hidden, heads * length, kind=kind)
    model.add(f"{block}.attn_k.weight", model.hidden, kv_heads[0 if slide else 1] * length, kind=kind)
    if slide:
        model.add(f"{block}.attn_v.weight", model.hidden, kv_heads[0] * length, kind=kind)
    model.add(f"{block}.attn_output.weight", heads * length, model.hidden, kind=kind)
    model.add(f"{block}.attn_q_norm.weight", length)
    model.add(f"{block}.attn_k_norm.weight", length)
    for name in ("post_attention_norm", "ffn_norm", "post_ffw_norm"):
        model.add(f"{block}.{name}.weight", model.hidden)
    _feed_forward(model, block, feed_forward, kind)
    if experts:
        model.add(f"{block}.ffn_gate_inp.weight", model.hidden, experts)
        model.add(f"{block}.ffn_gate_inp.scale", model.hidden)
        for name in ("pre_ffw_norm_2", "post_ffw_norm_1", "post_ffw_norm_2"):
            model.add(f"{block}.{name}.weight", model.hidden)
        model.add(f"{block}.ffn_gate_up_exps.weight", model.hidden, 2 * size, experts, kind=kind)
        model.add(f"{block}.ffn_down_exps.weight", size, model.hidden, experts, kind=kind)
    if per_layer:
        model.add(f"{block}.inp_gate.weight", model.hidden, per_layer, kind=kind)
        model.add(f"{block}.proj.weight", per_layer, model.hidden, kind=kind)
        model.add(f"{block}.post_norm.weight", model.hidden)


def qwen35moe(
    *,
    hidden: int = 2048,
    layers: int = 40,
    heads: int = 16,
    kv_heads: int = 2,
    length: int = 256,
    value_heads: int = 32,
    groups: int = 16,
    state: int = 128,
    interval: int = 4,
    experts: int = 256,
    used: int = 8,
    size: int = 512,
    vocabulary: int = 248_320,
    kind: int = Q4_K,
) -> Model:
    """Three layers of a gated delta net, then one of attention; routed experts and a shared one in all."""
    inner = value_heads * state
    model = Model("qwen35moe", vocabulary, hidden, layers)
    model.keys = {
        "context_length": 262_144,
        "expert_feed_forward_length": size,
        "expert_shared_feed_forward_length": size,
        "expert_count": experts,
        "expert_used_count": used,
        "attention.head_count": heads,
        "attention.head_count_kv": kv_heads,
        "attention.key_length": length,
        "attention.value_length": length,
        "rope.dimension_count": length // 4,
        "rope.dimension_sections": [11, 11, 10, 0],
        "full_attention_interval": interval,
        "ssm.conv_kernel": 4,
        "ssm.inner_size": inner,
        "ssm.state_size": state,
        "ssm.time_step_rank": value_heads,
        "ssm.group_count": groups,
    }
    _ends(model, Q6_K, tied=False)
    for layer in range(layers):
        block = f"blk.{layer}"
        if (layer + 1) % interval:
            _delta_net(model, block, inner, value_heads, groups * state, state, kind)
        else:
            _attention(model, block, heads, kv_heads, length, kind, norms=True)
            name, _, of_kind = model.tensors[-6]  # queries carry a gate
            model.tensors[-6] = (name, (hidden, 2 * heads * length), of_kind)
        model.add(f"{block}.post_attention_norm.weight", hidden)
        _experts(model, block, experts, size, kind)
        model.add(f"{block}.ffn_gate_inp_shexp.weight", hidden)
        _feed_forward(model, block, size, kind, "_shexp")
    return model


def _delta_net(model: Model, block: str, inner: int, heads: int, keys: int, state: int, kind: int) -> None:
    model.add(f"{block}.attn_norm.weight", model.hidden)
    model.add(f"{block}.attn_qkv.weight", model.hidden, 2 * keys + inner, kind=kind)
    model.add(f"{block}.attn_gate.weight", model.hidden, inner, kind=kind)
    model.add(f"{block}.ssm_conv1d.weight", 4, 2 * keys + inner)
    model.add(f"{block}.ssm_dt.bias", heads)
    model.add(f"{block}.ssm_a", heads)
    model.add(f"{block}.ssm_beta.weight", model.hidden, heads, kind=kind)
    model.add(f"{block}.ssm_alpha.weight", model.hidden, heads, kind=kind)
    model.add(f"{block}.ssm_norm.weight", state)
    model.add(f"{block}.ssm_out.weight", inner, model.hidden, kind=kind)


def mla(
    *,
    hidden: int = 2048,
    layers: int = 47,
    heads: int = 20,
    compressed: int = 512,
    rope: int = 64,
    key: int = 192,
    value: int = 256,
    queries: int = 768,
    dense_layers: int = 1,
    feed_forward: int = 10_240,
    experts: int = 64,
    used: int = 4,
    size: int = 1536,
    vocabulary: int = 154_880,
    kind: int = Q4_K,
) -> Model:
    """deepseek2, as GLM-4.7-Flash: keys and values of all heads in one compressed row."""
    model = Model("deepseek2", vocabulary, hidden, layers)
    model.keys = {
        "context_length": 202_752,
        "feed_forward_length": feed_forward,
        "leading_dense_block_count": dense_layers,
        "expert_feed_forward_length": size,
        "expert_count": experts,
        "expert_used_count": used,
        "expert_shared_count": 1,
        "expert_weights_scale": 1.8,
        "expert_weights_norm": True,
        "expert_gating_func": 2,
        "vocab_size": vocabulary,
        "attention.head_count": heads,
        "attention.head_count_kv": 1,
        "attention.q_lora_rank": queries,
        "attention.kv_lora_rank": compressed,
        "attention.key_length": compressed + rope,
        "attention.value_length": compressed,
        "attention.key_length_mla": key + rope,
        "attention.value_length_mla": value,
        "rope.dimension_count": rope,
    }
    _ends(model, Q6_K, tied=False)
    for layer in range(layers):
        block = f"blk.{layer}"
        model.add(f"{block}.attn_norm.weight", hidden)
        model.add(f"{block}.attn_q_a.weight", hidden, queries, kind=kind)
        model.add(f"{block}.attn_q_a_norm.weight", queries)
        model.add(f"{block}.attn_q_b.weight", queries, heads * (key + rope), kind=kind)
        model.add(f"{block}.attn_kv_a_mqa.weight", hidden, compressed + rope, kind=kind)
        model.add(f"{block}.attn_kv_a_norm.weight", compressed)
        model.add(f"{block}.attn_k_b.weight", key, compressed, heads, kind=kind)
        model.add(f"{block}.attn_v_b.weight", compressed, value, heads, kind=kind)
        model.add(f"{block}.attn_output.weight", heads * value, hidden, kind=kind)
        model.add(f"{block}.ffn_norm.weight", hidden)
        if layer < dense_layers:
            _feed_forward(model, block, feed_forward, kind)
        else:
            _experts(model, block, experts, size, kind)
            model.add(f"{block}.exp_probs_b.bias", experts)
            _feed_forward(model, block, size, kind, "_shexp")
    return model


def granite_hybrid(
    *,
    hidden: int = 1536,
    layers: int = 40,
    attention_every: int = 10,
    heads: int = 12,
    kv_heads: int = 4,
    inner: int = 3072,
    state: int = 128,
    state_heads: int = 48,
    experts: int = 64,
    used: int = 6,
    size: int = 512,
    shared: int = 1024,
    vocabulary: int = 100_352,
    kind: int = Q4_K,
) -> Model:
    """Mamba-2 states, and attention in every tenth layer; routed experts and a shared one in all."""
    attends = [layer % attention_every == attention_every // 2 for layer in range(layers)]
    model = Model("granitehybrid", vocabulary, hidden, layers)
    model.keys = {
        "context_length": 131_072,
        "feed_forward_length": size,
        "expert_shared_feed_forward_length": shared,
        "expert_count": experts,
        "expert_used_count": used,
        "attention.head_count": heads,
        "attention.head_count_kv": [kv_heads if attend else 0 for attend in attends],
        "rope.dimension_count": hidden // heads,
        "embedding_scale": 12.0,
        "residual_scale": 0.22,
        "attention.scale": 0.0078125,
        "logit_scale": 6.0,
        "ssm.conv_kernel": 4,
        "ssm.inner_size": inner,
        "ssm.state_size": state,
        "ssm.time_step_rank": state_heads,
        "ssm.group_count": 1,
    }
    _ends(model, Q6_K, tied=True)
    for layer, attend in enumerate(attends):
        block = f"blk.{layer}"
        if attend:
            _attention(model, block, heads, kv_heads, hidden // heads, kind, norms=False)
        else:
            model.add(f"{block}.attn_norm.weight", hidden)
            _mamba2(model, block, inner, state, state_heads, 1, kind)
        model.add(f"{block}.ffn_norm.weight", hidden)
        _experts(model, block, experts, size, kind)
        _feed_forward(model, block, shared, kind, "_shexp")
    return model


def _mamba2(model: Model, block: str, inner: int, state: int, heads: int, groups: int, kind: int) -> None:
    convolved = inner + 2 * groups * state
    model.add(f"{block}.ssm_in.weight", model.hidden, inner + convolved + heads, kind=kind)
    model.add(f"{block}.ssm_conv1d.weight", 4, convolved)
    model.add(f"{block}.ssm_conv1d.bias", convolved)
    model.add(f"{block}.ssm_dt.bias", heads)
    model.add(f"{block}.ssm_a", 1, heads)
    model.add(f"{block}.ssm_d", 1, heads)
    model.add(f"{block}.ssm_norm.weight", inner // groups, groups)
    model.add(f"{block}.ssm_out.weight", inner, model.hidden, kind=kind)


def nemotron(
    *,
    hidden: int = 2688,
    pattern: str = "MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME",
    heads: int = 32,
    kv_heads: int = 2,
    length: int = 128,
    inner: int = 4096,
    state: int = 128,
    state_heads: int = 64,
    groups: int = 8,
    experts: int = 128,
    used: int = 6,
    size: int = 1856,
    shared: int = 3712,
    vocabulary: int = 131_072,
    kind: int = Q4_K,
) -> Model:
    """nemotron_h_moe: each layer is one of Mamba-2 (M), experts (E) and attention (*)."""
    model = Model("nemotron_h_moe", vocabulary, hidden, len(pattern))
    model.keys = {
        "context_length": 262_144,
        "feed_forward_length": [size if part == "E" else 0 for part in pattern],
        "expert_feed_forward_length": size,
        "expert_shared_feed_forward_length": shared,
        "expert_count": experts,
        "expert_used_count": used,
        "expert_shared_count": 1,
        "expert_weights_norm": True,
        "expert_weights_scale": 2.5,
        "attention.head_count": heads,
        "attention.head_count_kv": [kv_heads if part == "*" else 0 for part in pattern],
        "attention.key_length": length,
        "attention.value_length": length,
        "attention.layer_norm_epsilon": 1e-5,
        "ssm.conv_kernel": 4,
        "ssm.inner_size": inner,
        "ssm.state_size": state,
        "ssm.time_step_rank": state_heads,
        "ssm.group_count": groups,
    }
    _ends(model, Q6_K, tied=False)
    for layer, part in enumerate(pattern):
        block = f"blk.{layer}"
        if part == "*":
            _attention(model, block, heads, kv_heads, length, kind, norms=False)
            continue
        model.add(f"{block}.attn_norm.weight", hidden)
        if part == "M":
            _mamba2(model, block, inner, state, state_heads, groups, kind)
        else:
            model.add(f"{block}.ffn_gate_inp.weight", hidden, experts)
            model.add(f"{block}.exp_probs_b.bias", experts)
            model.add(f"{block}.ffn_up_exps.weight", hidden, size, experts, kind=kind)
            model.add(f"{block}.ffn_down_exps.weight", size, hidden, experts, kind=kind)
            model.add(f"{block}.ffn_up_shexp.weight", hidden, shared, kind=kind)
            model.add(f"{block}.ffn_down_shexp.weight", shared, hidden, kind=kind)
    return model


def lfm2moe(
    *,
    hidden: int = 2048,
    layers: int = 24,
    attends: tuple[int, ...] = (2, 6, 10, 14, 18, 21),
    heads: int = 32,
    kv_heads: int = 8,
    tail: int = 3,
    dense_layers: int = 2,
    feed_forward: int = 7168,
    experts: int = 32,
    used: int = 4,
    size: int = 1792,
    vocabulary: int = 65_536,
    kind: int = Q4_K,
) -> Model:
    """Short convolutions, and attention in the layers ``attends``."""
    length = hidden // heads
    model = Model("lfm2moe", vocabulary, hidden, layers)
    model.keys = {
        "context_length": 128_000,
        "feed_forward_length": feed_forward,
        "expert_feed_forward_length": size,
        "expert_count": experts,
        "expert_used_count": used,
        "expert_gating_func": 2,
        "leading_dense_block_count": dense_layers,
        "attention.head_count": heads,
        "attention.head_count_kv": [kv_heads if layer in attends else 0 for layer in range(layers)],
        "shortconv.l_cache": tail,
    }
    model.add("token_embd.weight", hidden, vocabulary, kind=Q6_K)
    model.add("token_embd_norm.weight", hidden)
    for layer in range(layers):
        block = f"blk.{layer}"
        if layer in attends:
            _attention(model, block, heads, kv_heads, length, kind, norms=True)
        else:
            model.add(f"{block}.attn_norm.weight", hidden)
            model.add(f"{block}.shortconv.conv.weight", tail, hidden)
            model.add(f"{block}.shortconv.in_proj.weight", hidden, 3 * hidden, kind=kind)
            model.add(f"{block}.shortconv.out_proj.weight", hidden, hidden, kind=kind)
        model.add(f"{block}.ffn_norm.weight", hidden)
        if layer < dense_layers:
            _feed_forward(model, block, feed_forward, kind)
        else:
            _experts(model, block, experts, size, kind)
            model.add(f"{block}.exp_probs_b.bias", experts)
    return model
