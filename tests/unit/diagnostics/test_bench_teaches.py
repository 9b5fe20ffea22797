"""What a benchmark measures corrects the next prediction; its engine is nobody else's and ends with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.launcher import FakeLauncher
from tests.patience import until
from workbench import migrations
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.diagnostics.bench.engine import engine_of_its_own
from workbench.diagnostics.bench.service import Bench, BenchService, Candidate
from workbench.diagnostics.bench.store import BenchStore
from workbench.engine.experience import Experience
from workbench.engine.service import EngineService
from workbench.events import Bus
from workbench.hardware.backends import Engines
from workbench.hardware.machine import Machine
from workbench.jobs import quiet_job
from workbench.models.sizing.estimate import Correction
from workbench.models.sizing.measurements import MeasurementStore, machine_key
from workbench.paths import Paths

GIB = 1 << 30
HERE = Machine("linux", "A processor", 2, ("avx2",), 24 * GIB, 20 * GIB, None, "mains", memory_bandwidth_gbs=20.0)


class Home:
    """Benchmarks with a fake engine, above which everything is real."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.clock = SystemClock()
        self.database = Database(paths.database, migrations.workbench, backups=paths.backups)
        self.measurements = MeasurementStore(self.database, self.clock)
        self.experience = Experience(self.measurements, lambda: HERE, Engines)
        self.launcher = FakeLauncher("word " * 80)
        self.released: list[Path] = []
        self.homes: list[Paths] = []
        self.bench = BenchService(
            BenchStore(self.database, self.clock),
            lambda candidate, job: engine_of_its_own(candidate, job, self._engines, paths, self.released.append),
            lambda: machine_key(HERE),
            self.clock,
            Bus(),
            room=lambda: 8 * GIB,
        )

    def _engines(self, _runtime: str, paths: Paths) -> EngineService:
        self.homes.append(paths)
        return EngineService(self.launcher, paths, self.clock, Bus(), experience=self.experience)

    def correction(self) -> Correction:
        """What was learnt, once it is."""
        until(lambda: self._correction().measured)
        return self._correction()

    def _correction(self) -> Correction:
        return self.measurements.correction(machine_key(HERE), self.launcher.version, "llama")


@pytest.fixture
def place(paths: Paths) -> Iterator[Home]:
    made = Home(paths)
    yield made
    made.experience.close()
    made.database.close()


def test_a_run_corrects_what_is_predicted(place: Home, starter_model: Path) -> None:
    assert place.measurements.correction(machine_key(HERE), place.launcher.version, "llama") == Correction()
    place.bench.run(Candidate("Small", starter_model), quiet_job(), Bench((0,), 2))
    found = place.correction()
    assert found.measured
    assert found.generation != 1.0
    assert place.released == [starter_model]
    assert all(engine.exit_cause() for engine in place.launcher.engines)


def test_two_engines_of_one_model_at_once_do_not_share(place: Home, starter_model: Path) -> None:
    from tests.unit.diagnostics.test_bench import needs

    candidates = [Candidate(name, starter_model, name, needs(GIB)) for name in ("one", "two")]
    compared = place.bench.compare(candidates, quiet_job(), Bench((0,), 2))
    assert not compared.because
    assert len(place.launcher.engines) == 2  # the second did not take the first one's
    first, second = place.homes
    assert first == place.paths
    assert second != place.paths
    assert not second.home.exists()
    assert place.released == [starter_model]
