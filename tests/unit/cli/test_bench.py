"""`workbench bench`: what it measures, what it writes, for people and for scripts."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from workbench.app import Workbench
from workbench.cli import bench
from workbench.cli.main import parser
from workbench.diagnostics.bench.comparing import Comparison
from workbench.diagnostics.bench.measuring import BenchStep
from workbench.diagnostics.bench.result import BenchResult, Prediction, Speed
from workbench.diagnostics.bench.service import Bench, Candidate
from workbench.errors import UsageError
from workbench.hardware.machine import Machine
from workbench.jobs import Job
from workbench.models.sizing.estimate import Range

Captured = pytest.CaptureFixture[str]
PREDICTED = Prediction(Range(50, 90, 130), ((0, Range(10, 20, 30)), (2048, None)), 123)
RESULT = BenchResult(
    "Small",
    "llama.cpp 1",
    8192,
    (Speed.of(0, (99.0, 101.0)), Speed.of(2048, (90.0, 91.0))),
    (Speed.of(0, (20.0, 20.2)), Speed.of(2048, (9.0, 9.1))),
    0.12,
    1.5,
    2 << 30,
    PREDICTED,
)


@dataclass
class FakeBench:
    asked: list[tuple[str, str]] = field(default_factory=list)
    bench: Bench | None = None

    def run(self, candidate: Candidate, job: Job, bench: Bench) -> BenchResult:
        self.bench = bench
        job.emit(f"Loading {candidate.name}…")
        job.emit(BenchStep(2048, 1, 4))
        return RESULT

    def compare(self, candidates: Sequence[Candidate], job: Job, bench: Bench) -> Comparison:
        results = [self.run(candidate, job, bench) for candidate in candidates]
        twice = Speed.of(0, (40.0, 40.4))
        return Comparison(
            (results[0], replace(RESULT, model="Fast", prompt=RESULT.prompt[:1], generation=(twice,))),
            "They do not fit.",
        )

    def last(self) -> tuple[BenchResult, ...]:
        return ()

    def candidate(self, model: str, runtime: str) -> Candidate:
        self.asked.append((model, runtime))
        return Candidate(model, Path(f"/{model}.gguf"), runtime)


@pytest.fixture
def fake() -> FakeBench:
    return FakeBench()


def run(fake: FakeBench, *words: str) -> int:
    arguments: argparse.Namespace = parser().parse_args(["bench", *words])
    machine = Machine("linux", "A processor", 2, None, 24 << 30, 20 << 30, None, "mains")
    hardware = SimpleNamespace(machine=lambda: machine)
    workbench: Any = SimpleNamespace(bench=fake, bench_candidate=fake.candidate, hardware=hardware)
    return bench.run(arguments, cast("Workbench", workbench))


def test_one_model_is_told_beside_what_was_predicted(fake: FakeBench, capsys: Captured) -> None:
    assert run(fake, "-m", "small", "--depth", "0,2048", "--rounds", "2") == 0
    out, said = capsys.readouterr()
    assert fake.bench == Bench((0, 2048), 2)
    assert "Measuring at 2,048 tokens: round 2 of 4" in said
    lines = out.splitlines()
    assert lines[0] == "Small · llama.cpp 1"
    assert lines[2].split() == ["0", "100.0", "t/s", "1", "%", "20.1", "t/s", "0", "%", "10.0", "to", "30.0", "t/s"]
    assert lines[3].split()[-1] == "-"
    assert "first token 0.12 s" in out
    assert "2.1 GB" in out or "2.0 GB" in out or "2 GB" in out


def test_several_are_compared_with_the_first(fake: FakeBench, capsys: Captured) -> None:
    assert run(fake, "-m", "small", "-m", "fast", "--runtime", "a", "--runtime", "b") == 0
    assert fake.asked == [("small", "a"), ("small", "b"), ("fast", "a"), ("fast", "b")]
    out = capsys.readouterr().out
    assert "Against Small · llama.cpp 1 (They do not fit)" in out
    assert "2.00 times as fast (95 %: 2.00 to 2.00)" in out


def test_a_document_for_others_says_which_machine(fake: FakeBench, capsys: Captured) -> None:
    assert run(fake, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert {"workbench", "machine", "results", "comparison"} < set(said)
    assert BenchResult.from_json(said) == RESULT  # what scripts read stands at the top
    assert said["machine"]["cpu"]["name"] == "A processor"
    assert [BenchResult.from_json(result) for result in said["results"]] == [RESULT]
    assert said["comparison"] is None


def test_a_comparison_is_in_the_document(fake: FakeBench, capsys: Captured) -> None:
    assert run(fake, "--json", "-m", "small", "-m", "fast") == 0
    said = json.loads(capsys.readouterr().out)["comparison"]
    assert said["because"] == "They do not fit."
    assert not said["in_turns"]
    assert said["others"][0]["generation"][0]["mean"] == 2.0


def test_nothing_measured_yet(fake: FakeBench, capsys: Captured) -> None:
    assert run(fake, "--list") == 0
    assert "Nothing was measured" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["a", "1,,2", "-1", ""])
def test_depths_that_are_none(text: str) -> None:
    with pytest.raises(UsageError, match="no list of numbers"):
        bench.depths(text)
