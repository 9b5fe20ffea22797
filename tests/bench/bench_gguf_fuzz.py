"""A million hostile GGUF headers: each must end in a header or a `ModelError`, within 50 ms and 50 MB.

`python -m tests.bench gguf_fuzz`; `python -m tests.bench.bench_gguf_fuzz 10000 7` for fewer, from another seed.
"""

from __future__ import annotations

import gc
import io
import json
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.fakes.gguf_mutations import BODY, Map, inputs, map_of, seeds
from workbench.errors import ModelError
from workbench.models.gguf.header import Header, parse_header
from workbench.models.gguf.kind import kind_of
from workbench.models.sizing.shapes import from_header

COUNT = 1_000_000
TRACED = 499  # every so many is watched by tracemalloc, which makes it slow
LARGE = 1_000  # every so many is a change of the starter's real header, 1.2 MB with 98,000 strings
STARTER = Path(__file__).parents[2] / ".cache" / "test-home" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"


def read(raw: bytes) -> Header | None:
    """The header, None where it was refused; raises for anything else."""
    try:
        header = parse_header(io.BytesIO(raw), len(raw), "fuzz.gguf")
    except ModelError:
        return None
    assert header.weights_bytes <= header.expected_bytes <= len(raw)
    kind_of(header)
    if header.split is None:
        from_header(header)
    return header


def with_large_ones(count: int, random: Random) -> Iterator[bytes]:
    large: list[Map] = []
    if STARTER.exists():
        with STARTER.open("rb") as file:
            whole = map_of(file.read(4 << 20))
        large = [Map(whole.raw[: whole.at], whole.fields, whole.at)]
    small = inputs(count, random, seeds())
    for number, raw in enumerate(small):
        yield next(inputs(1, random, large)) if large and number % LARGE == 0 else raw


def main(count: int = COUNT, seed: int = 1) -> None:
    random = Random(seed)
    slowest, peak, accepted, valid_start = 0.0, 0, 0, 0
    gc.disable()  # a pause of the collector is not the reader's time
    for number, raw in enumerate(with_large_ones(count, random)):
        valid_start += raw[:BODY] in (b"GGUF\x03\0\0\0", b"GGUF\x02\0\0\0")
        if number % TRACED == 0:
            gc.collect()
            tracemalloc.start()
            accepted += read(raw) is not None
            peak = max(peak, tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            continue
        started = time.process_time()
        accepted += read(raw) is not None
        slowest = max(slowest, time.process_time() - started)
    _tell("GGUF headers read without a crash", count, "inputs", "1,000,000")
    _tell("of them with valid magic and version", 100 * valid_start / count, "%", ">= 80")
    _tell("of them accepted as sound", 100 * accepted / count, "%")
    _tell("slowest of them", slowest * 1000, "ms CPU", "<= 50")
    _tell("most memory of one (one in 499 is watched)", peak / 1e6, "MB", "<= 50")


def _tell(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": value, "unit": unit, "aim": aim}), flush=True)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
