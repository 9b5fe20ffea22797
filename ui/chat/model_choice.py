"""Which model answers: the chip and its list, what can be fetched when there is none, and the engine's state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.offer import Downloads, ModelOffer
from ui.chat.page import ChatPage
from ui.chat.words import engine_words, size_words
from ui.notify import Toasts
from ui.widgets.popover import Choice, Popover
from workbench.errors import WorkbenchError
from workbench.events import Topic

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.engine.service import EngineStatus
    from workbench.models.library import InstalledModel

NO_MODEL = "There is no model to answer yet: download one, or choose a GGUF file."


@dataclass(frozen=True, slots=True)
class Installed:
    """The models on this disk, the one that would answer, and why none would."""

    models: tuple[InstalledModel, ...] = ()
    chosen: InstalledModel | None = None
    problem: WorkbenchError | None = None


class ModelChoice(QObject):
    """``changed``: another model, or another state of the engine. ``link_asked`` carries the terms of a model."""

    changed = Signal()
    link_asked = Signal(str)

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: ChatPage, toasts: Toasts
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._page = page
        self._toasts = toasts
        self._installed = Installed()
        self._downloads = Downloads(bridge, workbench, self)
        self._offer: ModelOffer | None = None
        page.composer.refused.connect(lambda: toasts.show(NO_MODEL))

    def load(self, topics: frozenset[Topic] = frozenset(Topic)) -> None:
        """Read again what these topics touch."""
        if topics & {Topic.MODELS, Topic.SETTINGS}:
            self._bridge.run(lambda _job: self._look(), on_done=self._show)
        if topics & {Topic.ENGINE, Topic.SETTINGS}:
            self._bridge.run(lambda _job: self._workbench.engine.status(), on_done=self._show_engine)

    def open_list(self) -> None:
        """The installed models, above the chip."""
        chosen = self._installed.chosen
        choices = [
            Choice(
                model.name,
                partial(self.use, model.name),
                icon="cpu",
                detail=size_words(model.bytes),
                checked=chosen is not None and model.id == chosen.id,
            )
            for model in self._installed.models
            if not model.problem
        ]
        file = Choice("Choose a GGUF file…", self.choose_file, icon="folder-open", separated=bool(choices))
        popover = Popover("Models", [*choices, file], self._appearance, self._page.window())
        popover.open_at(self._page.composer.model_chip, above=True)

    def choose_file(self) -> None:
        """Use a model file wherever it lies; it is not copied."""
        dialog = QFileDialog(self._page.window(), "Choose a model", _downloads(), "Models (*.gguf)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.use)
        dialog.open()

    def use(self, name: str) -> None:
        """Answer with this model from now on: a name, or the path of a file."""

        def save() -> None:
            self._workbench.models.get(name)  # a file that is no model is refused before it is chosen
            self._workbench.change_setting("chat.model", name)

        self._bridge.run(lambda _job: save(), on_done=lambda _none: self.load(), on_failed=self._toasts.tell)
        self._page.composer.draft.setFocus()

    def _look(self) -> Installed:
        """In a worker."""
        models = self._workbench.models.list()
        try:
            return Installed(models, self._workbench.models.get(self._workbench.settings.chat.model or None))
        except WorkbenchError as error:
            return Installed(models, problem=error)

    def _show(self, installed: Installed) -> None:
        self._installed = installed
        ready = installed.chosen is not None
        self._page.composer.show_model(installed.chosen.name if installed.chosen else "")
        self._page.composer.show_sendable(ready)
        self._page.welcome.show_ready(ready)
        self._show_offer(not ready)
        if installed.problem is not None and installed.models:
            self._toasts.tell(installed.problem, "Choose a model", self.open_list)
        self.changed.emit()

    def _show_offer(self, needed: bool) -> None:
        if self._offer is not None:
            self._offer.show_needed(needed)
        elif needed:
            self._offer = ModelOffer(self._appearance, self._downloads)
            self._offer.file_asked.connect(self.choose_file)
            self._offer.terms_asked.connect(self.link_asked)
            self._offer.installed.connect(self._on_installed)
            self._page.put_offer(self._offer)
            self._bridge.run(lambda _job: self._workbench.models.starters(), on_done=self._offer.show_starters)

    def _on_installed(self) -> None:
        self.load()
        self._toasts.show("The model is ready: ask it something.")
        self._page.composer.draft.setFocus()

    def _show_engine(self, status: EngineStatus) -> None:
        self._page.engine.setText(engine_words(str(status.state), status.model, status.context_tokens))
        self._page.engine.setToolTip(status.cause or "")
        self.changed.emit()


def _downloads() -> str:
    """Where a model file most likely lies."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    return folder if QDir(folder).exists() else QDir.homePath()
