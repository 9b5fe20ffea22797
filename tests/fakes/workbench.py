"""A `Workbench` for the window: real chats on a real database, a scripted backend, and models that the test lists."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tests.fakes.advisor import FakeAdvisor
from tests.fakes.backend import ScriptedBackend
from tests.fakes.cloud import MailRedactor, ScriptedClient, WholeRestorer
from tests.fakes.counting import counts_of
from tests.fakes.document_folders import FakeDocuments
from tests.fakes.downloads import FakeDownloads
from tests.fakes.engine import FakeEngine, in_memory
from tests.fakes.filling import NoTemplates, read_text
from tests.fakes.measured import FakeBench, FakeCheckUps
from tests.fakes.models import FakeModels
from tests.fakes.route import ScriptedRoute
from tests.fakes.runtimes import FakeRuntimes
from tests.fakes.secrets import FakeSecrets
from tests.fakes.tools import FakeToolChecks, FakeTools
from workbench import migrations
from workbench.app import Workbench
from workbench.assembly.choosing import chosen_by
from workbench.assembly.consents import build_consents
from workbench.assembly.escalating import Speaking, build_escalations
from workbench.assembly.following import build_following
from workbench.assembly.foundation import Foundation
from workbench.assembly.keeping import build_backups, build_bin, build_exports, build_imports
from workbench.assembly.ledger import build_ledger
from workbench.assembly.memory import build_memory, take_in, write_out
from workbench.assembly.offered_tools import OfferedTools
from workbench.assembly.pinned import told_by_pinned
from workbench.assembly.prompts import build_prompts
from workbench.assembly.routing import Around, LazyRouter, build_router
from workbench.cancel import CancelToken
from workbench.chat.asking.knowing import Knowing
from workbench.chat.asking.model_options import ModelOptionsService
from workbench.chat.asking.options import AS_SET, Options
from workbench.chat.asking.resolve import KnownModel
from workbench.chat.attaching.attachments import AttachmentService
from workbench.chat.attaching.request import Pictures
from workbench.chat.attaching.store import AttachmentNames
from workbench.chat.cases.service import CaseService
from workbench.chat.cases.store import CaseStore
from workbench.chat.escalating.service import EscalationService
from workbench.chat.feedback.service import FeedbackService
from workbench.chat.feedback.store import FeedbackStore
from workbench.chat.grounding.grounding import Grounding
from workbench.chat.projects.export import ExportedProject, export_project
from workbench.chat.projects.service import ProjectService
from workbench.chat.projects.store import ProjectStore
from workbench.chat.searching.search import Hit
from workbench.chat.searching.service import SearchService
from workbench.chat.searching.store import SearchStore
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.chat.titling.store import TitleStore
from workbench.chat.titling.titles import TitleService
from workbench.chat.tree import Node
from workbench.chat.versions.service import VersionService
from workbench.chat.versions.store import VersionStore
from workbench.clock import SystemClock
from workbench.cloud.service import CloudService
from workbench.cloud.store import CloudStore
from workbench.db import Database, MemoryDatabase
from workbench.diagnostics.bench.service import Candidate
from workbench.engine.remote.route import RouteToServers
from workbench.engine.remote.service import RemoteServers
from workbench.engine.remote.store import ServerStore
from workbench.errors import DownloadError, ModelError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.hardware.machine import Machine
from workbench.jobs import Job, Jobs
from workbench.memory.importing import Imported
from workbench.messages import Image
from workbench.models.library import InstalledModel
from workbench.paths import Paths
from workbench.ports import Choice as PlanChoice
from workbench.ports import LaunchPlan
from workbench.prompts.filling.fill import Filler, Ground
from workbench.prompts.filling.values import Sources
from workbench.prompts.running.batches.service import Batches
from workbench.prompts.running.batches.store import BatchStore
from workbench.prompts.running.ports import Surroundings
from workbench.prompts.running.runner import PromptRunner
from workbench.prompts.running.store import RunStore
from workbench.prompts.running.testing import PromptTests
from workbench.prompts.warming import Gain
from workbench.serving.switch import ApiSwitch, OpenApi, PortTakenError
from workbench.settings import Notice, Settings, with_value
from workbench.tools.desk import ToolDesk
from workbench.tools.servers.service import ToolServers
from workbench.tools.servers.store import ServerStore as ToolServerStore
from workbench.tools.web.service import WebSearch


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
        self.restored = ""
        self.looked_elsewhere = self.prompts_looked_at = 0
        self.database = Database(self.paths.database, migrations.workbench, backups=self.paths.backups)
        self._clock = SystemClock()
        self._base = Foundation(self.paths, self.database, self._clock, self.bus, lambda: self.settings)
        self.backend = backend or ScriptedBackend("Hello there, nice to meet you.")
        self._have_models()
        self._have_things_to_know()
        self._have_a_cloud()
        self._have_tools()
        self._have_chats()
        self._have_prompts()
        self.escalations = self._escalations()
        self.following = build_following(
            self.store, lambda: self.cloud, lambda: self.ledger, lambda: self.consents, lambda: self.escalations,
            lambda: self.router,
        )  # fmt: skip
        self.taken_ports: dict[int, str] = {}
        self.api = ApiSwitch(self.paths, self._clock, self.bus, lambda: self.settings.api, self._open_api)
        self.api.follow()

    def _have_models(self) -> None:
        """Faked: what is on the disk, and what could be."""
        self.models = FakeModels(self.bus)
        self.advisor = FakeAdvisor(self.bus)
        self.downloads = FakeDownloads(self.bus, self.models)
        self.runtimes = FakeRuntimes(self.bus)
        self.checkups = FakeCheckUps(self.bus, self.models)
        self.bench = FakeBench(self.bus)
        self.engine = FakeEngine(self.bus, in_memory("Fake 1B", Path("/Fake 1B.gguf")))
        self.choices: tuple[PlanChoice, ...] = (PlanChoice("Context", "8,192 tokens", "It fits."),)
        self.known = KnownModel("fake-1b", "Fake 1B", ())
        self.model_options = ModelOptionsService(self.database, self._clock, self.bus, lambda _name: self.known)
        self.route = ScriptedRoute(self.models, self.backend)
        self.servers = RemoteServers(ServerStore(self.database), FakeSecrets(), self._clock, self.bus)
        self.counting: ScriptedBackend | None = None  # the model here that counts for those of gpt-oss
        self.counts = counts_of(lambda: None if self.counting is None else ("gpt-oss", self.counting))
        self.titling: ScriptedBackend | None = None  # the model that names chats: none is loaded

    def _have_things_to_know(self) -> None:
        """Documents are faked; projects, attached files and memory are real."""
        self.documents = FakeDocuments(self.bus)
        self.fetched: list[str] = []
        self.picture: Image | WorkbenchError = DownloadError("Nobody answers.")
        self.projects = ProjectService(
            ProjectStore(self.database),
            self.bus,
            self._clock,
            self.servers.stranger,
            lambda path, cancel: self.attachments.read(path, cancel),
            told_by_pinned(lambda: self.prompts, lambda: self.filler),
        )
        self.attachments = AttachmentService(
            self.paths.attachments,
            AttachmentNames(self.database).all,
            lambda text, cancel: self.chat.count(text, cancel),
        )
        self.memory = build_memory(self._base, self.projects)

    def _have_a_cloud(self) -> None:
        """Real, but for the keychain and for whoever is reached."""
        self.consents = build_consents(self._base)
        self.cloud_secrets = FakeSecrets()
        self.cloud = CloudService(
            CloudStore(self.database),
            self.cloud_secrets,
            self._clock,
            self.bus,
            lambda: self.settings.cloud,
            self.change_setting,
        )
        self.ledger = build_ledger(self._base)
        self.provider_client = ScriptedClient()

    def _have_tools(self) -> None:
        """The desk is real, and so are servers; one source is faked."""
        self.tool_source, self.tool_checks = FakeTools(), FakeToolChecks()
        self.secrets = FakeSecrets()
        self.web_search = WebSearch(lambda: self.settings.tools, self.change_setting, self.secrets)
        self.tool_servers = ToolServers(
            ToolServerStore(self.database), self.consents, FakeSecrets(), self.paths, self._clock, self.bus
        )
        self.tools = ToolDesk(
            (self.tool_source, self.tool_servers),
            lambda: self.settings.tools,
            self.tool_checks.capable,
            lambda off: self.change_setting("tools.off", off),
        )

    def _have_chats(self) -> None:
        """All real, on the scripted backend."""
        self.store = ConversationStore(self.database, self._clock)
        self.searching = SearchService(SearchStore(self.database), self._clock)
        self.feedback = FeedbackService(FeedbackStore(self.database, self._clock), self.bus)
        self.cases = CaseService(CaseStore(self.database, self._clock), self.store, self.bus)
        self.versions = VersionService(VersionStore(self.database, self._clock))
        self.titles = TitleService(
            TitleStore(self.database),
            self.store,
            lambda _model: self.titling,
            lambda: self.settings.chat.automatic_titles,
            lambda: self.settings.chat.system,
            self.bus,
        )
        self.router = build_router(self._base, self._around_choices(), self.database)
        self.chat = self._chat()
        self.exports, self.imports = build_exports(self._base), build_imports(self._base)
        self.backups, self.bin = build_backups(self._base), build_bin(self._base)

    def _around_choices(self) -> Around:
        return Around(
            lambda: self.settings, self.model_options.known, self.servers.stranger, lambda: self.models.seeing,
            lambda: self.consents, lambda: self.ledger, lambda: self.cloud,
        )  # fmt: skip

    def _chat(self) -> ChatService:
        return ChatService(
            self.store,
            RouteToServers(self.route, self.servers),
            self.bus,
            self._clock,
            self._options,
            self.model_options.complete,
            went_on=self.feedback.went_on,
            projects=self.projects,
            pictures=Pictures(self.attachments.image, lambda: self.models.seeing),
            grounds=Grounding(lambda: self.documents, self.servers.stranger),
            tools=OfferedTools(lambda: self.tools, self._base),
            consents=self.consents,
            memory=Knowing(lambda: self.memory, self.servers.stranger),
            router=LazyRouter(lambda: self.router),
        )

    def _have_prompts(self) -> None:
        """Real, but for the child that renders conditions; nothing is kept warm but what the test says."""
        self.prompts = build_prompts(self._base)
        self.gained: tuple[Gain, ...] = ()
        self.prompt_files = SimpleNamespace(told=())
        self.filler = Filler(
            lambda: Ground(datetime(2026, 11, 23, 14, 5, tzinfo=UTC), "Ada", "en_GB"),
            Sources(read_text),
            NoTemplates(),
        )

    def _escalations(self) -> EscalationService:
        """The real ones, over a provider that is none."""
        around = SimpleNamespace(
            store=self.store, forget=lambda _id: None, projects=self.projects, chat=self.chat, route=self.route,
            pictures=Pictures(self.attachments.image), counts=lambda: self.counts,
        )  # fmt: skip
        speaking = Speaking(lambda: self.provider_client, MailRedactor, WholeRestorer)
        return build_escalations(
            self._base, cast("Any", around), self.cloud, self.ledger, self.consents, cast("Any", lambda: self.documents),
            self.change_setting, speaking,
        )  # fmt: skip

    def go_on(self, answer_id: str, job: Job, options: Options = AS_SET) -> Node:
        if self.chat.is_from_provider(answer_id):
            return self.escalations.resume(answer_id, job)
        return self.chat.resume(answer_id, job, options)

    def temporary_chat(self) -> ChatService:
        store = ConversationStore(MemoryDatabase(migrations.workbench), SystemClock())
        grounds = Grounding(lambda: self.documents, self.servers.stranger)
        return ChatService(store, self.route, Bus(), SystemClock(), self._options, keeps=False, grounds=grounds)

    def web_picture(self, url: str, cancel: CancelToken) -> Image:
        self.fetched.append(url)
        cancel.check()
        if isinstance(self.picture, WorkbenchError):
            raise self.picture
        return self.picture

    def search(self, query: str, limit: int = 20, per_chat: int = 0) -> tuple[Hit, ...]:
        return self.searching.find(query, limit, per_chat=per_chat)

    def import_memory(self, path: Path, cancel: CancelToken) -> Imported:
        return take_in(self.memory, path, cancel)

    def export_memory(self, path: Path, *, replace: bool = False) -> None:
        write_out(self.memory, path, replace=replace)

    def _options(self) -> Options:
        return Options(model=self.settings.chat.model, memory=None if self.settings.memory.enabled else False)

    def machine(self, fresh: bool = False) -> Machine:
        return self.advisor.machine(fresh)

    def export_project(self, project_id: str, target: Path, cancel: CancelToken) -> ExportedProject:
        chats = [chat.id for chat in self.projects.chats(project_id)]
        return export_project(self.projects.get(project_id), chats, self.exports, target, cancel)

    def launch_plan(self, _model: str = "") -> tuple[InstalledModel, LaunchPlan]:
        installed = self.models.list()
        if not installed:
            raise ModelError("No model is installed.", hint="Choose one first.")
        plan = LaunchPlan(installed[0].path, 8192, 1, 4, 256, choices=self.choices)
        return installed[0], plan

    def bench_candidate(self, model: str, runtime: str = "") -> Candidate:
        one = self.models.get(model)
        return Candidate(one.name, one.path, runtime)

    def change_setting(self, key: str, value: Any) -> None:
        self.settings = with_value(self.settings, key, value)
        self.api.apply()
        self.bus.publish(Topic.SETTINGS)

    def _open_api(self, port: int) -> OpenApi:
        """Listens nowhere; ``taken_ports`` are in use."""
        if port in self.taken_ports:
            raise PortTakenError(f"Port {port} is in use.")
        return cast(OpenApi, SimpleNamespace(close=lambda: None))

    def changed_elsewhere(self) -> bool:
        self.looked_elsewhere += 1
        return False

    def follow_prompts(self) -> None:
        """Prompts are no files here."""

    @property
    def warm_prompts(self) -> FakeWorkbench:
        """Itself: what keeping prompts warm brings is `gained`."""
        return self

    def gains(self) -> tuple[Gain, ...]:
        return self.gained

    def keep_prompts_warm(self) -> None:
        """There is no engine to read them."""

    def look_at_prompts(self) -> None:
        self.prompts_looked_at += 1

    def close(self) -> None:
        self.counts.close()
        self.tool_servers.close()
        self.jobs.close()
        self.database.close()

    # Runs of prompts: real, on the scripted backend -------------------------------------------------------------------

    @cached_property
    def _running(self) -> tuple[RunStore, Surroundings]:
        clock = SystemClock()
        around = Surroundings(
            RouteToServers(self.route, self.servers),
            self.filler.fill,
            lambda name: self.prompts.get(name).prompt,
            clock,
            self.bus,
            read=lambda path, _cancel: path.read_text(),
            used=self.prompts.used,
            choose=chosen_by(self.router, lambda: self.settings),
        )
        return RunStore(self.database, clock), around

    @cached_property
    def prompt_runs(self) -> PromptRunner:
        return PromptRunner(*self._running)

    @cached_property
    def prompt_tests(self) -> PromptTests:
        store, around = self._running
        return PromptTests(store, self.prompt_runs, around)

    @cached_property
    def batches(self) -> Batches:
        store, around = self._running
        return Batches(BatchStore(self.database, around.clock), store, self.prompt_runs, around)

    def as_workbench(self) -> Workbench:
        """The same object, as the window's type."""
        return cast(Workbench, self)
