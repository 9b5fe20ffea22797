"""The header reader: the real files, every kind of damage, and arbitrary bytes."""

from __future__ import annotations

import io
import os
import struct
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.gguf_file import gguf, string_key, strings_key, tensor, text, tiny_model, u32_key
from workbench.errors import ModelError
from workbench.models.gguf.header import parse_header, read_header

ARCHITECTURE = string_key("general.architecture", "llama")
ONE_TENSOR = [tensor("a", (32,), 0, 0)]


def parse(raw: bytes) -> None:
    parse_header(io.BytesIO(raw), len(raw), "x.gguf")


def refusal(raw: bytes) -> str:
    with pytest.raises(ModelError) as caught:
        parse(raw)
    assert caught.value.hint
    return caught.value.message


def test_the_starter_says_what_it_is(starter_model: Path) -> None:
    header = read_header(starter_model)
    assert (header.architecture, header.file_type, header.tokenizer) == ("llama", "Q4_1", "gpt2")
    assert (header.context_length, header.embedding_length, header.block_count) == (8192, 576, 30)
    assert (header.head_count, header.head_count_kv, header.expert_count) == (9, 3, None)
    assert header.parameter_count == 134_515_008
    assert header.vocabulary_size == header.array_lengths["tokenizer.ggml.tokens"] == 49_152
    assert header.expected_bytes == starter_model.stat().st_size
    assert header.chat_template
    assert "<|im_start|>" in header.chat_template
    assert header.tensors[0].shape == (576, 49_152)


def test_a_large_vocabulary_is_counted_not_kept(gemma_model: Path) -> None:
    started = time.process_time()
    header = read_header(gemma_model)
    seconds = time.process_time() - started
    tracemalloc.start()
    read_header(gemma_model)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert header.vocabulary_size == 262_144
    assert header.chat_template is None  # a base model
    assert peak < 4 << 20
    assert seconds < 0.5  # 0.06 s on a quiet machine


@pytest.mark.parametrize("missing_bytes", [1, 1000, 90_000_000, 98_362_432 - 30])
def test_a_truncated_file_is_refused(starter_model: Path, missing_bytes: int) -> None:
    size = starter_model.stat().st_size - missing_bytes
    with starter_model.open("rb") as source, pytest.raises(ModelError, match="is incomplete"):
        parse_header(source, size, "starter.gguf")


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "is empty or has only a few bytes"),
        (b"GG", "is empty or has only a few bytes"),
        (b"<!DOCTYPE html><title>Sign in</title>", "an HTML page"),
        (b"\n\n<HTML>", "an HTML page"),
        (b"PK\x03\x04 and so on", "a zip archive"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
        (struct.pack("<Q", 9_000) + b'{"__metadata__":{}}', "a safetensors file"),
        (b'{"error": "not found"}', "a JSON text"),
        (b"tjgg\x03\0\0\0", "the format before GGUF"),
        (bytes(1000), "empty space"),
        (b"MZ\x90\0" * 40, "something else"),
    ],
)
def test_a_file_that_is_no_gguf_is_named_for_what_it_is(raw: bytes, what: str) -> None:
    message = refusal(raw)
    assert "x.gguf is not a GGUF file" in message
    assert what in message


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"GGUF", "ends inside its header"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "GGUF version 1"),
        (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "big-endian"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**60, 1), "claims 1152921504606846976 tensors"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 2**64 - 1), "metadata keys"),
        (gguf([], ONE_TENSOR, bytes(128)), "does not name its architecture"),
        (gguf([ARCHITECTURE, ARCHITECTURE], []), "twice"),
        (gguf([string_key("general.architecture", b"\xff\xfe")], []), "not valid UTF-8"),
        (gguf([text(b"\xff") + struct.pack("<II", 4, 1)], []), "not valid UTF-8"),
        (gguf([text("k") + struct.pack("<I", 77)], []), "unknown type 77"),
        (gguf([text("k") + struct.pack("<IIQ", 9, 9, 1)], []), "unknown type 9"),
        (gguf([struct.pack("<Q", 2**63) + b"k"], []), "metadata key of 9223372036854775808 bytes"),
        (gguf([text("k") + struct.pack("<IQ", 8, 2**63)], []), "ends inside its header"),
        (gguf([strings_key("k", 2**62, b"")], []), "claims 4611686018427387904 strings"),
        (gguf([strings_key("k", 2, text("a") + struct.pack("<Q", 2**64 - 1))], []), "ends inside its header"),
        (gguf([text("k") + struct.pack("<IIQ", 9, 10, 2**61)], []), "ends inside its header"),
        (gguf([ARCHITECTURE, u32_key("general.alignment", 0)], []), "alignment"),
        (gguf([ARCHITECTURE, u32_key("general.alignment", 48)], []), "alignment"),
        (gguf([ARCHITECTURE], [tensor("a", (2**32, 2**32), 0, 0)]), "impossible shape"),
        (gguf([ARCHITECTURE], [tensor("a", (0,), 0, 0)]), "impossible shape"),
        (gguf([ARCHITECTURE], [tensor("a", (1,) * 5, 0, 0)]), "5 dimensions"),
        (gguf([ARCHITECTURE], [tensor("a", (33,), 2, 0)]), "do not divide into blocks of Q4_0"),
        (gguf([ARCHITECTURE], [tensor("a", (32,), 99, 0)]), "type 99"),
        (gguf([ARCHITECTURE], [tensor("n" * 300, (32,), 0, 0)]), "tensor name of 300 bytes"),
        (gguf([ARCHITECTURE], [tensor("a", (32,), 0, 7)]), "not aligned"),
        (gguf([ARCHITECTURE], [tensor("a", (64,), 0, 0), tensor("b", (64,), 0, 128)], bytes(999)), "overlaps"),
        (gguf([ARCHITECTURE], [*ONE_TENSOR, tensor("a", (32,), 0, 128)], bytes(999)), "two tensors of one name"),
        (gguf([ARCHITECTURE], [tensor("a", (32,), 0, 2**63)], bytes(999)), "of at least 9,223,372,036,854,"),
        (gguf([ARCHITECTURE], ONE_TENSOR, bytes(127)), "is incomplete"),
    ],
)
def test_damage_is_told(raw: bytes, what: str) -> None:
    assert what in refusal(raw)


def test_a_whole_file_is_read() -> None:
    numbers = text("llama.attention.head_count_kv") + struct.pack("<IIQ3i", 9, 5, 3, 4, 4, 2)
    keys = [ARCHITECTURE, numbers, u32_key("llama.expert_count", 32), strings_key("t", 3, text("a") * 3)]
    raw = gguf(keys, [tensor("a", (32, 2), 2, 0), tensor("b", (32,), 0, 64)], bytes(192), version=2)
    header = parse_header(io.BytesIO(raw), len(raw), "x.gguf")
    assert header.head_count_kv == (4, 4, 2)
    assert header.expert_count == 32
    assert header.array_lengths == {"llama.attention.head_count_kv": 3, "t": 3}
    assert header.weights_bytes == 2 * 18 + 32 * 4
    assert header.file_type == "F32"  # it does not say: the type of most bytes


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not there"):
        read_header(tmp_path / "absent.gguf")
    with pytest.raises(ModelError, match="is not a file"):
        read_header(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot be read: Not a directory"):
        read_header(tmp_path / "file" / "x.gguf")
    with pytest.raises(ModelError, match="names no file"):
        read_header(Path("null\0byte.gguf"))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.gguf")
        with pytest.raises(ModelError, match="is not a file"):
            read_header(tmp_path / "pipe.gguf")


def slow_but_valid() -> dict[str, bytes]:
    """The files that cost most within the bounds."""
    empty = text("")
    return {
        "most keys": gguf([u32_key(f"k{number}", 1) for number in range(4096)], []),
        "most tensors": gguf([ARCHITECTURE], [tensor(f"t{n}", (1, 1, 1, 1), 0, n * 32) for n in range(4096)]),
        "kept strings": gguf([string_key(f"k{number}", "\U0001f600" + "a" * 500_000) for number in range(40)], []),
        "kept numbers": gguf([text(f"k{n}") + struct.pack("<IIQ", 9, 0, 1024) + bytes(1024) for n in range(200)], []),
        "many short arrays": gguf([strings_key(f"k{n}", 1, empty) for n in range(4096)], []),
    }


@pytest.mark.parametrize("name", list(slow_but_valid()))
def test_no_bytes_make_it_slow_or_large(name: str) -> None:
    raw = slow_but_valid()[name]
    started = time.process_time()
    refusal(raw)
    assert time.process_time() - started < 0.3  # 0.05 s on a quiet machine
    tracemalloc.start()
    refusal(raw)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50 << 20


@settings(max_examples=300, deadline=None)
@given(raw=st.binary(max_size=400))
def test_arbitrary_bytes_end_in_a_model_error(raw: bytes) -> None:
    for start in (b"", b"GGUF", b"GGUF\x03\0\0\0", b"GGUF\x03\0\0\0\x01" + bytes(7) + b"\x02" + bytes(7)):
        refusal(start + raw)


@pytest.fixture(scope="module")
def real_start(starter_model: Path) -> bytes:
    with starter_model.open("rb") as source:
        return source.read(20_000)


@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, 6_000), st.binary(min_size=1, max_size=9)), min_size=1, max_size=6),
    length=st.integers(0, 20_000),
)
def test_a_changed_real_header_ends_in_a_model_error(
    real_start: bytes, changes: list[tuple[int, bytes]], length: int
) -> None:
    """Its vocabulary is cut away, so that no change can make it whole."""
    raw = bytearray(real_start)
    for position, piece in changes:
        raw[position : position + len(piece)] = piece
    refusal(bytes(raw[:length]))


@settings(max_examples=300, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=4))
def test_a_changed_small_model_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    raw = bytearray(tiny_model())
    for position, value in changes:
        if position < len(raw):
            raw[position] = value
    with suppress(ModelError):
        parse(bytes(raw))
