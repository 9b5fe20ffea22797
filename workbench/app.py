"""The composition root: builds the parts, fills the ports, owns the lifetimes."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Any

from workbench import migrations, settings
from workbench.cancel import CancelToken
from workbench.chat.options import Options
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.engine.launcher import NativeLauncher
from workbench.engine.plan import EngineSettings
from workbench.engine.service import EngineService
from workbench.errors import StorageError
from workbench.events import Bus, Topic
from workbench.models.service import ModelService
from workbench.paths import Paths, default_home
from workbench.ports import ChatBackend, Clock, EngineLauncher
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.diagnostics.doctor import Report

LOG_BYTES, LOG_FILES = 1 << 20, 3


class Workbench:
    """The program without a face: what the window and the command line share."""

    def __init__(self, paths: Paths, launcher: EngineLauncher, clock: Clock) -> None:
        self.paths = paths
        self.bus = Bus()
        self.settings, self.notices = settings.load(paths.config)
        self._settings_lock = threading.Lock()
        self._database = Database(paths.database, migrations.workbench, backups=paths.backups)
        self._launcher = launcher
        self.models = ModelService(paths, self._database, clock, self.bus)
        self.engine = EngineService(launcher, paths, clock, self.bus, settings=self._engine_settings)
        route = LocalRoute(self.models, self.engine, lambda: self.settings)
        self.chat = ChatService(ConversationStore(self._database, clock), route, self.bus, clock, self._options)
        self._version_seen = 0
        if not self.read_only:
            self.chat.recover()
            self._version_seen = self._database.version_seen()

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
            settings.save(self.paths.config, new)
            self.settings, self.notices = new, ()
        if new.engine != before.engine:
            self.engine.stop()
        self.bus.publish(Topic.SETTINGS)

    def changed_elsewhere(self) -> bool:
        """Whether another process has changed the conversations or models since the last look; then it is published too.

        Called now and then, so what a full disk refused before is tried again here too.
        """
        self.chat.save_endings()
        seen = self._database.version_seen()
        changed, self._version_seen = seen != self._version_seen, seen
        if changed:
            self.bus.publish(Topic.CHATS, Topic.MODELS)
        return changed

    def doctor(self) -> Report:
        from workbench.diagnostics.doctor import examine  # only when somebody asks

        return examine(self.paths, self._database, self.models, self._launcher, self.notices)

    def close(self) -> None:
        """Stop the engine, close the database; jobs must have ended before. Safe to call twice."""
        self.engine.close()
        self.chat.save_endings()
        self._database.close()

    def _engine_settings(self) -> EngineSettings:
        chosen = self.settings.engine
        return EngineSettings(chosen.context_tokens or None, chosen.threads or None)

    def _options(self) -> Options:
        chat = self.settings.chat
        return Options(model=chat.model, system=chat.system, max_tokens=chat.max_tokens or None)


class LocalRoute:
    """The `BackendRoute` of this version: every turn is answered by the engine on this machine."""

    def __init__(self, models: ModelService, engine: EngineService, current: Callable[[], Settings]) -> None:
        self._models = models
        self._engine = engine
        self._settings = current

    def name(self, model: str) -> str:
        return self._models.get(model or None).name

    def backend(self, model: str, cancel: CancelToken, progress: Callable[[str], None]) -> ChatBackend:
        chosen = self._models.get(model or None)
        self._models.check_first_use(chosen, cancel)
        return self._engine.backend(chosen.path, chosen.name, cancel, progress)

    def ready(self, model: str) -> ChatBackend | None:
        chosen = self._models.get(model or None)
        return self._engine.ready(chosen.path)


def build(
    paths: Paths | None = None, *, launcher: EngineLauncher | None = None, clock: Clock | None = None
) -> Workbench:
    """Build the program on its data home. Raises `StorageError` when the home or the database cannot be used."""
    paths = paths or Paths(default_home())
    paths.prepare()
    _log_to(paths)
    clock = clock or SystemClock()
    return Workbench(paths, launcher or NativeLauncher(paths, clock), clock)


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
