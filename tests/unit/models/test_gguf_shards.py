"""Split models: names, parts as one, and parts that do not belong together."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.gguf_file import gguf, string_key, tensor, tiny_model
from tests.fakes.other_programs import shard, u16_key
from workbench.errors import ModelError
from workbench.models.gguf.header import Header, Split, parse_header
from workbench.models.gguf.shards import bare_name, join, missing_parts, shard_names, shard_paths
from workbench.models.gguf.types import TENSOR_TYPES


def parse(raw: bytes) -> Header:
    return parse_header(io.BytesIO(raw), len(raw), "x.gguf")


@pytest.mark.parametrize(
    ("name", "count", "bare"),
    [
        ("m-00002-of-00003.gguf", 3, "m"),
        ("m-Q4-00001-of-00001.GGUF", 1, "m-Q4"),
        ("m.gguf", 1, "m"),
        ("m-00004-of-00003.gguf", 1, "m"),
        ("m-00000-of-00003.gguf", 1, "m"),
        ("m-1-of-3.gguf", 1, "m-1-of-3"),
        ("sha256-abc", 1, "sha256-abc"),
    ],
)
def test_names_of_parts(name: str, count: int, bare: str) -> None:
    names = shard_names(name)
    assert len(names) == count
    assert name in names
    assert bare_name(name) == bare


def test_a_part_says_which_it_is() -> None:
    assert parse(shard(2, 3)).split == Split(2, 3, 3)
    assert parse(shard(2, 3)).architecture == ""
    assert parse(tiny_model()).split is None


def test_the_parts_are_one_model() -> None:
    whole = join([parse(shard(number, 3)) for number in (1, 2, 3)], "m")
    assert (whole.name, whole.split, whole.parameter_count, whole.weights_bytes) == ("Split", None, 192, 768)
    assert whole.expected_bytes == sum(len(shard(number, 3)) for number in (1, 2, 3))
    assert whole.file_type == "F32"


def test_a_first_part_without_tensors() -> None:
    """As newer splits have it: a small file of metadata, the weights in the others."""
    keys = [string_key("general.architecture", "llama"), u16_key("split.no", 0), u16_key("split.count", 2)]
    second = gguf([u16_key("split.no", 1), u16_key("split.count", 2)], [tensor("a", (64,), 0, 0)], bytes(256))
    assert join([parse(gguf(keys, [])), parse(second)], "m").weights_bytes == 256


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([shard(1, 3), shard(2, 3)], "part 1 of 3"),
        ([shard(2, 2), shard(1, 2)], "part 2 of 2"),
        ([shard(1, 2), tiny_model()], "a whole model"),
        ([shard(1, 2, tensors=7), shard(2, 2)], "2 tensors, and 7"),
        ([shard(1, 2)], "part 1 of 2"),
        ([tiny_model(), tiny_model()], "a whole model"),
    ],
)
def test_parts_that_do_not_belong_together(parts: list[bytes], why: str) -> None:
    with pytest.raises(ModelError, match=f"do not belong together: .*{why}"):
        join([parse(raw) for raw in parts], "m")


@pytest.mark.parametrize(("number", "count"), [(3, 3), (0, 5000), (65_535, 65_535)])
def test_impossible_part_numbers(number: int, count: int) -> None:
    raw = gguf(
        [string_key("general.architecture", "x"), u16_key("split.no", number), u16_key("split.count", count)], []
    )
    with pytest.raises(ModelError, match="is damaged: it claims to be part"):
        parse(raw)


def test_missing_parts_by_number(tmp_path: Path) -> None:
    parts = shard_paths(tmp_path / "m-00001-of-00003.gguf")
    parts[1].write_bytes(b"")
    assert missing_parts(parts) == "It comes in 3 parts, and parts 1, 3 are not there."
    parts[0].write_bytes(b"")
    assert missing_parts(parts) == "It comes in 3 parts, and part 3 is not there."
    parts[2].write_bytes(b"")
    assert missing_parts(parts) == ""


def test_absurd_layers_are_damage() -> None:
    for count in (2**32 - 1, 1025):
        raw = gguf([string_key("general.architecture", "x"), u16_key("x.block_count", count % 65_536)], [])
        with pytest.raises(ModelError, match="layers"):
            parse(raw)


ENGINES_TABLE = """
import ctypes, json, pathlib, xllamacpp
library = ctypes.CDLL(str(next(pathlib.Path(xllamacpp.__file__).parent.glob("xllamacpp*.so"))))
library.ggml_blck_size.restype = ctypes.c_int64
library.ggml_type_size.restype = ctypes.c_size_t
print(json.dumps({n: [library.ggml_blck_size(n), library.ggml_type_size(n)] for n in range(COUNT)}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the library's symbols")
def test_tensor_sizes_are_those_of_the_engine() -> None:

    code = ENGINES_TABLE.replace("COUNT", str(max(TENSOR_TYPES) + 1))
    found = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    for number, (values, size) in found.items():
        known = TENSOR_TYPES.get(int(number))
        assert (known is None) == (size == 0), number
        assert known is None or (known.block_values, known.block_bytes) == (values, size)
