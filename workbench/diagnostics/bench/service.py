"""Benchmarks of installed models: one run is loaded, measured, compared with the prediction, and kept."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from workbench.diagnostics.bench.comparing import Comparison
from workbench.diagnostics.bench.measuring import DEPTHS, ROUNDS, Figures, depths_within, measure_in_turns
from workbench.diagnostics.bench.result import BenchResult, Prediction
from workbench.diagnostics.bench.store import BenchStore
from workbench.events import Bus, Topic
from workbench.hardware.machine import Machine
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
    ``predicted``: what would be expected of it; None where nothing can be said. ``apart``: another candidate has the same
    file loaded, so its engine is none that this home knows."""

    name: str
    path: Path
    runtime: str = ""
    predicted: Estimate | None = None
    apart: bool = False


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
    """``engine``: see `OpenEngine`. ``machine``: the `machine_key` of this one. ``room``: bytes free for models."""

    def __init__(
        self,
        store: BenchStore,
        engine: OpenEngine,
        machine: Callable[[], str],
        clock: Clock,
        bus: Bus,
        room: Callable[[], int] = lambda: 0,
    ) -> None:
        self._store = store
        self._engine = engine
        self._machine = machine
        self._clock = clock
        self._bus = bus
        self._room = room

    def run(self, candidate: Candidate, job: Job, bench: Bench = Bench()) -> BenchResult:
        """Load, measure and keep; blocks for a minute or more. ``job`` hears words and `BenchStep`s.

        Raises `EngineError` or `ModelError` when it cannot be loaded or does not answer, `Cancelled`.
        """
        return self._measured((candidate,), job, bench)[0]

    def compare(self, candidates: Sequence[Candidate], job: Job, bench: Bench = Bench()) -> Comparison:
        """As `run`, of several: in turns where all of them fit into memory at once, else one after the other."""
        because = why_not_together(candidates, self._room())
        if because:
            job.emit(because)
            return Comparison(tuple(self.run(candidate, job, bench) for candidate in candidates), because)
        return Comparison(self._measured(_kept_apart(candidates), job, bench))

    def _measured(self, candidates: Sequence[Candidate], job: Job, bench: Bench) -> tuple[BenchResult, ...]:
        with ExitStack() as stack:
            loaded = [self._load(candidate, job, stack) for candidate in candidates]
            depths = depths_within(bench.depths, min(one.context_tokens for one in loaded))
            seed = random.randrange(1 << 30)  # noqa: S311 - so that no cache remembers it
            backends = [one.running.backend for one in loaded]
            figures = measure_in_turns(backends, depths, bench.rounds, seed, job)
            results = [one.result(found, depths) for one, found in zip(loaded, figures, strict=True)]
        kept = tuple(self._store.keep(self._machine(), result) for result in results)
        self._bus.publish(Topic.BENCH)
        return kept

    def _load(self, candidate: Candidate, job: Job, stack: ExitStack) -> _Loaded:
        job.emit(f"Loading {candidate.name}…")
        began = self._clock.monotonic()
        running = stack.enter_context(self._engine(candidate, job))
        return _Loaded(candidate, running, self._clock.monotonic() - began)

    def last(self) -> tuple[BenchResult, ...]:
        """What was measured on this machine, the newest first."""
        return self._store.last(self._machine())


@dataclass(frozen=True, slots=True)
class _Loaded:
    candidate: Candidate
    running: Running
    seconds: float

    @property
    def context_tokens(self) -> int:
        return self.running.backend.info.context_tokens

    def result(self, figures: Figures, depths: Sequence[int]) -> BenchResult:
        """What was found, while the engine still runs."""
        return BenchResult(
            self.candidate.name,
            self.running.runtime,
            self.context_tokens,
            figures.prompt,
            figures.generation,
            figures.first_token_seconds,
            self.seconds,
            self.running.memory_bytes(),
            prediction(self.candidate.predicted, depths),
        )


def why_not_together(candidates: Sequence[Candidate], room: int) -> str:
    """Why these are measured one after the other, in a sentence; empty: ``room`` bytes are enough for all at once."""
    wanted = [candidate.predicted for candidate in candidates]
    needs = sum(estimate.total_bytes for estimate in wanted if estimate is not None)
    if None in wanted:
        return "It is not known how much memory they take, so they are measured one after the other."
    if needs > room:
        return "They do not fit into memory at once, so they are measured one after the other."
    return ""


def room_for_models(machine: Machine) -> int:
    """Bytes that are surely free for models, wherever they would lie: in memory, and on each GPU with its own."""
    gpus = [
        gpu.memory_free_bytes for gpu in machine.gpus or () if gpu.memory_free_bytes is not None and not gpu.unified
    ]
    return min((machine.memory_available_bytes, *gpus))


def _kept_apart(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Of those with the same file, all but the first are `Candidate.apart`."""
    seen: set[Path] = set()
    kept = []
    for candidate in candidates:
        kept.append(replace(candidate, apart=candidate.path in seen))
        seen.add(candidate.path)
    return tuple(kept)


def prediction(estimate: Estimate | None, depths: Sequence[int]) -> Prediction:
    """What ``estimate`` says of these depths."""
    if estimate is None:
        return Prediction(None, tuple((depth, None) for depth in depths), None)
    return Prediction(
        estimate.prompt_tokens_per_second,
        tuple((depth, estimate.generation_at(depth)) for depth in depths),
        estimate.total_bytes,
    )
