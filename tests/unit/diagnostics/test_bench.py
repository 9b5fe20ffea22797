"""Benchmarks: what is asked, what is made of the figures, what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.fakes.backend import ScriptedBackend, Step
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.diagnostics.bench.comparing import Comparison
from workbench.diagnostics.bench.measuring import BenchStep, depths_within, measure, measure_in_turns
from workbench.diagnostics.bench.prompts import conversation, words, words_for
from workbench.diagnostics.bench.result import BenchResult, Prediction, Speed, ratio_interval, spread
from workbench.diagnostics.bench.service import Bench, BenchService, Candidate, room_for_models
from workbench.diagnostics.bench.store import BenchStore
from workbench.errors import EngineError
from workbench.events import Bus, Changed, Topic
from workbench.hardware.machine import Gpu, Machine
from workbench.jobs import Job, JobEvent, quiet_job
from workbench.messages import ChatRequest, Finish, Finished, StreamEvent, TextDelta, Timings, Usage
from workbench.models.sizing.estimate import Estimate, Range


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
    low, mean, high = ratio_interval([20, 40], [10, 10])
    assert mean == pytest.approx(8**0.5)
    assert low * high == pytest.approx(8)
    assert high / mean == pytest.approx(2 ** (12.706 / 2))  # half the distance of the logs, and Student's t
    assert ratio_interval([9, 18], [10, 20]) == pytest.approx((0.9, 0.9, 0.9))
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


# Comparing ------------------------------------------------------------------------------------------------------------


def test_two_are_asked_in_turns_every_second_round_from_the_end() -> None:
    asked: list[str] = []

    class Noted(ScriptedBackend):
        def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
            asked.append(self.info.name)
            return super().stream(request, cancel)

    backends = [Noted(*answers(speed, speed), name=name) for name, speed in (("a", 10.0), ("b", 20.0))]
    found = measure_in_turns(backends, (0,), 2, 1, quiet_job())
    assert asked == ["a", "b", "b", "a"] * 2  # rounds, then first tokens
    assert [figures.generation[0].tokens_per_second for figures in found] == [10, 20]


def result_of(name: str, *rounds: float) -> BenchResult:
    return replace(RESULT, model=name, prompt=(), generation=(Speed.of(0, rounds), Speed.of(2048, rounds[:1])))


def test_a_ratio_needs_two_rounds_and_tells_whether_it_is_clear() -> None:
    compared = Comparison((result_of("first", 10, 10), result_of("second", 5, 5.1), result_of("third", 8, 13)))
    second, third = compared.others
    assert [ratio.depth for ratio in second.generation] == [0]
    assert second.generation[0].clear
    assert not third.generation[0].clear
    said = compared.as_json()
    assert said["in_turns"]
    assert said["to"]["model"] == "first"
    assert [other["model"] for other in said["others"]] == ["second", "third"]


def needs(total_bytes: int) -> Estimate:
    return cast("Estimate", SimpleNamespace(total_bytes=total_bytes, prompt_tokens_per_second=None, generation_at=_no))


def _no(_depth: int) -> None:
    return None


def candidates(*total_bytes: int | None) -> list[Candidate]:
    same = Path("small.gguf")
    return [
        Candidate(f"Small {number}", same, predicted=None if size is None else needs(size))
        for number, size in enumerate(total_bytes)
    ]


@pytest.mark.parametrize(("sizes", "why"), [((40, 60), ""), ((40, 61), "do not fit"), ((40, None), "not known")])
def test_only_what_fits_at_once_is_measured_in_turns(
    database: Database, sizes: tuple[int | None, ...], why: str
) -> None:
    open_now: list[Candidate] = []
    most = 0

    @contextmanager
    def engine(candidate: Candidate, job: Job) -> Iterator[FakeRunning]:
        nonlocal most
        open_now.append(candidate)
        most = max(most, len(open_now))
        assert candidate.apart == (not why and candidate.name == "Small 1")  # the same file, loaded already
        yield FakeRunning(ScriptedBackend(*answers(10)))
        open_now.remove(candidate)

    clock = SystemClock()
    service = BenchService(BenchStore(database, clock), engine, lambda: "here", clock, Bus(), room=lambda: 100)
    compared = service.compare(candidates(*sizes), quiet_job(), Bench((0,), 2))
    assert why in compared.because
    assert bool(why) == bool(compared.because)
    assert most == (1 if why else 2)
    assert len(service.last()) == 2


def test_room_is_what_the_tightest_has() -> None:
    machine = Machine("linux", None, 2, None, 100, 80, None, "mains")
    assert room_for_models(machine) == 80
    own, shared = Gpu("own", "nvidia", 50, 40), Gpu("shared", "apple", 50, 30, unified=True)
    assert room_for_models(replace(machine, gpus=(own, shared))) == 40
