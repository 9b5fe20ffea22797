"""Which models are in memory while somebody looks: read, released, and one of them kept ready."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.bridge import Bridge
from ui.models import loaded_words
from ui.models.loaded_card import LoadedCard
from ui.models.loaded_words import InMemory, Keeping
from ui.notify import Toasts
from workbench.engine.connection import State
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.jobs import Job
from workbench.models.sizing.estimate import Request

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.engine.status import EngineStatus

KEEP_READY = "engine.keep_ready"


@dataclass(frozen=True, slots=True)
class Look:
    """What was found at one look."""

    models: tuple[InMemory, ...]
    keeping: Keeping


class Loaded(QObject):
    """Fills the card: `look` when the page comes into view and while it is, and after each change of an engine."""

    def __init__(self, bridge: Bridge, workbench: Workbench, card: LoadedCard, toasts: Toasts) -> None:
        super().__init__(card)
        self._bridge = bridge
        self._workbench = workbench
        self._card = card
        self._toasts = toasts
        self._looking = False
        self._again = False
        card.release_asked.connect(self._release)
        card.keep_asked.connect(self._keep)
        bridge.listen(self._on_changed)

    def look(self) -> None:
        """One at a time; what changes meanwhile is read after it."""
        if self._looking:
            self._again = True
            return
        self._looking = True
        self._bridge.run(lambda _job: self._read(), on_done=self._show, on_failed=lambda _error: self._finish())

    def tick(self) -> None:
        """Answers begin and end without a word: look again while somebody does."""
        if self._card.window().isActiveWindow():
            self.look()

    def _on_changed(self, changed: Changed) -> None:
        if changed.topics & {Topic.ENGINE, Topic.MODELS, Topic.SETTINGS} and self._card.isVisible():
            self.look()

    # In a worker ------------------------------------------------------------------------------------------------------

    def _read(self) -> Look:
        loaded, current = self._workbench.engine.loaded(), self._workbench.engine.status()
        statuses = list(loaded)
        if current.state in (State.STARTING, State.FAILED) and current.path not in {one.path for one in loaded}:
            statuses.append(current)
        models = tuple(InMemory(status, self._takes(status)) for status in statuses)
        return Look(models, self._keeping(models))

    def _takes(self, status: EngineStatus) -> int | None:
        """Of an engine of another process nobody knows here what it maps."""
        if status.state is not State.READY:
            return None
        expected = self._expected(status.path, status.context_tokens) if status.elsewhere and status.path else 0
        return max(expected, status.takes_bytes or 0, status.memory_bytes or 0) or None

    def _expected(self, path: Path, context_tokens: int | None = None) -> int:
        """Bytes with this context, None: as it would be started; 0 where nobody can tell."""
        advisor = self._workbench.advisor
        with suppress(WorkbenchError):
            if context_tokens is None:
                return advisor.estimate_as_started(str(path)).total_bytes
            return advisor.estimate(str(path), Request(context_tokens)).total_bytes
        return 0

    def _keeping(self, models: tuple[InMemory, ...]) -> Keeping:
        settings = self._workbench.settings
        try:
            preferred = self._workbench.models.get(settings.chat.model or None)
        except WorkbenchError:
            return Keeping(on=settings.engine.keep_ready)
        path = preferred.path.absolute()
        mine = next((one for one in models if one.status.path == path and one.status.state is not State.FAILED), None)
        takes = (mine and mine.takes_bytes) or self._expected(preferred.path) or None
        return Keeping(preferred.name, settings.engine.keep_ready, takes, here=mine is not None)

    # In the main thread -----------------------------------------------------------------------------------------------

    def _show(self, look: Look) -> None:
        self._card.show_models(look.models)
        self._card.show_keeping(look.keeping)
        self._finish()

    def _finish(self) -> None:
        self._looking, again, self._again = False, self._again, False
        if again:
            self.look()

    def _release(self, model: InMemory) -> None:
        path = model.status.path
        if path is None:
            return

        def release(_job: Job) -> None:
            self._workbench.engine.unload(path)

        def tell(_none: object) -> None:
            self._toasts.show(loaded_words.released(model))
            self.look()

        self._bridge.run(release, on_done=tell, on_failed=self._toasts.tell)

    def _keep(self, on: bool) -> None:
        def fail(error: WorkbenchError) -> None:
            self._card.restore_keeping()
            self._toasts.tell(error)

        self._bridge.run(
            lambda _job: self._workbench.change_setting(KEEP_READY, on),
            on_done=lambda _none: self.look(),
            on_failed=fail,
        )
