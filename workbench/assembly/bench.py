"""The benchmark, with engines of its own."""

from __future__ import annotations

from workbench.assembly.engines import EngineParts
from workbench.assembly.foundation import Foundation
from workbench.assembly.models import ModelParts
from workbench.diagnostics.bench.engine import engine_of_its_own
from workbench.diagnostics.bench.service import BenchService, Candidate, room_for_models
from workbench.diagnostics.bench.store import BenchStore
from workbench.errors import UsageError
from workbench.models.sizing.measurements import machine_key


def build_bench(base: Foundation, engines: EngineParts) -> BenchService:
    return BenchService(
        BenchStore(base.database, base.clock),
        lambda candidate, job: engine_of_its_own(candidate, job, engines.apart, base.paths, engines.service.unload),
        lambda: machine_key(engines.hardware.machine()),
        base.clock,
        base.bus,
        room=lambda: room_for_models(engines.hardware.machine(fresh=True)),
    )


def bench_candidate(engines: EngineParts, models: ModelParts, model: str, runtime: str) -> Candidate:
    """See `Workbench.bench_candidate`."""
    if runtime and runtime not in {engine.id for engine in engines.runtimes.installed()}:
        raise UsageError(
            f"There is no engine {runtime!r} here.", hint="`workbench engines list` shows the installed ones."
        )
    chosen = models.chosen(model)
    return Candidate(chosen.name, chosen.path, runtime, models.predicted(chosen))
