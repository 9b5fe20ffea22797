"""Benchmarks: what is asked, what is made of the figures, what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend, Step
from workbench import migrations
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.diagnostics.bench.measuring import BenchStep, depths_within, measure
from workbench.diagnostics.bench.prompts import conversation, words, words_for
from workbench.diagnostics.bench.result import BenchResult, Prediction, Speed, ratio_interval, spread
from workbench.diagnostics.bench.service import Bench, BenchService, Candidate
from workbench.diagnostics.bench.store import BenchStore
from workbench.errors import EngineError
from workbench.events import Bus, Changed, Topic
from workbench.jobs import Job, JobEvent, quiet_job
from workbench.messages import Finish, Finished, TextDelta, Timings, Usage
from workbench.models.sizing.estimate import Range


def answers(*speeds: float) -> list[list[Step]]:
    return [
        [TextDelta("one"), Finished(Finish.STOP, Usage(300, 0, 64), Timings(0.1, speed * 10, speed, 1.0))]
        for speed in speeds
    ]


def test_rounds_share_their_beginning_and_end_anew() -> None:
    first, second = conversation(500, 7, 0), conversation(500, 7, 1)
    assert first[:2] == second[:2]
    assert first[2] != second[2]
    assert conversation(500, 8, 0)[0] != first[0]
    assert len(conversation(0, 7, 0)) == 1


def test_words_are_as_many_as_asked() -> None:
    assert len(words(321, 1).split()) == 321


@pytest.mark.parametrize("per_word", [0.8, 1.3, 4.0])
def test_the_depth_is_met(per_word: float) -> None:
    count = words_for(2000, lambda number: 40 + round(number * per_word))
    assert count * per_word == pytest.approx(2000, rel=0.01)


@pytest.mark.parametrize(
    ("asked", "context", "kept"),
    [((0, 2048, 8192), 8192, (0, 2048)), ((4096,), 2048, (0,)), ((8192, 0, 0), 131072, (0, 8192))],
)
def test_only_depths_that_fit(asked: tuple[int, ...], context: int, kept: tuple[int, ...]) -> None:
    assert depths_within(asked, context) == kept


def test_the_median_of_the_rounds_counts() -> None:
    backend = ScriptedBackend(*answers(10, 30, 11, 5, 5, 5))
    news: list[JobEvent] = []
    figures = measure(backend, (0,), 3, 1, Job(news.append))
    assert figures.generation == (Speed(0, 11, spread([10, 30, 11]), (10, 30, 11)),)
    assert figures.prompt[0].tokens_per_second == 110
    assert figures.first_token_seconds == 0.1
    steps = [event.payload for event in news if isinstance(event.payload, BenchStep)]
    assert steps[0] == BenchStep(0, 0, 3)
    assert steps[-1] == BenchStep(0, 3, 3)


def test_an_engine_that_tells_no_speed_is_an_error() -> None:
    silent: list[Step] = [TextDelta("x"), Finished(Finish.STOP)]
    with pytest.raises(EngineError, match="does not tell how fast"):
        measure(ScriptedBackend(silent), (0,), 2, 1, quiet_job())


def test_spread_is_between_the_quarters() -> None:
    assert spread([5.0]) == 0
    assert spread([10, 10, 10]) == 0
    assert spread([8, 9, 10, 11, 12]) == pytest.approx(0.2)


def test_the_interval_of_pairs() -> None:
    low, mean, high = ratio_interval([10, 11, 9, 10], [10, 10, 10, 10])
    assert mean == pytest.approx(1.0)
    assert low == pytest.approx(1 - 0.1299, abs=1e-3)
    assert high == pytest.approx(1 + 0.1299, abs=1e-3)
    with pytest.raises(ValueError, match="two pairs"):
        ratio_interval([1], [1])


RESULT = BenchResult(
    "Small",
    "llama.cpp 1",
    8192,
    (Speed.of(0, (99.0, 101.0)),),
    (Speed.of(0, (20.0,)),),
    0.12,
    1.5,
    None,
    Prediction(Range(50, 90, 130), ((0, Range(10, 20, 30)), (2048, None)), 123),
)


def test_a_result_survives_its_json() -> None:
    assert BenchResult.from_json(RESULT.as_json()) == RESULT


@dataclass
class FakeRunning:
    backend: ScriptedBackend
    runtime: str = "fake engine"

    def memory_bytes(self) -> int | None:
        return 1000


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path / "backups")
    yield database
    database.close()


def test_a_run_is_kept_for_this_machine_and_told(database: Database) -> None:
    bus, told = Bus(), list[Changed]()
    bus.subscribe(told.append)
    ended: list[str] = []

    @contextmanager
    def engine(candidate: Candidate, job: Job) -> Iterator[FakeRunning]:
        yield FakeRunning(ScriptedBackend(*answers(10, 12), context_tokens=4096))
        ended.append(candidate.name)

    service = BenchService(BenchStore(database, SystemClock()), engine, lambda: "this machine", SystemClock(), bus)
    result = service.run(Candidate("Small", Path("small.gguf")), quiet_job(), Bench((0, 2048, 99999), 2))
    assert ended == ["Small"]
    assert [speed.depth for speed in result.generation] == [0, 2048]
    assert result.memory_bytes == 1000
    assert result.at > 0
    assert service.last() == (replace(result, load_seconds=round(result.load_seconds, 3)),)
    assert BenchStore(database, SystemClock()).last("another machine") == ()
    assert told == [Changed(frozenset({Topic.BENCH}))]


def test_what_cannot_be_read_is_left_out(database: Database) -> None:
    store = BenchStore(database, SystemClock())
    store.keep("m", RESULT)
    with database.write() as tx:
        tx.execute("UPDATE benchmarks SET result = '{}'")
    store.keep("m", RESULT)
    assert len(store.last("m")) == 1
