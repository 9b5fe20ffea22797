"""The engines, as far as the whole window is concerned: what was done to them is told, and one model is kept ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ui.bridge import Bridge
from ui.notify import Toasts
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.jobs import Job, Pool

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.models.library import InstalledModel

PRELOAD_MILLISECONDS = 400  # after the window was filled: the chat that is in view comes first
NEWS_SECONDS = 12


class EngineWatch(QObject):
    """Loads the preferred model in the background while ``engine.keep_ready`` is on, once for each model: one that was
    released stays so until the next start. What fails stands in the engine's status, and the next question tells it."""

    def __init__(self, bridge: Bridge, workbench: Workbench, toasts: Toasts, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._workbench = workbench
        self._toasts = toasts
        self._kept: InstalledModel | None = None
        self._loading: Job | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PRELOAD_MILLISECONDS)
        self._soon.timeout.connect(self._look)
        bridge.listen(self._on_changed)
        self._soon.start()

    def _on_changed(self, changed: Changed) -> None:
        if Topic.ENGINE in changed.topics:
            self._bridge.run(lambda _job: self._workbench.engine.news(), on_done=self._tell)
        if changed.topics & {Topic.SETTINGS, Topic.MODELS}:
            self._soon.start()

    def _tell(self, news: tuple[str, ...]) -> None:
        if news:
            self._toasts.show("\n".join(news), seconds=NEWS_SECONDS)

    # Keeping a model ready --------------------------------------------------------------------------------------------

    def _look(self) -> None:
        if self._workbench.settings.engine.keep_ready:
            self._bridge.run(lambda _job: self._preferred(), on_done=self._keep)
        else:
            self._keep(None)

    def _preferred(self) -> InstalledModel | None:
        """In a worker. None: the model that answers is of another machine, or there is none."""
        try:
            return self._workbench.models.get(self._workbench.settings.chat.model or None)
        except WorkbenchError:
            return None

    def _keep(self, model: InstalledModel | None) -> None:
        before, self._kept = self._kept, model
        if (before and before.path) == (model and model.path):
            return
        if self._loading is not None:
            self._loading.cancel.cancel()
            self._loading = None
        if model is not None:
            self._loading = self._bridge.run(
                lambda job: self._load(model, job), on_failed=lambda _error: None, pool=Pool.LONG
            )

    def _load(self, model: InstalledModel, job: Job) -> None:
        """In a worker; it attaches to the engine that was started at login."""
        self._workbench.models.check_first_use(model, job.cancel)
        self._workbench.engine.backend(model.path, model.name, job.cancel)
