"""The composition root: fills the ports, owns the lifetimes. The parts are put together in `workbench.assembly`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from workbench import migrations, settings
from workbench.assembly.at_login import follow_at_login
from workbench.assembly.facades import Facades
from workbench.assembly.foundation import Foundation
from workbench.assembly.log import log_to
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

    from workbench.cancel import CancelToken
    from workbench.chat.projects.export import ExportedProject
    from workbench.chat.searching.search import Hit
    from workbench.chat.tree import Node
    from workbench.diagnostics.bench.service import Candidate
    from workbench.diagnostics.doctor import Report
    from workbench.memory.importing import Imported
    from workbench.messages import Id, Image

ApiOpener = Callable[["Workbench", int], OpenApi]


class Workbench(Facades):
    """The program without a face: what the window and the command line share."""

    def __init__(self, paths: Paths, launcher: EngineLauncher, clock: Clock, open_api: ApiOpener | None = None) -> None:
        self.paths = paths
        self.bus = Bus()
        self.settings, self.notices = settings.load(paths.config)
        self._settings_lock = threading.Lock()
        self.restored = restore_requested(paths, clock.now)
        self._in_use = backup_use.enter(paths)
        self._database = Database(paths.database, migrations.workbench, backups=paths.backups)
        base = Foundation(paths, self._database, clock, self.bus, lambda: self.settings)
        super().__init__(base, launcher, self.change_setting)
        opener = None if open_api is None else partial(open_api, self)
        self.api = ApiSwitch(paths, clock, self.bus, lambda: self.settings.api, opener)
        self._version_seen = 0
        if not self.read_only:
            self.chat.recover()
            self.projects.empty_bin()
            self._version_seen = self._database.version_seen()

    def follow_documents(self) -> bool:
        """Read the attached folders from now on, as they change, unless another process of this home does: returns whether.

        Raises `StorageError`.
        """
        return self.documents.follow()

    def follow_prompts(self) -> None:
        """Keep prompts and their files in step from now on."""
        self.prompt_files.start()

    def look_at_prompts(self) -> None:
        """Files of prompts may be different: they are looked at soon, where they are followed."""
        if "prompt_files" in vars(self):
            self.prompt_files.look()

    def import_memory(self, path: Path, cancel: CancelToken) -> Imported:
        """Raises as `assembly.memory.take_in`."""
        from workbench.assembly.memory import take_in

        return take_in(self.memory, path, cancel)

    def export_memory(self, path: Path, *, replace: bool = False) -> None:
        """Raises as `assembly.memory.write_out`."""
        from workbench.assembly.memory import write_out

        write_out(self.memory, path, replace=replace)

    def go_on(self, answer_id: Id, job: Job, options: Options = AS_SET) -> Node:
        """Go on with an answer that waited for a person, or was stopped or cut off: with whoever gave it, the model here or
        that of a provider. ``options``: of one that was given here. Emits and raises as `ChatService.resume` and
        `Escalations.resume`."""
        if self.chat.is_from_provider(answer_id):
            return self.escalations.resume(answer_id, job)
        return self.chat.resume(answer_id, job, options)

    def keep_prompts_warm(self) -> None:
        """From now on, whenever a model is loaded and nobody asks it anything."""
        if not self.read_only:
            self.warm_prompts.start()

    def export_project(self, project_id: Id, target: Path, cancel: CancelToken) -> ExportedProject:
        """Write a project with its chats and files into a new folder. Raises as `projects_export.export_project`."""
        from workbench.chat.projects.export import export_project

        chats = [chat.id for chat in self.projects.chats(project_id)]
        return export_project(self.projects.get(project_id), chats, self.exports, target, cancel)

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
        self._close_opened("escalations", "tool_warming", "warm_prompts", "filler", "prompt_files", "documents")
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
