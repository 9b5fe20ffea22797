"""What takes long with one model: it shows on its card and in its details, and can be stopped there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from ui.bridge import Bridge
from ui.models.state import Work
from workbench.errors import WorkbenchError
from workbench.jobs import Job, Pool
from workbench.models.library import InstalledModel


class LongWork(QObject):
    """One piece of work for each model. ``worked`` carries a model's id and its `Work`, None when that is over."""

    worked = Signal(str, object)

    def __init__(self, bridge: Bridge, tell: Callable[[WorkbenchError], None], parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._tell = tell
        self._jobs: dict[str, Job] = {}

    def __contains__(self, model_id: str) -> bool:
        return model_id in self._jobs

    def stop(self, model_id: str) -> None:
        self._jobs[model_id].cancel.cancel()

    def begin(
        self,
        model: InstalledModel,
        beginning: str,
        work: Callable[[Job], object],
        on_done: Callable[..., None],
        on_event: Callable[[object], Work | None],
        on_failed: Callable[[WorkbenchError], None] | None = None,
    ) -> None:
        """``on_event`` makes of the news what is to be shown. ``on_failed``: instead of telling it in the window."""

        def end(then: Callable[[], None] = lambda: None) -> None:
            del self._jobs[model.id]
            self.worked.emit(model.id, None)
            then()

        def show(news: object) -> None:
            if (now := on_event(news)) is not None:
                self.worked.emit(model.id, now)

        self.worked.emit(model.id, Work(beginning))
        self._jobs[model.id] = self._bridge.run(
            work,
            on_event=show,
            on_done=lambda result: end(partial(on_done, result)),
            on_failed=lambda error: end(partial(on_failed or self._tell, error)),
            on_cancelled=end,
            pool=Pool.LONG,
        )
