"""The work behind the page of batches: finds inputs, starts, watches, pauses, reads results, exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDir, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.notify import Toasts
from ui.prompts.batches.items import PAGE
from ui.prompts.batches.page import BatchesPage
from ui.prompts.batches.words import Kind
from ui.prompts.form_values import starting
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.jobs import Job
from workbench.messages import Id
from workbench.prompts.filling.fill import asked
from workbench.prompts.prompt import SavedPrompt, Variable
from workbench.prompts.running.batches.batch import Batch, BatchProgress, Input
from workbench.prompts.running.batches.inputs import filled_by, from_csv, from_files, from_lines
from workbench.prompts.running.batches.service import Batches
from workbench.prompts.running.run import Run

if TYPE_CHECKING:
    from workbench.app import Workbench

SOON_MILLISECONDS = 400  # a batch tells of each answer: the page is read again at most so often
FORMS = (("csv", "CSV"), ("json", "JSON"), ("md", "Markdown"))
LOOKED_AT = 5  # earlier batches of a prompt, for how long an input takes


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the view of a new batch needs."""

    saved: SavedPrompt
    variables: tuple[Variable, ...]
    variable: str
    last: Mapping[str, str]
    seconds_each: float | None


class BatchesDesk(QObject):
    """``library_asked``: the person wants to choose a prompt."""

    library_asked = Signal()

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: BatchesPage, toasts: Toasts
    ) -> None:
        super().__init__(page)
        self._bridge, self._workbench, self._appearance = bridge, workbench, appearance
        self._page, self._toasts = page, toasts
        self._saved: SavedPrompt | None = None
        self._variables: tuple[Variable, ...] = ()
        self._shown: Id | None = None
        self._looking: Job | None = None
        self._working: dict[Id, BatchProgress | None] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MILLISECONDS)
        self._soon.timeout.connect(self._load)
        self._connect()

    @property
    def _batches(self) -> Batches:
        return self._workbench.batches

    @property
    def working(self) -> frozenset[Id]:
        """The batches that this window is at."""
        return frozenset(self._working)

    def begin(self, prompt_id: Id) -> None:
        """Choose the inputs for this prompt."""
        self._bridge.run(
            lambda _job: _beginning(self._workbench, prompt_id), on_done=self._begin, on_failed=self._toasts.tell
        )

    def open(self, batch_id: Id) -> None:
        self._shown = batch_id
        self._bridge.run(lambda _job: self._batches.get(batch_id), on_done=self._open, on_failed=self._toasts.tell)

    def go_on(self, batch_id: Id, *, failed_again: bool = False) -> None:
        """Work on what has no answer yet; in the background, also while the page is left."""
        if batch_id in self._working:
            return
        self._working[batch_id] = None

        def ended(_batch: object = None) -> None:
            self._working.pop(batch_id, None)
            self._load()

        def done(batch: Batch) -> None:
            ended()
            if not batch.left and not self._is_looked_at(batch_id):
                self._toasts.show(
                    tr("“{title}” is done.").format(title=batch.title), tr("Results"), partial(self.open, batch_id)
                )

        def failed(error: WorkbenchError) -> None:
            ended()
            self._toasts.tell(error)

        self._bridge.run(
            lambda job: self._batches.work(batch_id, job, failed_again=failed_again),
            on_event=partial(self._on_news, batch_id),
            on_done=done,
            on_failed=failed,
            on_cancelled=ended,
        )
        self._soon.start()

    def _offer_prompts(self) -> None:
        self._bridge.run(
            lambda _job: self._workbench.prompts.all(), on_done=self._show_prompts, on_failed=self._toasts.tell
        )

    def _show_prompts(self, prompts: tuple[SavedPrompt, ...]) -> None:
        """To be found by a few letters; without any, the library says how to begin."""
        from ui.command_list import CommandList
        from ui.prompts.choosing import commands_of

        if not prompts:
            self.library_asked.emit()
            return
        choices = commands_of(prompts, self.begin)
        CommandList(choices, self._appearance, self._page.window(), name=tr("Choose a prompt")).open()

    # A new one --------------------------------------------------------------------------------------------------------

    def _begin(self, found: Beginning) -> None:
        self._saved, self._variables = found.saved, found.variables
        values = starting(found.variables, found.last)
        self._page.start.begin(found.saved, found.variables, found.variable, values, found.seconds_each)
        self._page.show_start()

    def _look(self, kind: Kind, path: str, variable: str) -> None:
        variables, start = self._variables, self._page.start
        if self._looking is not None:
            self._looking.cancel.cancel()
        self._looking = self._bridge.run(
            lambda _job: _inputs(kind, path, variable, variables),
            on_done=start.show_inputs,
            on_failed=lambda error: start.show_problem(f"{error.message} {error.hint}".strip()),
        )

    def _start(self, inputs: tuple[Input, ...]) -> None:
        saved = self._saved
        if saved is None:
            return

        def started(batch: Batch) -> None:
            self.go_on(batch.id)
            self._shown = batch.id
            self._open(batch)

        self._bridge.run(lambda _job: self._batches.start(saved, inputs), on_done=started, on_failed=self._toasts.tell)

    # One of them ------------------------------------------------------------------------------------------------------

    def _open(self, batch: Batch) -> None:
        if batch.id == self._shown:
            self._show(batch)
            self._page.show_batch()

    def _show(self, batch: Batch) -> None:
        working = batch.id in self._working
        self._page.batch.show_batch(batch, working=working, progress=self._working.get(batch.id))
        for first in self._page.batch.model.pages:
            self._read(first)

    def _read(self, first: int) -> None:
        batch_id = self._shown
        if batch_id is None:
            return

        def read(runs: tuple[Run, ...]) -> None:
            if batch_id == self._shown:
                self._page.batch.show_page(first, runs)

        self._bridge.run(
            lambda _job: self._batches.results(batch_id, first, PAGE), on_done=read, on_failed=lambda _error: None
        )

    def _pause(self) -> None:
        batch_id = self._shown
        if batch_id is not None:
            self._bridge.run(lambda _job: self._batches.pause(batch_id), on_failed=self._toasts.tell)

    def _remove(self) -> None:
        batch_id = self._shown
        if batch_id is None:
            return

        def removed(_nothing: object) -> None:
            self._shown = None
            self._page.show_list()
            self._toasts.show(tr("The batch and its answers are deleted."), seconds=5)

        self._bridge.run(lambda _job: self._batches.remove(batch_id), on_done=removed, on_failed=self._toasts.tell)

    def _offer_removing(self) -> None:
        """Answers cannot be brought back: it is asked first."""
        choices = [Choice(tr("Delete with all its answers"), self._remove, icon="trash-2", danger=True)]
        Popover(tr("Delete this batch"), choices, self._appearance, self._page.window()).open_at(
            self._page.batch.remove
        )

    def _offer_forms(self) -> None:
        choices = [Choice(name, partial(self._choose_target, form)) for form, name in FORMS]
        Popover(tr("Export"), choices, self._appearance, self._page.window()).open_at(self._page.batch.export)

    def _choose_target(self, form: str) -> None:
        dialog = QFileDialog(self._page.window(), tr("Save the results"), QDir.homePath())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(form)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.export_to(path, form))
        dialog.open()

    def export_to(self, path: str, form: str) -> None:
        """Write the results of the batch in view."""
        batch_id = self._shown
        if batch_id is None:
            return
        self._bridge.run(
            lambda _job: self._batches.export(batch_id, Path(path), form),
            on_done=lambda count: self._toasts.show(
                tr("{count} results saved as {path}.").format(count=f"{count:,}", path=path)
            ),
            on_failed=self._toasts.tell,
        )

    # News -------------------------------------------------------------------------------------------------------------

    def _on_news(self, batch_id: Id, news: Any) -> None:
        if isinstance(news, BatchProgress):
            self._working[batch_id] = news
            self._later()

    def _on_changed(self, changed: Changed) -> None:
        if Topic.RUNS in changed.topics and self._page.isVisible():
            self._later()

    def _is_looked_at(self, batch_id: Id) -> bool:
        return self._page.isVisible() and self._page.in_batch and self._shown == batch_id

    def _later(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _load(self) -> None:
        if not self._page.isVisible():
            return
        self._bridge.run(lambda _job: self._batches.list(), on_done=self._take, on_failed=self._toasts.tell)

    def _take(self, batches: tuple[Batch, ...]) -> None:
        self._page.list.show_batches(batches)
        shown = next((one for one in batches if one.id == self._shown), None)
        if shown is not None and self._page.in_batch:
            self._show(shown)

    def _connect(self) -> None:
        page, view = self._page, self._page.batch
        page.looked_at.connect(self._load)
        page.list.opened.connect(self.open)
        page.list.go_on_asked.connect(self._go_on_and_open)
        page.list.library_asked.connect(self._offer_prompts)
        page.start.looked_for.connect(self._look)
        page.start.begun.connect(self._start)
        view.pause_asked.connect(self._pause)
        view.go_on_asked.connect(lambda: self.go_on(self._shown or ""))
        view.again_asked.connect(lambda: self.go_on(self._shown or "", failed_again=True))
        view.export_asked.connect(self._offer_forms)
        view.remove_asked.connect(self._offer_removing)
        view.copy_asked.connect(self._copy)
        view.model.asked.connect(self._read)
        self._bridge.listen(self._on_changed)

    def _go_on_and_open(self, batch_id: Id) -> None:
        self.go_on(batch_id)
        self.open(batch_id)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._toasts.show(tr("Answer copied."), seconds=3)


def _beginning(workbench: Workbench, prompt_id: Id) -> Beginning:
    """In a worker. Raises `UsageError` for a prompt that no input could fill."""
    saved = workbench.prompts.get(prompt_id)
    variables = asked(saved.prompt)
    main = filled_by(variables)
    return Beginning(
        saved, variables, main.name, workbench.prompts.last_values(saved.id), _seconds(workbench, saved.id)
    )


def _seconds(workbench: Workbench, prompt_id: Id) -> float | None:
    """How long an input of this prompt took, the last times."""
    known = [one for one in workbench.batches.list() if one.prompt_id == prompt_id and one.done][:LOOKED_AT]
    runs = [run for one in known for run in workbench.batches.results(one.id, 0, 20)]
    times = sorted(sum(step.seconds or 0.0 for step in run.steps) for run in runs if run.answer)
    return times[len(times) // 2] if times else None


def _inputs(kind: Kind, path: str, variable: str, variables: tuple[Variable, ...]) -> tuple[Input, ...]:
    """In a worker. Raises `UsageError`."""
    if kind is Kind.CSV:
        return from_csv(path, variables)
    chosen = filled_by(variables, variable)
    return from_files(path, chosen) if kind is Kind.FILES else from_lines(path, chosen)
