"""Check-ups and benchmarks that find what the test wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.models import FakeModels
from workbench.diagnostics.bench.measuring import BenchStep
from workbench.diagnostics.bench.result import BenchResult, Prediction, Speed
from workbench.diagnostics.bench.service import Candidate
from workbench.engine.checking.checkup import CheckStep, CheckUp, Verdict
from workbench.errors import WorkbenchError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.models.sizing.estimate import Range

STEPS = (
    CheckStep("load", "Loads", Verdict.OK, "In 3.1 s."),
    CheckStep("template", "Chat template", Verdict.OK, "It renders as the publisher's."),
    CheckStep("answer", "Answers", Verdict.OK, "One word was asked for and came."),
    CheckStep("stop", "Stops", Verdict.OK, "No stop token in the text."),
    CheckStep("reasoning", "Reasoning", Verdict.SKIPPED, "It does not reason."),
    CheckStep("tools", "Tools", Verdict.WARNING, "It answered without calling the tool."),
    CheckStep("speed", "Speed", Verdict.OK, "21.4 tokens/s; 19 to 28 were predicted."),
)


@dataclass
class FakeCheckUps:
    """Every check-up finds `STEPS`, one after another."""

    bus: Bus
    models: FakeModels
    found: dict[Path, CheckUp] = field(default_factory=dict)
    steps: tuple[CheckStep, ...] = STEPS
    wait_seconds: float = 0.0

    def latest(self, path: Path) -> CheckUp | None:
        return self.found.get(path)

    def run(self, name: str, job: Job) -> CheckUp:
        one = self.models.get(name)
        for step in self.steps:
            job.emit(step)
            job.cancel.wait(self.wait_seconds)
            job.cancel.check()
        self.found[one.path] = CheckUp(
            one.name, 1_790_000_000.0, "native b9310", self.steps, 3.1, 310.0, 21.4, 23.0, 3_900_000_000
        )
        self.bus.publish(Topic.MODELS)
        return self.found[one.path]


def bench_result(name: str, speed: float = 21.4, at: float = 1_790_000_000.0) -> BenchResult:
    """A benchmark with this speed at the start, slower with a longer context."""
    depths = (0, 2048, 8192)
    speeds = (speed, 0.85 * speed, 0.6 * speed)
    predicted = tuple(
        (depth, Range(0.8 * own, 1.05 * own, 1.3 * own)) for depth, own in zip(depths, speeds, strict=True)
    )
    rounds = [
        Speed.of(depth, (0.93 * own, 0.98 * own, own, 1.01 * own, 1.06 * own))
        for depth, own in zip(depths, speeds, strict=True)
    ]
    prompt = tuple(Speed.of(one.depth, [12 * figure for figure in one.rounds]) for one in rounds)
    told = Prediction(Range(200, 260, 320), predicted, 4_000_000_000)
    return BenchResult(name, "llama.cpp b9310", 16384, prompt, tuple(rounds), 0.21, 3.1, 3_900_000_000, told, at)


@dataclass
class FakeBench:
    """Each run is as fast as the one before, twice ``wait_seconds`` long, and kept in ``runs``, the newest first."""

    bus: Bus
    runs: tuple[BenchResult, ...] = ()
    failure: WorkbenchError | None = None
    unreadable: WorkbenchError | None = None
    wait_seconds: float = 0.0

    def last(self) -> tuple[BenchResult, ...]:
        if self.unreadable:
            raise self.unreadable
        return self.runs

    def run(self, candidate: Candidate, job: Job) -> BenchResult:
        job.emit(f"Loading {candidate.name}…")
        for done in range(2):
            job.emit(BenchStep(2048, done, 2))
            job.cancel.wait(self.wait_seconds)
            job.cancel.check()
        if self.failure:
            raise self.failure
        self.runs = (bench_result(candidate.name), *self.runs)
        self.bus.publish(Topic.BENCH)
        return self.runs[0]
