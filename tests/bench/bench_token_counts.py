"""Counting what a request to a provider holds: seconds to the first count, for 100 kB, and the memory of what counts.

By the published vocabulary, and by the vocabulary alone of each model file that is given. Prints one JSON object a line.
Run: ``python -m tests.bench token_counts``; ``python -m tests.bench.bench_token_counts MODEL.gguf ...`` for models.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.cloud.tokens.counting import PublishedTokens
from workbench.engine.counting.keeper import Counts
from workbench.engine.counting.vocabulary import start_vocabulary
from workbench.engine.launching.launcher import NativeLauncher
from workbench.messages import ChatRequest, user
from workbench.paths import Paths

ROUNDS = 3
SHORT = "What is the tide at Brest on the 23rd of November?"
LONG = (SHORT + " It rises by seven metres in spring, they say; and where is that written down?\n") * 900


def main(models: Sequence[str] = ()) -> None:
    text = LONG[:100_000]
    tell("published", lambda _cancel: PublishedTokens(), [SHORT], [text])
    with tempfile.TemporaryDirectory() as home:
        paths = Paths(Path(home))
        paths.prepare()
        launcher = NativeLauncher(paths, SystemClock())
        short, long = (ChatRequest((user(one),)) for one in (SHORT, text))
        for model in map(Path, models):
            tell(model.stem, partial(start_vocabulary, model, launcher, paths), short, long)


def tell(name: str, make: Callable[[CancelToken], Counts[Any]], short: Any, long: Any) -> None:
    rounds = [_round(make, short, long) for _ in range(ROUNDS)]
    first, whole, memory = (statistics.median(values) for values in zip(*rounds, strict=True))
    for what, value, unit, aim in (
        ("first count", first * 1000, "ms", "<= 1000"),
        ("100 kB", whole * 1000, "ms", "<= 500"),
        ("memory", memory / 1e6, "MB", "<= 150"),
    ):
        print(json.dumps({"name": f"tokens, {name}: {what}", "value": value, "unit": unit, "aim": aim}), flush=True)


def _round(make: Callable[[CancelToken], Counts[Any]], short: Any, long: Any) -> tuple[float, float, float]:
    cancel, begun = CancelToken(), time.perf_counter()
    counter = make(cancel)
    try:
        counter.count(short, cancel)
        first, begun = time.perf_counter() - begun, time.perf_counter()
        counter.count(long, cancel)
        whole = time.perf_counter() - begun
        children = psutil.Process().children(recursive=True)
        return first, whole, max(child.memory_info().rss for child in children)
    finally:
        counter.close()


if __name__ == "__main__":
    main(sys.argv[1:])
