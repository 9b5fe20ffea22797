"""The work of the Memory page: reads what is remembered, and does what the person asks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.memory.page import MemoryPage, Read
from ui.notify import Toasts
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.memory.importing import Imported
from workbench.memory.memory import AboutMe, Fact
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.app import Workbench

TOPICS = frozenset({Topic.MEMORY, Topic.PROJECTS, Topic.SETTINGS})


class MemoryDesk(QObject):
    """``chat_asked``: the chat and message that a fact comes from."""

    chat_asked = Signal(str, str)

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: MemoryPage, toasts: Toasts
    ) -> None:
        super().__init__(page)
        self._bridge, self._workbench, self._appearance = bridge, workbench, appearance
        self._page, self._toasts = page, toasts
        self._loads = 0
        page.looked_at.connect(self.load)
        page.saved.connect(self._save)
        page.added.connect(self._add)
        page.texts.written.connect(self._write)
        page.where.clicked.connect(self._offer_places)
        page.take_in.clicked.connect(self._choose_source)
        page.export.clicked.connect(self._choose_target)
        page.facts.changed.connect(lambda fact_id, text: self._do(lambda: self._memory.change(fact_id, text)))
        page.facts.switched.connect(lambda fact_id, on: self._do(lambda: self._memory.change(fact_id, active=on)))
        page.facts.removed.connect(self._remove)
        page.facts.chat_asked.connect(self.chat_asked)
        bridge.listen(self._on_changed)

    @property
    def _memory(self) -> Any:
        return self._workbench.memory

    def load(self) -> None:
        self._loads += 1
        this, workbench = self._loads, self._workbench
        self._page.show_settings(workbench.settings.memory)

        def read() -> Read:
            facts = workbench.memory.facts()
            sources = {fact.conversation_id for fact in facts if fact.conversation_id is not None}
            chats = {chat.id: chat.title for chat in workbench.chat.list() if chat.id in sources} if sources else {}
            projects = {project.id: project.name for project in workbench.projects.list()}
            return Read(workbench.memory.texts(), facts, chats, projects)

        self._bridge.run(
            lambda _job: read(),
            on_done=lambda found: self._page.show_read(found) if this == self._loads else None,
            on_failed=self._toasts.tell,
        )

    def show_project(self, project_id: Id) -> None:
        """The facts of this project."""
        self._page.show_where(project_id, everywhere=False)

    def flush(self) -> None:
        """The window closes: keep what was typed a moment ago, here and now."""
        texts = self._page.texts.typed()
        if texts is not None:
            with suppress(WorkbenchError):
                self._workbench.memory.write_texts(texts)

    # Changing ---------------------------------------------------------------------------------------------------------

    def _do(self, act: Callable[[], Any], then: Callable[[], None] | None = None) -> None:
        def failed(error: WorkbenchError) -> None:
            self._toasts.tell(error)
            self.load()  # what is on the disk again, where a switch shows what was wished

        self._bridge.run(lambda _job: act(), on_done=lambda _done: then() if then else None, on_failed=failed)

    def _save(self, key: str, value: Any) -> None:
        self._do(lambda: self._workbench.change_setting(key, value), then=self.load)

    def _write(self, texts: AboutMe) -> None:
        self._do(lambda: self._workbench.memory.write_texts(texts))

    def _add(self, text: str, project_id: str) -> None:
        self._do(lambda: self._workbench.memory.add(text, project_id or None), then=self._page.clear_new)

    def _remove(self, fact: Fact) -> None:
        def done() -> None:
            said = tr("Forgotten: {fact}").format(fact=fact.text)
            self._toasts.show(said, tr("Undo"), lambda: self._do(lambda: self._workbench.memory.restore(fact.id)))

        self._do(lambda: self._workbench.memory.remove(fact.id), then=done)

    # Files ------------------------------------------------------------------------------------------------------------

    def _choose_source(self) -> None:
        dialog = self._dialog(tr("Import what is remembered"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([tr("Memory (*.md *.zip *.json)"), tr("All files (*)")])
        dialog.fileSelected.connect(lambda path: self.take_in(Path(path)))
        dialog.open()

    def take_in(self, path: Path) -> None:
        """What a file says, beside what is remembered."""

        def told(done: Imported) -> None:
            self._toasts.show("\n".join((done.told(), *done.left_out[:4])), seconds=15 if done.left_out else 8)

        self._bridge.run(
            lambda job: self._workbench.import_memory(path, job.cancel), on_done=told, on_failed=self._toasts.tell
        )

    def _choose_target(self) -> None:
        dialog = self._dialog(tr("Export what is remembered"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("md")
        dialog.selectFile("memory.md")
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path)))
        dialog.open()

    def export_to(self, path: Path) -> None:
        """All of it as Markdown, in the place of what is there."""
        self._do(
            lambda: self._workbench.export_memory(path, replace=True),
            then=lambda: self._toasts.show(tr("Exported to {path}.").format(path=path)),
        )

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._page.window(), title, QDir.homePath())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    # Inside -----------------------------------------------------------------------------------------------------------

    def _offer_places(self) -> None:
        page, chosen = self._page, self._page.filter
        choices = [
            Choice(tr("All facts"), partial(page.show_where, None, everywhere=True), checked=chosen.everywhere),
            Choice(
                tr("For all chats"),
                partial(page.show_where, None, everywhere=False),
                checked=not chosen.everywhere and chosen.project_id is None,
            ),
        ]
        choices += [
            Choice(
                name,
                partial(page.show_where, project_id, everywhere=False),
                "folder",
                checked=project_id == chosen.project_id,
            )
            for project_id, name in page.projects.items()
        ]
        Popover(tr("Facts shown"), choices, self._appearance, page.window()).open_at(page.where)

    def _on_changed(self, changed: Changed) -> None:
        if self._page.isVisible() and TOPICS & changed.topics:
            self.load()
