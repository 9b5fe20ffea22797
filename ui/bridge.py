"""The one door between threads and Qt: a locked mailbox and one signal without a payload.

Threads post; the main thread drains the mailbox at most once per frame and calls back there. While nothing happens
nothing runs: no timer ticks and no signal is sent.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ui.translation import tr
from workbench.errors import WorkbenchError
from workbench.events import Bus, Changed
from workbench.jobs import Job, JobEvent, Jobs, Pool
from workbench.messages import Id

log = logging.getLogger(__name__)

Result = TypeVar("Result")
FRAME_SECONDS = 0.033


class BugError(WorkbenchError):
    """A mistake in the program itself, told as one; ``detail`` is the report to copy."""

    kind = "bug"


def as_told(error: BaseException) -> WorkbenchError:
    """The error for a person: as it is when it was expected, else as a bug with a report."""
    if isinstance(error, WorkbenchError):
        return error
    report = "".join(traceback.format_exception(error))
    hint = tr("Copy the report and send it to the project, please. Your chats are safe on the disk.")
    told = tr("Something went wrong inside Workbench ({kind}).").format(kind=type(error).__name__)
    return BugError(told, hint=hint, detail=report)


@dataclass(frozen=True, slots=True)
class _Callbacks:
    """``work``: held until its end is delivered, so that what it refers to ends in the main thread. Qt's objects must: in
    another thread, PySide waits for the interpreter with a lock of Qt's in its hand, and the window for that lock."""

    work: Callable[[Job], Any]
    on_event: Callable[[Any], None] | None
    on_done: Callable[[Any], None] | None
    on_failed: Callable[[WorkbenchError], None] | None
    on_cancelled: Callable[[], None] | None


class Bridge(QObject):
    """Runs work in the job pools and brings its news to the main thread.

    ``drained`` follows each delivered batch: views that repaint once per batch wait for it. ``failed`` carries the
    `WorkbenchError` of work that nobody else wanted to hear about, and of bugs in callbacks.
    """

    drained = Signal()
    failed = Signal(object)
    _wake = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._lock = threading.Lock()
        self._mail: list[JobEvent | Changed] = []
        self._awake = False
        self._last_drain = 0.0
        self._callbacks: dict[Id, _Callbacks] = {}
        self._listeners: list[Callable[[Changed], None]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._drain)
        self._wake.connect(self._on_wake, Qt.ConnectionType.QueuedConnection)

    @property
    def idle(self) -> bool:
        """Nothing runs whose end was not delivered yet."""
        return not self._callbacks and not self._mail

    def run(
        self,
        work: Callable[[Job], Result],
        *,
        on_event: Callable[[Any], None] | None = None,
        on_done: Callable[[Result], None] | None = None,
        on_failed: Callable[[WorkbenchError], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
        pool: Pool = Pool.QUERY,
    ) -> Job:
        """Start ``work`` in a thread; the callbacks run in the main thread, after this method has returned."""
        job = self._jobs.run(work, self.post, pool=pool)
        self._callbacks[job.id] = _Callbacks(work, on_event, on_done, on_failed, on_cancelled)
        return job

    def post(self, news: JobEvent | Changed) -> None:
        """Called from any thread."""
        with self._lock:
            self._mail.append(news)
            wake, self._awake = not self._awake, True
        if wake:
            self._wake.emit()

    def follow(self, bus: Bus) -> Callable[[], None]:
        """Deliver the bus's `Changed` to the listeners; returns the function that ends it."""
        return bus.subscribe(self.post)

    def listen(self, listener: Callable[[Changed], None]) -> None:
        """Call ``listener`` in the main thread after each commit anywhere in this process."""
        self._listeners.append(listener)

    def close(self) -> bool:
        """Cancel what runs and wait for it; nothing is delivered any more. True when everything ended in time."""
        self._timer.stop()
        self._listeners.clear()
        ended = self._jobs.close()
        self._callbacks.clear()
        return ended

    def _on_wake(self) -> None:
        """At once when idle, else when the frame is over."""
        rest = FRAME_SECONDS - (time.monotonic() - self._last_drain)
        if rest <= 0:
            self._drain()
        elif not self._timer.isActive():
            self._timer.start(max(1, round(rest * 1000)))

    def _drain(self) -> None:
        self._last_drain = time.monotonic()
        with self._lock:
            mail, self._mail = self._mail, []
            self._awake = False
        for news in mail:
            self._deliver(news)
        if mail:
            self.drained.emit()

    def _deliver(self, news: JobEvent | Changed) -> None:
        try:
            if isinstance(news, Changed):
                for listener in tuple(self._listeners):
                    listener(news)
            else:
                self._call_back(news)
        except Exception as error:  # a bug in a page must not stop the mail
            log.exception("a callback of the window failed")
            self.failed.emit(as_told(error))

    def _call_back(self, event: JobEvent) -> None:
        callbacks = self._callbacks.get(event.job)
        if callbacks is None:
            return
        if event.kind == "progress":
            if callbacks.on_event:
                callbacks.on_event(event.payload)
            return
        del self._callbacks[event.job]
        if event.kind == "done" and callbacks.on_done:
            callbacks.on_done(event.payload)
        elif event.kind == "cancelled" and callbacks.on_cancelled:
            callbacks.on_cancelled()
        elif event.kind == "failed":
            (callbacks.on_failed or self.failed.emit)(as_told(event.payload))
