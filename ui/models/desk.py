"""Ties the Models page to the program: reads what it shows, off the main thread, and does what the person asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.models import words
from ui.models.checking import Checking
from ui.models.details import Subject
from ui.models.memory_sum import MemorySum
from ui.models.page import ModelsPage
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
    on_shelf,
    pick_of,
    reduce,
    shelf,
)
from ui.notify import Toasts
from ui.widgets.popover import Choice, Popover
from workbench.engine.runtimes.builds import EngineBuild
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.jobs import Job, Pool
from workbench.models.adoption import FoundModel
from workbench.models.advising.advice import Pick
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.fetching.progress import DownloadProgress
from workbench.models.library import InstalledModel
from workbench.models.sizing.estimate import Estimate, Fit, Request
from workbench.models.verification import Verification

if TYPE_CHECKING:
    from workbench.app import Workbench

UNDO_SECONDS = 30.0  # longer than the toast that offers to undo
PURGE_MILLISECONDS = 60_000
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
        self._jobs: dict[str, Job] = {}
        self._fits: Job | None = None
        self._sum: Job | None = None
        self._looking = False
        self._purge_soon = QTimer(self)
        self._purge_soon.setSingleShot(True)
        self._purge_soon.setInterval(PURGE_MILLISECONDS)
        self._purge_soon.timeout.connect(self._purge)
        self._opened = ""  # id of the model whose details are open: of the library, else of the catalog
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
        return LibraryEntry(model, estimate, self._workbench.checkups.latest(model.path), note)

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
        if self._show_opened() and self._page.details.isHidden():
            self._page.show_details(True)

    # Details and the sum ----------------------------------------------------------------------------------------------

    def open_details(self, model_id: str) -> None:
        """Of a model of the library or of the catalog."""
        self._opened = model_id
        self._page.catalog.list.show_model(model_id)
        if self._show_opened():
            self._page.show_details(True)

    def close_details(self) -> None:
        card = self._page.library.cards.get(self._opened)
        self._opened = ""
        self._cancel_fits()
        self._page.show_details(False)
        if self._page.catalog.isVisible():
            self._page.catalog.list.setFocus()
        else:
            (card.more if card else self._page.here).setFocus()

    def _show_opened(self) -> bool:
        """Fill the details that are wanted, as soon as there is something to show."""
        if not self._opened or self._state.library is None:
            return False
        subject = self._subject()
        if not subject.name:  # it is gone
            self.close_details()
            return False
        if self._page.details.show_subject(subject):
            self._cancel_fits()
            self._fits = self._bridge.run(
                lambda job: self._work_out_fits(subject.files, job),
                on_event=self._show_fit,
            )
        return True

    def _subject(self) -> Subject:
        entry = self._entry(self._opened)
        pick = pick_of(entry.model, self._state) if entry else self._pick(self._opened)
        if pick is not None and entry is None:
            entry = on_shelf(pick.model, shelf(self._state))
        return Subject(pick, entry)

    def _work_out_fits(self, files: Iterable[CatalogFile], job: Job) -> None:
        for file in files:
            job.cancel.check()
            found: Estimate | None = None
            with suppress(WorkbenchError):  # not known and not to be had offline: told as such
                found = self._workbench.advisor.estimate(file.reference, cancel=job.cancel)
            job.emit((file, found))

    def _show_fit(self, news: tuple[CatalogFile, Estimate | None]) -> None:
        file, found = news
        self._page.details.show_fit(file, found, words.engine_note(found, self._state.builds))

    def _cancel_fits(self) -> None:
        if self._fits is not None:
            self._fits.cancel.cancel()
            self._fits = None

    def show_sum(
        self,
        reference: str,
        name: str,
        found: Estimate,
        at: QRect,
        pick: Pick | None = None,
        anyway: Callable[[], None] | None = None,
    ) -> None:
        """Open the sum at ``at`` (in the window). ``anyway``: what the person may do in spite of it."""
        step = ("Download anyway", anyway) if anyway else None
        processor = (self._state.machine.cpu_name if self._state.machine else None) or ""
        shown = MemorySum(name, processor, self._appearance, self._page.window(), step)
        shown.context_asked.connect(lambda tokens: self._sum_again(shown, reference, tokens))
        shown.destroyed.connect(self._forget_sum)
        shown.show_estimate(found, self._state.builds, pick)
        shown.open_at(at)

    def _sum_again(self, shown: MemorySum, reference: str, tokens: int) -> None:
        """Only the answer to the last question is shown, and none once the sum is gone."""
        self._forget_sum()
        shown.show_waiting()
        job = self._bridge.run(
            lambda job: self._workbench.advisor.estimate(reference, Request(context_tokens=tokens), cancel=job.cancel),
            on_done=lambda found: shown.show_estimate(found, self._state.builds) if self._sum is job else None,
            on_failed=lambda error: shown.show_failure(error) if self._sum is job else None,
        )
        self._sum = job

    def _forget_sum(self) -> None:
        if self._sum is not None:
            self._sum.cancel.cancel()
            self._sum = None

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

    # What the person asks for -----------------------------------------------------------------------------------------

    def _of_catalog(self, what: str, model_id: str, box: QRect) -> None:
        pick = self._pick(model_id)
        if pick is None:
            return
        if what == "details":
            self.open_details(model_id)
        elif what == "sum" or pick.estimate.fit is Fit.NONE:
            corner = self._page.catalog.list.mapTo(self._page.window(), box.topLeft())
            anyway = partial(self._download, pick.model, pick.file) if what == "download" else None
            self.show_sum(pick.file.reference, pick.model.name, pick.estimate, QRect(corner, box.size()), pick, anyway)
        else:
            self._download(pick.model, pick.file)

    def _of_library(self, what: str, model_id: str) -> None:
        entry = self._entry(model_id)
        if entry is None:
            return
        acts: dict[str, Callable[[InstalledModel], None]] = {
            "use": lambda model: self.use_asked.emit(model.id),
            "stop": self._stop_work,
            "check": self._check_up,
            "verify": self._verify,
            "show": lambda model: _show_folder(model),
            "remove": self._remove,
        }
        acts[what](entry.model)

    def _offer_more(self, model_id: str, button: QWidget) -> None:
        entry = self._entry(model_id)
        if entry is None:
            return
        act = partial(partial, self._of_library)
        model = entry.model
        gone = ("Forget", "the file stays") if model.adopted else ("Delete", "")
        choices = [
            Choice("Details", partial(self.open_details, model_id), icon="info"),
            Choice("Check up", act("check", model_id), icon="stethoscope"),
            Choice("Verify every byte", act("verify", model_id), icon="shield-check"),
            Choice("Show file", act("show", model_id), icon="folder-open"),
            Choice(gone[0], act("remove", model_id), icon="trash-2", detail=gone[1], danger=True, separated=True),
        ]
        Popover(f"More for {model.name}", choices, self._appearance, self._page.window()).open_at(button)

    def _download(self, model: CatalogModel, file: CatalogFile) -> None:
        self._add(file.reference, model.name)

    def _download_by_id(self, model_id: str) -> None:
        pick = self._pick(model_id)
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
        said = f"{model.name} was forgotten. Its file stays." if model.adopted else f"{model.name} was deleted."

        def restore(gone: InstalledModel) -> None:
            self._do(lambda _job: self._workbench.models.restore(gone))

        def offer(gone: InstalledModel) -> None:
            self._toasts.show(said, "Undo", lambda: restore(gone))
            self._purge_soon.start()

        self._do(lambda _job: self._workbench.models.remove(model.id), offer)

    def _purge(self) -> None:
        """Nobody can undo it here any more: the disk gets its room back."""
        self._do(lambda _job: self._workbench.models.purge(UNDO_SECONDS))

    def _check_up(self, model: InstalledModel) -> None:
        if model.id not in self._jobs:
            self._checking.ask(model)

    def _stop_work(self, model: InstalledModel) -> None:
        if model.id in self._jobs:
            self._jobs[model.id].cancel.cancel()
        else:
            self._checking.stop(model.id)

    def _verify(self, model: InstalledModel) -> None:
        def finish(found: tuple[Verification, ...]) -> None:
            wrong = next((one.problem for one in found if not one.ok), "")
            self._toasts.show(
                f"{model.name}: {wrong}" if wrong else f"{model.name} is what it should be, byte for byte."
            )

        def tell(news: object) -> None:
            if isinstance(news, DownloadProgress):
                self._apply(Worked(model.id, Work("Reading every byte…", news.bytes / max(1, news.total_bytes))))

        self._work(
            model,
            "Reading every byte…",
            lambda job: tuple(self._workbench.models.verify(job.cancel, (model.id,), job.emit)),
            finish,
            tell,
        )

    def _work(
        self,
        model: InstalledModel,
        beginning: str,
        work: Callable[[Job], object],
        on_done: Callable[..., None],
        on_event: Callable[[object], None],
    ) -> None:
        """Something that takes long with one model: it shows on its card and can be stopped there."""
        if model.id in self._state.work:
            return

        def end(then: Callable[[], None] = lambda: None) -> None:
            del self._jobs[model.id]
            self._apply(Worked(model.id, None))
            then()

        self._apply(Worked(model.id, Work(beginning)))
        self._jobs[model.id] = self._bridge.run(
            work,
            on_event=on_event,
            on_done=lambda result: end(partial(on_done, result)),
            on_failed=lambda error: end(partial(self._toasts.tell, error)),
            on_cancelled=end,
            pool=Pool.LONG,
        )

    def _add_repository(self, repository: str) -> None:
        self._page.catalog.show_adding(going=True)

        def finish(model: CatalogModel) -> None:
            self._page.catalog.show_adding(going=False, added=True)
            self._toasts.show(f"{model.name} is in your catalog.")
            self._stale.add(Area.CATALOG)
            self._read_stale()

        def fail(error: WorkbenchError) -> None:
            self._page.catalog.show_adding(going=False)
            self._toasts.tell(error)

        self._bridge.run(
            lambda job: self._workbench.advisor.add_repository(repository, job.cancel), on_done=finish, on_failed=fail
        )

    def _of_details(self, what: str) -> None:
        subject = self._subject()
        if what == "forget" and subject.pick is not None:
            forgotten = subject.pick.model.id
            self._do(lambda _job: self._workbench.advisor.remove_repository(forgotten))
            self.close_details()
        elif subject.entry is not None:
            self._of_library(what, subject.entry.model.id)

    def _download_build(self, file: CatalogFile) -> None:
        subject = self._subject()
        if subject.pick is not None:
            self._download(subject.pick.model, file)

    def _do(self, work: Callable[[Job], object], on_done: Callable[..., None] = lambda _result: None) -> None:
        """A short piece of work whose failure is told at the bottom of the window."""
        self._bridge.run(work, on_done=on_done, on_failed=self._toasts.tell)

    # Parts ------------------------------------------------------------------------------------------------------------

    def _entry(self, model_id: str) -> LibraryEntry | None:
        return next((entry for entry in self._state.library or () if entry.model.id == model_id), None)

    def _pick(self, model_id: str) -> Pick | None:
        return next((pick for pick in self._state.picks or () if pick.model.id == model_id), None)

    def _sum_of_entry(self, model_id: str, button: QWidget) -> None:
        entry = self._entry(model_id)
        if entry is not None and entry.estimate is not None:
            self.show_sum(str(entry.model.path), entry.model.name, entry.estimate, self._box_of(button))

    def _sum_of_build(self, reference: str, name: str, found: Estimate, button: QWidget) -> None:
        self.show_sum(reference, name, found, self._box_of(button))

    def _box_of(self, control: QWidget) -> QRect:
        return QRect(control.mapTo(self._page.window(), QPoint(0, 0)), control.size())

    def _filter(self, chosen: Filter) -> None:
        self._apply(Filtered(chosen))

    def _connect(self) -> None:
        page = self._page
        self._checking.worked.connect(lambda model_id, work: self._apply(Worked(model_id, work)))
        page.looked_at.connect(self.look)
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
        page.details.closed.connect(self.close_details)
        page.details.asked.connect(self._of_details)
        page.details.download_asked.connect(self._download_build)
        page.details.sum_asked.connect(self._sum_of_build)

    def _read_again(self) -> None:
        self._stale |= set(self._state.failures)
        self._read_stale()


def _show_folder(model: InstalledModel) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(model.path.parent)))
