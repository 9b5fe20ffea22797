"""Check-ups: when the person asks for one, and by itself, once, of a model that arrives while the window is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.bridge import Bridge
from ui.models.state import Work
from ui.models.words import verdict_words
from ui.notify import Toasts
from ui.translation import marked, tr
from workbench.engine.checking.checkup import CheckStep, CheckUp, Verdict
from workbench.events import Changed, Topic
from workbench.jobs import Job, Pool

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.models.library import InstalledModel

DOWNLOADED = ("pypi", "huggingface")
BEGINNING = marked("Checking up: loading…")
WAITING = marked("The check-up waits for another one…")


class Checking(QObject):
    """One check-up at a time. What was not asked for waits until no answer is being written, and makes way for one.

    ``answering``: whether an answer is being written. ``worked`` carries a model's id and its `Work`, None when that is
    over. ``details_asked``: the person wants to see what was found of the model with this id.
    """

    worked = Signal(str, object)
    details_asked = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        toasts: Toasts,
        answering: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._workbench = workbench
        self._toasts = toasts
        self._answering = answering
        self._known: frozenset[str] | None = None
        self._asked: list[InstalledModel] = []
        self._new: list[InstalledModel] = []
        self._current: InstalledModel | None = None
        self._by_itself = False
        self._work = Work(tr(BEGINNING))
        self._loading = False
        self._job: Job | None = None
        bridge.listen(self._on_changed)
        self._look()

    @property
    def work(self) -> Mapping[str, Work]:
        """What is going on now and what was asked for, by the model's id."""
        waiting = dict.fromkeys((model.id for model in self._asked), Work(tr(WAITING)))
        return waiting if self._current is None else {**waiting, self._current.id: self._work}

    def ask(self, model: InstalledModel) -> None:
        """Check ``model`` up as soon as no other one is being checked."""
        if self._current is not None and self._current.id == model.id:
            self._by_itself = False
        elif model.id not in self.work:
            self._asked.append(model)
            self.worked.emit(model.id, Work(tr(WAITING)))
            self.go_on()

    def stop(self, model_id: str) -> None:
        if self._job is not None and self._current is not None and self._current.id == model_id:
            self._by_itself = False  # it does not come back
            self._job.cancel.cancel()
        elif model_id in self.work:
            self._asked = [model for model in self._asked if model.id != model_id]
            self.worked.emit(model_id, None)

    def go_on(self) -> None:
        """Begin what may begin now, and make way for an answer. An engine that is loading is not stopped: it is needed."""
        if self._current is not None:
            if self._by_itself and self._answering() and not self._loading and self._job is not None:
                self._job.cancel.cancel()
        elif self._asked:
            self._begin(self._asked.pop(0), by_itself=False)
        elif self._new and not self._answering():
            self._begin(self._new.pop(0), by_itself=True)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _on_changed(self, changed: Changed) -> None:
        if Topic.MODELS in changed.topics:
            self._look()

    def _look(self) -> None:
        self._bridge.run(lambda _job: self._workbench.models.list(), on_done=self._compare)

    def _compare(self, models: tuple[InstalledModel, ...]) -> None:
        """What came from a download since the last look is to be checked."""
        known, self._known = self._known, frozenset(model.id for model in models if not model.problem)
        if known is not None:
            self._new += [model for model in models if model.id in self._known - known and _was_downloaded(model)]
            self._new = [model for model in self._new if model.id in self._known]
            self.go_on()

    def _begin(self, model: InstalledModel, *, by_itself: bool) -> None:
        self._current, self._by_itself = model, by_itself
        self._loading = True
        self._say(Work(tr(BEGINNING)))
        self._job = self._bridge.run(
            lambda job: self._workbench.checkups.run(model.id, job),
            on_event=self._tell,
            on_done=lambda found: self._end(lambda: self._report(model, found)),
            on_failed=lambda error: self._end(lambda: self._toasts.tell(error)),
            on_cancelled=lambda: self._end(lambda: self._put_back(model)),
            pool=Pool.LONG,
        )

    def _tell(self, step: CheckStep) -> None:
        self._loading = False
        self._say(Work(tr("Checking up: {title} is done…").format(title=step.title)))
        self.go_on()

    def _say(self, work: Work) -> None:
        if self._current is not None:
            self._work = work
            self.worked.emit(self._current.id, work)

    def _end(self, then: Callable[[], None]) -> None:
        ended, self._current, self._job = self._current, None, None
        if ended is not None:
            self.worked.emit(ended.id, None)
        then()
        self.go_on()

    def _put_back(self, model: InstalledModel) -> None:
        """It made way for an answer; what the person stopped stays stopped."""
        if self._by_itself:
            self._new.insert(0, model)

    def _report(self, model: InstalledModel, found: CheckUp) -> None:
        """What nobody asked for is told when something is wrong; the model's card has it all."""
        if not self._by_itself or found.verdict is Verdict.PROBLEM:
            said = f"{model.name}: {verdict_words(found)}."
            self._toasts.show(said, tr("Show"), lambda: self.details_asked.emit(model.id))


def _was_downloaded(model: InstalledModel) -> bool:
    return model.source in DOWNLOADED and not model.adopted and model.can_chat
