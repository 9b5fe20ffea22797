"""A process that works on a batch until it is killed. Run: ``python -m tests.losing.batching HOME BATCH``.

Each line of HOME/asked is what the scripted engine was asked; each of HOME/answered an input whose answer was acknowledged.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.fakes.backend import ScriptedBackend
from tests.unit.prompts.running.parts import Parts, make_parts
from workbench.cancel import CancelToken
from workbench.jobs import Job, JobEvent
from workbench.messages import ChatRequest, StreamEvent, TextDelta
from workbench.prompts.running.batches.batch import Batch
from workbench.prompts.running.batches.service import Batches
from workbench.prompts.running.batches.store import BatchStore
from workbench.prompts.running.run import StepDone


class Noted(ScriptedBackend):
    """Writes down what it is asked, and answers with it in capitals, a letter at a time."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        text = request.messages[-1].text
        os.write(self._file, f"{text}\n".encode())
        self._answers = [[TextDelta(letter) for letter in text.upper()]]
        return super().stream(request, cancel)


def open_batches(home: Path) -> tuple[Parts, Batches]:
    parts = make_parts(home)
    parts.route.scripted = Noted(home / "asked")
    store = BatchStore(parts.database, parts.around.clock)
    return parts, Batches(store, parts.store, parts.runner, parts.around)


def work(home: str, batch_id: str) -> Batch:
    """Until it is done or killed."""
    parts, batches = open_batches(Path(home))
    answered = os.open(Path(home) / "answered", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def report(news: JobEvent) -> None:
        if isinstance(news.payload, StepDone):
            os.write(answered, f"{news.payload.result.name} {news.payload.result.text}\n".encode())

    done = batches.work(batch_id, Job(report))
    parts.database.close()
    return done


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2])
