"""Looks at what the plan for a model stands on: which engine will start, and what there is for it to use."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.engine.launching.ground import EngineSettings, Ground
from workbench.engine.launching.plan import plan_launch
from workbench.engine.launching.resources import free_resources
from workbench.engine.runtimes.builds import NATIVE, InstalledEngine
from workbench.errors import EngineError, ModelError
from workbench.hardware.backends import CPU
from workbench.hardware.machine import Machine
from workbench.models.gguf.shards import read_model_header
from workbench.models.library import InstalledModel
from workbench.ports import LaunchPlan

# What the program's own engine drives, as its wheels are built: nobody needs to ask it.
OWN_BACKENDS = frozenset({CPU, "metal"} if (sys.platform, platform.machine()) == ("darwin", "arm64") else {CPU})


class Launching(Protocol):
    """What this needs of the `ChoosingLauncher`."""

    def next_engine(self, gpu_layers: int | None = None) -> InstalledEngine | None: ...


@dataclass(frozen=True, slots=True)
class Surveyor:
    """``find``: an installed model by its path. ``machine``: takes a second the first time, so it is only asked where an
    engine with a GPU will start. ``states``: the folder for saved slots."""

    launcher: Launching
    fits_itself: Callable[[InstalledEngine], bool]
    machine: Callable[[], Machine]
    find: Callable[[str], InstalledModel]
    settings: Callable[[], EngineSettings]
    states: Path

    def __call__(self, path: Path) -> Ground:
        chosen = self.settings()
        engine = self.launcher.next_engine(chosen.gpu_layers)
        backends = OWN_BACKENDS if engine is None or engine.id == NATIVE else engine.backends
        projector, size = self._projector(path)
        return Ground(
            self.machine() if backends - {CPU} else None,
            backends,
            self._fits_itself(engine),
            projector,
            size,
            self.states,
        )

    def plan(self, path: Path) -> LaunchPlan:
        """How the model at ``path`` would be started now. Raises `ModelError`."""
        return plan_launch(path, read_model_header(path), free_resources(), self.settings(), self(path))

    def _fits_itself(self, engine: InstalledEngine | None) -> bool:
        try:
            return engine is None or self.fits_itself(engine)
        except EngineError:  # it will not start either, and the program's own takes its place
            return True

    def _projector(self, path: Path) -> tuple[Path | None, int]:
        try:
            model = self.find(str(path))
        except ModelError:
            return None, 0
        if model.projector is None or not model.projector.is_file():
            return None, 0
        return model.projector, model.projector_bytes
