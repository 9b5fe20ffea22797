"""How long batches and their results take beside the answers themselves.

Run: ``python -m tests.bench.bench_runs [INPUTS]``. The engine is scripted and answers at once: what is told is our own.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests.unit.prompts.running.parts import make_parts
from workbench.jobs import quiet_job
from workbench.prompts.prompt import Prompt, Variable, VariableKind
from workbench.prompts.running.batches.batch import Batch, Input
from workbench.prompts.running.batches.service import Batches
from workbench.prompts.running.batches.store import BatchStore

Made = TypeVar("Made")
PROMPT = Prompt("Sum up", "sum-up", "Sum up {{ text }}", variables=(Variable("text", VariableKind.LONG_TEXT),))


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        parts = make_parts(Path(folder), "An answer of a few words, as they are.")
        store = BatchStore(parts.database, parts.around.clock)
        batches = Batches(store, parts.store, parts.runner, parts.around)
        inputs = [Input(f"letter {number}", {"text": "word " * 200}) for number in range(count)]
        batch: Batch = _timed(f"keep {count:,} inputs", lambda: batches.start(PROMPT, inputs))
        _timed(f"answer {count:,} inputs", lambda: batches.work(batch.id, quiet_job()), count)
        _timed("list of batches", batches.list)
        _timed("first page of results", lambda: batches.results(batch.id, 0, 100))
        _timed("last page of results", lambda: batches.results(batch.id, count - 100, 100))
        for form in ("csv", "json", "md"):
            target = Path(folder) / f"out.{form}"
            _timed(f"export as {form}", lambda target=target: batches.export(batch.id, target))  # type: ignore[misc]
        parts.database.close()


def _timed(what: str, work: Callable[[], Made], each: int = 0) -> Made:
    began = time.perf_counter()
    result = work()
    milliseconds = (time.perf_counter() - began) * 1000
    value = milliseconds / each if each else milliseconds
    print(json.dumps({"name": what, "value": round(value, 2), "unit": "ms each" if each else "ms"}), flush=True)
    return result


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
