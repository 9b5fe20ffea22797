"""Which model answers: the chip and its list, what has just come to this disk, the first run, and the engine's state."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QDir, QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.arrival import Arrival, arrival, arrived
from ui.chat.choosing import AUTO_NAME
from ui.chat.model_options_opener import ModelOptionsOpener
from ui.chat.page import ChatPage
from ui.chat.words import engine_words, smaller_words
from ui.notify import SECONDS_FOR_ERRORS, Toasts
from ui.translation import marked, tr
from ui.widgets.popover import Choice, Popover
from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice
from workbench.chat.asking.options import Options
from workbench.errors import WorkbenchError
from workbench.events import Topic
from workbench.models.fetching.queue import DownloadItem, DownloadState
from workbench.settings import AUTO

if TYPE_CHECKING:
    from ui.chat.model_list import ModelList
    from ui.first_run.guide import FirstRunGuide
    from workbench.app import Workbench
    from workbench.chat.projects.projects import Project
    from workbench.engine.remote.server import RemoteModel, Server
    from workbench.engine.service import EngineStatus
    from workbench.models.library import InstalledModel

Elsewhere: TypeAlias = "tuple[Server, RemoteModel]"
MOST_SECONDS = 12  # models that are offered beside the first
NO_MODEL = marked("There is no model to answer yet: get one, or choose a GGUF file.")


@dataclass(frozen=True, slots=True)
class Installed:
    """The models on this disk, the one that would answer, and why none would. ``setting``: `chat.model` at that moment.

    ``elsewhere``: models of other machines; ``answering``: the one of them that the person chose. ``choice``: of the chat
    in view at that moment; ``gone``: its model is not there; ``otherwise``: the name of the one that would answer without
    it, where that is another one.
    """

    models: tuple[InstalledModel, ...] = ()
    chosen: InstalledModel | None = None
    problem: WorkbenchError | None = None
    setting: str = ""
    elsewhere: tuple[Elsewhere, ...] = ()
    answering: Elsewhere | None = None
    choice: ChatChoice = NOT_CHOSEN
    gone: bool = False
    otherwise: str = ""


class ModelChoice(QObject):
    """``changed``: another model, or another state of the engine. ``models_asked``: the Models page is wanted. ``picked``
    carries what was chosen in the list, as `Options.model` names it; empty: as the settings say."""

    changed = Signal()
    picked = Signal(str)
    models_asked = Signal()

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: ChatPage, toasts: Toasts
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._page = page
        self._toasts = toasts
        self._installed: Installed | None = None
        self._downloads: tuple[DownloadItem, ...] = ()
        self._list: ModelList | None = None
        self._guide: FirstRunGuide | None = None
        self.options = ModelOptionsOpener(bridge, workbench, appearance, page, toasts)
        self._status: EngineStatus | None = None
        self._notice = ""  # of the engine, that was shown
        self._project: Project | None = None  # of the chat in view
        self._choice = NOT_CHOSEN  # of the chat in view
        self._told_gone = ""
        page.composer.refused.connect(lambda: toasts.show(tr(NO_MODEL)))

    def offer_for(self, model: str) -> str:
        """What loading this model smaller would change, in words, when its engine has died too often; else nothing."""
        status = self._status
        if status is None or status.offer is None or status.model != model:
            return ""
        return smaller_words(((one.name, one.value, one.because) for one in status.offer.changes), status.cause)

    @property
    def answering(self) -> str:
        """The name of the model that would answer now; empty where there is none."""
        installed = self._installed or Installed()
        if installed.answering is not None:
            server, model = installed.answering
            return server.full_name(model)
        return installed.chosen.name if installed.chosen is not None else ""

    @property
    def shown(self) -> str:
        """As its chip has it: the name of the model, or that one is chosen for each question."""
        auto = self._installed is not None and self._installed.setting == AUTO
        return tr(AUTO_NAME) if auto else self.answering

    def names(self) -> tuple[tuple[str, str], ...]:
        """The models that could answer: the name shown, and what `Options.model` calls it."""
        installed = self._installed or Installed()
        here = tuple((model.name, model.id) for model in installed.models)
        elsewhere = (server.full_name(model) for server, model in installed.elsewhere)
        return (*here, *((name, name) for name in elsewhere))

    def accept_smaller(self) -> None:
        """In a worker: load the model that was asked last as `offer_for` says, from now on."""
        path = None if (status := self._status) is None else status.path
        if path is not None:
            self._workbench.engine.accept_smaller(path)

    def load(self, topics: frozenset[Topic] = frozenset(Topic)) -> None:
        """Read again what these topics touch."""
        if topics & {Topic.MODELS, Topic.SERVERS, Topic.SETTINGS}:
            self._bridge.run(lambda _job: self._look(), on_done=self._show)
        if topics & {Topic.DOWNLOADS, Topic.SETTINGS}:
            self._bridge.run(lambda _job: self._workbench.downloads.items(), on_done=self._show_downloads)
        if topics & {Topic.ENGINE, Topic.SETTINGS}:
            self._bridge.run(lambda _job: self._workbench.engine.status(), on_done=self._show_engine)

    def show_project(self, project: Project | None) -> None:
        """The chat in view belongs to it: a model of its own answers there, and is what a choice changes."""
        before, self._project = self._project, project
        if (before.model if before else "") != (project.model if project else ""):
            self.load(frozenset({Topic.MODELS}))

    def show_choice(self, choice: ChatChoice) -> None:
        """What was chosen for the chat in view holds over its project and the settings."""
        before, self._choice = self._choice, choice
        if before.model != choice.model:
            self.load(frozenset({Topic.MODELS}))

    def open_list(self) -> None:
        """What is on its way and what is on this disk, above the chip."""
        from ui.chat.model_list import ModelList

        if self._list is None:
            self._list = ModelList(self._bridge, self._workbench, self._appearance, self)
            self._list.used.connect(self._pick)
            self._list.file_asked.connect(self.choose_file)
            self._list.models_asked.connect(self.models_asked)
            self._list.options_asked.connect(self.options.open_panel)
            self._list.second_asked.connect(self.offer_second)
        installed = self._installed or Installed()
        self._list.open_at(
            self._page.composer.model_chip,
            installed.models,
            installed.chosen,
            self._downloads,
            installed.elsewhere,
            installed.answering,
            auto=installed.setting == AUTO,
            otherwise=installed.otherwise,
        )

    def offer_second(self) -> None:
        """Which model is asked the next question beside the one that would answer; where there is none, it is said."""
        composer, first = self._page.composer, self.answering
        others = [(name, model) for name, model in self.names() if name != first][:MOST_SECONDS]
        if not others:
            self._toasts.show(tr("There is no second model yet."), tr("Get more models"), self.models_asked.emit)
            return
        choices = [Choice(name, partial(composer.show_second, (name, model)), icon="cpu") for name, model in others]
        popover = Popover(tr("The second model"), choices, self._appearance, self._page.window())
        popover.open_at(composer.model_chip, above=True)

    def are_apart(self, second: str) -> bool:
        """Whether this model and the one that would answer are on different machines: neither slows the other."""
        installed = self._installed or Installed()
        remote = {server.full_name(model): server for server, model in installed.elsewhere}
        first = installed.answering[0] if installed.answering is not None else None
        return remote.get(second) != first

    def choose_file(self) -> None:
        """Use a model file wherever it lies; it is not copied."""
        dialog = QFileDialog(self._page.window(), tr("Choose a model"), _downloads(), tr("Models (*.gguf)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._pick)
        dialog.open()

    def _pick(self, name: str) -> None:
        self.picked.emit(name)
        self._page.composer.draft.setFocus()

    def use(self, name: str, then: Callable[[], None] = lambda: None) -> None:
        """Answer with this model from now on where nothing else is chosen: a name, or the path of a file. ``then`` is done
        when it is kept."""
        self._choose(name, then)
        self._page.composer.draft.setFocus()

    def _choose(self, name: str, then: Callable[[], None] = lambda: None) -> None:
        project = self._project

        def save() -> None:
            if self._workbench.servers.match(name) is None:
                self._workbench.models.get(name)  # a file that is no model is refused before it is chosen
            if project is not None and project.private:
                self._workbench.projects.check(project.id, name)
            if project is not None and project.model:
                self._workbench.projects.change(project.id, {"model": name})
            else:
                self._workbench.change_setting("chat.model", name)

        def saved(_none: None) -> None:
            self.load()
            then()

        self._bridge.run(lambda _job: save(), on_done=saved, on_failed=self._toasts.tell)

    def _look(self) -> Installed:
        """In a worker. A model of the chat that is not there any more is passed over, as it is where a turn begins."""
        choice, project = self._choice, self._project
        below = (project.model if project is not None else "") or self._workbench.settings.chat.model
        own = self._name_of(choice.model) if choice.model else ""
        otherwise = self._name_of(below) if own else ""
        models, setting = self._workbench.models.list(), choice.model if own else below
        elsewhere = self._workbench.servers.models()
        try:
            answering = self._workbench.servers.match(setting)
            chosen = None if answering is not None else self._workbench.models.get(setting or None)
            found = Installed(models, chosen, None, setting, elsewhere, answering, choice)
            return replace(found, gone=choice.model != "" and not own, otherwise=otherwise if otherwise != own else "")
        except WorkbenchError as error:
            return Installed(models, None, error, setting, elsewhere, choice=choice)

    def _name_of(self, model: str) -> str:
        """As it is shown; empty where it is not there."""
        if model == AUTO:
            return tr(AUTO_NAME)
        with suppress(WorkbenchError):
            return self._workbench.chat.answers_with(Options(model=model))
        return ""

    def _show(self, installed: Installed) -> None:
        if installed.choice.model != self._choice.model:
            return  # of a chat that is not in view any more: what is true of this one is on its way
        before, self._installed = self._installed, installed
        ready = installed.chosen is not None or installed.answering is not None
        name = installed.chosen.name if installed.chosen else ""
        host = ""
        if installed.answering is not None:
            server, model = installed.answering
            name, host = server.full_name(model), server.label
        shown = tr(AUTO_NAME) if installed.setting == AUTO and name else name
        self._page.composer.show_model(shown, of_chat=bool(installed.otherwise))
        self._tell_gone(installed, shown)
        self._page.composer.show_host(host)
        self._say_engine()
        self._page.composer.show_sendable(ready)
        self._lead()
        if before is not None:
            self._welcome_new(before, installed)
        if installed.problem is not None and installed.models:
            self._toasts.tell(installed.problem, tr("Choose a model"), self.open_list)
        self.changed.emit()

    def _tell_gone(self, installed: Installed, name: str) -> None:
        """Once: another model answers than the one that was chosen for the chat."""
        gone = installed.choice.model if installed.gone and name else ""
        if gone and gone != self._told_gone:
            told = tr("{gone}, which was chosen for this chat, is not there any more. {name} answers.")
            self._toasts.show(told.format(gone=gone, name=name))
        self._told_gone = gone

    def _show_downloads(self, items: tuple[DownloadItem, ...]) -> None:
        self._downloads = tuple(item for item in items if item.state is not DownloadState.READY)
        self._lead()

    def _lead(self) -> None:
        """The first run, while no model can answer or only a demo, and while one is on its way."""
        if self._installed is None:
            return
        chosen = self._installed.chosen
        if self._installed.answering is not None:
            self._page.welcome.show_ready()
            return
        if self._guide is None:
            if chosen is not None and not chosen.demo and not self._downloads:
                self._page.welcome.show_ready()
                return
            self._guide = self._made_guide()
        self._guide.show(self._installed.models, chosen, self._installed.setting, self._downloads)

    def _made_guide(self) -> FirstRunGuide:
        from ui.first_run.guide import FirstRunGuide  # most starts of the program do without

        guide = FirstRunGuide(self._bridge, self._workbench, self._appearance, self._page, self._toasts, self)
        guide.use_asked.connect(self.use)
        guide.file_asked.connect(self.choose_file)
        guide.models_asked.connect(self.models_asked)
        return guide

    def _welcome_new(self, before: Installed, now: Installed) -> None:
        """A model has come to this disk. In the middle of a chat nothing changes without a word."""
        new, current = arrived(before.models, now.models), before.chosen
        if new is not None and (now.answering is not None or now.setting == AUTO):
            self._toasts.show(tr("{name} is ready.").format(name=new.name))
            return
        if new is None or now.setting != before.setting:
            return  # nothing, or what the person has just chosen
        match arrival(new, current, chosen=bool(now.setting), talking=self._page.talking):
            case Arrival.ANSWER:
                if new.demo or now.chosen is None or now.chosen.id != new.id:
                    self._choose(new.id)
                self._toasts.show(tr("{name} is ready: ask it something.").format(name=new.name))
                self._page.composer.draft.setFocus()
            case Arrival.ASK:
                if current is not None and not now.setting:
                    self._choose(current.id)
                self._toasts.show(
                    tr("{name} is ready.").format(name=new.name),
                    tr("Switch"),
                    partial(self.use, new.id),
                    seconds=SECONDS_FOR_ERRORS,
                )
            case Arrival.TELL:
                self._toasts.show(tr("{name} is ready.").format(name=new.name))

    def _show_engine(self, status: EngineStatus) -> None:
        self._status = status
        self._say_engine()
        if status.notice and status.notice != self._notice:
            self._toasts.show(status.notice, seconds=15)
        self._notice = status.notice
        self.changed.emit()

    def _say_engine(self) -> None:
        """The engine of this computer, or the other machine that answers instead of it."""
        elsewhere = self._installed.answering if self._installed is not None else None
        if elsewhere is not None:
            self._page.engine.setText(elsewhere[0].label)
            self._page.engine.explain("")
        elif self._status is not None:
            status = self._status
            words = engine_words(str(status.state), status.model, status.context_tokens, kept_ready=status.kept_ready)
            self._page.engine.setText(words)
            self._page.engine.explain(status.cause or status.notice)


def _downloads() -> str:
    """Where a model file most likely lies."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    return folder if QDir(folder).exists() else QDir.homePath()
