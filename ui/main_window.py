"""The window: sidebar, chats, models, settings. It appears before the core is there, and is filled when it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import window_state
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
from ui.window_acts import WindowActs
from ui.window_state import WindowState
from workbench.errors import WorkbenchError
from workbench.paths import Paths

if TYPE_CHECKING:
    from ui.chat.desk import Desk
    from ui.chat.reading import Reading
    from ui.models.checking import Checking
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
    restart_asked = Signal()
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
        self.acts = WindowActs(self, appearance, self.pages, self.page, self.sidebar)
        self.actions_ = self.acts.actions
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
        self._workbench = workbench
        self._bridge.follow(workbench.bus)
        self._bridge.listen(self._on_changed)
        self._bridge.failed.connect(self._tell)
        self._desk = self.acts.desk = desk = self._make_desk(workbench)
        self._reading = self._make_beside(workbench, desk)
        self._lead_to_pages(desk)
        self._checking = self._make_checking(workbench, desk)
        self.pages.fill(workbench, self.toasts, desk, self._checking)
        desk.start(self._state.chat or None)
        self._make_search(workbench, desk)
        self._on_changed()
        self._tell_of_the_start(workbench)
        self._begin_work(workbench)
        self._follow_activation()

    def _make_desk(self, workbench: Workbench) -> Desk:
        """The transcript, and the desk that fills it."""
        from ui.chat.attaching import Attaching
        from ui.chat.desk import Desk  # after the first paint: these pull in the Markdown and highlighting libraries
        from ui.chat.transcript import TranscriptView

        transcript = TranscriptView()
        self._appearance.follow(lambda: transcript.set_theme(*self._appearance.reading))
        self.page.put_transcript(transcript)
        desk = Desk(self._bridge, workbench, self._appearance, self.sidebar, self.page, self.toasts)
        Attaching(self._bridge, workbench, self.page, self.page.composer, lambda: desk.chat.state.temporary)
        transcript.link_activated.connect(desk.follow_link)
        transcript.action.connect(desk.act_on)
        desk.chat_shown.connect(self._keep_place)
        return desk

    def _make_beside(self, workbench: Workbench, desk: Desk) -> Reading:
        """What is done with answers: judged, titled, compared, read up on."""
        from ui.chat.compare import CompareDesk
        from ui.chat.feedback import FeedbackDesk
        from ui.chat.reading import Reading
        from ui.chat.titling import Titling

        FeedbackDesk(self._bridge, workbench, self._appearance, desk, self.toasts, self.page)
        Titling(self._bridge, workbench, desk)
        CompareDesk(self._bridge, workbench, self._appearance, desk, self.toasts, self.page)
        reading = Reading(self._bridge, workbench, self._appearance, desk, self.toasts, self.page)
        reading.sources.why_not_asked.connect(self._explain_search)
        return reading

    def _lead_to_pages(self, desk: Desk) -> None:
        """What is asked for in a chat and stands on a page."""
        desk.asked_for.connect(self._show_chat_page)
        desk.models.models_asked.connect(self.pages.open_models)
        desk.projects.page_asked.connect(self.pages.open_project)
        desk.folders.page_asked.connect(self.pages.open_documents)
        desk.tools.page_asked.connect(self.pages.open_tools)
        desk.escalations.settings_asked.connect(self.pages.open_cloud)
        desk.prompts.library_asked.connect(self.pages.open_prompts)
        desk.prompts.version_asked.connect(self.pages.open_prompt)
        desk.prompts.save_asked.connect(self._write_prompt)
        desk.prompts.run_asked.connect(self.pages.run_prompt)

    def _make_checking(self, workbench: Workbench, desk: Desk) -> Checking:
        from ui.models.checking import Checking

        checking = Checking(self._bridge, workbench, self.toasts, lambda: desk.answering, self)
        checking.details_asked.connect(self.pages.open_model)
        desk.busy_changed.connect(checking.go_on)
        return checking

    def _make_search(self, workbench: Workbench, desk: Desk) -> None:
        """Search in what was said, and the way to a message."""
        from ui.search.desk import SearchDesk
        from ui.search.jump import Jump

        jump = Jump(
            self._bridge, workbench, self.page, self.toasts, desk.open_chat, lambda: desk.chat.state.conversation_id
        )
        self._reading.sources.message_asked.connect(jump.to_message)
        self.pages.message_asked.connect(jump.to_message)
        self.acts.search = SearchDesk(self._bridge, workbench, self._appearance, self.sidebar, jump)

    def _tell_of_the_start(self, workbench: Workbench) -> None:
        """What of the settings was not understood, what was restored, and why nothing can be saved."""
        if told := [str(notice) for notice in workbench.notices[:3]] + [workbench.restored] * bool(workbench.restored):
            self.toasts.show("\n".join(told), seconds=15)
        if workbench.read_only:
            self._tell_read_only(workbench.read_only)

    def _begin_work(self, workbench: Workbench) -> None:
        """What goes on behind the window."""
        from ui.engine_watch import EngineWatch
        from ui.settings.keeping import DailyBackups

        if not workbench.read_only:
            self._bridge.run(lambda _job: workbench.models.purge(UNDO_SECONDS))
            self._bridge.run(lambda _job: workbench.downloads.start())  # what a former run left unfinished goes on
            DailyBackups(self._bridge, workbench, self)
        EngineWatch(self._bridge, workbench, self.toasts, self)

    def _explain_search(self, question: str, folders: Sequence[str]) -> None:
        self.pages.explain_search(question, tuple(one.partition("/")[0] for one in folders))

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
        self.acts.new_chat()
        composer = self.page.composer
        composer.show_text("\n\n".join(piece for piece in (composer.text(), text) if piece))
        composer.draft.submitted.emit()

    def use_prompt_in_new_chat(self, prompt_id: str, text: str) -> None:
        """A prompt was chosen in the quick entry; ``text``: what was written beside it."""
        self.come_to_front()
        self.acts.new_chat()
        if text:
            self.page.composer.show_text("\n\n".join(piece for piece in (self.page.composer.text(), text) if piece))
        self.acts.on_desk(lambda desk: desk.prompts.use(prompt_id))

    # Pages ------------------------------------------------------------------------------------------------------------

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

    def _write_prompt(self, prompt: Prompt) -> None:
        """The editor with a prompt that is not kept yet."""
        self.pages.open_prompts()
        if self.pages.prompts_desk is not None:
            self.pages.prompts_desk.write_new(prompt)

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
        self.pages.restart_asked.connect(self.restart_asked)
        self.pages.text_asked.connect(lambda title, text: self._reading.show_text(title, text))
        self.acts.quick_asked.connect(self.quick_asked)
        self.acts.quit_asked.connect(self.finish)
        self.acts.sidebar_asked.connect(self._show_sidebar)
        self.actions_.keys_changed.connect(self._show_keys)
        self._show_keys()

    def _show_keys(self) -> None:
        words = tr("New chat")
        self.sidebar.new_button.setToolTip(f"{words}  {self.actions_.shown_keys('new_chat')}")
