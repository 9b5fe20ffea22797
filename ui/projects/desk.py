"""The work behind a project's page: reads it, keeps what is changed, offers models and efforts, removes it with undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDir, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.steps import one_line
from ui.notify import Toasts
from ui.projects.page import ProjectPage
from ui.projects.words import AS_EVERYWHERE, AS_SETTINGS, NO_TOOLS, Pinned, effort_words, pinned
from ui.tools.words import reach
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.chat.projects.projects import Project, told_of_removing
from workbench.chat.tree import ConversationSummary
from workbench.documents.collection import Collection
from workbench.errors import UsageError, WorkbenchError
from workbench.events import Changed, Topic
from workbench.memory.memory import AboutMe
from workbench.messages import Effort, Id
from workbench.prompts.prompt import SavedPrompt

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.cancel import CancelToken
    from workbench.chat.projects.export import ExportedProject
    from workbench.tools.desk import Listed


@dataclass(frozen=True, slots=True)
class Read:
    """A project as it is on the disk. ``gone``: paths where nothing is any more. ``pinned``: its prompts. ``unread``: its
    folders that are not in Documents."""

    project: Project
    chats: tuple[ConversationSummary, ...]
    gone: frozenset[str]
    pinned: tuple[Pinned, ...] = ()
    texts: AboutMe = AboutMe()
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answering:
    """A model that may be chosen. ``stranger``: of a machine that is not the person's own."""

    name: str
    stranger: str = ""


class ProjectDesk(QObject):
    """``left``: the project is not there any more."""

    left = Signal()

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: ProjectPage, toasts: Toasts
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._page = page
        self._toasts = toasts
        self._id: Id | None = None
        page.changed.connect(self._change)
        page.texts_written.connect(self._write_texts)
        page.again_asked.connect(self._load)
        page.remove_asked.connect(self._remove)
        page.export.clicked.connect(self._choose_target)
        page.model.clicked.connect(self._offer_models)
        page.effort.clicked.connect(self._offer_efforts)
        page.tools.clicked.connect(self._look_for_tools)
        page.add_folder.clicked.connect(self._choose_folder)
        page.add_files.clicked.connect(self._choose_files)
        page.folders.offered.connect(self._add_to_documents)
        page.pin_prompt.clicked.connect(self._offer_prompts)
        bridge.listen(self._on_changed)

    @property
    def project_id(self) -> Id | None:
        """Of the project on the page."""
        return self._id

    def open(self, project_id: Id) -> None:
        if project_id != self._id:
            self._page.show_loading()
            self._id = project_id
        self._load()

    # Reading ----------------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        project_id = self._id
        if project_id is None:
            return

        def taken(read: Read) -> None:
            if self._id == project_id:
                self._take(read)

        def failed(error: WorkbenchError) -> None:
            if self._id == project_id:
                self._page.show_failure(error)

        self._bridge.run(lambda _job: _read(self._workbench, project_id), on_done=taken, on_failed=failed)

    def _take(self, read: Read) -> None:
        if read.project.removed_at is not None:
            self._leave()
        else:
            self._page.show_project(read.project, read.chats, read.gone, read.pinned, read.texts, read.unread)

    def _leave(self) -> None:
        self._id = None
        self._page.show_loading()
        self.left.emit()

    def _on_changed(self, changed: Changed) -> None:
        if (
            self._id is not None
            and changed.topics & {Topic.PROJECTS, Topic.CHATS, Topic.PROMPTS, Topic.MEMORY, Topic.DOCUMENTS}
            and self._page.isVisible()
        ):
            self._load()

    # Changing ---------------------------------------------------------------------------------------------------------

    def _change(self, changes: dict[str, Any]) -> None:
        project_id = self._id
        if project_id is None:
            return

        def failed(error: WorkbenchError) -> None:
            self._toasts.tell(error)
            self._load()  # what is on the disk again, where a switch shows what was wished

        self._bridge.run(lambda _job: self._workbench.projects.change(project_id, changes), on_failed=failed)

    def _write_texts(self, texts: AboutMe) -> None:
        project_id = self._id
        if project_id is not None:
            self._bridge.run(
                lambda _job: self._workbench.memory.write_texts(texts, project_id), on_failed=self._toasts.tell
            )

    def _remove(self) -> None:
        project = self._page.project
        if project is None:
            return
        project_id = project.id
        self._page.keep_typed()

        def done(_removed: Project) -> None:
            deleted = tr("Deleted “{name}”.").format(name=project.name)
            said = f"{deleted} {told_of_removing(project)}"
            self._toasts.show(said, tr("Undo"), lambda: self._restore(project_id))

        self._leave()
        self._bridge.run(
            lambda _job: self._workbench.projects.remove(project_id), on_done=done, on_failed=self._toasts.tell
        )

    def _restore(self, project_id: Id) -> None:
        self._bridge.run(
            lambda _job: self._workbench.projects.restore(project_id),
            on_done=lambda project: self._toasts.show(tr("“{name}” is back.").format(name=project.name), seconds=4),
            on_failed=self._toasts.tell,
        )

    # Exporting --------------------------------------------------------------------------------------------------------

    def _choose_target(self) -> None:
        dialog = self._dialog(tr("Export into this folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.export_into)
        dialog.open()

    def export_into(self, parent: str) -> None:
        """Write the project as a new folder within this one."""
        project = self._page.project
        if project is None:
            return
        self._page.keep_typed()
        self._toasts.show(tr("Exporting “{name}”…").format(name=project.name))
        self._bridge.run(
            lambda job: _export(self._workbench, project, parent, job.cancel),
            on_done=self._tell_exported,
            on_failed=self._toasts.tell,
        )

    def _tell_exported(self, done: ExportedProject) -> None:
        said = tr("Exported to {folder}.").format(folder=done.folder)
        if done.skipped:
            left = tr("Left out: {names}.").format(names="; ".join(done.skipped))
            said = f"{said} {left}"

        def open_folder() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(done.folder)))

        self._toasts.show(said, tr("Open folder"), open_folder, seconds=15)

    # Choosing ---------------------------------------------------------------------------------------------------------

    def _offer_models(self) -> None:
        self._bridge.run(lambda _job: _models(self._workbench), on_done=self._show_models, on_failed=self._toasts.tell)

    def _show_models(self, models: tuple[Answering, ...]) -> None:
        project = self._page.project
        if project is None:
            return
        choices = [Choice(tr(AS_EVERYWHERE), partial(self._change, {"model": ""}), checked=not project.model)]
        for one in models:
            refused = bool(one.stranger) and project.private
            choices.append(
                Choice(
                    one.name,
                    partial(self._change, {"model": one.name}),
                    checked=one.name == project.model,
                    enabled=not refused,
                    note=tr("{server} is not marked as yours").format(server=one.stranger) if refused else "",
                )
            )
        Popover(tr("Model"), choices, self._appearance, self._page.window()).open_at(self._page.model)

    def _offer_efforts(self) -> None:
        project = self._page.project
        if project is None:
            return
        choices = [
            Choice(
                effort_words(effort),
                partial(self._change, {"effort": effort.value if effort else ""}),
                checked=effort is project.effort,
            )
            for effort in (None, *Effort)
        ]
        Popover(tr("Effort"), choices, self._appearance, self._page.window()).open_at(self._page.effort)

    def _look_for_tools(self) -> None:
        self._bridge.run(
            lambda _job: self._workbench.tools.known(), on_done=self._offer_tools, on_failed=self._toasts.tell
        )

    def _offer_tools(self, known: Sequence[Listed]) -> None:
        """Those that are chosen have a tick, and are taken out again by choosing them."""
        project = self._page.project
        if project is None:
            return
        chosen = project.tools or ()
        choices = [
            Choice(tr(AS_SETTINGS), partial(self._change, {"tools": None}), checked=project.tools is None),
            Choice(tr(NO_TOOLS), partial(self._change, {"tools": ()}), checked=project.tools == ()),
        ]
        for place, one in enumerate(known):
            name = one.spec.name
            after = tuple(each for each in chosen if each != name) if name in chosen else (*chosen, name)
            choices.append(
                Choice(
                    one_line(one.spec.title),
                    partial(self._change, {"tools": after}),
                    checked=name in chosen,
                    separated=place == 0,
                    note=one_line(reach(one.spec)),
                )
            )
        Popover(tr("Tools"), choices, self._appearance, self._page.window()).open_at(self._page.tools)

    def _offer_prompts(self) -> None:
        self._bridge.run(
            lambda _job: self._workbench.prompts.all(), on_done=self._show_prompts, on_failed=self._toasts.tell
        )

    def _show_prompts(self, prompts: tuple[SavedPrompt, ...]) -> None:
        """Those that are not pinned yet, to be found by a few letters."""
        from ui.command_list import CommandList
        from ui.prompts.choosing import commands_of

        project = self._page.project
        if project is None:
            return
        there = {one.casefold() for one in project.prompts}
        free = [one for one in prompts if not {one.id, one.prompt.name.casefold()} & there]
        choices = commands_of(free, lambda chosen: self._change({"prompts": [*project.prompts, chosen]}))
        CommandList(choices, self._appearance, self._page.window(), name=tr("Pin a prompt")).open()

    def _choose_folder(self) -> None:
        dialog = self._dialog(tr("Add a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda path: self.add_paths("folders", [path]))
        dialog.open()

    def _choose_files(self) -> None:
        dialog = self._dialog(tr("Add files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self.add_paths("files", paths))
        dialog.open()

    def add_paths(self, key: str, paths: list[str]) -> None:
        """Add to ``folders`` or ``files``."""
        project = self._page.project
        if project is not None:
            native = [QDir.toNativeSeparators(path) for path in paths]
            self._change({key: [*getattr(project, key), *native]})

    def _add_to_documents(self, folder: str) -> None:
        """So that it is read, and chats of the project can ask it."""

        def done(added: Collection) -> None:
            self._toasts.show(tr("“{name}” is read now.").format(name=added.name), seconds=4)
            self._load()

        self._bridge.run(
            lambda _job: self._workbench.documents.add(Path(folder)), on_done=done, on_failed=self._toasts.tell
        )

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._page.window(), title, QDir.homePath())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog


def _read(workbench: Workbench, project_id: Id) -> Read:
    """In a worker."""
    project = workbench.projects.get(project_id)
    pinned = tuple(_pinned(workbench, key) for key in project.prompts)
    chats, gone = workbench.projects.chats(project_id), workbench.projects.gone(project)
    here = [folder for folder in project.folders if folder not in gone]
    unread = frozenset(folder for folder in here if not workbench.documents.holds(Path(folder)))
    return Read(project, chats, gone, pinned, workbench.memory.texts(project_id), unread)


def _pinned(workbench: Workbench, key: str) -> Pinned:
    """In a worker."""
    try:
        saved = workbench.prompts.get(key)
    except UsageError:
        return pinned(key, None, told=False)
    return pinned(key, saved, told=bool(workbench.projects.pinned_told((key,))))


def _export(workbench: Workbench, project: Project, parent: str, cancel: CancelToken) -> ExportedProject:
    """In a worker."""
    from workbench.chat.projects.export import folder_name

    return workbench.export_project(project.id, Path(parent) / folder_name(project), cancel)


def _models(workbench: Workbench) -> tuple[Answering, ...]:
    """In a worker."""
    here = tuple(Answering(model.name) for model in workbench.models.list() if not model.problem)
    there = tuple(
        Answering(server.full_name(model), "" if server.mine else server.label)
        for server, model in workbench.servers.models()
    )
    return (*here, *there)
