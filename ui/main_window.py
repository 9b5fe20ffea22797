"""The window: sidebar, chats, models, settings. It appears before the core is there, and is filled when it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import window_state
from ui.actions import ACTIONS, CHAT_NUMBERS, Actions
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.page import ChatPage
from ui.chat.sidebar import Sidebar
from ui.chat.words import FIRST, LOCAL
from ui.notify import Toasts
from ui.pages import Pages
from ui.translation import tr
from ui.widgets.failure import FailurePage
from ui.widgets.notice import NoticeCard
from ui.window_state import WindowState
from workbench.errors import WorkbenchError
from workbench.paths import Paths

if TYPE_CHECKING:
    from ui.chat.desk import Desk
    from ui.command_list import Command
    from ui.models.checking import Checking
    from ui.search.desk import SearchDesk
    from ui.settings.page import SettingsPage
    from workbench.app import Workbench
    from workbench.prompts.prompt import Prompt

LOOK_ELSEWHERE_MILLISECONDS = 5000
UNDO_SECONDS = 60.0  # what was removed shortly before the start, perhaps by another process, may still be undone
MINIMUM_WIDTH, MINIMUM_HEIGHT = 560, 480
FRAME = QSize(8, 40)  # pixels that the system's frame and title bar may take
NARROW = 720  # pixels: below, the sidebar is shown only when asked for


class MainWindow(QWidget):
    """``painted`` is sent once, after the first paint. ``closed``: the person is done. ``quick_asked``: the quick entry."""

    painted = Signal()
    quick_asked = Signal()
    closed = Signal()

    def __init__(self, appearance: Appearance, bridge: Bridge, paths: Paths) -> None:
        super().__init__()
        self._appearance = appearance
        self._bridge = bridge
        self._paths = paths
        self._state = window_state.load(paths.window_state)
        self._was_painted = False
        self._narrow = self._state.width < NARROW
        self._workbench: Workbench | None = None
        self._desk: Desk | None = None
        self._search: SearchDesk | None = None
        self._checking: Checking | None = None
        self._failure: FailurePage | None = None
        self._finishing = False
        self.stays_when_closed: Callable[[], bool] = lambda: False  # in the tray, when the person wants it so
        self.setWindowTitle("Workbench")
        self.setProperty("look", "page")
        self.setMinimumSize(MINIMUM_WIDTH, MINIMUM_HEIGHT)
        room = self.screen().availableSize() - FRAME
        self.resize(QSize(self._state.width, self._state.height).boundedTo(room))
        self.sidebar = Sidebar(appearance)
        self.page = ChatPage(appearance)
        self.pages = Pages(bridge, appearance, self.page)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sidebar)
        layout.addWidget(self.pages, 1)
        self.toasts = Toasts(self.pages, self.page.composer, appearance)
        self.actions_ = Actions(self, self._functions())
        self._look_elsewhere = QTimer(self)
        self._look_elsewhere.setInterval(LOOK_ELSEWHERE_MILLISECONDS)
        self._look_elsewhere.timeout.connect(self._look)
        self._connect()
        self._arrange_sidebar()
        self.page.welcome.setVisible(not self._state.chat)  # a chat that was open comes back
        if not paths.database.exists():  # the very first start: no suggestions that nothing could answer yet
            self.page.welcome.show_offer(tr(FIRST), tr(LOCAL))
        self.page.composer.draft.setFocus()

    # Filling ----------------------------------------------------------------------------------------------------------

    def fill(self, workbench: Workbench) -> None:
        """The core is there: make the transcript and the desk, and show what is on the disk."""
        from ui.chat.attaching import Attaching
        from ui.chat.compare import CompareDesk
        from ui.chat.desk import Desk  # after the first paint: these pull in the Markdown and highlighting libraries
        from ui.chat.feedback import FeedbackDesk
        from ui.chat.reading import Reading
        from ui.chat.titling import Titling
        from ui.chat.transcript import TranscriptView
        from ui.engine_watch import EngineWatch
        from ui.models.checking import Checking
        from ui.search.desk import SearchDesk
        from ui.search.jump import Jump
        from ui.settings.keeping import DailyBackups

        self._workbench = workbench
        self._bridge.follow(workbench.bus)
        self._bridge.listen(self._on_changed)
        self._bridge.failed.connect(self._tell)
        transcript = TranscriptView()
        self._appearance.follow(lambda: transcript.set_theme(*self._appearance.reading))
        self.page.put_transcript(transcript)
        self._desk = desk = Desk(self._bridge, workbench, self._appearance, self.sidebar, self.page, self.toasts)
        Attaching(self._bridge, workbench, self.page, self.page.composer, lambda: desk.chat.state.temporary)
        transcript.link_activated.connect(self._desk.follow_link)
        transcript.action.connect(self._desk.act_on)
        self._desk.chat_shown.connect(self._keep_place)
        FeedbackDesk(self._bridge, workbench, self._appearance, desk, self.toasts, self.page)
        Titling(self._bridge, workbench, desk)
        CompareDesk(self._bridge, workbench, self._appearance, desk, self.toasts, self.page)
        self._reading = Reading(self._bridge, workbench, self._appearance, desk, self.toasts, self.page)
        self._reading.sources.why_not_asked.connect(
            lambda question, folders: self.pages.explain_search(
                question, tuple(one.partition("/")[0] for one in folders)
            )
        )
        self._desk.asked_for.connect(self._show_chat_page)
        self._desk.models.models_asked.connect(self.pages.open_models)
        self._desk.projects.page_asked.connect(self.pages.open_project)
        self._desk.folders.page_asked.connect(self.pages.open_documents)
        self._desk.tools.page_asked.connect(self.pages.open_tools)
        self._desk.escalations.settings_asked.connect(
            lambda: self.pages.open_cloud(for_sheet=desk.escalations.waits_on_sheet)
        )
        self._desk.prompts.library_asked.connect(self.pages.open_prompts)
        self._desk.prompts.version_asked.connect(self.pages.open_prompt)
        self._desk.prompts.save_asked.connect(self._write_prompt)
        self._desk.prompts.run_asked.connect(self.pages.run_prompt)
        self._checking = Checking(self._bridge, workbench, self.toasts, lambda: desk.answering, self)
        self._checking.details_asked.connect(self.pages.open_model)
        desk.busy_changed.connect(self._checking.go_on)
        self.pages.fill(workbench, self.toasts, desk, self._checking)
        self._desk.start(self._state.chat or None)
        jump = Jump(
            self._bridge, workbench, self.page, self.toasts, desk.open_chat, lambda: desk.chat.state.conversation_id
        )
        self._reading.sources.message_asked.connect(jump.to_message)
        self._search = SearchDesk(self._bridge, workbench, self._appearance, self.sidebar, jump)
        self._on_changed()
        if told := [str(notice) for notice in workbench.notices[:3]] + [workbench.restored] * bool(workbench.restored):
            self.toasts.show("\n".join(told), seconds=15)
        if workbench.read_only:
            self._tell_read_only(workbench.read_only)
        else:
            self._bridge.run(lambda _job: workbench.models.purge(UNDO_SECONDS))
            self._bridge.run(lambda _job: workbench.downloads.start())  # what a former run left unfinished goes on
            DailyBackups(self._bridge, workbench, self)
        EngineWatch(self._bridge, workbench, self.toasts, self)
        self._follow_activation()

    def _tell_read_only(self, reason: str) -> None:
        """For as long as it is so: until the next start."""
        hint = tr("{reason} Start Workbench again when that is solved.").format(reason=reason)
        self.page.put_above_composer(
            NoticeCard(self._appearance, tr("Chats can be read, but nothing can be saved."), hint, severe=True)
        )

    def show_failure(self, error: WorkbenchError, again: Callable[[], None]) -> None:
        """The core could not be built: say so on the whole window."""
        self.clear_failure()
        steps: Sequence[tuple[str, Callable[[], None]]] = ((tr("Try again"), again), (tr("Quit"), self.finish))
        report = "\n".join(piece for piece in (error.message, error.hint, error.detail) if piece)
        self._failure = FailurePage(
            self._appearance, error.message, error.hint, detail=error.detail, report=report, steps=steps
        )
        self.pages.addWidget(self._failure)
        self.pages.setCurrentWidget(self._failure)
        self._failure.first.setFocus()
        self.sidebar.hide()

    def finish(self) -> None:
        """Close the window, and with it the program."""
        self._finishing = True
        if self.isHidden():  # in the tray: closed once already
            self.closed.emit()
        else:
            self.close()

    def clear_failure(self) -> None:
        if self._failure is not None:
            self.pages.removeWidget(self._failure)
            self._failure.deleteLater()
            self._failure = None
            self._arrange_sidebar()

    def come_to_front(self) -> None:
        """A second start asked for this window."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    @property
    def desk(self) -> Desk | None:
        """The work with chats, once the core is there."""
        return self._desk

    @property
    def settings_page(self) -> SettingsPage | None:
        """The settings, once they were opened."""
        return self.pages.settings

    def ask_in_new_chat(self, text: str) -> None:
        """What was written in the quick entry. Where no model could answer yet, it stands in the composer."""
        self.come_to_front()
        self._new_chat()
        composer = self.page.composer
        composer.show_text("\n\n".join(piece for piece in (composer.text(), text) if piece))
        composer.draft.submitted.emit()

    def use_prompt_in_new_chat(self, prompt_id: str, text: str) -> None:
        """A prompt was chosen in the quick entry; ``text``: what was written beside it."""
        self.come_to_front()
        self._new_chat()
        if text:
            self.page.composer.show_text("\n\n".join(piece for piece in (self.page.composer.text(), text) if piece))
        self._on_desk(lambda desk: desk.prompts.use(prompt_id))

    # Actions ----------------------------------------------------------------------------------------------------------

    def _functions(self) -> dict[str, Callable[[], None]]:
        functions: dict[str, Callable[[], None]] = {
            "new_chat": self._new_chat,
            "commands": self._open_commands,
            "next_chat": lambda: self._on_desk(lambda desk: self._step_chat(desk, 1)),
            "previous_chat": lambda: self._on_desk(lambda desk: self._step_chat(desk, -1)),
            "composer": self._write,
            "find": lambda: self._on_desk(lambda desk: desk.find()),
            "find_next": lambda: self.page.find_bar.step(),
            "find_previous": lambda: self.page.find_bar.step(backwards=True),
            "sidebar": lambda: self._show_sidebar(self.sidebar.isHidden()),
            "models": self.pages.open_models,
            "documents": self.pages.open_documents,
            "search_documents": self.pages.search_documents,
            "prompts": self.pages.open_prompts,
            "batches": self.pages.open_batches,
            "tools": self.pages.open_tools,
            "memory": self.pages.open_memory,
            "settings": self.pages.open_settings,
            "shortcuts": self._open_shortcuts,
            "change_shortcuts": self.pages.change_shortcuts,
            "model": lambda: self._on_desk(lambda desk: desk.models.open_list()),
            "effort": lambda: self._on_desk(lambda desk: desk.effort.open_list()),
            "ask_stronger": lambda: self._on_desk(lambda desk: desk.escalations.ask_last()),
            "tools_of_chat": lambda: self._on_desk(lambda desk: desk.tools.offer()),
            "attach": lambda: self._on_desk(lambda _desk: self.page.composer.attach_button.click()),
            "copy_answer": lambda: self._on_desk(lambda desk: desk.commands.copy_answer()),
            "copy_code": lambda: self._on_desk(lambda desk: desk.commands.copy_code()),
            "regenerate": lambda: self._on_desk(lambda desk: desk.regenerate()),
            "pin_chat": lambda: self._on_desk(lambda desk: desk.commands.pin()),
            "rename_chat": lambda: self._on_desk(lambda desk: desk.commands.rename()),
            "temporary_chat": lambda: self._on_desk(lambda desk: desk.temporary_chat()),
            "quote": lambda: self._on_desk(lambda desk: desk.steering.quote("")),
            "branches": lambda: self._on_desk(lambda desk: desk.steering.show_tree()),
            "delete_chat": lambda: self._on_desk(lambda desk: desk.commands.delete()),
            "quick_entry": self.quick_asked.emit,
            "quit": self.finish,
            "stop": self._stop,
        }
        for number in CHAT_NUMBERS:
            functions[f"chat_{number}"] = self._opening(number)
        return functions

    def _opening(self, number: int) -> Callable[[], None]:
        return lambda: self._on_desk(lambda desk: desk.open_number(number))

    def _on_desk(self, act: Callable[[Desk], None]) -> None:
        """Do something with chats: the chat page comes into view first."""
        if self._desk is not None:
            self._show_chat_page()
            act(self._desk)

    def _step_chat(self, desk: Desk, by: int) -> None:
        """The chat below or above the one in view, round and round."""
        ids = [chat.id for chat in self.sidebar.model.chats]
        here = desk.chat.state.conversation_id
        if ids:
            place = ids.index(here) + by if here in ids else min(0, by)
            desk.open_chat(ids[place % len(ids)])

    def _write(self) -> None:
        """The composer, from anywhere."""
        self._show_chat_page()
        self.page.composer.draft.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _new_chat(self) -> None:
        self._on_desk(lambda desk: desk.new_chat())

    def _stop(self) -> None:
        """Escape: leave the page, else stop the answer. What floats takes the key before."""
        if not self.pages.step_back() and self._desk is not None:
            self._desk.stop()

    def _show_chat_page(self) -> None:
        self.pages.show_chats()

    def _on_turned(self) -> None:
        """A page beside the chats: a sidebar that was only asked for leaves a narrow window to it."""
        if self._desk is not None:
            self._desk.projects.show_page(None)
        if self._narrow:
            self._arrange_sidebar()

    def _on_returned(self) -> None:
        if self._desk is not None:
            self._desk.projects.show_page(None)
        self.page.composer.draft.setFocus()
        if self._desk is not None:
            self._desk.escalations.come_back()

    def _open_passage(self, document_id: int, start: int, end: int) -> None:
        """What was found, beside the page."""
        self._reading.viewer().open_passage(document_id, start, end)

    def _open_commands(self) -> None:
        from ui.command_list import Command, CommandList

        if self._desk is None:
            return
        commands = [
            Command(tr(text.text), self.actions_[text.id].trigger, text.icon, self.actions_.shown_keys(text.id))
            for text in ACTIONS
            if text.listed
        ]
        desk = self._desk
        if desk.escalations.enabled:
            ask = self.actions_["ask_stronger"].trigger
            keys = self.actions_.shown_keys("ask_stronger")
            commands.append(Command(tr("Ask a stronger model"), ask, "cloud", keys, also=tr("cloud")))
        else:
            commands.append(Command(tr("Set up the cloud…"), self.pages.open_cloud, "cloud"))
        commands += [
            Command(chat.title or tr("New chat"), partial(desk.open_chat, chat.id), "message-square")
            for chat in self.sidebar.all_chats
        ]
        dialog = CommandList(commands, self._appearance, self, self._search)
        self.actions_.yield_to(dialog.field)
        dialog.open()
        gone: list[bool] = []
        dialog.destroyed.connect(lambda: gone.append(True))
        desk.prompts.offer_commands(lambda prompts: None if gone else dialog.add(self._showing_chats(prompts)))

    def _showing_chats(self, commands: Sequence[Command]) -> list[Command]:
        """The chats come into view before one of these acts."""

        def after(act: Callable[[], None]) -> Callable[[], None]:
            return lambda: self._on_desk(lambda _desk: act())

        return [replace(one, act=after(one.act)) for one in commands]

    def _write_prompt(self, prompt: Prompt) -> None:
        """The editor with a prompt that is not kept yet."""
        self.pages.open_prompts()
        if self.pages.prompts_desk is not None:
            self.pages.prompts_desk.write_new(prompt)

    def _open_shortcuts(self) -> None:
        from ui.shortcut_list import ShortcutList

        ShortcutList(self._appearance, self, self.actions_.own).open()

    def _show_sidebar(self, visible: bool) -> None:
        """As the person wishes; in a narrow window for now, else from now on."""
        self.sidebar.setVisible(visible)
        self.page.show_sidebar.setVisible(not visible)
        if not self._narrow:
            self._state = replace(self._state, sidebar=visible)

    def _arrange_sidebar(self) -> None:
        """A narrow window is left to the conversation, and a failure has the whole window."""
        visible = self._state.sidebar and not self._narrow and self._failure is None
        self.sidebar.setVisible(visible)
        self.page.show_sidebar.setVisible(not visible)

    # News -------------------------------------------------------------------------------------------------------------

    def _on_changed(self, _changed: object = None) -> None:
        if self._workbench is not None:
            chosen = self._workbench.settings.appearance
            self._appearance.use(chosen.theme, chosen.text_scale, chosen.font, chosen.column_width)
            self.actions_.use(self._workbench.settings.shortcuts.keys)

    def _tell(self, error: WorkbenchError) -> None:
        self.toasts.tell(error)

    def _keep_place(self, conversation_id: str | None) -> None:
        state = replace(self._state, chat=conversation_id or "")
        if state != self._state:  # kept at once: a crash must not lose the place
            self._state = state
            self._bridge.run(lambda _job: window_state.save(self._paths.window_state, state))

    def _follow_activation(self) -> None:
        """Look for what other processes did while this window is in use, and only then."""
        if self._workbench is None or not self.isActiveWindow():
            self._look_elsewhere.stop()
        elif not self._look_elsewhere.isActive():
            self._workbench.look_at_prompts()  # an editor may have been in front meanwhile
            self._look()
            self._look_elsewhere.start()

    def _look(self) -> None:
        workbench = self._workbench
        if workbench is not None:
            self._bridge.run(lambda _job: workbench.changed_elsewhere())

    # Qt ---------------------------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._follow_activation()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.sidebar.fit(self.width())
        narrow = self.width() < NARROW
        if narrow is not self._narrow:
            self._narrow = narrow
            self._arrange_sidebar()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._look_elsewhere.stop()
        if self._desk is not None:
            self._desk.flush()
        self.pages.flush()
        state: WindowState = replace(self._state, width=self.width(), height=self.height())
        window_state.save(self._paths.window_state, state)
        super().closeEvent(event)
        self.hide()  # at once: what follows waits for jobs
        if self._finishing or not self.stays_when_closed():
            self.closed.emit()

    def _connect(self) -> None:
        for field in (self.page.composer.draft, self.sidebar.filter, self.page.find_bar.field):
            self.actions_.yield_to(field)
        self.sidebar.hide_asked.connect(lambda: self._show_sidebar(False))
        self.page.sidebar_asked.connect(lambda: self._show_sidebar(True))
        self.sidebar.models_asked.connect(self.pages.open_models)
        self.sidebar.documents_asked.connect(self.pages.open_documents)
        self.sidebar.prompts_asked.connect(self.pages.open_prompts)
        self.sidebar.tools_asked.connect(self.pages.open_tools)
        self.sidebar.memory_asked.connect(self.pages.open_memory)
        self.sidebar.settings_asked.connect(self.pages.open_settings)
        self.pages.turned.connect(self._on_turned)
        self.pages.returned.connect(self._on_returned)
        self.pages.passage_asked.connect(self._open_passage)
        self.pages.text_asked.connect(lambda title, text: self._reading.show_text(title, text))
        self.actions_.keys_changed.connect(self._show_keys)
        self._show_keys()

    def _show_keys(self) -> None:
        words = tr("New chat")
        self.sidebar.new_button.setToolTip(f"{words}  {self.actions_.shown_keys('new_chat')}")
