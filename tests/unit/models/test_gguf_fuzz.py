"""Thousands of changed valid headers; `python -m tests.bench gguf_fuzz` reads a million."""

from __future__ import annotations

import io
from random import Random

import pytest

from tests.bench.bench_gguf_fuzz import read
from tests.fakes.gguf_mutations import BODY, inputs, map_of, seeds
from workbench.models.gguf.header import parse_header


@pytest.mark.parametrize("number", range(len(seeds())))
def test_the_files_to_change_are_valid_and_mapped_to_the_end(number: int) -> None:
    source = seeds()[number]
    header = parse_header(io.BytesIO(source.raw), len(source.raw), "seed.gguf")
    assert header.expected_bytes <= len(source.raw)
    assert source.fields[-1].at + source.fields[-1].width <= source.at <= len(source.raw)
    assert map_of(source.raw).fields == source.fields


@pytest.mark.parametrize("seed", range(4))
def test_changed_headers_are_read_or_refused(seed: int) -> None:
    raws = list(inputs(1000, Random(seed)))
    sound = sum(read(raw) is not None for raw in raws)
    assert 0 < sound < 500
    assert sum(raw[:BODY] in (b"GGUF\x03\0\0\0", b"GGUF\x02\0\0\0") for raw in raws) > 800
