"""Shapes out of headers: every kind of cache, the bytes of a token, and the engine's own figures for whole files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.loading import load
from tests.fakes import model_shapes
from tests.fakes.model_shapes import Model, Value
from workbench.hardware.machine import Gpu, Machine
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.gguf.header import Header, read_header
from workbench.models.sizing.estimate import Fit, KvType, Request
from workbench.models.sizing.fit import estimate
from workbench.models.sizing.memory import cache_bytes, compute_bytes
from workbench.models.sizing.shape import CacheGroup, CacheKind, ModelShape
from workbench.models.sizing.shapes import from_catalog, from_header

MIB = 1 << 20
FULL, SLIDING, RECURRENT, MLA = CacheKind.FULL, CacheKind.SLIDING, CacheKind.RECURRENT, CacheKind.MLA


MACHINE = Machine("linux", None, 4, None, 8 << 30, 6 << 30, None, "unknown", None, (Gpu("A", "amd", 4 << 30, 3 << 30),))
PLAIN = Header(
    3, "llama", "", "", 0, 1 << 30, 1 << 30, None, None, None, None, None, None, None, None, "", None, {}, {}, ()
)  # fmt: skip


def shape_of(model: Model, folder: Path) -> ModelShape:
    return from_header(read_header(model.write(folder / "model.gguf")))


@pytest.mark.parametrize(
    ("make", "cache"),
    [
        (lambda: model_shapes.dense(layers=4, vocabulary=300), {CacheGroup(FULL, 4, 8, 64, 64)}),
        (
            lambda: model_shapes.gpt_oss(layers=6, vocabulary=300),
            {CacheGroup(FULL, 3, 8, 64, 64), CacheGroup(SLIDING, 3, 8, 64, 64, window=128)},
        ),
        (
            lambda: model_shapes.gemma3(layers=13, vocabulary=300),
            {CacheGroup(FULL, 2, 4, 256, 256), CacheGroup(SLIDING, 11, 4, 256, 256, window=1024)},
        ),
        (
            lambda: model_shapes.gemma4(layers=12, vocabulary=300),  # full layers keep their keys as values too
            {CacheGroup(FULL, 2, 2, 512, 512), CacheGroup(SLIDING, 10, 8, 256, 256, window=1024)},
        ),
        (
            lambda: model_shapes.gemma4(layers=12, vocabulary=300, experts=0, shared_layers=6, per_layer=64),
            {CacheGroup(FULL, 1, 2, 512, 512), CacheGroup(SLIDING, 5, 8, 256, 256, window=1024)},
        ),
        (
            lambda: model_shapes.qwen35moe(layers=8, vocabulary=300),
            {CacheGroup(FULL, 2, 2, 256, 256), CacheGroup(RECURRENT, 6, state_bytes=2_195_456)},
        ),
        (lambda: model_shapes.mla(layers=5, vocabulary=300), {CacheGroup(MLA, 5, 1, 576)}),
        (
            lambda: model_shapes.granite_hybrid(layers=20, vocabulary=300),
            {CacheGroup(FULL, 2, 4, 128, 128), CacheGroup(RECURRENT, 18, state_bytes=1_612_800)},
        ),
        (
            lambda: model_shapes.nemotron(pattern="MEM*EM", vocabulary=300),
            {CacheGroup(FULL, 1, 2, 128, 128), CacheGroup(RECURRENT, 3, state_bytes=2_170_880)},
        ),
        (
            lambda: model_shapes.lfm2moe(layers=8, vocabulary=300),
            {CacheGroup(FULL, 2, 8, 64, 64), CacheGroup(RECURRENT, 6, state_bytes=16_384)},
        ),
    ],
    ids=["dense", "gpt-oss", "gemma3", "gemma4", "gemma4-small", "qwen35moe", "mla", "granite", "nemotron", "lfm2"],
)
def test_what_each_layer_keeps(make: Callable[[], Model], cache: set[CacheGroup], tmp_path: Path) -> None:
    shape = shape_of(make(), tmp_path)
    assert set(shape.cache) == cache
    assert shape.exact
    assert not shape.upper_bound


@pytest.mark.parametrize(
    ("architecture", "keys", "sliding"),
    [
        ("llama", {"attention.sliding_window": 4096}, 0),  # named in some files, not used by the engine
        ("phi3", {"attention.sliding_window": 4096}, 0),
        ("gemma2", {}, 4),
        ("smallthinker", {"attention.sliding_window": 4096}, 6),
        ("cohere2", {"attention.sliding_window": 4096}, 6),
        ("cohere2", {"attention.sliding_window": 4096, "attention.sliding_window_pattern": 2}, 4),
        ("mimo2", {"attention.sliding_window": 128, "attention.sliding_window_pattern": [True] * 7 + [False]}, 7),
    ],
)
def test_windows(architecture: str, keys: dict[str, Value], sliding: int, tmp_path: Path) -> None:
    model = model_shapes.dense(architecture, layers=8, vocabulary=300)
    model.keys |= keys
    shape = shape_of(model, tmp_path)
    assert sum(group.layers for group in shape.cache if group.kind is SLIDING) == sliding
    assert sum(group.layers for group in shape.cache) == 8
    assert not shape.upper_bound


@pytest.mark.parametrize(("layers", "sliding"), [(8, 0), (64, 48)])
def test_a_window_that_only_one_size_has(layers: int, sliding: int, tmp_path: Path) -> None:
    model = model_shapes.dense("exaone4", layers=layers, vocabulary=300)
    model.keys["attention.sliding_window"] = 512
    found = shape_of(model, tmp_path)
    assert sum(group.layers for group in found.cache if group.kind is SLIDING) == sliding
    assert not found.upper_bound


def test_a_window_that_is_not_known_counts_as_full_and_says_so(tmp_path: Path) -> None:
    model = model_shapes.dense("architecture-of-tomorrow", layers=8, vocabulary=300)
    model.keys["attention.sliding_window"] = 512
    shape = shape_of(model, tmp_path)
    assert shape.cache == (CacheGroup(FULL, 8, 8, 64, 64),)
    assert shape.upper_bound


def test_the_bytes_of_a_token(tmp_path: Path) -> None:
    shape = shape_of(model_shapes.gpt_oss(), tmp_path)
    assert shape.weights_bytes == pytest.approx(11_536 * MIB, abs=MIB)
    assert shape.active_bytes == pytest.approx(2_575_000_000, rel=0.001)
    assert shape.parameters == pytest.approx(20.9e9, rel=0.01)
    assert shape.active_parameters == pytest.approx(3.6e9, rel=0.02)
    assert len(shape.expert_layer_bytes) == 24
    assert shape.embedding_bytes == 201_088 * 2880 * 34 // 32


def test_an_embedding_that_is_the_output_too_goes_with_the_layers(tmp_path: Path) -> None:
    tied = shape_of(model_shapes.dense(layers=2, vocabulary=4096, tied=True), tmp_path)
    untied = shape_of(model_shapes.dense(layers=2, vocabulary=4096, tied=False), tmp_path)
    assert tied.embedding_bytes == 0
    assert tied.active_bytes == tied.weights_bytes == untied.active_bytes
    assert untied.embedding_bytes == untied.weights_bytes - tied.weights_bytes


def test_layers_that_predict_ahead_are_not_loaded(tmp_path: Path) -> None:
    model = model_shapes.dense(layers=5, vocabulary=300)
    model.keys["nextn_predict_layers"] = 1
    shape = shape_of(model, tmp_path)
    assert shape.layers == 4
    assert shape.weights_bytes < shape_of(model_shapes.dense(layers=5, vocabulary=300), tmp_path).weights_bytes


def test_a_header_that_says_nothing_has_no_cache(tmp_path: Path) -> None:
    model = Model("llama", 300, 0, 0)
    model.add("token_embd.weight", 32, 300)
    assert shape_of(model, tmp_path).cache == ()


NUMBERS = st.integers(-(1 << 63), (1 << 64) - 1) | st.floats() | st.booleans() | st.text(max_size=3)
KEYS = [
    "block_count",
    "context_length",
    "embedding_length",
    "feed_forward_length",
    "expert_feed_forward_length",
    "nextn_predict_layers",
    "attention.head_count",
    "attention.head_count_kv",
    "attention.key_length",
    "attention.value_length",
    "attention.sliding_window",
    "attention.sliding_window_pattern",
    "attention.shared_kv_layers",
    "attention.recurrent_layers",
    "attention.kv_lora_rank",
    "attention.key_length_mla",
    "rope.dimension_count",
    "full_attention_interval",
    "shortconv.l_cache",
    "wkv.head_size",
    "kda.head_dim",
    "ssm.conv_kernel",
    "ssm.inner_size",
    "ssm.state_size",
    "ssm.group_count",
    "expert_count",
    "expert_used_count",
    "vocab_size",
]


@settings(deadline=None)
@given(
    st.sampled_from(["llama", "gemma3", "qwen35moe", "nemotron_h", "falcon-h1", "rwkv7", "deepseek2"]),
    st.dictionaries(st.sampled_from(KEYS), NUMBERS | st.lists(NUMBERS, max_size=4).map(tuple)),
)
def test_no_header_is_too_odd(architecture: str, keys: dict[str, Any]) -> None:
    metadata = {f"{architecture}.{name}": value for name, value in keys.items()}
    whole = {name: value if type(value) is int else None for name, value in keys.items()}
    header = replace(
        PLAIN,
        architecture=architecture,
        metadata=metadata,
        block_count=whole.get("block_count"),
        embedding_length=whole.get("embedding_length"),
        context_length=whole.get("context_length"),
        expert_count=whole.get("expert_count"),
        expert_used_count=whole.get("expert_used_count"),
        vocabulary_size=whole.get("vocab_size"),
    )
    shape = from_header(header)
    assert estimate(shape, MACHINE).fit in Fit


# From the catalog ------------------------------------------------------------------------------------------------------

OSS = CatalogFile("owner/repo", "gpt-oss-20b-MXFP4.gguf", "MXFP4", 12_109_566_624)
CATALOG_MODEL = CatalogModel(
    id="gpt-oss-20b",
    name="gpt-oss 20B",
    vendor="OpenAI",
    family="gpt-oss",
    licence="Apache-2.0",
    released="2025-08-05",
    architecture="gpt-oss",
    parameters=20_910_000_000,
    active_parameters=3_610_000_000,
    layers=24,
    hidden=2880,
    vocabulary=201_088,
    context_length=131_072,
    experts=32,
    experts_used=4,
    cache=(CacheGroup(FULL, 12, 8, 64, 64), CacheGroup(SLIDING, 12, 8, 64, 64, window=128)),
    active_bytes=2_575_000_000,
    effort="reasoning_effort",
    effort_values=("low", "medium", "high"),
    tools=True,
    vision=False,
    files=(OSS,),
)


def test_the_catalog_comes_close_to_the_file(tmp_path: Path) -> None:
    about, exact = from_catalog(CATALOG_MODEL, OSS), shape_of(model_shapes.gpt_oss(), tmp_path)
    assert not about.exact
    assert about.weights_bytes == pytest.approx(exact.weights_bytes, rel=0.001)
    assert about.active_bytes == pytest.approx(exact.active_bytes, rel=0.01)
    assert sum(about.expert_layer_bytes) == pytest.approx(sum(exact.expert_layer_bytes), rel=0.03)
    assert cache_bytes(about, Request(32_768, 4)) == cache_bytes(exact, Request(32_768, 4))
    assert compute_bytes(about, Request()) == pytest.approx(compute_bytes(exact, Request()), rel=0.2)
    unsaid = from_catalog(replace(CATALOG_MODEL, active_bytes=None), OSS)
    assert unsaid.active_bytes == pytest.approx(exact.active_bytes, rel=0.25)
    assert sum(unsaid.expert_layer_bytes) == pytest.approx(sum(exact.expert_layer_bytes), rel=0.1)


def test_another_build_scales_with_its_bytes() -> None:
    half = replace(OSS, bytes=OSS.bytes and OSS.bytes // 2)
    assert from_catalog(CATALOG_MODEL, half).active_bytes == pytest.approx(2_575_000_000 / 2, rel=0.01)
    dense = replace(CATALOG_MODEL, experts=0, experts_used=0, active_bytes=None)
    assert from_catalog(dense, OSS).expert_layer_bytes == ()


@pytest.mark.parametrize(
    ("quantization", "gigabytes"),
    [("Q8_0", 31.8), ("Q6_K", 24.7), ("UD-Q5_K_XL", 21.5), ("UD-Q3_K_XL", 15.3), ("BF16", 59.9), ("Q4_K_M", 18.3)],
)
def test_a_build_whose_size_nobody_recorded(quantization: str, gigabytes: float) -> None:
    """As GLM-4.7-Flash, of 29.94 thousand million parameters, and models like it."""
    model = replace(CATALOG_MODEL, parameters=29_940_000_000)
    shape = from_catalog(model, replace(OSS, quantization=quantization, bytes=None))
    assert shape.weights_bytes == pytest.approx(gigabytes * 1e9, rel=0.05)


# Against the engine ----------------------------------------------------------------------------------------------------


@pytest.mark.engine
@pytest.mark.parametrize(
    ("make", "request_"),
    [
        (
            lambda: model_shapes.gpt_oss(layers=6, experts=8, vocabulary=2000),
            Request(20_000, 2, KvType.Q8_0, 256, unified=False),
        ),
        (
            lambda: model_shapes.qwen35moe(layers=8, experts=16, size=640, vocabulary=2000),
            Request(4096, slots=4, batch_tokens=1024),
        ),
        (lambda: model_shapes.gemma4(layers=8, experts=16, vocabulary=2000), Request(12_000, 3)),
    ],
    ids=["gpt-oss", "qwen35moe", "gemma4"],
)
def test_the_engine_allocates_what_we_say(make: Callable[[], Model], request_: Request, tmp_path: Path) -> None:
    """Three of the shapes of `python -m tests.bench estimate`."""
    path = make().write(tmp_path / "model.gguf")
    shape = from_header(read_header(path))
    real = load(path, request_)
    assert shape.weights_bytes == pytest.approx(real.weights_bytes, rel=0.02)
    assert cache_bytes(shape, request_) == pytest.approx(real.cache_bytes, rel=0.02)
    ours = shape.weights_bytes + cache_bytes(shape, request_) + compute_bytes(shape, request_)
    assert ours == pytest.approx(real.weights_bytes + real.cache_bytes + real.compute_bytes, rel=0.05)
