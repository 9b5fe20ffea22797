"""Asks the documents while a person types: words at once, meaning when the hand rests; only the newest counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ui.bridge import Bridge
from workbench.documents.retrieval.hit import Found, Query
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.jobs import Job

TYPING_MILLISECONDS, RESTING_MILLISECONDS = 30, 350


class PassageAsking(QObject):
    """``found``: the `Query` that was asked, and what was `Found`. ``failed``: why nothing can be."""

    found = Signal(object, object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, workbench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._workbench = workbench
        self._wanted: Query | None = None
        self._job: Job | None = None
        self._soon = self._timer(TYPING_MILLISECONDS, as_typed=True)
        self._rested = self._timer(RESTING_MILLISECONDS, as_typed=False)

    def ask(self, query: Query) -> None:
        """Search for it in a moment; what was asked before is forgotten."""
        self.forget()
        self._wanted = query
        self._soon.start()
        self._rested.start()

    def ask_now(self, query: Query) -> None:
        """By words and meaning, without waiting for more."""
        self.forget()
        self._wanted = query
        self._search(as_typed=False)

    def forget(self) -> None:
        """Nothing is wanted any more."""
        self._wanted = None
        self._soon.stop()
        self._rested.stop()
        self._cancel()

    def _timer(self, milliseconds: int, *, as_typed: bool) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(lambda: self._search(as_typed=as_typed))
        return timer

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel.cancel()
            self._job = None

    def _search(self, *, as_typed: bool) -> None:
        if self._wanted is None:
            return
        self._cancel()
        wanted, query = self._wanted, replace(self._wanted, as_typed=as_typed)

        def done(found: Found) -> None:
            if self._wanted is wanted:
                self.found.emit(query, found)

        def failed(error: WorkbenchError) -> None:
            if self._wanted is wanted:
                self.failed.emit(error)

        self._job = self._bridge.run(
            lambda job: self._workbench.documents.search(query, job.cancel),
            on_done=done,
            on_failed=failed,
            on_cancelled=lambda: None,
        )
