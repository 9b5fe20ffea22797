"""Ties the Models page to the program: reads what it shows, off the main thread, and does what the person asks for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.models.checking import Checking
from ui.models.loaded import Loaded
from ui.models.long_work import LongWork
from ui.models.opened import Opened, entry_of, pick_by_id
from ui.models.page import ModelsPage
from ui.models.speed import Speed
from ui.models.state import (
    Area,
    CatalogRead,
    DownloadsRead,
    Event,
    Filter,
    Filtered,
    FoundRead,
    LibraryEntry,
    LibraryRead,
    LookedAt,
    MachineRead,
    MemoryRead,
    ModelsState,
    ReadFailed,
    Unseen,
    Work,
    Worked,
    reduce,
)
from ui.models.sums import Sums
from ui.models.tool_check import check_tools
from ui.notify import Toasts
from ui.translation import marked, tr
from ui.widgets.popover import Choice, Popover
from workbench.engine.runtimes.builds import EngineBuild
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.jobs import Job, Pool
from workbench.models.adoption import FoundModel
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.fetching.progress import DownloadProgress
from workbench.models.library import InstalledModel
from workbench.models.sizing.estimate import Estimate, Fit
from workbench.models.verification import Verification

if TYPE_CHECKING:
    from workbench.app import Workbench

UNDO_SECONDS = 30.0  # longer than the toast that offers to undo
PURGE_MILLISECONDS = 60_000
READING = marked("Reading every byte…")
TOUCHED = {
    Topic.DOWNLOADS: (Area.DOWNLOADS,),
    Topic.MODELS: (Area.LIBRARY, Area.CATALOG),
    Topic.ENGINES: (Area.MACHINE, Area.LIBRARY, Area.CATALOG),
    Topic.SETTINGS: (Area.LIBRARY,),
}


class ModelsDesk(QObject):
    """``use_asked`` names the model that shall answer from now on."""

    use_asked = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        appearance: Appearance,
        page: ModelsPage,
        toasts: Toasts,
        checking: Checking,
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._page = page
        self._toasts = toasts
        self._checking = checking
        self._state = ModelsState(work=checking.work)
        self._reading: set[Area] = set()
        self._stale: set[Area] = set(Area)
        self._work = LongWork(bridge, toasts.tell, page)
        self._speed = Speed(bridge, workbench, page.details.speed, self._work)
        self._loaded = Loaded(bridge, workbench, page.loaded, toasts)
        self._sums = Sums(bridge, workbench, appearance, page, lambda: self._state)
        self._opened = Opened(bridge, workbench, page, self._speed, lambda: self._state)
        self._looking = False
        self._purge_soon = QTimer(self)
        self._purge_soon.setSingleShot(True)
        self._purge_soon.setInterval(PURGE_MILLISECONDS)
        self._purge_soon.timeout.connect(self._purge)
        self._readers: dict[Area, Callable[[Job], Event]] = {
            Area.MACHINE: self._read_machine,
            Area.DOWNLOADS: lambda _job: DownloadsRead(workbench.downloads.items()),
            Area.LIBRARY: self._read_library,
            Area.CATALOG: self._read_catalog,
            Area.FOUND: lambda job: FoundRead(workbench.models.found(job.cancel)),
        }
        self._connect()
        bridge.listen(self._on_changed)

    @property
    def state(self) -> ModelsState:
        return self._state

    def open_details(self, model_id: str) -> None:
        """Of a model of the library or of the catalog."""
        self._opened.open(model_id)

    # Reading ----------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """The page is in view: read what has become stale since. The advice depends on what is free, so it is always."""
        self._stale |= {Area.MACHINE, Area.CATALOG}
        self._read_stale()

    def _on_changed(self, changed: Changed) -> None:
        for topic in changed.topics:
            self._stale.update(TOUCHED.get(topic, ()))
        if self._page.isVisible():
            self._read_stale()

    def _read_stale(self) -> None:
        for area in self._stale - self._reading:
            self._stale.discard(area)
            self._read(area)

    def _read(self, area: Area) -> None:
        """One at a time for each area; what changes meanwhile is read after it."""
        self._reading.add(area)
        reader = self._readers[area]

        def finish(event: Event) -> None:
            self._reading.discard(area)
            self._apply(event)
            if self._page.isVisible():
                self._read_stale()

        self._bridge.run(
            reader,
            on_event=self._apply,
            on_done=finish,
            on_failed=lambda error: finish(ReadFailed(area, error)),
            pool=Pool.LONG if area is Area.FOUND else Pool.QUERY,
        )

    def _read_machine(self, _job: Job) -> Event:
        runtimes = self._workbench.runtimes
        could = {engine.id for engine in runtimes.engines().obtainable}  # with these GPUs and their drivers
        builds = tuple(build for build in runtimes.available() if build.id in could)
        return MachineRead(self._workbench.advisor.machine(), runtimes.installed(), builds)

    def _read_library(self, job: Job) -> Event:
        """The names at once where there are none yet, then what is known of each."""
        models = self._workbench.models.list()
        chosen = self._chosen()
        if self._state.library is None:
            job.emit(LibraryRead(tuple(LibraryEntry(model) for model in models), chosen))
        return LibraryRead(tuple(self._examined(model, job) for model in models), chosen)

    def _examined(self, model: InstalledModel, job: Job) -> LibraryEntry:
        estimate: Estimate | None = None
        note = ""
        if not model.problem:
            with suppress(WorkbenchError):  # a file that cannot be read has told its problem
                note = self._workbench.models.template_note(model)
                estimate = self._workbench.advisor.estimate(str(model.path), cancel=job.cancel)
        checkup, checks = self._workbench.checkups.latest(model.path), self._workbench.tool_checks
        if model.problem:
            return LibraryEntry(model, estimate, checkup, note)
        return LibraryEntry(model, estimate, checkup, note, checks.capability(model.id), checks.latest(model.id))

    def _chosen(self) -> str:
        with suppress(WorkbenchError):
            return self._workbench.models.get(self._workbench.settings.chat.model or None).id
        return ""

    def _read_catalog(self, _job: Job) -> Event:
        use = self._state.filter.use
        picks = self._workbench.advisor.overview(use)
        seen = {pick.model.id for pick in picks}
        unseen = tuple(model for model in self._workbench.advisor.models() if model.id not in seen)
        return CatalogRead(picks, self._workbench.advisor.recommend(use), unseen)

    def _look_at_memory(self) -> None:
        """While somebody looks; the next look comes when this one is answered."""
        if not self._looking and self._page.window().isActiveWindow():
            self._looking = True
            self._bridge.run(
                lambda _job: self._workbench.advisor.machine(),
                on_done=lambda machine: self._finish_look(MemoryRead(machine)),
                on_failed=lambda error: self._finish_look(ReadFailed(Area.MACHINE, error)),
            )

    def _finish_look(self, event: Event) -> None:
        self._looking = False
        self._apply(event)

    def _apply(self, event: Event) -> None:
        use = self._state.filter.use
        self._state = reduce(self._state, event)
        if self._state.filter.use is not use:
            self._stale.add(Area.CATALOG)
            self._read_stale()
        self._page.show_state(self._state)
        self._opened.refresh()

    # What the person asks for -----------------------------------------------------------------------------------------

    def _look_at(self, model: CatalogModel) -> None:
        """Ask the hub for the header of a model whose memory nobody knows yet."""
        self._apply(LookedAt(Unseen(model, looking=True)))
        self._bridge.run(
            lambda job: self._workbench.advisor.estimate(model.id, cancel=job.cancel),
            on_done=lambda found: self._apply(LookedAt(Unseen(model, estimate=found))),
            on_failed=lambda error: self._apply(
                LookedAt(Unseen(model, problem=f"{error.message} {error.hint}".strip()))
            ),
        )

    def _of_catalog(self, what: str, model_id: str, box: QRect) -> None:
        pick = pick_by_id(self._state, model_id)
        if pick is None:
            return
        if what == "details":
            self._opened.open(model_id)
        elif what == "sum" or pick.estimate.fit is Fit.NONE:
            corner = self._page.catalog.list.mapTo(self._page.window(), box.topLeft())
            anyway = partial(self._download, pick.model, pick.file) if what == "download" else None
            self._sums.show(
                pick.file.reference, pick.model.name, pick.estimate, QRect(corner, box.size()), pick, anyway
            )
        else:
            self._download(pick.model, pick.file)

    def _of_library(self, what: str, model_id: str) -> None:
        entry = entry_of(self._state, model_id)
        if entry is None:
            return
        acts: dict[str, Callable[[InstalledModel], None]] = {
            "use": lambda model: self.use_asked.emit(model.id),
            "stop": self._stop_work,
            "check": self._check_up,
            "tools": self._check_tools,
            "verify": self._verify,
            "measure": self._measure,
            "show": lambda model: _show_folder(model),
            "remove": self._remove,
        }
        acts[what](entry.model)

    def _offer_more(self, model_id: str, button: QWidget) -> None:
        entry = entry_of(self._state, model_id)
        if entry is None:
            return
        act = partial(partial, self._of_library)
        model = entry.model
        gone = (tr("Forget"), tr("the file stays")) if model.adopted else (tr("Delete"), "")
        choices = [
            Choice(tr("Details"), partial(self._opened.open, model_id), icon="info"),
            Choice(tr("Check up"), act("check", model_id), icon="stethoscope"),
            Choice(tr("Check tool calls"), act("tools", model_id), icon="wrench", detail=tr("100 small tasks")),
            Choice(tr("Measure speed"), act("measure", model_id), icon="gauge"),
            Choice(tr("Verify every byte"), act("verify", model_id), icon="shield-check"),
            Choice(tr("Show file"), act("show", model_id), icon="folder-open"),
            Choice(gone[0], act("remove", model_id), icon="trash-2", detail=gone[1], danger=True, separated=True),
        ]
        Popover(tr("More for {name}").format(name=model.name), choices, self._appearance, self._page.window()).open_at(
            button
        )

    def _download(self, model: CatalogModel, file: CatalogFile) -> None:
        self._add(file.reference, model.name)

    def _download_by_id(self, model_id: str) -> None:
        pick = pick_by_id(self._state, model_id)
        self._add(pick.file.reference if pick else model_id, pick.model.name if pick else model_id)

    def _install_engine(self, build: EngineBuild) -> None:
        self._add(f"engine:{build.id}", build.label)

    def _add(self, reference: str, title: str) -> None:
        self._do(lambda _job: self._workbench.downloads.add(reference, title))

    def _steer(self, what: str, item_id: str) -> None:
        queue = self._workbench.downloads
        acts = {"pause": queue.pause, "resume": queue.resume, "cancel": queue.cancel}
        self._do(lambda _job: acts[what](item_id))

    def _adopt(self, found: tuple[FoundModel, ...]) -> None:
        self._do(lambda _job: self._workbench.models.adopt(found), lambda _models: self._look_for_others())

    def _look_for_others(self) -> None:
        self._stale.add(Area.FOUND)
        self._read_stale()

    def _remove(self, model: InstalledModel) -> None:
        said = (
            tr("{name} was forgotten. Its file stays.").format(name=model.name)
            if model.adopted
            else tr("{name} was deleted.").format(name=model.name)
        )

        def restore(gone: InstalledModel) -> None:
            self._do(lambda _job: self._workbench.models.restore(gone))

        def offer(gone: InstalledModel) -> None:
            self._toasts.show(said, tr("Undo"), lambda: restore(gone))
            self._purge_soon.start()

        self._do(lambda _job: self._workbench.models.remove(model.id), offer)

    def _purge(self) -> None:
        """Nobody can undo it here any more: the disk gets its room back."""
        self._do(lambda _job: self._workbench.models.purge(UNDO_SECONDS))

    def _check_up(self, model: InstalledModel) -> None:
        if model.id not in self._work:
            self._checking.ask(model)

    def _check_tools(self, model: InstalledModel) -> None:
        if model.id not in self._state.work:
            check_tools(self._work, self._workbench, self._toasts, model)

    def _stop_work(self, model: InstalledModel) -> None:
        if model.id in self._work:
            self._work.stop(model.id)
        else:
            self._checking.stop(model.id)

    def _measure(self, model: InstalledModel) -> None:
        if model.id not in self._state.work:
            self._speed.measure(model)

    def _verify(self, model: InstalledModel) -> None:
        if model.id in self._state.work:
            return

        def finish(found: tuple[Verification, ...]) -> None:
            wrong = next((one.problem for one in found if not one.ok), "")
            self._toasts.show(
                f"{model.name}: {wrong}"
                if wrong
                else tr("{name} is what it should be, byte for byte.").format(name=model.name)
            )

        def work(job: Job) -> object:
            return tuple(self._workbench.models.verify(job.cancel, (model.id,), job.emit))

        self._work.begin(model, tr(READING), work, finish, _read_so_far)

    def _add_repository(self, repository: str) -> None:
        self._page.catalog.show_adding(going=True)

        def finish(model: CatalogModel) -> None:
            self._page.catalog.show_adding(going=False, added=True)
            self._toasts.show(tr("{name} is in your catalog.").format(name=model.name))
            self._stale.add(Area.CATALOG)
            self._read_stale()

        def fail(error: WorkbenchError) -> None:
            self._page.catalog.show_adding(going=False)
            self._toasts.tell(error)

        self._bridge.run(
            lambda job: self._workbench.advisor.add_repository(repository, job.cancel), on_done=finish, on_failed=fail
        )

    def _of_details(self, what: str) -> None:
        subject = self._opened.subject
        if what == "forget" and subject.pick is not None:
            forgotten = subject.pick.model.id
            self._do(lambda _job: self._workbench.advisor.remove_repository(forgotten))
            self._opened.close()
        elif subject.entry is not None:
            self._of_library(what, subject.entry.model.id)

    def _download_build(self, file: CatalogFile) -> None:
        subject = self._opened.subject
        if subject.pick is not None:
            self._download(subject.pick.model, file)

    def _do(self, work: Callable[[Job], object], on_done: Callable[..., None] = lambda _result: None) -> None:
        """A short piece of work whose failure is told at the bottom of the window."""
        self._bridge.run(work, on_done=on_done, on_failed=self._toasts.tell)

    # Parts ------------------------------------------------------------------------------------------------------------

    def _sum_of_entry(self, model_id: str, button: QWidget) -> None:
        entry = entry_of(self._state, model_id)
        if entry is not None and entry.estimate is not None:
            self._sums.show(str(entry.model.path), entry.model.name, entry.estimate, self._sums.box_of(button))

    def _sum_of_build(self, reference: str, name: str, found: Estimate, button: QWidget) -> None:
        self._sums.show(reference, name, found, self._sums.box_of(button))

    def _filter(self, chosen: Filter) -> None:
        self._apply(Filtered(chosen))

    def _connect(self) -> None:
        page = self._page
        self._work.worked.connect(lambda model_id, work: self._apply(Worked(model_id, work)))
        self._checking.worked.connect(lambda model_id, work: self._apply(Worked(model_id, work)))
        page.looked_at.connect(self.look)
        page.looked_at.connect(self._loaded.look)
        page.ticked.connect(self._loaded.tick)
        page.ticked.connect(self._look_at_memory)
        page.again_asked.connect(self._read_again)
        page.machine.engine_asked.connect(self._install_engine)
        page.downloads.asked.connect(self._steer)
        page.downloads.clear_asked.connect(lambda: self._do(lambda _job: self._workbench.downloads.clear()))
        page.library.asked.connect(self._of_library)
        page.library.more_asked.connect(self._offer_more)
        page.library.sum_asked.connect(self._sum_of_entry)
        page.found.adopt_asked.connect(self._adopt)
        page.found.download_asked.connect(self._download_by_id)
        page.found.again_asked.connect(self._look_for_others)
        page.catalog.filtered.connect(self._filter)
        page.catalog.asked.connect(self._of_catalog)
        page.catalog.unseen.look_asked.connect(self._look_at)
        page.catalog.unseen.download_asked.connect(lambda model: self._download(model, model.files[0]))
        page.catalog.unseen.sum_asked.connect(self._sum_of_build)
        page.catalog.add_asked.connect(self._add_repository)
        page.catalog.again_asked.connect(self._read_again)
        page.details.speed.measure_asked.connect(lambda: self._of_details("measure"))
        page.details.speed.stop_asked.connect(lambda: self._of_details("stop"))
        page.details.closed.connect(self._opened.close)
        page.details.asked.connect(self._of_details)
        page.details.download_asked.connect(self._download_build)
        page.details.sum_asked.connect(self._sum_of_build)

    def _read_again(self) -> None:
        self._stale |= set(self._state.failures)
        self._read_stale()


def _read_so_far(news: object) -> Work | None:
    return Work(tr(READING), news.bytes / max(1, news.total_bytes)) if isinstance(news, DownloadProgress) else None


def _show_folder(model: InstalledModel) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(model.path.parent)))
