"""The published vocabulary counts as its publisher's own libraries do, and is believed only as it was delivered."""

from __future__ import annotations

import json
import time
import zlib
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.cloud.tokens.pairing import PairEncoding, pair_count
from workbench.cloud.tokens.vocabulary import NAME, SHA256, TOKENS, packed, published, ranks
from workbench.errors import StorageError
from workbench.paths import asset

# Texts of many languages, code, emoji and noise, with what js-tiktoken 1.0.21 makes of each.
COUNTS = json.loads(Path(__file__).with_name("counts.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def encoding() -> PairEncoding:
    return published()


@pytest.mark.parametrize(("text", "tokens"), COUNTS, ids=range(len(COUNTS)))
def test_it_counts_as_its_publisher(encoding: PairEncoding, text: str, tokens: int) -> None:
    assert encoding.count(text) == tokens


def test_the_file_is_the_one_that_was_made() -> None:
    content = asset(NAME).read_bytes()
    assert sha256(content).hexdigest() == SHA256
    found = ranks(content)
    assert len(found) == TOKENS
    assert all(bytes([byte]) in found for byte in range(256))
    assert zlib.decompress(packed(sorted(found, key=found.__getitem__))) == zlib.decompress(content)


@pytest.mark.parametrize("content", [b"", b"not packed", zlib.compress(b"\1a")])
def test_another_file_is_not_believed(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "vocabulary"
    file.write_bytes(content)
    with pytest.raises(StorageError, match="is damaged"):
        published(file)
    with pytest.raises(StorageError, match="cannot be read: No such file"):
        published(tmp_path / "nowhere")


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_a_text_has_no_more_tokens_than_bytes_and_never_none(text: str) -> None:
    ranks_of_bytes = {bytes([byte]): byte for byte in range(256)} | {b"ab": 256, b"abc": 257, b"  ": 258}
    raw = text.encode("utf-8", "replace")
    assert (1 if raw else 0) <= pair_count(raw, ranks_of_bytes) <= len(raw)


def test_the_lowest_rank_is_joined_first_and_of_equals_the_leftmost() -> None:
    known = {bytes([byte]): byte for byte in range(256)} | {b"bc": 256, b"ab": 257, b"aa": 258, b"bcd": 259}
    assert pair_count(b"abcd", known) == 2, "a, bcd"
    assert pair_count(b"aaa", known) == 2, "aa, a"


def test_a_word_without_an_end_takes_no_time_out_of_proportion(encoding: PairEncoding) -> None:
    begun = time.perf_counter()
    assert encoding.count("x" * 40_000) > 1
    assert time.perf_counter() - begun < 20, "by each pair anew it would be hours"


def test_half_of_a_pair_of_code_units_counts_too(encoding: PairEncoding) -> None:
    assert encoding.count("a\ud83d") >= 1
