"""The composition root: builds the parts, fills the ports, owns the lifetimes."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import migrations, settings
from workbench.cancel import CancelToken
from workbench.chat.known_models import KnownModels
from workbench.chat.model_options import ModelOptionsService
from workbench.chat.options import Options
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.engine.checking.checkups import CheckUps, Subject
from workbench.engine.effort.service import TraitsService
from workbench.engine.experience import Experience
from workbench.engine.launching.choosing_launcher import ChoosingLauncher
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.launching.plan import EngineSettings, wishes_of
from workbench.engine.launching.surveying import Surveyor
from workbench.engine.remote.route import LOCAL, RouteToServers
from workbench.engine.remote.service import RemoteServers
from workbench.engine.remote.store import ServerStore
from workbench.engine.runtimes.build_table import builds, engines_of
from workbench.engine.runtimes.service import RuntimeService
from workbench.engine.scheduling.idle import Scheduling, needs_restart
from workbench.engine.service import EngineService
from workbench.engine.states.keeper import StateKeeper
from workbench.engine.states.shelf import StateShelf
from workbench.errors import EngineError, HardwareError, StorageError, UsageError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.hardware.backends import Engines
from workbench.hardware.machine import Machine
from workbench.hardware.service import HardwareService
from workbench.jobs import Job
from workbench.models.advising.advisor import Advisor
from workbench.models.catalog.file import CatalogStore
from workbench.models.fetching.downloads import make_queue
from workbench.models.fetching.hub import Hub, HubFile
from workbench.models.gguf.header import Header, read_header
from workbench.models.library import InstalledModel
from workbench.models.service import ModelService
from workbench.models.sizing.estimate import DEFAULT_CONTEXT_TOKENS, Correction, Estimate
from workbench.models.sizing.measurements import MeasurementStore, machine_key
from workbench.paths import Paths, default_home
from workbench.ports import ChatBackend, Clock, EngineLauncher, LaunchPlan
from workbench.power.awake import stay_awake
from workbench.power.login import entry_for, set_at_login
from workbench.secrets import SystemSecrets, home_id
from workbench.serving.switch import ApiSwitch, OpenApi
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.diagnostics.bench.service import BenchService, Candidate
    from workbench.diagnostics.doctor import Report

ApiOpener = Callable[["Workbench", int], OpenApi]
LOG_BYTES, LOG_FILES = 1 << 20, 3


class Workbench:
    """The program without a face: what the window and the command line share."""

    def __init__(self, paths: Paths, launcher: EngineLauncher, clock: Clock, open_api: ApiOpener | None = None) -> None:
        self.paths = paths
        self.bus = Bus()
        self.settings, self.notices = settings.load(paths.config)
        self._settings_lock = threading.Lock()
        self._database = Database(paths.database, migrations.workbench, backups=paths.backups)
        self._build_engines(launcher, clock)
        self._build_models(clock)
        self.checkups = CheckUps(self._database, self.engine, clock, self.bus, self._subject)
        self.servers = RemoteServers(ServerStore(self._database), SystemSecrets(home_id()), clock, self.bus)
        known = KnownModels(self.models.get, self.advisor.models, self.traits, self.servers.match)
        self.model_options = ModelOptionsService(self._database, clock, self.bus, known)
        route = RouteToServers(LocalRoute(self.models, self.engine, lambda: self.settings), self.servers)
        self.chat = ChatService(
            ConversationStore(self._database, clock),
            route,
            self.bus,
            clock,
            self._options,
            self.model_options.complete,
            self._keeper.forget,
        )
        opener = None if open_api is None else partial(open_api, self)
        self.api = ApiSwitch(paths, clock, self.bus, lambda: self.settings.api, opener)
        self._version_seen = 0
        if not self.read_only:
            self.chat.recover()
            self._version_seen = self._database.version_seen()

    def _build_engines(self, launcher: EngineLauncher, clock: Clock) -> None:
        """``launcher``: of the program's own engine; others that are installed may take its place."""
        self.runtimes = RuntimeService(
            self.paths,
            clock,
            self.bus,
            own=lambda: self.settings.engine.binary,
            gpus=lambda: self.hardware.machine().gpus or (),
        )
        self.hardware = HardwareService(self.paths.home, self.runtimes.devices)
        self._native, self._clock = launcher, clock
        self._launcher = ChoosingLauncher(launcher, self.runtimes, lambda: self.settings.engine.runtime)
        self._measurements = MeasurementStore(self._database, clock)
        self._experience = Experience(self._measurements, self.hardware.machine, self.runtimes.engines)
        self.traits = TraitsService(self._database, clock, self.bus, lambda path: read_header(path).chat_template)
        self._survey = Surveyor(
            self._launcher,
            self.runtimes.fits_itself,
            self.hardware.machine,
            lambda path: self.models.find(path),
            self._engine_settings,
            self.paths.home / "states",
        )
        shelf = StateShelf(self.paths.home / "states", lambda: self.settings.engine.saved_states_megabytes << 20)
        self._keeper = StateKeeper(shelf, self._launcher.build)
        self._awake = stay_awake()
        self.engine = EngineService(
            self._launcher,
            self.paths,
            clock,
            self.bus,
            settings=self._engine_settings,
            experience=self._experience,
            notice=lambda: self._launcher.notice,
            traits=self.traits,
            survey=self._survey,
            states=self._keeper,
            scheduling=lambda: Scheduling.of(self.settings.engine, self._preferred_path),
            awake=self._awake,
        )

    def _build_models(self, clock: Clock) -> None:
        catalog = CatalogStore(self.paths)
        self.models = ModelService(
            self.paths,
            self._database,
            clock,
            self.bus,
            known=catalog.models,
            rank=lambda model: self.advisor.rank(model),
        )
        self.hub = Hub(os.environ, lambda reference: self.advisor.known(reference))
        self.advisor = Advisor(
            self.hardware.machine,
            self._engines_of,
            catalog,
            self.models,
            self.hub,
            self._read_remote_header,
            self.bus,
            corrections=self._correction,
            wishes=lambda: wishes_of(self._engine_settings()),
        )
        self.downloads = make_queue(
            self.paths.models,
            self._database,
            self.models,
            self.hub,
            self.runtimes,
            lambda: self.settings.downloads,
            self.bus,
            clock,
            self._awake,
        )

    @property
    def read_only(self) -> str:
        """Why nothing can be saved (a full disk, a read-only folder); empty when all is well."""
        return self._database.read_only

    def change_setting(self, key: str, value: Any) -> None:
        """Use ``value`` for ``key`` (``section.name``) from now on, and keep it in the person's file.

        An engine with other settings ends; the next question starts it anew. Raises `UsageError` for an unknown key or a
        bad value, `StorageError` when the file cannot be saved.
        """
        with self._settings_lock:  # two changes at once must not undo each other
            before = self.settings
            new = settings.with_value(before, key, value)
            if new.engine.keep_ready != before.engine.keep_ready:
                set_at_login(entry_for(self.paths) if new.engine.keep_ready else None)
            settings.save(self.paths.config, new)
            self.settings, self.notices = new, ()
        if needs_restart(before.engine, new.engine):
            self.engine.stop()
        self.engine.look_again()
        if new.api != before.api:
            self.api.apply()
        self.bus.publish(Topic.SETTINGS)

    @cached_property
    def bench(self) -> BenchService:
        from workbench.diagnostics.bench.engine import engine_of_its_own
        from workbench.diagnostics.bench.service import BenchService, room_for_models
        from workbench.diagnostics.bench.store import BenchStore

        return BenchService(
            BenchStore(self._database, self._clock),
            lambda candidate, job: engine_of_its_own(
                candidate, job, self._engines_to_measure, self.paths, self.engine.unload
            ),
            lambda: machine_key(self.hardware.machine()),
            self._clock,
            self.bus,
            room=lambda: room_for_models(self.hardware.machine(fresh=True)),
        )

    def bench_candidate(self, model: str, runtime: str = "") -> Candidate:
        """An installed model (empty: the preferred one) and an installed engine (empty: the one that would answer).

        Raises `ModelError` or `UsageError` for what is not installed.
        """
        from workbench.diagnostics.bench.service import Candidate

        if runtime and runtime not in {engine.id for engine in self.runtimes.installed()}:
            raise UsageError(
                f"There is no engine {runtime!r} here.", hint="`workbench engines list` shows the installed ones."
            )
        chosen = self.models.get(model or self.settings.chat.model or None)
        return Candidate(chosen.name, chosen.path, runtime, self._predicted(chosen))

    def _engines_to_measure(self, runtime: str, paths: Paths) -> EngineService:
        """As those that answer, with the engine of this id (empty: as ever), known in this home."""
        launcher = ChoosingLauncher(self._native, self.runtimes, lambda: runtime or self.settings.engine.runtime)
        return EngineService(
            launcher,
            paths,
            self._clock,
            Bus(),
            settings=self._engine_settings,
            experience=self._experience,
            survey=self._survey,
        )

    def enlarge_context(self, job: Job) -> int:
        """Have the model load with twice its context, or as much as fits; returns the tokens.

        Raises `HardwareError` when no more fits on this machine, or the model was not made for more.
        """
        model = self.models.get(self.settings.chat.model or None)
        now = self.engine.status().context_tokens or self.settings.engine.context_tokens or DEFAULT_CONTEXT_TOKENS
        self.engine.unload(model.path)  # what it takes itself is room too
        machine = self.hardware.machine(fresh=True)
        most = self.advisor.estimate(str(model.path), machine=machine, cancel=job.cancel).max_context
        if most <= now:
            raise HardwareError(
                f"{model.name} already has as large a context as fits here: {now:,} tokens.",
                hint="Leave out or summarise the oldest messages, or start a new chat.",
            )
        tokens = min(2 * now, most)
        self.change_setting("engine.context_tokens", tokens)
        return tokens

    def changed_elsewhere(self) -> bool:
        """Whether another process has changed conversations, models or downloads since the last look; it is published too.

        Called now and then, so what a full disk refused before is tried again here too.
        """
        self.chat.save_endings()
        seen = self._database.version_seen()
        changed, self._version_seen = seen != self._version_seen, seen
        if changed:
            self.downloads.look_again()
            self.bus.publish(Topic.CHATS, Topic.MODELS, Topic.DOWNLOADS, Topic.SERVERS)
        return changed

    def doctor(self) -> Report:
        from workbench.diagnostics.doctor import examine  # only when somebody asks

        try:
            launcher: EngineLauncher = self._launcher.upcoming()
        except EngineError:  # which the check of the engine tells of the one that takes its place
            launcher = self._launcher
        return examine(
            self.paths,
            self._database,
            self.models,
            launcher,
            self.notices,
            hardware=self.hardware,
            engines=self.runtimes.engines,
        )

    def close(self) -> None:
        """Stop the API, downloads and the engine, close the database; jobs must have ended before. Safe to call twice."""
        self.api.close()
        self.downloads.close()
        self.engine.close()
        self._experience.close()
        self.chat.save_endings()
        self._database.close()

    def _engine_settings(self) -> EngineSettings:
        return EngineSettings.of(self.settings.engine)

    def launch_plan(self, model: str = "") -> tuple[InstalledModel, LaunchPlan]:
        """An installed model (empty: the preferred one), and how it runs or would be started now. Raises `ModelError`."""
        found = self.models.get(model or self.settings.chat.model or None)
        return found, self.engine.running_plan(found.path) or self._survey.plan(found.path)

    def _preferred_path(self) -> Path | None:
        """Of the model that answers when a chat names none; None when there is none here."""
        try:
            return self.models.get(self.settings.chat.model or None).path.absolute()
        except WorkbenchError:
            return None

    def _engines_of(self, machine: Machine | None) -> Engines:
        """Installed and to be had; of another machine we know what drives its GPUs."""
        return self.runtimes.engines() if machine is None else engines_of(builds(), machine)

    def _read_remote_header(self, files: Sequence[HubFile], cancel: CancelToken) -> Header:
        from workbench.http import make_client  # only when somebody asks for a model that nobody knows
        from workbench.models.fetching.transfer import AccessRefusedError
        from workbench.models.gguf.remote import read_remote_model

        try:
            with make_client(keep_alive=False) as client:
                return read_remote_model([self.hub.remote(file) for file in files], client, cancel)
        except AccessRefusedError as error:
            raise self.hub.refusal(files[0].repository) from error

    def _correction(self, architecture: str) -> Correction:
        """What runs on this machine, of the engine that would start now, have taught about models of ``architecture``."""
        try:
            runtime = self._launcher.next_build()
        except EngineError:
            return Correction()
        return self._measurements.correction(machine_key(self.hardware.machine()), runtime, architecture)

    def _subject(self, name: str) -> Subject:
        """What the check-up of an installed model should know of it."""
        model = self.models.get(name)
        known = next((known for known in self.advisor.models() if known.id == model.catalog_id), None)
        reasons = None if known is None else known.effort != "none"
        return Subject(model.name, model.path, reasons, self.models.template_note(model), self._predicted(model))

    def _predicted(self, model: InstalledModel) -> Estimate | None:
        try:
            return self.advisor.estimate_as_started(str(model.path))
        except WorkbenchError:
            return None

    def _options(self) -> Options:
        chat = self.settings.chat
        return Options(model=chat.model, system=chat.system, max_tokens=chat.max_tokens or None)


class LocalRoute:
    """The `BackendRoute` of this machine: the turn is answered by its engine."""

    def __init__(self, models: ModelService, engine: EngineService, current: Callable[[], Settings]) -> None:
        self._models = models
        self._engine = engine
        self._settings = current

    def name(self, model: str) -> str:
        return self._models.get(model or None).name

    def source(self, _model: str) -> str:
        return LOCAL

    def backend(self, model: str, cancel: CancelToken, progress: Callable[[str], None]) -> ChatBackend:
        chosen = self._models.get(model or None)
        self._models.check_first_use(chosen, cancel)
        return self._engine.backend(chosen.path, chosen.name, cancel, progress)

    def ready(self, model: str) -> ChatBackend | None:
        chosen = self._models.get(model or None)
        return self._engine.ready(chosen.path)


def build(
    paths: Paths | None = None,
    *,
    launcher: EngineLauncher | None = None,
    clock: Clock | None = None,
    open_api: ApiOpener | None = None,
) -> Workbench:
    """Build the program on its data home; ``open_api``: how its local API is opened.

    Raises `StorageError` when the home or the database cannot be used.
    """
    paths = paths or Paths(default_home())
    paths.prepare()
    _log_to(paths)
    clock = clock or SystemClock()
    return Workbench(paths, launcher or NativeLauncher(paths, clock), clock, open_api)


def diagnose(problem: StorageError, paths: Paths | None = None) -> Report:
    """What the doctor can tell when `build` raised ``problem``."""
    from workbench.diagnostics.doctor import examine_unopened

    paths = paths or Paths(default_home())
    return examine_unopened(paths, NativeLauncher(paths, SystemClock()), problem)


def _log_to(paths: Paths) -> None:
    """Warnings and news of the program, never the words of a conversation, into a small rotating file."""
    logger = logging.getLogger("workbench")
    if any(isinstance(handler, RotatingFileHandler) for handler in logger.handlers):
        return
    file = paths.logs / "workbench.log"
    try:
        os.close(os.open(file, os.O_CREAT | os.O_APPEND, 0o600))
        handler = Log(file, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    except OSError:
        return  # a full disk or a read-only home: the program itself tells about that
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


class Log(RotatingFileHandler):
    """A full disk loses lines of the log and nothing else: no traceback between the words of an answer."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name in `logging`
        """Called instead of raising; the inherited one prints to standard error."""
