"""An engine of its own for each benchmark: nobody else asks it anything, and it is ended afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workbench.diagnostics.bench.service import Candidate
from workbench.engine.service import EngineService
from workbench.errors import EngineError
from workbench.jobs import Job
from workbench.ports import ChatBackend


@dataclass(frozen=True, slots=True)
class BenchEngine:
    """See `service.Running`."""

    backend: ChatBackend
    runtime: str
    engines: EngineService

    def memory_bytes(self) -> int | None:
        return self.engines.status().memory_bytes


@contextmanager
def engine_of_its_own(
    candidate: Candidate, job: Job, make: Callable[[str], EngineService], release: Callable[[Path], None]
) -> Iterator[BenchEngine]:
    """``make`` builds engines for a runtime's id; ``release`` has the model leave the memory first."""
    release(candidate.path)
    engines = make(candidate.runtime)
    try:
        backend = engines.backend(candidate.path, candidate.name, job.cancel, job.emit)
        if engines.running_plan(candidate.path) is None:
            raise EngineError(
                "Another Workbench runs an engine with this model, so it cannot be measured now.",
                hint="Close the other window or command, then measure again.",
            )
        yield BenchEngine(backend, engines.status().runtime, engines)
    finally:
        engines.close()
