"""A home, and services over fake engines in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.launcher import FakeLauncher
from workbench.clock import SystemClock
from workbench.engine.launching.ground import Resources
from workbench.engine.scheduling.pressure import Reading
from workbench.engine.service import EngineService
from workbench.events import Bus
from workbench.paths import Paths

GB = 1 << 30
PLENTY = Resources(2, 64 * GB)

MakeService = Callable[..., EngineService]


@pytest.fixture
def paths(home: Path) -> Paths:
    paths = Paths(home)
    paths.prepare()
    return paths


@pytest.fixture
def make(paths: Paths) -> Iterator[MakeService]:
    services: list[EngineService] = []

    def service(launcher: FakeLauncher, **options: Any) -> EngineService:
        chosen = {
            "resources": lambda: PLENTY,
            "pressure": lambda: Reading(32 * GB, 64 * GB),
            **options,
        }
        clock = chosen.pop("clock", SystemClock())
        made = EngineService(launcher, paths, clock, chosen.pop("bus", Bus()), **chosen)
        services.append(made)
        return made

    yield service
    for made in services:
        made.close()


@pytest.fixture
def models(starter_model: Path, tmp_path: Path) -> tuple[Path, Path, Path]:
    """Three models, to the program: the same file under three names."""
    made = []
    for name in ("one", "two", "three"):
        path = tmp_path / f"{name}.gguf"
        path.symlink_to(starter_model)
        made.append(path)
    return made[0], made[1], made[2]
