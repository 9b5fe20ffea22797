"""An engine of its own for each benchmark: nobody else asks it anything, and it is ended afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from workbench.diagnostics.bench.service import Candidate
from workbench.engine.service import EngineService
from workbench.errors import EngineError
from workbench.jobs import Job
from workbench.paths import Paths, private_folder
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
    candidate: Candidate,
    job: Job,
    make: Callable[[str, Paths], EngineService],
    paths: Paths,
    release: Callable[[Path], None],
) -> Iterator[BenchEngine]:
    """``make`` builds engines for a runtime's id, known in a home; ``release`` has the model leave the memory first."""
    with ExitStack() as stack:
        if candidate.apart:  # so that it does not take the other one's engine for its own
            paths = Paths(Path(stack.enter_context(TemporaryDirectory(prefix="workbench-bench-"))))
            private_folder(paths.run)
        else:
            release(candidate.path)
        engines = make(candidate.runtime, paths)
        stack.callback(engines.close)
        backend = engines.backend(candidate.path, candidate.name, job.cancel, job.emit)
        if engines.running_plan(candidate.path) is None:
            raise EngineError(
                "Another Workbench runs an engine with this model, so it cannot be measured now.",
                hint="Close the other window or command, then measure again.",
            )
        yield BenchEngine(backend, engines.status().runtime, engines)
