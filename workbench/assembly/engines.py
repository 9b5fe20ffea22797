"""The engines of this machine: which there are, how they are started, and what is remembered of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.assembly.foundation import Foundation
from workbench.cancel import CancelToken
from workbench.engine.effort.service import TraitsService
from workbench.engine.experience import Experience
from workbench.engine.launching.choosing_launcher import ChoosingLauncher
from workbench.engine.launching.surveying import Surveyor
from workbench.engine.runtimes.builds import NATIVE
from workbench.engine.runtimes.service import RuntimeService
from workbench.engine.scheduling.idle import Scheduling
from workbench.engine.service import EngineService
from workbench.engine.states.keeper import StateKeeper
from workbench.engine.states.shelf import StateShelf
from workbench.errors import EngineError
from workbench.events import Bus
from workbench.hardware.service import HardwareService
from workbench.models.gguf.header import read_header
from workbench.models.library import InstalledModel
from workbench.models.sizing.estimate import Correction
from workbench.models.sizing.measurements import MeasurementStore, machine_key
from workbench.paths import Paths
from workbench.ports import EngineLauncher
from workbench.power.awake import stay_awake

if TYPE_CHECKING:
    from workbench.engine.counting.vocabulary import VocabularyEngine


class EngineParts:
    """``native``: the launcher of the program's own engine; others that are installed may take its place.

    ``find``: the installed model of a path. ``preferred``: the file that answers when a chat names none.
    """

    def __init__(
        self,
        base: Foundation,
        native: EngineLauncher,
        find: Callable[[str], InstalledModel],
        preferred: Callable[[], Path | None],
    ) -> None:
        self._base, self._native = base, native
        self.runtimes = RuntimeService(
            base.paths,
            base.clock,
            base.bus,
            own=lambda: base.settings().engine.binary,
            gpus=lambda: self.hardware.machine().gpus or (),
        )
        self.hardware = HardwareService(base.paths.home, self.runtimes.devices)
        self._launcher = ChoosingLauncher(native, self.runtimes, lambda: base.settings().engine.runtime)
        self._measurements = MeasurementStore(base.database, base.clock)
        self.experience = Experience(self._measurements, self.hardware.machine, self.runtimes.engines)
        self.traits = TraitsService(base.database, base.clock, base.bus, lambda path: read_header(path).chat_template)
        states = base.paths.home / "states"
        self.survey = Surveyor(
            self._launcher,
            self.runtimes.fits_itself,
            self.hardware.machine,
            find,
            base.engine_settings,
            states,
        )
        shelf = StateShelf(states, lambda: base.settings().engine.saved_states_megabytes << 20)
        self.states = StateKeeper(shelf, self._launcher.build)
        self.awake = stay_awake()
        self.service = EngineService(
            self._launcher,
            base.paths,
            base.clock,
            base.bus,
            settings=base.engine_settings,
            experience=self.experience,
            notice=lambda: self._launcher.notice,
            traits=self.traits,
            survey=self.survey,
            states=self.states,
            scheduling=lambda: Scheduling.of(base.settings().engine, preferred),
            awake=self.awake,
        )

    def upcoming(self) -> EngineLauncher:
        """What would start a model now, or where that cannot be used, what would take its place."""
        try:
            return self._launcher.upcoming()
        except EngineError:
            return self._launcher

    def correction(self, architecture: str) -> Correction:
        """What runs on this machine, of the engine that would start now, have taught about models of ``architecture``."""
        try:
            runtime = self._launcher.next_build()
        except EngineError:
            return Correction()
        return self._measurements.correction(machine_key(self.hardware.machine()), runtime, architecture)

    def vocabulary(self, model: Path, cancel: CancelToken) -> VocabularyEngine:
        """What counts as this model does, without its weights. As `start_vocabulary`."""
        from workbench.engine.counting.vocabulary import start_vocabulary  # only when a request may leave

        launcher = ChoosingLauncher(self._native, self.runtimes, self._of_the_program)
        return start_vocabulary(model, launcher, self._base.paths, cancel)

    def _of_the_program(self) -> str:
        """The program's own engine is there soonest; where it has none, the one that answers."""
        try:
            self._native.build()
        except EngineError:
            return self._base.settings().engine.runtime
        return NATIVE

    def apart(self, runtime: str, paths: Paths) -> EngineService:
        """As those that answer, with the engine of this id (empty: as ever), known in this home and heard by nobody."""
        launcher = ChoosingLauncher(
            self._native, self.runtimes, lambda: runtime or self._base.settings().engine.runtime
        )
        return EngineService(
            launcher,
            paths,
            self._base.clock,
            Bus(),
            settings=self._base.engine_settings,
            experience=self.experience,
            survey=self.survey,
        )
