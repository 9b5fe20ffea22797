"""Benchmarks of installed models: one run is loaded, measured, compared with the prediction, and kept."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.diagnostics.bench.measuring import DEPTHS, ROUNDS, depths_within, measure
from workbench.diagnostics.bench.result import BenchResult, Prediction
from workbench.diagnostics.bench.store import BenchStore
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.models.sizing.estimate import Estimate
from workbench.ports import ChatBackend, Clock


@dataclass(frozen=True, slots=True)
class Bench:
    """What to measure."""

    depths: tuple[int, ...] = DEPTHS
    rounds: int = ROUNDS


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model to measure. ``runtime``: the id of an installed engine, or empty for the one that would answer.
    ``predicted``: without what was measured here before; None where nothing can be said."""

    name: str
    path: Path
    runtime: str = ""
    predicted: Estimate | None = None


class Running(Protocol):
    """An engine to be measured. ``memory_bytes``: private memory now."""

    @property
    def backend(self) -> ChatBackend: ...

    @property
    def runtime(self) -> str: ...

    def memory_bytes(self) -> int | None: ...


# An engine of its own for the candidate, ended afterwards. Raises `EngineError`, `ModelError`.
OpenEngine = Callable[[Candidate, Job], AbstractContextManager[Running]]


class BenchService:
    """``engine``: see `OpenEngine`. ``machine``: the `machine_key` of this one."""

    def __init__(
        self, store: BenchStore, engine: OpenEngine, machine: Callable[[], str], clock: Clock, bus: Bus
    ) -> None:
        self._store = store
        self._engine = engine
        self._machine = machine
        self._clock = clock
        self._bus = bus

    def run(self, candidate: Candidate, job: Job, bench: Bench = Bench()) -> BenchResult:
        """Load, measure and keep; blocks for a minute or more. ``job`` hears words and `BenchStep`s.

        Raises `EngineError` or `ModelError` when it cannot be loaded or does not answer, `Cancelled`.
        """
        job.emit(f"Loading {candidate.name}…")
        began = self._clock.monotonic()
        with self._engine(candidate, job) as running:
            loaded = self._clock.monotonic() - began
            context_tokens = running.backend.info.context_tokens
            depths = depths_within(bench.depths, context_tokens)
            seed = random.randrange(1 << 30)  # noqa: S311 - so that no cache remembers it
            figures = measure(running.backend, depths, bench.rounds, seed, job)
            result = BenchResult(
                candidate.name,
                running.runtime,
                context_tokens,
                figures.prompt,
                figures.generation,
                figures.first_token_seconds,
                loaded,
                running.memory_bytes(),
                prediction(candidate.predicted, depths),
            )
        kept = self._store.keep(self._machine(), result)
        self._bus.publish(Topic.BENCH)
        return kept

    def last(self) -> tuple[BenchResult, ...]:
        """What was measured on this machine, the newest first."""
        return self._store.last(self._machine())


def prediction(estimate: Estimate | None, depths: Sequence[int]) -> Prediction:
    """What ``estimate`` says of these depths."""
    if estimate is None:
        return Prediction(None, tuple((depth, None) for depth in depths), None)
    return Prediction(
        estimate.prompt_tokens_per_second,
        tuple((depth, estimate.generation_at(depth)) for depth in depths),
        estimate.total_bytes,
    )
