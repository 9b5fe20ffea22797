"""The engines of this process: started when needed, watched while they work, ended with the program."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.engine import statuses
from workbench.engine.backend import EngineBackend, Surroundings, Warmth, the_rest
from workbench.engine.connection import Connection
from workbench.engine.effort.service import TraitsService
from workbench.engine.effort.traits import Traits
from workbench.engine.embedder import EngineEmbedder, EngineRanker
from workbench.engine.experience import Experience, Run
from workbench.engine.launching.ground import Ground, Resources, Survey
from workbench.engine.launching.plan import EngineSettings, plan_launch
from workbench.engine.launching.resources import free_resources
from workbench.engine.launching.shrinking import smaller
from workbench.engine.lease import Lease
from workbench.engine.scheduling.demand import demand
from workbench.engine.scheduling.idle import Scheduling
from workbench.engine.scheduling.lane import Lane
from workbench.engine.scheduling.persons import Persons
from workbench.engine.scheduling.pressure import Pressure, Reading, read_pressure
from workbench.engine.scheduling.ready import touch
from workbench.engine.scheduling.residents import Resident, Residents
from workbench.engine.scheduling.scheduler import Machinery, Scheduler
from workbench.engine.scheduling.states import NoStates, StateKeeper
from workbench.engine.status import EngineStatus, Offer
from workbench.engine.supervisor import Supervisor
from workbench.engine.watchdog import WatchLimits
from workbench.errors import EngineError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.messages import ChatRequest, Finished
from workbench.models.gguf.header import Header
from workbench.models.gguf.shards import read_model_header
from workbench.paths import Paths
from workbench.ports import (
    NEVER_ASLEEP,
    Awake,
    BackendInfo,
    ChatBackend,
    Clock,
    EngineLauncher,
    LaunchPlan,
    RunningEngine,
)

__all__ = ["BACKEND_NAME", "EngineBackend", "EngineService", "EngineStatus", "the_rest"]

BACKEND_NAME = "This machine"

_DEFAULT_WATCH = WatchLimits()
_MOST_NEWS = 16


class EngineService:
    """One engine per model, as many models as fit. Every method may be called from any thread."""

    def __init__(
        self,
        launcher: EngineLauncher,
        paths: Paths,
        clock: Clock,
        bus: Bus,
        *,
        settings: Callable[[], EngineSettings] = EngineSettings,
        watch: WatchLimits = _DEFAULT_WATCH,
        experience: Experience | None = None,
        notice: Callable[[], str] = lambda: "",
        traits: TraitsService | None = None,
        survey: Survey = lambda _path: Ground(),
        scheduling: Callable[[], Scheduling] = Scheduling,
        resources: Callable[[], Resources] = free_resources,
        pressure: Callable[[], Reading] = read_pressure,
        awake: Awake = NEVER_ASLEEP,
        states: StateKeeper | None = None,
    ) -> None:
        """``notice``: see `EngineStatus`. ``traits``: told of each model whose engine is ready; None: none is examined.
        ``survey``: what a plan stands on. ``scheduling``: how many models stay, and how long. ``awake``: while it answers.
        ``states``: keeps what engines have read."""
        self._launcher = launcher
        self._paths = paths
        self._bus = bus
        self._clock = clock
        self._settings = settings
        self._watch = watch
        self._experience = experience
        self._notice = notice
        self._traits = traits
        self._survey = survey
        self._states = states or NoStates()
        self._surroundings = Surroundings(self._answered, self._states, awake, self._say)
        self._lock = threading.Lock()
        self._news: deque[str] = deque(maxlen=_MOST_NEWS)
        self._current: Path | None = None
        self._kept_ready: Path | None = None
        self._closed = False
        self._residents = Residents(
            self._new_supervisor,
            lambda: self._kept_ready or scheduling().kept_ready,
            lambda path: Lane(Persons(paths.run / "asking", path)),
        )
        self._scheduler = Scheduler(
            self._residents,
            Machinery(clock, resources, self._planned, self._end, touch, self._say),
            scheduling,
            Pressure(pressure),
        )

    def backend(
        self,
        model_path: Path,
        name: str,
        cancel: CancelToken,
        progress: Callable[[str], None] = lambda _text: None,
    ) -> EngineBackend:
        """A backend for the model: its engine is started, attached to, or restarted. Blocks until it is ready.

        Raises `ModelError` for a file that is no model, `EngineError` with the cause, `Cancelled` when cancelled.
        """
        path = model_path.absolute()
        resident = self._resident(path, name)
        with self._lock:
            self._current = path
        connection = resident.supervisor.connect(cancel, progress)
        backend = self._backend(resident, connection, Traits())
        if self._traits is not None:
            backend.info = _with_traits(
                backend.info, self._traits.examine(backend, model_path, self._launcher.build(), cancel)
            )
        return backend

    def embedder(
        self,
        model_path: Path,
        name: str,
        cancel: CancelToken,
        progress: Callable[[str], None] = lambda _text: None,
    ) -> EngineEmbedder:
        """As `backend`, for a model that makes vectors; it stands beside the one that chats."""
        resident = self._resident(model_path.absolute(), name)
        connection = resident.supervisor.connect(cancel, progress)
        return EngineEmbedder(resident.supervisor, self._info(resident, connection))

    def ranker(self, model_path: Path, name: str, cancel: CancelToken) -> EngineRanker:
        """As `embedder`, for a model that tells how well texts answer a question."""
        resident = self._resident(model_path.absolute(), name)
        connection = resident.supervisor.connect(cancel, lambda _text: None)
        return EngineRanker(resident.supervisor, self._info(resident, connection))

    def ready(self, model_path: Path) -> ChatBackend | None:
        """A backend for the model if its engine is ready here, without starting anything: not now, and not later to count
        tokens."""
        path = model_path.absolute()
        resident = self._residents.find(path)
        connection = None if resident is None else resident.supervisor.connection
        if resident is None or connection is None:
            return None
        traits = self._traits.seen(path) if self._traits is not None else None
        return self._backend(resident, connection, traits or Traits(), starts=False)

    def warm(self, model_path: Path, request: ChatRequest, cancel: CancelToken) -> Warmth | None:
        """As `EngineBackend.warm`, of a model whose engine this process has loaded; None where it has not."""
        backend = self.ready(model_path)
        return backend.warm(request, cancel) if isinstance(backend, EngineBackend) else None

    # What there is, and changing it -----------------------------------------------------------------------------------

    def status(self) -> EngineStatus:
        """Of the model that was asked last."""
        with self._lock:
            path = self._current
        resident = None if path is None else self._residents.find(path)
        if resident is None:
            return EngineStatus(runtime=self._runtime)
        return self._status(resident)

    def loaded(self) -> tuple[EngineStatus, ...]:
        """The models in memory, also those of this home's other processes."""
        here = tuple(resident for resident in self._residents.all() if resident.supervisor.connection is not None)
        return (
            *(self._status(resident) for resident in here),
            *statuses.elsewhere(self._paths, {resident.path for resident in here}),
        )

    def running_plan(self, model_path: Path) -> LaunchPlan | None:
        """How the model's engine was started by this process; None where it was not."""
        resident = self._residents.find(model_path.absolute())
        connection = None if resident is None else resident.supervisor.connection
        return None if connection is None else connection.plan

    def news(self) -> tuple[str, ...]:
        """What was done to the engines without being asked, in words for a person; told once."""
        with self._lock:
            told = tuple(self._news)
            self._news.clear()
        return told

    def unload(self, model_path: Path) -> None:
        """Give the memory of a model back now, whoever loaded it; an answer of it breaks off. It is loaded again when
        somebody asks it something."""
        path = model_path.absolute()
        resident = self._residents.find(path)
        if resident is not None and resident.supervisor.connection is not None:
            self._end(resident, release=True)
        else:
            statuses.release_elsewhere(self._paths, path)
        self._bus.publish(Topic.ENGINE)

    def accept_smaller(self, model_path: Path) -> None:
        """Take the smaller plan that `EngineStatus.offer` describes, from the next start on, as long as this runs."""
        resident = self._residents.find(model_path.absolute())
        if resident is not None:
            resident.shrunk.append(resident.supervisor.cause)
            resident.supervisor.forgive()
            self._bus.publish(Topic.ENGINE)

    def keep_ready(self, model_path: Path | None) -> None:
        """Keep this model in memory, whatever the settings say; None: as they say."""
        self._kept_ready = None if model_path is None else model_path.absolute()
        self.look_again()

    def look_again(self) -> None:
        """How many models stay, or how long, was changed."""
        self._scheduler.look_again()

    def stop(self) -> None:
        """End every engine of this process; the next `backend` starts anew."""
        for resident in self._residents.all():
            self._end(resident)

    def close(self) -> None:
        """End every engine for good. Safe to call twice."""
        with self._lock:
            self._closed = True
        self._scheduler.close()
        self.stop()

    # Making -----------------------------------------------------------------------------------------------------------

    def _resident(self, path: Path, name: str) -> Resident:
        with self._lock:
            if self._closed:
                raise EngineError("Workbench is closing.", hint="Open it again.")
        return self._residents.of(path, name)

    def _new_supervisor(self, path: Path) -> Supervisor:
        return Supervisor(
            self._launcher,
            Lease(self._paths, path),
            self._clock,
            lambda: self._plan(path),
            lambda: self._bus.publish(Topic.ENGINE),
            self._watch,
            self._loaded,
            gate=lambda cancel, progress: self._scheduler.loading(self._known(path), cancel, progress),
        )

    def _known(self, path: Path) -> Resident:
        resident = self._residents.find(path)
        assert resident is not None  # noqa: S101 - only residents have supervisors
        return resident

    def _planned(self, path: Path, free: Resources) -> tuple[Header, Ground, LaunchPlan]:
        """How the model would be started with so much memory, as small as a person has agreed to."""
        header, ground = read_model_header(path), self._survey(path)
        plan = plan_launch(path, header, free, self._settings(), ground)
        for cause in self._known(path).shrunk:
            plan = smaller(plan, cause, header) or plan
        return header, ground, plan

    def _plan(self, path: Path) -> LaunchPlan:
        resident = self._known(path)
        header, ground, plan = self._planned(path, self._scheduler.free(but=resident))
        resident.needs, resident.counts = demand(header, plan, ground), not plan.embeddings
        if self._experience is not None:
            self._experience.starting(plan)
        return plan

    def _loaded(self, plan: LaunchPlan, engine: RunningEngine) -> None:
        if self._experience is not None:
            self._experience.loaded(Run(plan, self._launcher.build()), tuple(engine.log_tail().splitlines()))

    def _backend(
        self, resident: Resident, connection: Connection, traits: Traits, *, starts: bool = True
    ) -> EngineBackend:
        info = _with_traits(self._info(resident, connection), traits)
        return EngineBackend(resident.supervisor, resident.lane, info, self._surroundings, starts=starts)

    def _info(self, resident: Resident, connection: Connection) -> BackendInfo:
        return BackendInfo(
            BACKEND_NAME,
            resident.name,
            local=True,
            context_tokens=connection.context_tokens,
            vision=connection.plan is not None and connection.plan.projector_path is not None,
            build=connection.computes.build,
            devices=connection.computes.devices,
        )

    # Ending -----------------------------------------------------------------------------------------------------------

    def _end(self, resident: Resident, *, release: bool = False) -> None:
        """``release``: also when another process owns the engine."""
        supervisor = resident.supervisor
        connection = supervisor.connection
        if connection is not None and connection.engine is not None and not supervisor.active:
            self._states.leaving(connection)
        if release:
            supervisor.release()
        else:
            supervisor.stop()

    def _say(self, words: str) -> None:
        with self._lock:
            self._news.append(words)
        self._bus.publish(Topic.ENGINE)

    def _answered(self, plan: LaunchPlan, finished: Finished) -> None:
        if self._experience is not None:
            self._experience.answered(Run(plan, self._launcher.build()), finished)

    def _status(self, resident: Resident) -> EngineStatus:
        kept_ready = self._residents.kept_ready(resident)
        found = statuses.of(resident, self._runtime, self._notice(), kept_ready=kept_ready)
        return replace(found, offer=self._offer(resident)) if resident.supervisor.worn_out else found

    def _offer(self, resident: Resident) -> Offer | None:
        try:
            header, _ground, plan = self._planned(resident.path, self._scheduler.free(but=resident))
        except WorkbenchError:  # the file is gone
            return None
        return statuses.offer(plan, smaller(plan, resident.supervisor.cause, header))

    @property
    def _runtime(self) -> str:
        """The build that started last: another one may have started than before."""
        try:
            return self._launcher.build()
        except EngineError:
            return ""


def _with_traits(info: BackendInfo, traits: Traits) -> BackendInfo:
    return replace(info, efforts=traits.efforts, tools=traits.tools, limits_reasoning=traits.thinks)
