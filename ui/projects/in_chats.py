"""What projects mean for the chats: the list at the side, the sign above the chat in view, moving a chat in and out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.page import ChatPage
from ui.chat.words import shortened
from ui.notify import Toasts
from ui.projects.list import ProjectList
from ui.projects.words import sign
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.chat.projects.projects import Project
from workbench.errors import WorkbenchError
from workbench.events import Topic
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.app import Workbench


class ChatProjects(QObject):
    """``page_asked`` carries the id of the project whose page is wanted. ``changed``: the project of the chat in view is
    another one, or says something else now."""

    page_asked = Signal(str)
    changed = Signal()

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        appearance: Appearance,
        listed: ProjectList,
        page: ChatPage,
        toasts: Toasts,
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._list = listed
        self._page = page
        self._toasts = toasts
        self._projects: tuple[Project, ...] = ()
        self._shown: Id | None = None  # that of the chat in view
        self._at_page: Id | None = None  # whose page is in view instead
        listed.opened.connect(self.page_asked)
        listed.new_asked.connect(self.open_new)
        page.project.clicked.connect(lambda: self.page_asked.emit(self._shown or ""))

    @property
    def current(self) -> Project | None:
        """The project of the chat in view."""
        return self.known(self._shown)

    def known(self, project_id: Id | None) -> Project | None:
        """None for one that is in the bin, or not read yet."""
        return next((one for one in self._projects if one.id == project_id), None)

    def load(self, topics: frozenset[Topic] = frozenset(Topic)) -> None:
        """Read again what these topics touch."""
        if topics & {Topic.PROJECTS, Topic.CHATS}:
            self._bridge.run(lambda _job: self._workbench.projects.list(), on_done=self._take)

    def show(self, project_id: Id | None) -> None:
        """The chat in view belongs to this project."""
        if project_id != self._shown:
            self._shown = project_id
            self._tell()
            self.changed.emit()

    def show_page(self, project_id: Id | None) -> None:
        """The page of this project is in view; None: the chats are."""
        self._at_page = project_id
        self._mark()

    def open_new(self) -> None:
        """Ask for a name, make the project, show its page."""
        from ui.projects.dialogs import NewProject

        dialog = NewProject(self._appearance, self._page.window())
        gone: list[bool] = []
        dialog.destroyed.connect(lambda: gone.append(True))

        def done(project: Project) -> None:
            if not gone:
                dialog.dismiss()
            self.page_asked.emit(project.id)

        def failed(error: WorkbenchError) -> None:
            if gone:
                self._toasts.tell(error)
            else:
                dialog.show_failure(f"{error.message} {error.hint}")

        dialog.named.connect(
            lambda name: self._bridge.run(
                lambda _job: self._workbench.projects.create(name), on_done=done, on_failed=failed
            )
        )
        dialog.open()

    # Moving -----------------------------------------------------------------------------------------------------------

    def choose_place(self, conversation_id: Id, title: str, place: QWidget | QPoint) -> None:
        """Offer the projects that a chat may be moved to, beside a control or at a point of the window."""
        self._bridge.run(
            lambda _job: self._workbench.projects.shown_for(conversation_id),
            on_done=lambda now: self._offer(conversation_id, title, place, now),
            on_failed=self._toasts.tell,
        )

    def _offer(self, conversation_id: Id, title: str, place: QWidget | QPoint, now: Project | None) -> None:
        choices = [
            Choice(
                one.name,
                partial(self._ask, conversation_id, title, one),
                icon=sign(one),
                checked=now is not None and one.id == now.id,
            )
            for one in self._projects
        ]
        choices.append(Choice(tr("New project…"), self.open_new, icon="plus", separated=bool(choices)))
        if now is not None:
            choices.append(Choice(tr("Out of the project"), partial(self._ask, conversation_id, title, None), icon="x"))
        popover = Popover(tr("Move to a project"), choices, self._appearance, self._page.window())
        if isinstance(place, QPoint):
            popover.open_with_corner(place)
        else:
            popover.open_at(place)

    def _ask(self, conversation_id: Id, title: str, project: Project | None) -> None:
        project_id = project.id if project else None
        self._bridge.run(
            lambda _job: self._workbench.projects.what_moving_changes(conversation_id, project_id),
            on_done=lambda told: self._show_changes(conversation_id, title, project, told),
            on_failed=self._toasts.tell,
        )

    def _show_changes(self, conversation_id: Id, title: str, project: Project | None, told: tuple[str, ...]) -> None:
        from ui.projects.dialogs import Moving

        if not told:
            self._toasts.show(tr("The chat is there already."), seconds=3)
            return
        shown = shortened(title or tr("New chat"))
        chat = f"“{shown}”"
        question = (
            tr("Move {chat} to “{name}”?").format(chat=chat, name=project.name)
            if project
            else tr("Move {chat} out of its project?").format(chat=chat)
        )
        dialog = Moving(
            self._appearance, self._page.window(), question, told, tr("Move") if project else tr("Move out")
        )
        dialog.agreed.connect(lambda: self._move(conversation_id, project))
        dialog.open()

    def _move(self, conversation_id: Id, project: Project | None) -> None:
        said = tr("Moved to “{name}”.").format(name=project.name) if project else tr("Moved out of its project.")

        def move() -> Id | None:
            before = self._workbench.projects.of(conversation_id)
            self._workbench.projects.move(conversation_id, project.id if project else None)
            return before

        self._bridge.run(
            lambda _job: move(),
            on_done=lambda before: self._toasts.show(
                said, tr("Undo"), lambda: self._move_back(conversation_id, before)
            ),
            on_failed=self._toasts.tell,
        )

    def _move_back(self, conversation_id: Id, before: Id | None) -> None:
        self._bridge.run(
            lambda _job: self._workbench.projects.move(conversation_id, before), on_failed=self._toasts.tell
        )

    # Showing ----------------------------------------------------------------------------------------------------------

    def _take(self, projects: tuple[Project, ...]) -> None:
        before, self._projects = self.current, projects
        self._tell()
        if before != self.current:
            self.changed.emit()

    def _tell(self) -> None:
        project = self.current
        self._page.show_project(project.name if project else "", private=project is not None and project.private)
        self._mark()

    def _mark(self) -> None:
        self._list.show_projects(self._projects, self._at_page or self._shown)
