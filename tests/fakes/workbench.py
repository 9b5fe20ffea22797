"""A `Workbench` for the window: real chats on a real database, a scripted backend, and models that the test lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tests.fakes import catalog
from tests.fakes.backend import ScriptedBackend
from tests.fakes.cloud import MailRedactor, ScriptedClient, WholeRestorer
from tests.fakes.document_folders import FakeDocuments
from tests.fakes.engine import FakeEngine, in_memory
from tests.fakes.secrets import FakeSecrets
from tests.fakes.tools import FakeToolChecks, FakeTools
from workbench import migrations
from workbench.app import Workbench
from workbench.assembly.consents import build_consents
from workbench.assembly.escalating import Speaking, build_escalations
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
from workbench.chat.asking.options import Options
from workbench.chat.asking.resolve import KnownModel
from workbench.chat.asking.routing import DEEPER
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
from workbench.clock import SystemClock
from workbench.cloud.service import CloudService
from workbench.cloud.store import CloudStore
from workbench.db import Database, MemoryDatabase
from workbench.diagnostics.bench.measuring import BenchStep
from workbench.diagnostics.bench.result import BenchResult, Prediction, Speed
from workbench.diagnostics.bench.service import Candidate
from workbench.engine.checking.checkup import CheckStep, CheckUp, Verdict
from workbench.engine.compiling.plan import BuildPlan, Tools, build_plan
from workbench.engine.remote.route import RouteToServers
from workbench.engine.remote.service import RemoteServers
from workbench.engine.remote.store import ServerStore
from workbench.engine.runtimes.builds import EngineBuild, InstalledEngine
from workbench.errors import Cancelled, DownloadError, ModelError, UsageError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.hardware.backends import CPU, EngineDevice, Engines, ObtainableEngine
from workbench.hardware.machine import Machine
from workbench.jobs import Job, Jobs
from workbench.memory.importing import Imported
from workbench.messages import Image
from workbench.models.adoption import FoundModel
from workbench.models.advising.advice import Pick, Preference, Recommendation, Use
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.fetching.progress import DownloadProgress
from workbench.models.fetching.queue import DownloadItem, DownloadState
from workbench.models.fetching.starters import Starter, starters
from workbench.models.library import InstalledModel
from workbench.models.sizing.estimate import Estimate, Range, Request
from workbench.models.verification import Verification
from workbench.paths import Paths
from workbench.ports import ChatBackend, LaunchPlan
from workbench.ports import Choice as PlanChoice
from workbench.prompts.filling.fill import Filler, Ground
from workbench.prompts.filling.rendering import Rendering
from workbench.prompts.filling.values import Sources
from workbench.prompts.running.batches.service import Batches
from workbench.prompts.running.batches.store import BatchStore
from workbench.prompts.running.ports import Surroundings
from workbench.prompts.running.runner import PromptRunner
from workbench.prompts.running.store import RunStore
from workbench.prompts.running.testing import PromptTests
from workbench.prompts.warming import Gain
from workbench.serving.switch import ApiSwitch, OpenApi, PortTakenError
from workbench.settings import AUTO, Notice, Settings, with_value
from workbench.tools.desk import ToolDesk
from workbench.tools.servers.service import ToolServers
from workbench.tools.servers.store import ServerStore as ToolServerStore
from workbench.tools.web.service import WebSearch


def model(name: str = "Fake 1B", size: int = 98_000_000) -> InstalledModel:
    return InstalledModel(
        name.lower().replace(" ", "-"), name, Path(f"/{name}.gguf"), size, None, "file", adopted=False, verified_at=None
    )


LM_STUDIO_MODEL = FoundModel(
    "LM Studio", "Qwen3 4B Instruct 2507", Path("/lmstudio/Qwen3-4B-Instruct-2507-Q4_K_M.gguf"), 2_497_281_120,
    catalog_id="qwen3-4b-instruct-2507", architecture="qwen3", quantization="Q4_K_M",
)  # fmt: skip
MLX_FOLDER = FoundModel(
    "Hugging Face cache", "mlx-community/gpt-oss-20b-MXFP4", Path("/hub/models--mlx-community--gpt-oss-20b-MXFP4"),
    12_100_000_000, usable=False, problem="MLX models are not usable by llama.cpp.",
    equivalent="gpt-oss-20b", equivalent_bytes=12_109_566_624,
)  # fmt: skip


@dataclass
class FakeModels:
    """``installed`` is what is on the disk; `pull` tells two steps of progress and installs.

    ``on_disk``: what other programs have. ``wrong``: names whose bytes are not what they should be.
    """

    bus: Bus
    installed: tuple[InstalledModel, ...] = (model(),)
    failure: WorkbenchError | None = None
    pulled: list[str] = field(default_factory=list)
    wait_seconds: float = 0.0
    on_disk: tuple[FoundModel, ...] = ()
    wrong: frozenset[str] = frozenset()
    notes: dict[str, str] = field(default_factory=dict)
    purged: int = 0
    seeing: tuple[str, ...] = ()

    def list(self) -> tuple[InstalledModel, ...]:
        return self.installed

    def starters(self) -> tuple[Starter, ...]:
        return starters()

    def check_first_use(self, model: InstalledModel, cancel: CancelToken) -> None:
        cancel.check()

    def get(self, wanted: str | None) -> InstalledModel:
        wanted = None if wanted in (AUTO, DEEPER) else wanted
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

    def verify(
        self,
        cancel: CancelToken,
        names: tuple[str, ...] = (),
        progress: Callable[[DownloadProgress], None] = lambda _progress: None,
    ) -> Iterator[Verification]:
        for name in names:
            one = self.get(name)
            progress(DownloadProgress(one.bytes // 2, one.bytes, 800_000_000.0, 2.0))
            cancel.wait(self.wait_seconds)
            ok = name not in self.wrong
            yield Verification(one.path, ok, "0" * 64, "0" * 64 if ok else "1" * 64, "" if ok else "It has changed.")

    def found(self, cancel: CancelToken) -> tuple[FoundModel, ...]:
        cancel.wait(self.wait_seconds)
        paths = {one.path for one in self.installed}
        return tuple(replace(one, adopted=one.path in paths) for one in self.on_disk)

    def adopt(self, found: Sequence[FoundModel]) -> tuple[InstalledModel, ...]:
        new = tuple(
            replace(model(one.name, one.bytes), path=one.path, source=one.program.lower(), adopted=True)
            for one in found
        )
        self.installed = (*self.installed, *new)
        self.bus.publish(Topic.MODELS)
        return new

    def remove(self, name: str) -> InstalledModel:
        gone = self.get(name)
        self.installed = tuple(one for one in self.installed if one is not gone)
        self.bus.publish(Topic.MODELS)
        return gone

    def restore(self, gone: InstalledModel) -> InstalledModel:
        self.installed = (*self.installed, gone)
        self.bus.publish(Topic.MODELS)
        return gone

    def purge(self, older_than_seconds: float = 0.0) -> None:
        self.purged += 1

    def template_note(self, one: InstalledModel) -> str:
        return self.notes.get(one.name, "")


@dataclass
class FakeAdvisor:
    """``machine_now`` is what the probes would say; ``asked`` keeps what was estimated."""

    bus: Bus
    machine_now: Machine = catalog.LAPTOP
    known: tuple[CatalogModel, ...] = catalog.MODELS
    failure: WorkbenchError | None = None
    asked: list[tuple[str, Request]] = field(default_factory=list)
    wait_seconds: float = 0.0

    def models(self) -> tuple[CatalogModel, ...]:
        return self.known

    def machine(self, fresh: bool = False) -> Machine:
        return self.machine_now

    def estimate(
        self,
        reference: str,
        request: Request | None = None,
        machine: Machine | None = None,
        cancel: CancelToken | None = None,
    ) -> Estimate:
        self._fail()
        self.asked.append((reference, request or Request()))
        with suppress(Cancelled):  # an answer that was on its way comes all the same
            (cancel or CancelToken()).wait(self.wait_seconds)
        one, file = catalog.find(reference, self.known)
        return catalog.estimated(one, file, machine or self.machine_now, request)

    def estimate_as_started(self, reference: str) -> Estimate:
        return self.estimate(reference)

    def recommend(
        self, use: Use = Use.CHAT, preference: Preference = Preference.BALANCED, machine: Machine | None = None
    ) -> Recommendation:
        self._fail()
        return catalog.recommendation(self.known, machine or self.machine_now, use, preference)

    def overview(self, use: Use = Use.CHAT, machine: Machine | None = None) -> tuple[Pick, ...]:
        self._fail()
        return tuple(catalog.pick(one, machine or self.machine_now, use) for one in self.known if one.shape_known)

    def add_repository(self, repository: str, cancel: CancelToken) -> CatalogModel:
        self._fail()
        file = CatalogFile(repository, "Model-Q4_K_M.gguf", "Q4_K_M", 4_900_000_000)
        name = repository.rpartition("/")[2]
        added = replace(catalog.QWEN_4B, id=repository.lower(), name=name, files=(file,), scores=(), user_added=True)
        self.known = (*self.known, added)
        self.bus.publish(Topic.MODELS)
        return added

    def remove_repository(self, model_id: str) -> None:
        self.known = tuple(one for one in self.known if one.id != model_id)
        self.bus.publish(Topic.MODELS)

    def _fail(self) -> None:
        if self.failure:
            raise self.failure


@dataclass
class FakeDownloads:
    """A queue that moves only when the test says `step` or `finish`. ``done``: what happened, in order."""

    bus: Bus
    models: FakeModels
    queue: tuple[DownloadItem, ...] = ()
    done: list[tuple[str, str]] = field(default_factory=list)

    def items(self) -> tuple[DownloadItem, ...]:
        return self.queue

    def add(self, reference: str, title: str = "") -> DownloadItem:
        known = next((item for item in self.queue if item.reference == reference), None)
        if known:
            return known
        item = DownloadItem(f"download-{len(self.done)}", reference, title or reference, DownloadState.QUEUED)
        self.done.append(("add", reference))
        self.queue = (*self.queue, item)
        self.bus.publish(Topic.DOWNLOADS)
        return item

    def pause(self, item_id: str) -> None:
        self.change("pause", item_id, state=DownloadState.PAUSED, bytes_per_second=None, seconds_left=None)

    def resume(self, item_id: str) -> None:
        self.change("resume", item_id, state=DownloadState.QUEUED, error="", hint="")

    def cancel(self, item_id: str) -> None:
        self.done.append(("cancel", item_id))
        self.queue = tuple(item for item in self.queue if item.id != item_id)
        self.bus.publish(Topic.DOWNLOADS)

    def clear(self) -> None:
        self.done.append(("clear", ""))
        over = (DownloadState.READY, DownloadState.FAILED)
        self.queue = tuple(item for item in self.queue if item.state not in over)
        self.bus.publish(Topic.DOWNLOADS)

    def start(self) -> None:
        self.done.append(("start", ""))

    def close(self) -> None:
        self.done.append(("close", ""))

    # What the test lets happen ----------------------------------------------------------------------------------------

    def step(self, item_id: str, done: int, total: int, rate: float = 24_000_000.0) -> None:
        """So much has arrived."""
        self.change(
            "step", item_id, state=DownloadState.RUNNING, bytes=done, total_bytes=total, bytes_per_second=rate,
            seconds_left=(total - done) / rate, step="fetching",
        )  # fmt: skip

    def finish(self, item_id: str) -> None:
        """It is on the disk."""
        item = next(item for item in self.queue if item.id == item_id)
        self.models.installed = (*self.models.installed, model(item.title, item.total_bytes or 1_000_000_000))
        self.change("finish", item_id, state=DownloadState.READY, bytes=item.total_bytes or 0)
        self.bus.publish(Topic.MODELS)

    def change(self, what: str, item_id: str, **values: Any) -> None:
        """Change an item as a worker would."""
        self.done.append((what, item_id))
        self.queue = tuple(replace(item, **values) if item.id == item_id else item for item in self.queue)
        self.bus.publish(Topic.DOWNLOADS)


CUDA = EngineBuild(
    "cuda-13", "b9310", "linux", "x86_64", "cuda", "CUDA engine",
    (("https://example.invalid/llama-cuda.tar.gz", "0" * 64, 180_000_000),), "an NVIDIA GPU", "580",
)  # fmt: skip
NATIVE = InstalledEngine("native", "Built-in engine", "b9310", None, frozenset({CPU}))


@dataclass
class FakeRuntimes:
    """The built-in engine, and CUDA to be had. ``refused``: builds that the drivers here are too old for."""

    bus: Bus
    builds: tuple[EngineBuild, ...] = (CUDA,)
    refused: frozenset[str] = frozenset()
    here: tuple[InstalledEngine, ...] = (NATIVE,)

    def available(self) -> tuple[EngineBuild, ...]:
        return self.builds

    def installed(self, fresh: bool = False) -> tuple[InstalledEngine, ...]:
        return self.here

    def compiled(self) -> BuildPlan:
        return build_plan("0.3.36", Tools("linux", "x86_64", "apt-get", python="python3", compiler="g++", cores=2), ())

    def engines(self) -> Engines:
        works = (one for one in self.builds if one.id not in self.refused)
        obtainable = (ObtainableEngine(one.id, one.backend, one.label, one.download_bytes) for one in works)
        return Engines(frozenset().union(*(one.backends for one in self.here)), tuple(obtainable))

    def devices(self) -> tuple[EngineDevice, ...]:
        return tuple(device for one in self.here for device in one.devices)

    def fetch(self, build_id: str, job: Job) -> None:
        build = next(one for one in self.builds if one.id == build_id)
        self.here = (*self.here, InstalledEngine(build.id, build.label, build.version, None, frozenset({"cuda"})))
        self.bus.publish(Topic.ENGINES)

    def remove(self, build_id: str) -> None:
        self.here = tuple(one for one in self.here if one.id != build_id)
        self.bus.publish(Topic.ENGINES)


STEPS = (
    CheckStep("load", "Loads", Verdict.OK, "In 3.1 s."),
    CheckStep("template", "Chat template", Verdict.OK, "It renders as the publisher's."),
    CheckStep("answer", "Answers", Verdict.OK, "One word was asked for and came."),
    CheckStep("stop", "Stops", Verdict.OK, "No stop token in the text."),
    CheckStep("reasoning", "Reasoning", Verdict.SKIPPED, "It does not reason."),
    CheckStep("tools", "Tools", Verdict.WARNING, "It answered without calling the tool."),
    CheckStep("speed", "Speed", Verdict.OK, "21.4 tokens/s; 19 to 28 were predicted."),
)


@dataclass
class FakeCheckUps:
    """Every check-up finds `STEPS`, one after another."""

    bus: Bus
    models: FakeModels
    found: dict[Path, CheckUp] = field(default_factory=dict)
    steps: tuple[CheckStep, ...] = STEPS
    wait_seconds: float = 0.0

    def latest(self, path: Path) -> CheckUp | None:
        return self.found.get(path)

    def run(self, name: str, job: Job) -> CheckUp:
        one = self.models.get(name)
        for step in self.steps:
            job.emit(step)
            job.cancel.wait(self.wait_seconds)
            job.cancel.check()
        self.found[one.path] = CheckUp(
            one.name, 1_790_000_000.0, "native b9310", self.steps, 3.1, 310.0, 21.4, 23.0, 3_900_000_000
        )
        self.bus.publish(Topic.MODELS)
        return self.found[one.path]


def bench_result(name: str, speed: float = 21.4, at: float = 1_790_000_000.0) -> BenchResult:
    """A benchmark with this speed at the start, slower with a longer context."""
    depths = (0, 2048, 8192)
    speeds = (speed, 0.85 * speed, 0.6 * speed)
    predicted = tuple(
        (depth, Range(0.8 * own, 1.05 * own, 1.3 * own)) for depth, own in zip(depths, speeds, strict=True)
    )
    rounds = [
        Speed.of(depth, (0.93 * own, 0.98 * own, own, 1.01 * own, 1.06 * own))
        for depth, own in zip(depths, speeds, strict=True)
    ]
    prompt = tuple(Speed.of(one.depth, [12 * figure for figure in one.rounds]) for one in rounds)
    told = Prediction(Range(200, 260, 320), predicted, 4_000_000_000)
    return BenchResult(name, "llama.cpp b9310", 16384, prompt, tuple(rounds), 0.21, 3.1, 3_900_000_000, told, at)


@dataclass
class FakeBench:
    """Each run is as fast as the one before, twice ``wait_seconds`` long, and kept in ``runs``, the newest first."""

    bus: Bus
    runs: tuple[BenchResult, ...] = ()
    failure: WorkbenchError | None = None
    unreadable: WorkbenchError | None = None
    wait_seconds: float = 0.0

    def last(self) -> tuple[BenchResult, ...]:
        if self.unreadable:
            raise self.unreadable
        return self.runs

    def run(self, candidate: Candidate, job: Job) -> BenchResult:
        job.emit(f"Loading {candidate.name}…")
        for done in range(2):
            job.emit(BenchStep(2048, done, 2))
            job.cancel.wait(self.wait_seconds)
            job.cancel.check()
        if self.failure:
            raise self.failure
        self.runs = (bench_result(candidate.name), *self.runs)
        self.bus.publish(Topic.BENCH)
        return self.runs[0]


@dataclass
class ScriptedRoute:
    """The route of the chat service: always the scripted backend, if there is a model."""

    models: FakeModels
    scripted: ScriptedBackend
    loading: str = ""

    def name(self, model: str) -> str:
        return self.models.get(model or None).name

    def source(self, model: str) -> str:
        return "engine"

    def backend(self, model: str, cancel: CancelToken, progress: Any) -> ChatBackend:
        if self.loading:
            progress(self.loading)
        return self.scripted

    def ready(self, model: str) -> ChatBackend | None:
        return self.scripted if self.models.installed else None


class NoTemplates:
    """Conditions and loops are for the real renderer."""

    def render(self, rendering: Rendering, cancel: CancelToken) -> str:
        raise UsageError("This template has conditions.", hint="Use plain variables here.")

    def warm(self, cancel: CancelToken) -> None: ...

    def close(self) -> None: ...


def _read_text(path: Path, cancel: CancelToken) -> str:
    cancel.check()
    return path.read_text(encoding="utf-8")


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
        self.database = Database(self.paths.database, migrations.workbench, backups=self.paths.backups)
        self.backend = backend or ScriptedBackend("Hello there, nice to meet you.")
        self.models = FakeModels(self.bus)
        self.advisor = FakeAdvisor(self.bus)
        self.downloads = FakeDownloads(self.bus, self.models)
        self.runtimes = FakeRuntimes(self.bus)
        self.checkups = FakeCheckUps(self.bus, self.models)
        self.bench = FakeBench(self.bus)
        self.documents = FakeDocuments(self.bus)
        self.fetched: list[str] = []
        self.picture: Image | WorkbenchError = DownloadError("Nobody answers.")
        self.route = ScriptedRoute(self.models, self.backend)
        clock = SystemClock()
        self.servers = RemoteServers(ServerStore(self.database), FakeSecrets(), clock, self.bus)
        route = RouteToServers(self.route, self.servers)
        self.known = KnownModel("fake-1b", "Fake 1B", ())
        self.model_options = ModelOptionsService(self.database, clock, self.bus, lambda _name: self.known)
        self.projects = ProjectService(
            ProjectStore(self.database),
            self.bus,
            clock,
            self.servers.stranger,
            lambda path, cancel: self.attachments.read(path, cancel),
            told_by_pinned(lambda: self.prompts, lambda: self.filler),
        )
        self.attachments = AttachmentService(
            self.paths.attachments,
            AttachmentNames(self.database).all,
            lambda text, cancel: self.chat.count(text, cancel),
        )
        base = Foundation(self.paths, self.database, clock, self.bus, lambda: self.settings)
        self.consents = build_consents(base)
        choosing = Around(
            lambda: self.settings, self.model_options.known, self.servers.stranger, lambda: self.models.seeing,
            lambda: self.consents, lambda: self.ledger, lambda: self.cloud,
        )  # fmt: skip
        self.router = build_router(base, choosing, self.database)
        self.memory = build_memory(base, self.projects)
        self.tool_source, self.tool_checks = FakeTools(), FakeToolChecks()
        self.secrets = FakeSecrets()
        self.web_search = WebSearch(lambda: self.settings.tools, self.change_setting, self.secrets)
        self.cloud_secrets = FakeSecrets()
        self.cloud = CloudService(
            CloudStore(self.database),
            self.cloud_secrets,
            clock,
            self.bus,
            lambda: self.settings.cloud,
            self.change_setting,
        )
        self.ledger = build_ledger(base)
        self.tool_servers = ToolServers(
            ToolServerStore(self.database), self.consents, FakeSecrets(), self.paths, clock, self.bus
        )
        self.tools = ToolDesk(
            (self.tool_source, self.tool_servers),
            lambda: self.settings.tools,
            self.tool_checks.capable,
            lambda off: self.change_setting("tools.off", off),
        )
        conversations = ConversationStore(self.database, clock)
        self.searching = SearchService(SearchStore(self.database), clock)
        self.feedback = FeedbackService(FeedbackStore(self.database, clock), self.bus)
        self.cases = CaseService(CaseStore(self.database, clock), conversations, self.bus)
        self.counting: ScriptedBackend | None = None  # the model here that counts for those of its family
        self.titling: ScriptedBackend | None = None  # the model that names chats: none is loaded
        self.titles = TitleService(
            TitleStore(self.database),
            conversations,
            lambda _model: self.titling,
            lambda: self.settings.chat.automatic_titles,
            lambda: self.settings.chat.system,
            self.bus,
        )
        self.chat = ChatService(
            conversations,
            route,
            self.bus,
            clock,
            self._options,
            self.model_options.complete,
            went_on=self.feedback.went_on,
            projects=self.projects,
            pictures=Pictures(self.attachments.image, lambda: self.models.seeing),
            grounds=Grounding(lambda: self.documents, self.servers.stranger),
            tools=OfferedTools(lambda: self.tools, base),
            consents=self.consents,
            memory=Knowing(lambda: self.memory, self.servers.stranger),
            router=LazyRouter(lambda: self.router),
        )
        self.store, self.provider_client = conversations, ScriptedClient()
        self.escalations = self._escalations(base)
        self.exports, self.imports = build_exports(base), build_imports(base)
        self.backups, self.bin = build_backups(base), build_bin(base)
        self.prompts = build_prompts(base)
        self.gained: tuple[Gain, ...] = ()
        self.prompt_files = SimpleNamespace(told=())
        self.filler = Filler(
            lambda: Ground(datetime(2026, 11, 23, 14, 5, tzinfo=UTC), "Ada", "en_GB"),
            Sources(_read_text),
            NoTemplates(),
        )
        self.engine = FakeEngine(self.bus, in_memory("Fake 1B", Path("/Fake 1B.gguf")))
        self.looked_elsewhere = self.prompts_looked_at = 0
        self.choices: tuple[PlanChoice, ...] = (PlanChoice("Context", "8,192 tokens", "It fits."),)
        self.taken_ports: dict[int, str] = {}
        self.api = ApiSwitch(self.paths, clock, self.bus, lambda: self.settings.api, self._open_api)
        self.api.follow()

    def _escalations(self, base: Foundation) -> EscalationService:
        """The real ones, over a provider that is none."""
        around = SimpleNamespace(
            store=self.store, forget=lambda _id: None, projects=self.projects, chat=self.chat, route=self.route,
            pictures=Pictures(self.attachments.image), ready_here=lambda: self.counting, family=lambda _name: "gpt-oss",
        )  # fmt: skip
        speaking = Speaking(lambda: self.provider_client, MailRedactor, WholeRestorer)
        return build_escalations(
            base, cast("Any", around), self.cloud, self.ledger, self.consents, cast("Any", lambda: self.documents),
            self.change_setting, speaking,
        )  # fmt: skip

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
