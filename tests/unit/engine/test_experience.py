"""What engines really did is kept beside what was expected, and never in anybody's way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.fakes.model_shapes import dense
from tests.patience import PATIENCE, until
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.engine.experience import Experience, Run
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.service import EngineService
from workbench.errors import HardwareError
from workbench.events import Bus
from workbench.hardware.backends import Engines, ObtainableEngine
from workbench.hardware.machine import Gpu, Machine
from workbench.messages import ChatRequest, Finish, Finished, Sampling, Timings, Usage, user
from workbench.models.gguf.header import read_header
from workbench.models.sizing.estimate import Request
from workbench.models.sizing.fit import estimate
from workbench.models.sizing.measurements import Kind, MeasurementStore, machine_key
from workbench.models.sizing.shapes import from_header
from workbench.paths import Paths
from workbench.ports import LaunchPlan

GIB = 1 << 30
HERE = Machine("linux", "A processor", 2, ("avx2",), 24 * GIB, 20 * GIB, None, "mains", memory_bandwidth_gbs=20.0)


CUDA = ObtainableEngine("cuda-1", "cuda", "CUDA", 10**9)


@dataclass
class Home:
    """``machine`` may be replaced by what a test wants the look at the hardware to do."""

    paths: Paths
    database: Database
    machine: Callable[[], Machine] = lambda: HERE

    def __post_init__(self) -> None:
        self.measurements = MeasurementStore(self.database, SystemClock())
        self.experience = Experience(self.measurements, lambda: self.machine(), Engines)
        self.engine = EngineService(
            NativeLauncher(self.paths, SystemClock()), self.paths, SystemClock(), Bus(), experience=self.experience
        )

    def ask(self, model: Path, tokens: int) -> None:
        backend = self.engine.backend(model, "Small", CancelToken())
        request = ChatRequest(
            (user("Count upwards from one in words, and do not stop."),), max_tokens=tokens, sampling=Sampling(seed=1)
        )
        assert list(backend.stream(request, CancelToken()))

    def kept(self, count: int = 1) -> list[tuple[str, float, float]]:
        """What is in the database, once there are so many."""
        until(lambda: len(self._rows()) >= count)
        return self._rows()

    def _rows(self) -> list[tuple[str, float, float]]:
        rows = self.database.rows("SELECT kind, predicted, measured FROM measurements ORDER BY kind")
        return [tuple(row) for row in rows]


@pytest.fixture
def place(home: Path) -> Iterator[Home]:
    paths = Paths(home)
    paths.prepare()
    database = Database(paths.database, migrations.workbench, backups=paths.backups)
    made = Home(paths, database)
    yield made
    made.engine.close()
    made.experience.close()
    database.close()


@pytest.mark.engine
def test_a_start_and_an_answer_correct_the_next_prediction(place: Home, starter_model: Path) -> None:
    place.ask(starter_model, 48)
    found = {kind: (predicted, measured) for kind, predicted, measured in place.kept(2)}
    assert set(found) == {Kind.GENERATION, Kind.MEMORY}
    runtime, architecture = NativeLauncher(place.paths, SystemClock()).build(), read_header(starter_model).architecture
    correction = place.measurements.correction(machine_key(HERE), runtime, architecture)
    predicted, measured = found[Kind.MEMORY]  # of the buffers that the engine names in its log
    assert correction.memory == pytest.approx(min(4.0, max(0.5, measured / predicted)))
    predicted, measured = found[Kind.GENERATION]
    assert correction.measured
    assert correction.generation == pytest.approx(min(4.0, max(0.2, measured / predicted)))


@pytest.mark.engine
def test_a_few_words_teach_nothing(place: Home, starter_model: Path) -> None:
    place.ask(starter_model, 8)
    place.experience.close()
    assert [kind for kind, _, _ in place.kept(0)] in ([], [Kind.MEMORY])


@pytest.mark.engine
def test_hardware_that_cannot_be_looked_at_spoils_nothing(place: Home, starter_model: Path) -> None:
    looked = threading.Event()

    def fail() -> Machine:
        looked.set()
        raise HardwareError("The hardware cannot be looked at.")

    place.machine = fail
    place.ask(starter_model, 40)
    assert looked.wait(PATIENCE)
    place.experience.close()
    assert place.kept(0) == []


def test_what_is_expected_is_that_of_the_machine_before_the_model_filled_it(place: Home, tmp_path: Path) -> None:
    """And of the engines that are there: not of one that could be installed."""
    place.experience = Experience(place.measurements, lambda: place.machine(), lambda: Engines(obtainable=(CUDA,)))
    shape = dense("qwen3", hidden=1024, layers=8, heads=8, kv_heads=4, feed_forward=4096, vocabulary=32000)
    model = shape.write(tmp_path / "model.gguf")
    card = Gpu("RTX 4090", "nvidia", 24 * GIB, 23 * GIB, bandwidth_gbs=1008.0)
    before = replace(HERE, gpus=(card,))
    place.machine = lambda: before
    run = Run(LaunchPlan(model, context_tokens=512, slots=1, threads=2, batch_tokens=128), "engine 1")
    finished = Finished(Finish.STOP, Usage(20, 0, 64), Timings(generation_tokens_per_second=10.0))
    place.experience.starting(run.plan)
    place.experience._later(lambda: setattr(place, "machine", lambda: replace(before, memory_available_bytes=1 << 20)))
    place.experience.answered(run, finished)
    request = Request(512, batch_tokens=128, unified=False)
    expected = estimate(from_header(read_header(model)), HERE, request).generation_tokens_per_second
    assert expected
    ((kind, predicted, measured),) = place.kept()
    assert (kind, measured) == (Kind.GENERATION, 10.0)
    assert predicted == pytest.approx(expected.expected)


def test_of_a_start_that_nobody_saw_nothing_is_kept(place: Home, tmp_path: Path) -> None:
    model = tmp_path / "model.gguf"
    plan = LaunchPlan(model, context_tokens=512, slots=1, threads=2, batch_tokens=128)
    place.experience.answered(
        Run(plan, "engine 1"), Finished(Finish.STOP, Usage(20, 0, 64), Timings(generation_tokens_per_second=10.0))
    )
    place.experience.close()
    assert place.kept(0) == []


def test_closing_does_not_wait_for_a_slow_look(place: Home, starter_model: Path) -> None:
    looking, enough = threading.Event(), threading.Event()

    def slow() -> Machine:
        looking.set()
        enough.wait(PATIENCE)
        return HERE

    place.machine = slow
    place.experience._later(lambda: (place.machine(), None)[1])
    assert looking.wait(PATIENCE)
    place.experience.close()
    assert not enough.is_set()
    enough.set()
