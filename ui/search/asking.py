"""Asks the core while a person types: one search at a time, and only the answer to the newest text counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ui.bridge import Bridge
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.chat.searching.search import Hit  # only its type: the window is painted first

TYPING_MILLISECONDS = 30  # between two keys of a fast hand there is more


class ChatSearch(QObject):
    """``found``: the text that was asked for, and its `Hit`s. ``failed``: why nothing can be found, in words."""

    found = Signal(str, object)
    failed = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, parent: QObject, *, most: int, per_chat: int) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._workbench = workbench
        self._most, self._per_chat = most, per_chat
        self._wanted = ""
        self._running = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(TYPING_MILLISECONDS)
        self._soon.timeout.connect(self._search)

    def ask(self, text: str) -> None:
        """Search for ``text`` in a moment; what was asked before is forgotten. Nothing to search for is found at once."""
        self._wanted = text
        if text.strip():
            self._soon.start()
        else:
            self._soon.stop()
            self.found.emit(text, ())

    def _search(self) -> None:
        if self._running:
            return
        self._running = True
        text, most, per_chat = self._wanted, self._most, self._per_chat
        self._bridge.run(
            lambda _job: self._workbench.search(text, most, per_chat),
            on_done=lambda hits: self._take(text, hits),
            on_failed=lambda error: self._fail(text, error),
            on_cancelled=self._end,
        )

    def _take(self, text: str, hits: tuple[Hit, ...]) -> None:
        self._end()
        if text == self._wanted:
            self.found.emit(text, hits)
        elif self._wanted.strip():
            self._search()

    def _fail(self, text: str, error: WorkbenchError) -> None:
        self._end()
        if text == self._wanted:
            self.failed.emit(error.message)
        elif self._wanted.strip():
            self._search()

    def _end(self) -> None:
        self._running = False
