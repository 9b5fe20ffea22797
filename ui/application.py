"""Starts the window: paint first, then build the core in a job, then fill the pages. Ends in the opposite order."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFont, QIcon
from PySide6.QtWidgets import QApplication

from ui.appearance import Appearance, load_fonts
from ui.at_hand import AtHand
from ui.bridge import Bridge
from ui.main_window import MainWindow
from ui.single_instance import Doorbell
from ui.termination import Termination
from ui.translation import load_translation, tr
from ui.widgets.accessible_areas import guard_scroll_areas
from workbench import settings
from workbench.doorbell import FRONT, QUICK
from workbench.jobs import Job, Jobs
from workbench.paths import Paths, asset, default_home
from workbench.single import Lock, forwarded

if TYPE_CHECKING:
    from workbench.app import ApiOpener, Workbench

QUICK_ENTRY_MILLISECONDS = 1500  # after the start: nobody waits for it then
TRACE_VARIABLE = "WORKBENCH_STARTUP_TRACE"


class Trace:
    """Milliseconds since the process began at each stage; printed to stderr as one JSON line when asked for.

    ``painted_cpu`` is the processor time until the first paint: a busy machine does not change it.
    """

    def __init__(self, began: float) -> None:
        self._began = began
        self._stages: dict[str, int] = {}

    def mark(self, stage: str) -> None:
        self._stages[stage] = round(1000 * (time.time() - self._began))

    def mark_processor_time(self, stage: str) -> None:
        self._stages[stage] = round(1000 * time.process_time())

    def tell(self) -> None:
        if os.environ.get(TRACE_VARIABLE):
            print(json.dumps(self._stages), file=sys.stderr, flush=True)  # noqa: T201 - what the variable asks for


class Program(QObject):
    """One run of the window, from the first paint to the end. ``again``: another run is wanted after it."""

    def __init__(
        self, application: QApplication, paths: Paths, trace: Trace, open_api: ApiOpener | None = None
    ) -> None:
        super().__init__(application)
        self._application = application
        self._paths = paths
        self._trace = trace
        self._open_api = open_api
        self._workbench: Workbench | None = None
        self._ended = False
        self.again = False
        self._bridge = Bridge(Jobs(), self)
        chosen, _notices = settings.load(paths.config)
        self.appearance = Appearance(application, chosen.appearance.theme, chosen.appearance.text_scale)
        trace.mark("dressed")
        self.window = MainWindow(self.appearance, self._bridge, paths)
        self._doorbell = Doorbell(paths.home, self)
        self._doorbell.rung.connect(self.window.come_to_front)
        self._doorbell.quick_rung.connect(self.open_quick_entry)
        self.at_hand = AtHand(self.appearance, self)
        self._termination = Termination(self.window.finish, self)
        self.window.painted.connect(self._on_painted)
        self.window.closed.connect(self._end)
        self.window.restart_asked.connect(self._restart)
        trace.mark("window_made")

    def show(self) -> None:
        self.window.show()

    def open_quick_entry(self) -> None:
        self.at_hand.open_quick_entry()

    def _on_painted(self) -> None:
        self._trace.mark("painted")
        self._trace.mark_processor_time("painted_cpu")
        self._build()

    def _build(self) -> None:
        self.window.clear_failure()
        self._bridge.run(
            self._built,
            on_done=self._fill,
            on_failed=lambda error: self.window.show_failure(error, self._build),
        )

    def _built(self, _job: Job) -> Workbench:
        from workbench.app import build  # in the worker: SQLite and the HTTP client take their time

        return build(self._paths, open_api=self._open_api)

    def _fill(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._trace.mark("built")
        self.window.fill(workbench)
        self._trace.mark("filled")
        self._bridge.run(lambda _job: workbench.api.follow())
        self._bridge.run(lambda _job: workbench.follow_prompts())
        self._bridge.run(lambda _job: workbench.keep_prompts_warm())
        self._bridge.run(lambda _job: workbench.tool_warming.start())
        self._bridge.run(lambda _job: workbench.follow_documents(), on_done=lambda _follows: self._tell_of_documents())
        self._follow(workbench)
        QTimer.singleShot(0, self._trace.tell)

    def _tell_of_documents(self) -> None:
        if self._workbench is not None and (told := self._workbench.documents.told):
            self.window.toasts.show(told, seconds=15)

    def _follow(self, workbench: Workbench) -> None:
        """Be at hand: what the person chose, what is being answered, and whether they look."""
        at_hand, window = self.at_hand, self.window
        at_hand.window_asked.connect(window.come_to_front)
        at_hand.chat_asked.connect(self._show_chat)
        at_hand.question_asked.connect(window.ask_in_new_chat)
        at_hand.prompts_asked.connect(self._find_prompts)
        at_hand.prompt_chosen.connect(window.use_prompt_in_new_chat)
        at_hand.quit_asked.connect(window.finish)
        at_hand.keys_refused.connect(self._tell_keys_refused)
        window.stays_when_closed = lambda: at_hand.in_tray
        self._bridge.listen(self._use_settings)
        if window.desk is not None:
            window.desk.busy_changed.connect(self._follow_answers)
            window.desk.consents.came.connect(self._tell_waiting)
            window.desk.consents.waits.connect(at_hand.show_waiting)
        self._use_settings()
        window.installEventFilter(self)
        QTimer.singleShot(QUICK_ENTRY_MILLISECONDS, self._prepare_quick_entry)

    def _use_settings(self, _changed: object = None) -> None:
        if self._workbench is not None:
            self.at_hand.use(self._workbench.settings.at_hand)

    def _follow_answers(self) -> None:
        desk = self.window.desk
        if desk is not None:
            titles = {chat.id: chat.title for chat in self.window.sidebar.all_chats}
            in_front = self.window.isActiveWindow()
            self.at_hand.follow_answers(
                desk.busy, lambda chat: titles.get(chat, ""), in_front=in_front, waits=desk.consents.waiting_words
            )

    def _tell_waiting(self, conversation_id: str, words: str) -> None:
        chat = self.window.sidebar.model.chat(conversation_id)
        in_front = self.window.isActiveWindow()
        self.at_hand.tell_waiting(conversation_id, chat.title if chat else "", words, in_front=in_front)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.window and event.type() in (QEvent.Type.Hide, QEvent.Type.Show):
            self.at_hand.show_window_state(hidden=event.type() == QEvent.Type.Hide)
        return False

    def _show_chat(self, conversation_id: str) -> None:
        self.window.come_to_front()
        if self.window.desk is not None:
            self.window.desk.open_chat(conversation_id)

    def _find_prompts(self, query: str) -> None:
        """For the quick entry."""
        if self.window.desk is not None:
            show = self.at_hand.quick.show_prompts
            self.window.desk.prompts.find(query, lambda found: None if self._ended else show(query, found))

    def _tell_keys_refused(self, why: str) -> None:
        if self.window.settings_page is not None:
            self.window.settings_page.at_hand.refuse(why)
        elif why:
            self.window.toasts.show(tr("The keys of the quick entry are not taken. {why}").format(why=why))

    def _prepare_quick_entry(self) -> None:
        """Built while nobody waits for it."""
        if not self._ended:
            self.at_hand.quick.ensurePolished()

    def _restart(self) -> None:
        """What is done before the database is opened is wanted now."""
        self.again = True
        self.window.finish()

    def forget(self) -> None:
        """After its end, where another run follows: take down its window and what follows the system's colours."""
        for made in (self.window, self.appearance, self):
            made.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _end(self) -> None:
        """Stop accepting, cancel and join the jobs, stop the engine, close the database, quit."""
        if self._ended:
            return
        self._ended = True
        self._doorbell.close()
        self.at_hand.close()
        self._bridge.close()
        if self._workbench is not None:
            self._workbench.close()
        self._termination.close()
        self._application.quit()


def make_application(argv: list[str]) -> QApplication:
    """The application with its style, fonts and name; raises nothing: missing fonts fall back to the system's."""
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(argv)
    application.setApplicationName("Workbench")
    application.setApplicationDisplayName("Workbench")
    application.setOrganizationName("Workbench")
    application.setDesktopFileName("local-workbench")
    application.setStyle("Fusion")
    application.setWindowIcon(QIcon(str(asset("icons/workbench.svg"))))
    application.setQuitOnLastWindowClosed(False)
    guard_scroll_areas()
    load_fonts()
    load_translation(application)
    QFont.insertSubstitution("Inter", "Noto Sans")
    return application


def run(argv: list[str], open_api: ApiOpener | None = None, *, quick: bool = False) -> int:
    """Open the window and return when it is closed: 0, also when another window on this home was brought forward.

    ``open_api``: how the local API is opened when the settings want it. ``quick``: with the quick entry in front.
    """
    trace = Trace(_process_began())
    trace.mark("imported")
    paths = Paths(default_home())
    lock = Lock(paths.home)
    if forwarded(paths.home, QUICK if quick else FRONT, lock):
        return 0
    application = make_application(argv)
    trace.mark("application")
    while True:
        program = Program(application, paths, trace, open_api)
        program.show()
        if quick:
            program.open_quick_entry()
        code = application.exec()
        if not program.again:
            lock.let_go()
            return code
        program.forget()
        quick, trace = False, Trace(time.time())


def _process_began() -> float:
    """When this process started, in seconds since the epoch: imports count too. Exact only when somebody asks."""
    if not os.environ.get(TRACE_VARIABLE):
        return time.time()
    if hasattr(time, "CLOCK_BOOTTIME"):  # Linux, whose boot time psutil knows to the second only
        ticks = int(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
        return time.time() - (time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK"))
    import psutil

    return psutil.Process().create_time()
