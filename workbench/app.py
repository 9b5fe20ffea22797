"""The composition root: fills the ports, owns the lifetimes. The parts are put together in `workbench.assembly`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from workbench import migrations, settings
from workbench.assembly.at_login import follow_at_login
from workbench.assembly.conversation import ConversationParts, Lent
from workbench.assembly.engines import EngineParts
from workbench.assembly.foundation import Foundation
from workbench.assembly.log import log_to
from workbench.assembly.models import ModelParts
from workbench.assembly.offered_tools import OfferedTools
from workbench.chat.asking.options import AS_SET, Options
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.diagnostics import backup_use
from workbench.diagnostics.backup_restoring import restore_requested
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.scheduling.idle import needs_restart
from workbench.errors import StorageError
from workbench.events import KEPT, Bus, Topic
from workbench.jobs import Job
from workbench.models.library import InstalledModel
from workbench.paths import Paths, default_home
from workbench.ports import Clock, EngineLauncher, LaunchPlan
from workbench.serving.switch import ApiSwitch, OpenApi

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.assembly.running import RunningParts
    from workbench.cancel import CancelToken
    from workbench.chat.escalating.service import EscalationService
    from workbench.chat.exporting.service import Exports
    from workbench.chat.importing.service import Imports
    from workbench.chat.keeping.bin import ChatBin
    from workbench.chat.projects.export import ExportedProject
    from workbench.chat.searching.search import Hit
    from workbench.chat.store import ConversationStore
    from workbench.chat.tree import Node
    from workbench.cloud.service import CloudService
    from workbench.cloud.spending.service import LedgerService
    from workbench.consents.service import ConsentService
    from workbench.diagnostics.backup_making import Backups
    from workbench.diagnostics.bench.service import BenchService, Candidate
    from workbench.diagnostics.doctor import Report
    from workbench.documents.desk import DocumentDesk
    from workbench.engine.checking.checkups import CheckUps
    from workbench.memory.importing import Imported
    from workbench.memory.service import MemoryService
    from workbench.messages import Id, Image
    from workbench.prompts.exchange import PromptExchange
    from workbench.prompts.files.following import PromptFiles
    from workbench.prompts.filling.fill import Filler
    from workbench.prompts.filling.filled import Filled
    from workbench.prompts.library import Prompts
    from workbench.prompts.prompt import Prompt
    from workbench.prompts.running.batches.service import Batches
    from workbench.prompts.running.runner import PromptRunner
    from workbench.prompts.running.testing import PromptTests
    from workbench.prompts.warming import WarmPrompts
    from workbench.routing.following import Following
    from workbench.routing.service import RouterService
    from workbench.tools.checking.service import ToolChecks
    from workbench.tools.desk import ToolDesk
    from workbench.tools.servers.service import ToolServers
    from workbench.tools.warming import ToolWarming
    from workbench.tools.web.service import WebSearch

ApiOpener = Callable[["Workbench", int], OpenApi]


class Workbench:
    """The program without a face: what the window and the command line share."""

    def __init__(self, paths: Paths, launcher: EngineLauncher, clock: Clock, open_api: ApiOpener | None = None) -> None:
        self.paths = paths
        self.bus = Bus()
        self.settings, self.notices = settings.load(paths.config)
        self._settings_lock = threading.Lock()
        self.restored = restore_requested(paths, clock.now)
        self._in_use = backup_use.enter(paths)
        self._database = Database(paths.database, migrations.workbench, backups=paths.backups)
        self._base = base = Foundation(paths, self._database, clock, self.bus, lambda: self.settings)
        self._engines = engines = EngineParts(
            base, launcher, lambda path: self.models.find(path), lambda: self._models.preferred_path()
        )
        self.engine, self.runtimes, self.hardware = engines.service, engines.runtimes, engines.hardware
        self.traits = engines.traits
        self._models = models = ModelParts(base, engines)
        self.models, self.hub, self.advisor = models.service, models.hub, models.advisor
        self.downloads = models.downloads
        self._conversation = conversation = ConversationParts(base, engines, models, self._lent())
        self.chat, self.model_options, self.servers = conversation.chat, conversation.options, conversation.servers
        self.temporary_chat = conversation.temporary_chat
        self.feedback, self.cases, self.titles = conversation.feedback, conversation.cases, conversation.titles
        self.versions = conversation.versions
        self.projects = conversation.projects
        self.attachments = conversation.attachments
        self.searching = conversation.search
        opener = None if open_api is None else partial(open_api, self)
        self.api = ApiSwitch(paths, clock, self.bus, lambda: self.settings.api, opener)
        self._version_seen = 0
        if not self.read_only:
            self.chat.recover()
            self.projects.empty_bin()
            self._version_seen = self._database.version_seen()

    def _lent(self) -> Lent:
        return Lent(
            documents=lambda: self.documents,
            pinned=self._told_by_pinned,
            tools=self._offered_tools,
            consents=self.consents,
            memory=lambda: self.memory,
            ledger=lambda: self.ledger,
            cloud=lambda: self.cloud,
        )

    @cached_property
    def documents(self) -> DocumentDesk:
        """Document folders. Nothing of their index is opened before it is asked for."""
        from workbench.assembly.documents import build_documents, own_models, own_rankers

        return build_documents(
            self._base,
            lambda: self.engine.status().answering > 0,
            lambda: own_models(self.models, self.engine),
            lambda: own_rankers(self.models, self.engine),
        )

    def follow_documents(self) -> bool:
        """Read the attached folders from now on, as they change, unless another process of this home does: returns whether.

        Raises `StorageError`.
        """
        return self.documents.follow()

    @cached_property
    def prompts(self) -> Prompts:
        """The prompt library. Nothing of it is read before it is asked for."""
        from workbench.assembly.prompts import build_prompts

        return build_prompts(self._base)

    def _told_by_pinned(self, names: Sequence[str]) -> tuple[str, ...]:
        from workbench.assembly.pinned import told_by_pinned

        return told_by_pinned(lambda: self.prompts, lambda: self.filler)(names)

    @cached_property
    def prompt_files(self) -> PromptFiles:
        """Prompts as Markdown files in a folder. Nothing is looked at before it is asked to."""
        from workbench.assembly.prompts import build_prompt_files

        return build_prompt_files(self._base, self.prompts)

    @cached_property
    def prompt_exchange(self) -> PromptExchange:
        """Prompts of other programs, in and out."""
        from workbench.prompts.exchange import PromptExchange

        return PromptExchange(self.prompts)

    def follow_prompts(self) -> None:
        """Keep prompts and their files in step from now on."""
        self.prompt_files.start()

    def look_at_prompts(self) -> None:
        """Files of prompts may be different: they are looked at soon, where they are followed."""
        if "prompt_files" in vars(self):
            self.prompt_files.look()

    @cached_property
    def _running(self) -> RunningParts:
        from workbench.assembly.running import RunningParts

        return RunningParts(
            self._base, self._engines, self._models, self._conversation, lambda: self.prompts, self._fill
        )

    def _fill(
        self, prompt: Prompt, values: Mapping[str, str], cancel: CancelToken, steps: Mapping[str, Any] | None = None
    ) -> Filled:
        return self.filler.fill(prompt, values, cancel, steps)

    @property
    def router(self) -> RouterService:
        """By which rules a model is chosen for a question, and what came of it."""
        return self._conversation.router.service

    @property
    def prompt_runs(self) -> PromptRunner:
        """Performs prompts step by step."""
        return self._running.runner

    @property
    def prompt_tests(self) -> PromptTests:
        """Whether prompts do what their test cases say."""
        return self._running.tests

    @property
    def batches(self) -> Batches:
        """One prompt on many inputs."""
        return self._running.batches

    @cached_property
    def memory(self) -> MemoryService:
        """What is remembered of the person. Nothing of it is read before it is asked for."""
        from workbench.assembly.memory import build_memory

        return build_memory(self._base, self.projects)

    def import_memory(self, path: Path, cancel: CancelToken) -> Imported:
        """Raises as `assembly.memory.take_in`."""
        from workbench.assembly.memory import take_in

        return take_in(self.memory, path, cancel)

    def export_memory(self, path: Path, *, replace: bool = False) -> None:
        """Raises as `assembly.memory.write_out`."""
        from workbench.assembly.memory import write_out

        write_out(self.memory, path, replace=replace)

    @cached_property
    def consents(self) -> ConsentService:
        """What a person is asked before something leaves or changes."""
        from workbench.assembly.consents import build_consents

        return build_consents(self._base)

    @cached_property
    def cloud(self) -> CloudService:
        """Who may be asked in the cloud. Reaches nobody by itself."""
        from workbench.assembly.cloud import build_cloud

        return build_cloud(self._base, self.change_setting)

    @cached_property
    def ledger(self) -> LedgerService:
        """What the cloud may cost and what it did."""
        from workbench.assembly.ledger import build_ledger

        return build_ledger(self._base)

    @cached_property
    def escalations(self) -> EscalationService:
        """Questions that are taken to a stronger model. Nobody is reached before a person has said yes."""
        from workbench.assembly.escalating import build_escalations

        return build_escalations(
            self._base,
            self._conversation,
            self.cloud,
            self.ledger,
            self.consents,
            lambda: self.documents,
            self.change_setting,
        )

    @cached_property
    def following(self) -> Following:
        """Questions for which a stronger model is proposed: sent by a chat's own yes and cap, or left to the person."""
        from workbench.assembly.following import build_following

        return build_following(
            self._conversation.store,
            lambda: self.cloud,
            lambda: self.ledger,
            lambda: self.consents,
            lambda: self.escalations,
            lambda: self.router,
        )

    def go_on(self, answer_id: Id, job: Job, options: Options = AS_SET) -> Node:
        """Go on with an answer that waited for a person, or was stopped or cut off: with whoever gave it, the model here or
        that of a provider. ``options``: of one that was given here. Emits and raises as `ChatService.resume` and
        `Escalations.resume`."""
        if self.chat.is_from_provider(answer_id):
            return self.escalations.resume(answer_id, job)
        return self.chat.resume(answer_id, job, options)

    @cached_property
    def web_search(self) -> WebSearch:
        """Who searches the web, and with which key. Nothing is reached before somebody searches."""
        from workbench.assembly.web import build_web_search

        return build_web_search(self._base, self.change_setting)

    @cached_property
    def tool_servers(self) -> ToolServers:
        """Programs and addresses that offer tools. None is started before one of its tools is called."""
        from workbench.assembly.tool_servers import build_tool_servers

        return build_tool_servers(self._base, self.consents)

    @cached_property
    def tools(self) -> ToolDesk:
        """All tools together: which there are and which are switched on. Nothing is asked of them before."""
        return self._tool_desk(self._conversation.store, keeps=True)

    def _tool_desk(self, chats: ConversationStore, *, keeps: bool) -> ToolDesk:
        from workbench.assembly.tools import Surroundings, build_tools
        from workbench.assembly.web import build_web_tools

        around = Surroundings(
            lambda: self.documents,
            chats.folders,
            self.projects,
            self.consents,
            lambda model: self.tool_checks.capable(model),
            lambda off: self.change_setting("tools.off", off),
            (build_web_tools(self._base, self.web_search), self.tool_servers),
            keeps=keeps,
        )
        return build_tools(self._base, around)

    def _offered_tools(self, chats: ConversationStore) -> OfferedTools:
        """Of chats that are never written, too: they have a store of their own."""

        def opened() -> ToolDesk:
            return self.tools if chats is self._conversation.store else self._tool_desk(chats, keeps=False)

        return OfferedTools(cache(opened), self._base)

    @cached_property
    def filler(self) -> Filler:
        """Fills in prompts. The child that renders conditions and loops is started when one is first rendered."""
        from workbench.assembly.filling import build_filler

        return build_filler(self._base, lambda: self.documents)

    @cached_property
    def warm_prompts(self) -> WarmPrompts:
        """Favourites whose beginning is read before they are used. Nothing is read before it is started."""
        from workbench.assembly.warming import build_warm_prompts

        return build_warm_prompts(
            self._base, self._engines, self._conversation, lambda: self.prompts, lambda: self.memory
        )

    def keep_prompts_warm(self) -> None:
        """From now on, whenever a model is loaded and nobody asks it anything."""
        if not self.read_only:
            self.warm_prompts.start()

    @cached_property
    def tool_warming(self) -> ToolWarming:
        """What tools import is there before they are used. `start` it where somebody will stay."""
        from workbench.assembly.tool_warming import build_tool_warming

        busy = lambda: self.engine.status().answering > 0  # noqa: E731
        return build_tool_warming(self._base, lambda model: self.tool_checks.capable(model), busy)

    @cached_property
    def checkups(self) -> CheckUps:
        from workbench.assembly.checking import build_checkups  # only when somebody asks, as all that follow

        return build_checkups(self._base, self._engines, self._models)

    @cached_property
    def tool_checks(self) -> ToolChecks:
        """How well models call tools, and which of them may be offered some."""
        from workbench.assembly.tool_checks import build_tool_checks

        return build_tool_checks(self._base, self._engines, self._models, self._conversation, lambda: self.checkups)

    @cached_property
    def backups(self) -> Backups:
        from workbench.assembly.keeping import build_backups

        return build_backups(self._base)

    @cached_property
    def bin(self) -> ChatBin:
        from workbench.assembly.keeping import build_bin

        return build_bin(self._base)

    @cached_property
    def exports(self) -> Exports:
        from workbench.assembly.keeping import build_exports

        return build_exports(self._base)

    def export_project(self, project_id: Id, target: Path, cancel: CancelToken) -> ExportedProject:
        """Write a project with its chats and files into a new folder. Raises as `projects_export.export_project`."""
        from workbench.chat.projects.export import export_project

        chats = [chat.id for chat in self.projects.chats(project_id)]
        return export_project(self.projects.get(project_id), chats, self.exports, target, cancel)

    @cached_property
    def imports(self) -> Imports:
        from workbench.assembly.keeping import build_imports

        return build_imports(self._base)

    @cached_property
    def bench(self) -> BenchService:
        from workbench.assembly.bench import build_bench

        return build_bench(self._base, self._engines)

    def bench_candidate(self, model: str, runtime: str = "") -> Candidate:
        """An installed model (empty: the preferred one) and an installed engine (empty: the one that would answer).

        Raises `ModelError` or `UsageError` for what is not installed.
        """
        from workbench.assembly.bench import bench_candidate

        return bench_candidate(self._engines, self._models, model, runtime)

    def web_picture(self, url: str, cancel: CancelToken) -> Image:
        """A picture that an answer names, because the person asked for it. Raises as `chat.attaching.web_picture`."""
        from workbench.chat.attaching.web_picture import web_picture

        return web_picture(url, cancel)

    def search(self, query: str, limit: int = 20, per_chat: int = 0) -> tuple[Hit, ...]:
        """What was said in the chats, see `chat.searching.search`: the best of the newest. Raises `StorageError` only.

        At most ``limit`` hits, and at most ``per_chat`` of one chat (0: any number).
        """
        return self.searching.find(query, limit, per_chat=per_chat)

    def doctor(self) -> Report:
        from workbench.diagnostics.cloud_check import check_cloud, see_cloud
        from workbench.diagnostics.doctor import examine
        from workbench.diagnostics.prompt_check import check_prompts

        return examine(
            self.paths,
            self._database,
            self.models,
            self._engines.upcoming(),
            self.notices,
            hardware=self.hardware,
            engines=self.runtimes.engines,
            folders=self.documents.collections,
            prompts=lambda: check_prompts(len(self.prompts.all()), self.prompts.damaged()),
            cloud=lambda: check_cloud(see_cloud(self.cloud, self.ledger, self.settings.cloud.addresses)),
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
            follow_at_login(self.paths, before, new)
            settings.save(self.paths.config, new)
            self.settings, self.notices = new, ()
        if needs_restart(before.engine, new.engine):
            self.engine.stop()
        self.engine.look_again()
        if new.documents != before.documents and "documents" in vars(self):
            self.documents.embed_anew()
        if new.api != before.api:
            self.api.apply()
        self.bus.publish(Topic.SETTINGS)

    def enlarge_context(self, job: Job) -> int:
        """Have the model load with twice its context, or as much as fits; returns the tokens.

        Raises `HardwareError` when no more fits on this machine, or the model was not made for more.
        """
        from workbench.assembly.larger_context import larger_context

        tokens = larger_context(self._engines, self._models, job.cancel)
        self.change_setting("engine.context_tokens", tokens)
        return tokens

    def launch_plan(self, model: str = "") -> tuple[InstalledModel, LaunchPlan]:
        """An installed model (empty: the preferred one), and how it runs or would be started now. Raises `ModelError`."""
        found = self._models.chosen(model)
        return found, self.engine.running_plan(found.path) or self._engines.survey.plan(found.path)

    def changed_elsewhere(self) -> bool:
        """Whether another process has changed conversations, models or downloads since the last look; it is published too.

        Called now and then, so what a full disk refused before is tried again here too.
        """
        self.chat.save_endings()
        if "ledger" in vars(self):
            self.ledger.save_endings()
        if self.settings.cloud.enabled:
            self.cloud.look_again()
        seen = self._database.version_seen()
        changed, self._version_seen = seen != self._version_seen, seen
        if changed:
            self.downloads.look_again()
            if "tool_servers" in vars(self):
                self.tool_servers.look_again()
            self.bus.publish(*KEPT)
        return ("documents" in vars(self) and self.documents.changed_elsewhere()) or changed

    def close(self) -> None:
        """Stop the API, downloads and the engine, close the database; jobs must have ended before. Safe to call twice."""
        self.api.close()
        self._close_opened("tool_warming", "warm_prompts", "filler", "prompt_files", "documents")
        self.downloads.close()
        self.engine.close()
        self._close_opened("tool_servers")
        self._engines.experience.close()
        self.chat.save_endings()
        if "ledger" in vars(self):
            self.ledger.save_endings()
        self._database.close()
        backup_use.leave(self._in_use)

    def _close_opened(self, *names: str) -> None:
        """In this order; what nobody has asked for is not made to be closed."""
        for name in names:
            if name in vars(self):
                getattr(self, name).close()


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
    log_to(paths)
    clock = clock or SystemClock()
    return Workbench(paths, launcher or NativeLauncher(paths, clock), clock, open_api)


def diagnose(problem: StorageError, paths: Paths | None = None) -> Report:
    """What the doctor can tell when `build` raised ``problem``."""
    from workbench.diagnostics.doctor import examine_unopened

    paths = paths or Paths(default_home())
    return examine_unopened(paths, NativeLauncher(paths, SystemClock()), problem)
