"""A `Workbench` for the window: real chats on a real database, a scripted backend, and models that the test lists."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tests.fakes.backend import ScriptedBackend
from workbench import migrations
from workbench.app import Workbench
from workbench.cancel import CancelToken
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import ModelError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.jobs import Job, Jobs
from workbench.models.library import InstalledModel
from workbench.models.progress import DownloadProgress
from workbench.models.starters import Starter, starters
from workbench.paths import Paths
from workbench.ports import ChatBackend
from workbench.settings import Notice, Settings, with_value


def model(name: str = "Fake 1B", size: int = 98_000_000) -> InstalledModel:
    return InstalledModel(
        name.lower().replace(" ", "-"), name, Path(f"/{name}.gguf"), size, None, "file", adopted=False, verified_at=None
    )


@dataclass
class FakeModels:
    """``installed`` is what is on the disk; `pull` tells two steps of progress and installs."""

    bus: Bus
    installed: tuple[InstalledModel, ...] = (model(),)
    failure: WorkbenchError | None = None
    pulled: list[str] = field(default_factory=list)
    wait_seconds: float = 0.0

    def list(self) -> tuple[InstalledModel, ...]:
        return self.installed

    def starters(self) -> tuple[Starter, ...]:
        return starters()

    def get(self, wanted: str | None) -> InstalledModel:
        found = [one for one in self.installed if wanted in (None, one.id, one.name, str(one.path))]
        if not found:
            raise ModelError("There is no model on this disk yet.")
        return found[0]

    def pull(self, name: str, job: Job) -> InstalledModel:
        starter = next(one for one in starters() if one.id == name)
        job.emit(DownloadProgress(starter.bytes // 3, starter.bytes, 12_500_000.0, 5.0))
        job.cancel.wait(self.wait_seconds)
        if self.failure:
            raise self.failure
        self.pulled.append(name)
        self.installed = (*self.installed, replace(model(starter.name), id=name))
        self.bus.publish(Topic.MODELS)
        return self.installed[-1]


@dataclass
class ScriptedRoute:
    """The route of the chat service: always the scripted backend, if there is a model."""

    models: FakeModels
    scripted: ScriptedBackend
    loading: str = ""

    def name(self, model: str) -> str:
        return self.models.get(model or None).name

    def backend(self, model: str, cancel: CancelToken, progress: Any) -> ChatBackend:
        if self.loading:
            progress(self.loading)
        return self.scripted

    def ready(self, model: str) -> ChatBackend | None:
        return self.scripted if self.models.installed else None


class FakeWorkbench:
    """The attributes and methods of `Workbench` that the window uses."""

    def __init__(self, home: Path, backend: ScriptedBackend | None = None) -> None:
        self.paths = Paths(home)
        self.paths.prepare()
        self.bus = Bus()
        self.jobs = Jobs()
        self.settings = Settings()
        self.notices: tuple[Notice, ...] = ()
        self.read_only = ""
        self.database = Database(self.paths.database, migrations.workbench, backups=self.paths.backups)
        self.backend = backend or ScriptedBackend("Hello there, nice to meet you.")
        self.models = FakeModels(self.bus)
        self.route = ScriptedRoute(self.models, self.backend)
        clock = SystemClock()
        self.chat = ChatService(ConversationStore(self.database, clock), self.route, self.bus, clock)
        self.engine_status: Any = SimpleNamespace(
            state="ready", model="Fake 1B", cause=None, context_tokens=4096, memory_bytes=None, process_id=None
        )
        self.engine = SimpleNamespace(status=lambda: self.engine_status)
        self.looked_elsewhere = 0

    def change_setting(self, key: str, value: Any) -> None:
        self.settings = with_value(self.settings, key, value)
        self.bus.publish(Topic.SETTINGS)

    def changed_elsewhere(self) -> bool:
        self.looked_elsewhere += 1
        return False

    def close(self) -> None:
        self.jobs.close()
        self.database.close()

    def as_workbench(self) -> Workbench:
        """The same object, as the window's type."""
        return cast(Workbench, self)
