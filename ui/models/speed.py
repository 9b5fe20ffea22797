"""What was measured of the model whose details are open, and measuring it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.bridge import Bridge
from ui.models import speed_words
from ui.models.long_work import LongWork
from ui.models.speed_card import Measured, SpeedCard
from ui.models.state import Work
from ui.translation import tr
from workbench.diagnostics.bench.measuring import BenchStep
from workbench.diagnostics.bench.result import BenchResult
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.jobs import Job, Pool

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.models.library import InstalledModel


class Speed(QObject):
    """Fills the card; the runs are read when first wanted and after each new one."""

    def __init__(self, bridge: Bridge, workbench: Workbench, card: SpeedCard, work: LongWork) -> None:
        super().__init__(card)
        self._bridge = bridge
        self._workbench = workbench
        self._card = card
        self._work = work
        self._runs: tuple[BenchResult, ...] | None = None
        self._problems: dict[str, str] = {}  # of the last attempt, by the model's id
        self._model: InstalledModel | None = None
        self._reading = False
        bridge.listen(self._on_changed)

    def show(self, model: InstalledModel, work: Work | None) -> None:
        self._model = model
        self._card.show_work(work)
        self._fill()
        if self._runs is None:
            self._read()

    def measure(self, model: InstalledModel) -> None:
        """Blocks the model's card for a minute or more; what fails is told on the card of its speed."""
        self._problems.pop(model.id, None)
        self._fill()

        def fail(error: WorkbenchError) -> None:
            self._problems[model.id] = f"{error.message} {error.hint}".strip()
            self._fill()

        self._work.begin(
            model,
            tr(speed_words.BEGINNING),
            lambda job: self._workbench.bench.run(self._workbench.bench_candidate(model.id), job),
            lambda _result: self._read(),
            lambda news: _work_of(news),
            fail,
        )

    def _on_changed(self, changed: Changed) -> None:
        if Topic.BENCH in changed.topics and self._runs is not None:
            self._read()

    def _read(self) -> None:
        """One at a time; a run that ends meanwhile is read by what it publishes."""
        if self._reading:
            return
        self._reading = True

        def read(_job: Job) -> tuple[BenchResult, ...]:
            return self._workbench.bench.last()

        self._bridge.run(read, on_done=self._finish, on_failed=self._fail, pool=Pool.QUERY)

    def _finish(self, runs: tuple[BenchResult, ...]) -> None:
        self._reading, self._runs = False, runs
        self._fill()

    def _fail(self, error: WorkbenchError) -> None:
        self._reading, self._runs = False, ()
        if self._model is not None:
            self._problems[self._model.id] = f"{error.message} {error.hint}".strip()
        self._fill()

    def _fill(self) -> None:
        model = self._model
        if model is None:
            return
        runs = None if self._runs is None else tuple(run for run in self._runs if run.model == model.name)
        self._card.show_measured(Measured(model.name, runs, self._problems.get(model.id, "")))


def _work_of(news: object) -> Work | None:
    if isinstance(news, BenchStep):
        return Work(speed_words.step_words(news), news.done / max(1, news.total))
    return None
