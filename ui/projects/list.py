"""The section *Projects* of the sidebar: a few of them, the way to all, and to a new one."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.projects.words import EMPTY_LIST, sign, spoken
from ui.translation import tr
from ui.widgets.buttons import Button, ElidedButton, IconButton
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover
from workbench.chat.projects.projects import Project
from workbench.messages import Id

MOST: Final = 4  # in view; all others are behind one entry
LARGE: Final = 1.5
LOW: Final = 600  # pixels


class ProjectList(QWidget):
    """``opened`` carries the id of a project."""

    opened = Signal(str)
    new_asked = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._projects: tuple[Project, ...] | None = None  # None: not read yet
        self._current: Id | None = None
        self.setAccessibleName(tr("Projects"))
        self.new = IconButton("plus", tr("New project"), appearance, size=16)
        self.new.clicked.connect(self.new_asked)
        head = QHBoxLayout()
        head.setContentsMargins(10, 0, 2, 0)
        head.addWidget(label(tr("Projects"), "caption"))
        head.addStretch()
        head.addWidget(self.new)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(1)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(2)
        outside.addLayout(head)
        outside.addLayout(self._rows)
        appearance.changed.connect(self._on_look)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The entries in view, top to bottom."""
        widgets = (
            item.widget() for place in range(self._rows.count()) if (item := self._rows.itemAt(place)) is not None
        )
        return tuple(widget for widget in widgets if isinstance(widget, Button))

    @property
    def _most(self) -> int:
        """The chats below need room too: with large type, or in a low window."""
        return 1 if self._appearance.scale >= LARGE or self.window().height() < LOW else MOST

    def show_projects(self, projects: tuple[Project, ...], current: Id | None) -> None:
        """``current``: the one of the chat or the page in view."""
        if (projects, current) != (self._projects, self._current):
            self._projects, self._current = projects, current
            self._rebuild()

    def _on_look(self) -> None:
        if self._projects is not None:
            self._rebuild()

    def _rebuild(self) -> None:
        focused = QApplication.focusWidget()
        name = focused.accessibleName() if focused is not None and self.isAncestorOf(focused) else ""
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        projects = self._projects or ()
        if not projects:
            words = label(tr(EMPTY_LIST), "caption", wrap=True)
            words.setContentsMargins(10, 0, 10, 4)
            self._rows.addWidget(words)
        for project in self._shown(projects):
            self._rows.addWidget(self._entry(project))
        if len(projects) > self._most:
            more = Button(
                tr("All {count} projects").format(count=f"{len(projects):,}"),
                self._appearance,
                look="entry",
                icon_name="ellipsis",
            )
            more.clicked.connect(lambda: self._open_all(more))
            self._rows.addWidget(more)
        again = next((one for one in self.buttons if name and one.accessibleName() == name), None)
        if again is not None:
            again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _shown(self, projects: tuple[Project, ...]) -> list[Project]:
        """Those that changed last, and the one in view, by name."""
        latest = sorted(projects, key=lambda one: (one.id == self._current, one.updated_at), reverse=True)
        latest = latest[: self._most]
        return [one for one in projects if one in latest]

    def _entry(self, project: Project) -> Button:
        entry = ElidedButton(
            project.name, self._appearance, look="entry", icon_name=sign(project), name=spoken(project)
        )
        entry.setCheckable(True)
        entry.setChecked(project.id == self._current)
        entry.clicked.connect(partial(self._open, entry, project))
        return entry

    def _open(self, entry: Button, project: Project, _checked: bool = False) -> None:
        entry.setChecked(project.id == self._current)  # what is in view tells, not the press
        self.opened.emit(project.id)

    def _open_all(self, anchor: QWidget) -> None:
        choices = [
            Choice(
                one.name,
                partial(self.opened.emit, one.id),
                icon=sign(one),
                detail=f"{one.chats:,}",
                checked=one.id == self._current,
            )
            for one in self._projects or ()
        ]
        Popover(tr("All projects"), choices, self._appearance, self.window()).open_at(anchor)
