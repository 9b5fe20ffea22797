"""The engines of this machine: which are installed, which could be, fetching and removing them."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.engine.launching.binary_launcher import BinaryLauncher
from workbench.engine.runtimes.build_table import builds, for_system, machine_name, obstacle, obtainable
from workbench.engine.runtimes.builds import NATIVE, PATH, WORKER, EngineBuild, InstalledEngine
from workbench.engine.runtimes.found_engines import MANIFEST, WORKSHOP, FoundEngines
from workbench.engine.worker.found import MANIFEST as WORKER_MANIFEST
from workbench.engine.worker.worker_launcher import WorkerLauncher
from workbench.errors import HardwareError, UsageError
from workbench.events import Bus, Topic
from workbench.hardware.backends import CPU, EngineDevice, Engines
from workbench.hardware.machine import Gpu
from workbench.jobs import Job
from workbench.models.fetching.limiter import Pace, unhurried
from workbench.models.fetching.partial import FreeBytes, free_bytes, locked, speaking_disk_errors
from workbench.models.fetching.progress import ProgressMeter
from workbench.paths import Paths, private_folder
from workbench.ports import Clock, EngineLauncher

if TYPE_CHECKING:
    from workbench.engine.compiling.plan import BuildPlan

ENGINES_FOLDER = "engines"
REFERENCE = "engine:"  # how the download queue names a build
_SYSTEM = {"darwin": "macos", "win32": "windows"}.get(sys.platform, "linux")


class RuntimeService:
    """All calls may come from any thread; `installed`, `devices` and `engines` ask programs and may take seconds at first.

    ``own``: the setting ``engine.binary``. ``gpus``: what the machine has, whether an engine can use it or not.
    ``table``: the builds; ``system`` and ``machine``: what this is, for tests.
    """

    def __init__(
        self,
        paths: Paths,
        clock: Clock,
        bus: Bus,
        *,
        own: Callable[[], str] = lambda: "",
        gpus: Callable[[], Sequence[Gpu]] = lambda: (),
        table: Sequence[EngineBuild] | None = None,
        system: str = _SYSTEM,
        machine: str = platform.machine(),
        free: FreeBytes = free_bytes,
    ) -> None:
        self._paths = paths
        self._clock = clock
        self._bus = bus
        self._gpus = gpus
        self._table = table
        self._system, self._machine = system, machine
        self._free = free
        self._folder = paths.home / ENGINES_FOLDER
        self._found = FoundEngines(self._folder, own)

    def available(self) -> tuple[EngineBuild, ...]:
        """The builds for this system and kind of processor, best first, installed or not."""
        return for_system(builds() if self._table is None else self._table, self._system, self._machine)

    def installed(self, fresh: bool = False) -> tuple[InstalledEngine, ...]:
        """The program's own engine first, then installed builds, then the person's own binary."""
        return self._found.all(fresh=fresh)

    def only_native(self) -> bool:
        """Whether there is no other engine than the program's own; asks nothing, so it is quick."""
        return next(self._found.places(), None) is None

    def devices(self) -> tuple[EngineDevice, ...]:
        """What all usable engines list, engine by engine: one GPU may be there under several names."""
        return tuple(device for engine in self._usable() for device in engine.devices)

    def engines(self) -> Engines:
        """What can be used now, and what could be installed for the GPUs of this machine, best first.

        A build that is installed and sees no GPU, or does not run, is not offered again: it would not go better.
        """
        backends = frozenset(backend for engine in self._usable() for backend in engine.backends)
        here = {place.id for place in self._found.places()}
        others = [build for build in self.available() if build.id not in here]
        return Engines(backends | {CPU}, obtainable(others, self._gpus(), backends))

    def obstacle(self, build: EngineBuild) -> str:
        """Why ``build`` is of no use on this machine, in words; empty when it may be."""
        return obstacle(build, self._gpus())

    def find(self, name: str) -> EngineBuild:
        """The build with this id, or the best one for a backend (``cuda``, ``vulkan``). Raises `UsageError`."""
        name = name.removeprefix(REFERENCE)
        available = self.available()
        named = [build for build in available if build.id == name]
        fitting = [build for build in available if build.backend == name]
        fitting.sort(key=lambda build: bool(self.obstacle(build)))  # those without first; else their order stays
        if not named and not fitting:
            raise UsageError(
                f"There is no engine called {name!r} for this machine.",
                hint="`workbench engines list` shows those that there are.",
            )
        return (named or fitting)[0]

    def fetch(self, build_id: str, job: Job, pace: Pace = unhurried, *, force: bool = False) -> None:
        """Install a build; ``job`` hears `DownloadProgress`, ``pace`` keeps the person's limit.

        llama-cpp-python is compiled where there is no ready build: ``job`` hears it in thousandths then, in words too.

        Raises as `Installer.install`, `UsageError` for a build that there is not, and, unless ``force``, `HardwareError`
        for one that would be of no use here: before anything is downloaded.
        """
        if is_compiled(build_id):
            return self._compile(job)
        # Only here: httpx takes a sixth of a second to import, and most runs fetch nothing.
        from workbench.engine.runtimes.installer import Installer
        from workbench.http import make_client

        build = self.find(build_id)
        if not force and (obstacle := self.obstacle(build)):
            raise HardwareError(
                f"The engine {build.id} would be of no use here. {obstacle}",
                hint=f"`workbench engines install {build.id} --force` installs it nevertheless.",
            )
        meter = ProgressMeter(build.download_bytes, job.emit, self._clock)
        with make_client(keep_alive=False) as client:
            Installer(self._folder, client, job.cancel, self._free, pace).install(build, meter)
        meter.finish()
        self._bus.publish(Topic.ENGINES)
        return None

    def compiled(self) -> BuildPlan:
        """How llama-cpp-python would be installed here, and what is missing for it. Asks programs: may take seconds."""
        from workbench.engine.compiling.offer import offer

        return offer(self._system, machine_name(self._machine), self._gpus())[0]

    def _compile(self, job: Job) -> None:
        from workbench.engine.compiling.offer import install, offer

        plan, tools = offer(self._system, machine_name(self._machine), self._gpus())
        install(self._paths, self._folder, plan, tools, job, self._clock, self._free)
        self._bus.publish(Topic.ENGINES)

    def discard(self, build_id: str) -> None:
        """Throw away what has arrived of a build that is not installed. Raises `BusyError` while somebody installs it."""
        if is_compiled(build_id):
            from workbench.engine.compiling import installer

            return installer.discard(self._folder)
        from workbench.engine.runtimes.installer import discard

        return discard(self._folder, self.find(build_id))

    def remove(self, engine_id: str) -> None:
        """Delete an installed build. Raises `UsageError` for any other engine, `StorageError` when it is in use."""
        here = {place.id for place in self._found.places()} - {NATIVE, PATH}
        if engine_id not in here or not (self._folder / engine_id).is_dir():
            raise UsageError(
                f"{engine_id!r} is not an engine that was installed by Workbench.",
                hint="`workbench engines list` shows the installed ones.",
            )
        folder = self._folder / engine_id
        workshop = private_folder(self._folder / WORKSHOP)
        with locked(workshop / engine_id), speaking_disk_errors(folder):
            for manifest in (MANIFEST, WORKER_MANIFEST):
                (folder / manifest).unlink(missing_ok=True)  # from here on it is not installed, whatever stops this
            shutil.rmtree(folder)
        self._bus.publish(Topic.ENGINES)

    def launcher(self, engine: InstalledEngine) -> EngineLauncher:
        """What starts an engine other than the native one. Raises `EngineError` when it is of no use."""
        if engine.id == WORKER:
            return WorkerLauncher(self._paths, self._clock, engine.path)
        found = self._found.capabilities(engine)
        return BinaryLauncher(self._paths, self._clock, engine.path or Path(), found, name=engine.id)

    def fits_itself(self, engine: InstalledEngine) -> bool:
        """Whether an engine lays a model onto its devices by itself; old builds put all of it onto the GPU, or nothing."""
        if engine.path is None or engine.problem:
            return engine.id == NATIVE
        return "--fit-target" in self._found.capabilities(engine).flags

    def _usable(self) -> list[InstalledEngine]:
        return [engine for engine in self.installed() if not engine.problem]


def is_compiled(name: str) -> bool:
    """Whether this is how llama-cpp-python is named: as an engine, or as a package that is imported."""
    return name.removeprefix(REFERENCE).replace("_", "-") == WORKER
