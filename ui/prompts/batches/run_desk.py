"""The work behind the page of a prompt with steps: fills in, runs, stops, goes on, asks again from a step on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.notify import Toasts, announce
from ui.prompts.batches.run_page import RunPage
from ui.prompts.batches.run_state import RunLook, ended, reduce
from ui.prompts.form import PromptForm
from ui.prompts.form_filling import FilledPrompt, Filling
from ui.prompts.form_values import starting
from ui.translation import tr
from workbench.errors import WorkbenchError
from workbench.jobs import Job
from workbench.messages import Id
from workbench.prompts.prompt import Prompt, SavedPrompt, Variable
from workbench.prompts.running.line import asked_of
from workbench.prompts.running.run import Run

if TYPE_CHECKING:
    from workbench.app import Workbench


class RunDesk(QObject):
    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: RunPage, toasts: Toasts
    ) -> None:
        super().__init__(page)
        self._bridge, self._workbench, self._appearance = bridge, workbench, appearance
        self._page, self._toasts = page, toasts
        self._filling = Filling(bridge, workbench, self)
        self._look = RunLook()
        self._job: Job | None = None
        bridge.drained.connect(self._show)
        self._stale = False
        page.stop_asked.connect(self.stop)
        page.go_on_asked.connect(lambda: self._go_on(""))
        page.again_asked.connect(self._go_on)
        page.copy_asked.connect(self._copy)

    @property
    def look(self) -> RunLook:
        """What is shown."""
        return self._look

    def begin(self, prompt_id: Id) -> None:
        """Fill in this prompt, to run it. One that is being run goes on being shown."""
        if self._look.running:
            self._toasts.show(tr("A prompt is being run. Stop it first."), seconds=5)
            return
        self._bridge.run(
            lambda _job: _read(self._workbench, prompt_id),
            on_done=lambda found: self._begin(*found),
            on_failed=self._toasts.tell,
        )

    def stop(self) -> None:
        if self._job is not None:
            self._job.cancel.cancel()

    # Inside -----------------------------------------------------------------------------------------------------------

    def _begin(self, saved: SavedPrompt, variables: tuple[Variable, ...], last: Mapping[str, str]) -> None:
        form = PromptForm(self._appearance, saved, variables, starting(variables, last), send=tr("Run"))
        form.sent.connect(lambda values: self._run(saved, values))
        form.inserted.connect(lambda values: self._run(saved, values))
        form.previewed.connect(lambda values: self._preview(form, values))
        self._page.show_form(form)
        self._take(RunLook())

    def _preview(self, form: PromptForm, values: Mapping[str, str]) -> None:
        """Of its first step: the others begin with what it answers."""

        def show(filled: FilledPrompt) -> None:
            if self._page.form is form:
                form.show_preview(filled)

        def failed(error: WorkbenchError) -> None:
            if self._page.form is form:
                form.show_problem(f"{error.message} {error.hint}".strip())

        self._filling.preview(form.saved, values, show, failed)

    def _run(self, saved: SavedPrompt, values: Mapping[str, str]) -> None:
        self._perform(lambda job: self._workbench.prompt_runs.run(saved, values, job=job))

    def _go_on(self, from_step: str) -> None:
        run_id = self._look.run_id
        if run_id:
            self._perform(lambda job: self._workbench.prompt_runs.go_on(run_id, job, from_step))

    def _perform(self, work: Callable[[Job], Run]) -> None:
        if self._look.running:
            return
        self._take(RunLook(self._look.run_id, self._look.steps, running=True, activity=tr("Getting ready…")))

        def done(run: Run) -> None:
            self._job = None
            self._take(ended(self._look, run))
            announce(self._page, tr("The prompt was run."))

        def failed(error: WorkbenchError) -> None:
            self._job = None
            self._take(ended(self._look))
            self._toasts.tell(error)

        def cancelled() -> None:
            self._job = None
            self._take(ended(self._look))

        self._job = self._bridge.run(
            work, on_event=self._on_news, on_done=done, on_failed=failed, on_cancelled=cancelled
        )

    def _on_news(self, news: Any) -> None:
        """Shown once a frame."""
        self._look = reduce(self._look, news)
        self._stale = True

    def _show(self) -> None:
        if self._stale:
            self._take(self._look)

    def _take(self, look: RunLook) -> None:
        self._look, self._stale = look, False
        self._page.show_run(look)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._toasts.show(tr("Answer copied."), seconds=3)


def _read(workbench: Workbench, prompt_id: Id) -> tuple[SavedPrompt, tuple[Variable, ...], Mapping[str, str]]:
    """In a worker."""
    saved = workbench.prompts.get(prompt_id)

    def lookup(name: str) -> Prompt:
        return workbench.prompts.get(name).prompt

    return saved, asked_of(saved.prompt, lookup), workbench.prompts.last_values(saved.id)
