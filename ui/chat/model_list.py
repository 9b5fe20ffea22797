"""The list above the chip: what is on its way, the models on this disk with fit and speed, and where to get more."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.choosing import AUTO_NAME
from ui.fit_words import fit_words, speed_words
from ui.models.words import PROGRAMS, download_words
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.errors import WorkbenchError
from workbench.jobs import Job
from workbench.models.fetching.queue import DownloadItem, DownloadState
from workbench.models.sizing.estimate import Estimate
from workbench.settings import AUTO
from workbench.sizes import size_words

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.engine.remote.server import RemoteModel, Server
    from workbench.models.library import InstalledModel

UNDER_WAY = (DownloadState.RUNNING, DownloadState.QUEUED, DownloadState.PAUSED)


class ModelList(QObject):
    """``used`` carries the id of a model."""

    used = Signal(str)
    file_asked = Signal()
    models_asked = Signal()
    options_asked = Signal()
    second_asked = Signal()

    def __init__(self, bridge: Bridge, core: Workbench, appearance: Appearance, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._core = core
        self._appearance = appearance
        self._judging: Job | None = None

    def open_at(
        self,
        chip: QWidget,
        installed: Sequence[InstalledModel],
        chosen: InstalledModel | None,
        downloads: Sequence[DownloadItem],
        elsewhere: Sequence[tuple[Server, RemoteModel]] = (),
        answering: tuple[Server, RemoteModel] | None = None,
        *,
        auto: bool = False,
        otherwise: str = "",
    ) -> None:
        """At once with what is known; fit and speed follow, model by model. ``elsewhere``: on other machines. ``auto``: one
        is chosen for each question; ``chosen`` is the usual one then. ``otherwise``: the name of the model that would
        answer if none had been chosen for the chat; empty: none was."""
        if chosen is not None and all(chosen.id != model.id for model in installed):
            installed = (chosen, *installed)  # a file somewhere else
        choices = [self._auto(checked=auto)] if any(not model.problem for model in installed) else []
        choices += [self._coming(item) for item in downloads if item.state in UNDER_WAY]
        answers = "" if auto or chosen is None else chosen.id
        choices += [
            self._model(model, checked=model.id == answers, separated=bool(choices) and not at)
            for at, model in enumerate(installed)
        ]
        choices += [
            self._remote(*one, checked=one == answering, separated=bool(choices) and not at)
            for at, one in enumerate(elsewhere)
        ]
        if otherwise:
            choices.append(self._as_set(otherwise))
        more = Choice(tr("Get more models…"), self.models_asked.emit, icon="hard-drive", separated=bool(choices))
        file = Choice(tr("Choose a GGUF file…"), self.file_asked.emit, icon="folder-open")
        chosen_name = answering[0].full_name(answering[1]) if answering else chosen.name if chosen else ""
        options = (
            [Choice(tr("Options of {model}…").format(model=chosen_name), self.options_asked.emit, icon="wrench")]
            if chosen_name
            else []
        )
        two = (
            [Choice(tr("Ask two models…"), self.second_asked.emit, icon="columns-2", note=tr("The next question"))]
            if len(installed) + len(elsewhere) > 1
            else []
        )
        popover = Popover(tr("Models"), [*choices, more, file, *two, *options], self._appearance, chip.window())
        popover.open_at(chip, above=True)
        self._judge(popover, [model for model in installed if not model.problem])

    def _auto(self, *, checked: bool) -> Choice:
        note = tr("Chosen for each question, by rules you can change")
        return Choice(tr(AUTO_NAME), partial(self.used.emit, AUTO), icon="gauge", checked=checked, note=note)

    def _as_set(self, otherwise: str) -> Choice:
        note = tr("{model}; no model of its own for this chat").format(model=otherwise)
        return Choice(tr("As the settings say"), partial(self.used.emit, ""), icon="undo-2", separated=True, note=note)

    def _coming(self, item: DownloadItem) -> Choice:
        share = f"{100 * item.bytes // item.total_bytes} %" if item.total_bytes else ""
        return Choice(item.title, self.models_asked.emit, icon="download", detail=share, note=download_words(item))

    def _model(self, model: InstalledModel, *, checked: bool, separated: bool) -> Choice:
        return Choice(
            model.name,
            partial(self.used.emit, model.id),
            icon="cpu",
            detail=size_words(model.bytes),
            checked=checked,
            separated=separated,
            note=model.problem or note_words(model),
            enabled=not model.problem,
        )

    def _remote(self, server: Server, model: RemoteModel, *, checked: bool, separated: bool) -> Choice:
        return Choice(
            server.full_name(model),
            partial(self.used.emit, server.full_name(model)),
            icon="monitor",
            checked=checked,
            separated=separated,
            note=tr("Answers come from {server}").format(server=server.label),
        )

    def _judge(self, popover: Popover, models: Sequence[InstalledModel]) -> None:
        """Off the main thread, for as long as the list is open."""

        def judge(job: Job) -> None:
            for model in models:
                job.cancel.check()
                with suppress(WorkbenchError):
                    estimate = self._core.advisor.estimate(str(model.path), cancel=job.cancel)
                    job.emit((model.name, note_words(model, estimate)))

        job = self._bridge.run(judge, on_event=lambda told: popover.show_note(*told))
        popover.destroyed.connect(lambda: job.cancel.cancel())  # not the bound method: see `Bridge`


def note_words(model: InstalledModel, estimate: Estimate | None = None) -> str:
    """Fit and speed in a word, that it is a demo, and whose file it is if it is another program's."""
    pieces = [tr("Only a demo") if model.demo else ""]
    if estimate is not None:
        pieces += [fit_words(estimate), speed_words(estimate.generation_tokens_per_second)]
    source = tr("from {program}").format(program=PROGRAMS.get(model.source, model.source)) if model.adopted else ""
    return " · ".join(piece for piece in (*pieces, source) if piece)
