"""The page of one project: its name, what holds in it, what belongs to it, and its chats. Layout and signals only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.memory.texts import MemoryTexts
from ui.models.parts import Sign, line, section
from ui.page_frame import HEADER_HEIGHT, column
from ui.projects import words
from ui.projects.lists import Chats, Things
from ui.settings.parts import Picker, setting_row
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.notice import NoticeCard
from ui.widgets.scrolling import scrolling
from ui.widgets.switch import Switch
from workbench.chat.projects.projects import MOST_INSTRUCTION_CHARACTERS, MOST_NAME_CHARACTERS, PRIVATE_WORDS, Project
from workbench.chat.tree import ConversationSummary
from workbench.errors import WorkbenchError
from workbench.memory.memory import AboutMe

WIDTH: Final = 640
SAVE_MILLISECONDS: Final = 600
INSTRUCTION_LINES: Final = 6
NO_TEXTS: Final = AboutMe()


class ProjectPage(QWidget):
    """``changed`` carries new values by name, as `ProjectService.change` takes them. ``closed``: back to the chats."""

    changed = Signal(dict)
    closed = Signal()
    again_asked = Signal()
    new_chat_asked = Signal()
    chat_asked = Signal(str)
    remove_asked = Signal()
    facts_asked = Signal(str)
    texts_written = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._project: Project | None = None
        self._failure: NoticeCard | None = None
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Project"))
        self._sign = Sign("folder-open", appearance, size=18)
        self.title = ElidedLabel("", "title")
        self.badge = label(tr("Private"), "badge")
        self.new_chat = Button(
            tr("New chat"), appearance, look="primary", icon_name="plus", name=tr("New chat in this project")
        )
        self.export = IconButton("download", tr("Export project"), appearance)
        self.remove = IconButton("trash-2", tr("Delete project"), appearance)
        self.close_button = IconButton("x", tr("Close project"), appearance)
        self.name = QLineEdit()
        self.instructions = QPlainTextEdit()
        self.model = Picker(tr("Model"), appearance)
        self.effort = Picker(tr("Effort"), appearance)
        self.tools = Picker(tr("Tools"), appearance)
        self.private = Switch(tr("Private"), appearance)
        self.add_folder = Button(tr("Add a folder…"), appearance, icon_name="folder-open")
        self.add_files = Button(tr("Add files…"), appearance, icon_name="file-text")
        self.folders = Things(appearance, tr("Folders"), "folder-open", "", tr(words.ADD_TO_DOCUMENTS))
        self.files = Things(appearance, tr("Files"), "file-text", "")
        self.no_files = label(tr(words.NO_FILES), "caption", wrap=True)
        self.memory = MemoryTexts(appearance, tr("in this project"))
        self.told = Switch(tr("Tell what is remembered in this project"), appearance)
        self.facts = Button(tr("Facts of this project…"), appearance, icon_name="bookmark")
        self.pin_prompt = Button(tr("Pin a prompt…"), appearance, icon_name="pin")
        self.prompts = Things(appearance, tr("Pinned prompts"), "book-open", tr(words.NO_PROMPTS))
        self.chats = Chats(appearance)
        self._save_soon = QTimer(self)
        self._save_soon.setSingleShot(True)
        self._save_soon.setInterval(SAVE_MILLISECONDS)
        self._inside = QWidget()
        self._loading = label(tr("Reading…"), "muted")
        self._dress()
        self._lay_out()
        self._connect()
        self._inside.hide()
        self._enable(False)

    @property
    def project(self) -> Project | None:
        """The one in view, once it is read."""
        return self._project

    def show_loading(self) -> None:
        """Another project is read; what was typed into the one before is kept first."""
        self.keep_typed()
        self._project = None
        self.title.setText("")
        self.badge.hide()
        self._enable(False)
        self._show_failure(None)
        self._inside.hide()
        self._loading.show()
        self._scroll.verticalScrollBar().setValue(0)

    def show_project(
        self,
        project: Project,
        chats: tuple[ConversationSummary, ...],
        gone: Collection[str],
        pinned: Sequence[words.Pinned] = (),
        texts: AboutMe = NO_TEXTS,
        unread: Collection[str] = (),
    ) -> None:
        """As it is on the disk. What is being typed stays. ``gone``: paths where nothing is any more. ``pinned``: its
        prompts, as the library has them. ``texts``: of its memory. ``unread``: its folders that are not in Documents."""
        afresh = self._project is None or self._project.id != project.id
        typing = not afresh and self._save_soon.isActive()
        self._project = project
        self._show_failure(None)
        self.title.setText(project.name)
        self._sign.show_icon(words.sign(project), "accent" if project.private else "muted")
        self.badge.setVisible(project.private)
        if not typing:
            self._show_texts(project, afresh=afresh)
        self.model.show_choice(project.model or tr(words.AS_EVERYWHERE))
        self.effort.show_choice(words.effort_words(project.effort))
        self.tools.show_choice(words.tools_words(project.tools))
        self.private.setChecked(project.private)
        self.told.setChecked(project.memory)
        self.memory.show_texts(texts, afresh=afresh)
        unsearched = {one: (one, tr(words.NOT_SEARCHED)) for one in unread}
        self.folders.show_things(project.folders, gone, unsearched, unread)
        self.files.show_things(project.files, gone)
        self.no_files.setVisible(not project.folders and not project.files)
        said = {one.key: (one.title, one.note) for one in pinned}
        self.prompts.show_things(project.prompts, {one.key for one in pinned if one.gone}, said)
        self.chats.show_chats(chats, afresh=afresh)
        self._chats_title.setText(words.chats_words(len(chats)))
        self._loading.hide()
        self._inside.show()
        self._enable(True)

    def show_failure(self, error: WorkbenchError) -> None:
        """It could not be read."""
        self._loading.hide()
        self._show_failure(error)

    def keep_typed(self) -> None:
        """Save now what was typed into the fields."""
        self._save_soon.stop()
        self.memory.keep_typed()
        project = self._project
        if project is None:
            return
        typed = {"name": self.name.text(), "instructions": self.instructions.toPlainText()}
        if not typed["name"].strip():
            self.name.setText(project.name)  # a project needs one
            del typed["name"]
        new = {key: value for key, value in typed.items() if value != getattr(project, key)}
        if new:
            self.changed.emit(new)

    def _enable(self, there: bool) -> None:
        """What can be done with a project that was read; the focus then stands on the first of it."""
        for control in (self.new_chat, self.export, self.remove):
            control.setEnabled(there)
        if there and self.close_button.hasFocus():
            self.new_chat.setFocus(Qt.FocusReason.OtherFocusReason)

    # Parts ------------------------------------------------------------------------------------------------------------

    def _show_texts(self, project: Project, *, afresh: bool) -> None:
        if afresh or not self.name.hasFocus():
            self.name.setText(project.name)
        if afresh or not self.instructions.hasFocus():
            self.instructions.setPlainText(project.instructions)
        self._save_soon.stop()  # this was no typing

    def _show_failure(self, error: WorkbenchError | None) -> None:
        if self._failure is not None:
            self._failure.hide()
            self._failure.deleteLater()
            self._failure = None
        if error is not None:
            steps = ((tr("Try again"), self.again_asked.emit), (tr("Close"), self.closed.emit))
            self._failure = NoticeCard(
                self._appearance, error.message, error.hint, detail=error.detail, severe=True, steps=steps
            )
            self._rows.insertWidget(0, self._failure)

    def _take_out(self, key: str, thing: str) -> None:
        if self._project is not None:
            kept: Sequence[str] = getattr(self._project, key)
            self.changed.emit({key: [one for one in kept if one != thing]})

    def _dress(self) -> None:
        self.name.setAccessibleName(tr("Name of the project"))
        self.name.setMaxLength(MOST_NAME_CHARACTERS)
        self.instructions.setProperty("look", "field")
        self.instructions.setAccessibleName(tr("Instructions"))
        self.instructions.setAccessibleDescription(tr(words.INSTRUCTIONS))
        self.instructions.setPlaceholderText(tr("Answer in British English. The reader is my supervisor."))
        self.instructions.setTabChangesFocus(True)
        self._appearance.follow(self._fit)
        self.private.setAccessibleDescription(PRIVATE_WORDS)
        self.badge.hide()

    def _fit(self) -> None:
        self.instructions.setFixedHeight(INSTRUCTION_LINES * self.instructions.fontMetrics().lineSpacing() + 24)

    def _lay_out(self) -> None:
        header = QWidget()
        header.setFixedHeight(HEADER_HEIGHT)
        bar = QHBoxLayout(header)
        bar.setContentsMargins(24, 0, 16, 0)
        bar.setSpacing(8)
        bar.addWidget(self._sign)
        bar.addWidget(self.title, 1)
        for control in (self.badge, self.export, self.remove, self.close_button):
            bar.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        outside = QWidget()
        outside.setProperty("look", "column")
        self._rows = QVBoxLayout(outside)
        self._rows.setContentsMargins(0, 8, 0, 32)
        self._rows.addWidget(self._loading)
        self._rows.addWidget(self._inside)
        self._rows.addStretch(1)
        self._fill(self._inside)
        self._scroll = scrolling(column(outside, WIDTH))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(self._scroll, 1)

    def _fill(self, inside: QWidget) -> None:
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(20)
        named, name_rows = section(tr("Name"))
        name_rows.addWidget(self.name)
        told, told_rows = section(tr("Instructions"))
        told_rows.addWidget(self.instructions)
        told_rows.addWidget(label(tr(words.INSTRUCTIONS), "caption", wrap=True))
        answering, answering_rows = section(tr("Answers"))
        answering_rows.setSpacing(12)
        answering_rows.addWidget(setting_row(tr("Model"), tr(words.MODEL), self.model))
        answering_rows.addWidget(setting_row(tr("Effort"), tr(words.EFFORT), self.effort))
        answering_rows.addWidget(setting_row(tr("Tools"), tr(words.TOOLS), self.tools))
        answering_rows.addWidget(setting_row(tr("Private"), PRIVATE_WORDS, self.private))
        files, file_rows = section(tr("Folders and files"))
        for part in (self.folders, self.files, self.no_files):
            file_rows.addWidget(part)
        adding = Flow()
        for button in (self.add_folder, self.add_files):
            adding.addWidget(button)
        file_rows.addLayout(adding)
        remembered, memory_rows = section(tr("Memory"))
        memory_rows.setSpacing(12)
        memory_rows.addWidget(setting_row(tr("Tell what is remembered"), tr(words.MEMORY), self.told))
        memory_rows.addWidget(self.memory)
        memory_rows.addLayout(line(self.facts))
        prompts, prompt_rows = section(tr("Pinned prompts"))
        prompt_rows.addWidget(self.prompts)
        prompt_rows.addLayout(line(self.pin_prompt))
        talks, chat_rows = QWidget(), QVBoxLayout()
        talks.setLayout(chat_rows)
        chat_rows.setContentsMargins(0, 0, 0, 0)
        chat_rows.setSpacing(8)
        self._chats_title = ElidedLabel(tr("Chats"), "strong")
        head = QHBoxLayout()
        head.addWidget(self._chats_title, 1)
        head.addWidget(self.new_chat)
        chat_rows.addLayout(head)
        chat_rows.addWidget(self.chats)
        for piece in (talks, told, answering, files, prompts, remembered, named):
            rows.addWidget(piece)

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.closed)
        self.remove.clicked.connect(self.remove_asked)
        self.new_chat.clicked.connect(self.new_chat_asked)
        self.chats.opened.connect(self.chat_asked)
        self.name.textEdited.connect(lambda _text: self._save_soon.start())
        self.name.editingFinished.connect(self.keep_typed)
        self.instructions.textChanged.connect(self._typed_instructions)
        self._save_soon.timeout.connect(self.keep_typed)
        self.private.clicked.connect(lambda on: self.changed.emit({"private": on}))
        self.folders.removed.connect(lambda path: self._take_out("folders", path))
        self.files.removed.connect(lambda path: self._take_out("files", path))
        self.told.clicked.connect(lambda on: self.changed.emit({"memory": on}))
        self.facts.clicked.connect(lambda: self.facts_asked.emit(self._project.id if self._project else ""))
        self.memory.written.connect(self.texts_written)
        self.prompts.removed.connect(lambda name: self._take_out("prompts", name))

    def _typed_instructions(self) -> None:
        if len(self.instructions.toPlainText()) <= MOST_INSTRUCTION_CHARACTERS:
            self._save_soon.start()

    # Qt ---------------------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        (self.new_chat if self._project is not None else self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.keep_typed()
