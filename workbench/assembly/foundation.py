"""What every part of the program stands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workbench.db import Database
from workbench.engine.launching.plan import EngineSettings
from workbench.events import Bus
from workbench.paths import Paths
from workbench.ports import Clock
from workbench.settings import Settings


@dataclass(frozen=True, slots=True)
class Foundation:
    """``settings`` gives those of this moment."""

    paths: Paths
    database: Database
    clock: Clock
    bus: Bus
    settings: Callable[[], Settings]

    def engine_settings(self) -> EngineSettings:
        return EngineSettings.of(self.settings().engine)
