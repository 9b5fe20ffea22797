"""The way to a hit: its chat, the branch it stands in, the message itself, with what was found marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from ui.bridge import Bridge
from ui.chat.page import ChatPage
from ui.notify import Toasts
from ui.translation import tr
from workbench.chat.searching.search import Hit
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.app import Workbench

PATIENCE_MILLISECONDS = 4000


class Jump(QObject):
    """``open_chat`` brings a chat into view, and ``in_view`` names the one that is."""

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        page: ChatPage,
        toasts: Toasts,
        open_chat: Callable[[Id], Any],
        in_view: Callable[[], Id | None],
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._page = page
        self._toasts = toasts
        self._open_chat = open_chat
        self._in_view = in_view
        self._hit: Hit | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MILLISECONDS)
        self._patience.timeout.connect(self._give_up)
        bridge.drained.connect(self._try)

    def to(self, hit: Hit) -> None:
        """Bring the message into view; a newer jump takes the place of one that is not there yet."""
        self._hit = None
        message = hit.message
        if message is None:
            self._open_chat(hit.conversation)
            return
        self._bridge.run(
            lambda _job: self._workbench.chat.show_branch(message),
            on_done=lambda _shown: self._go(hit),
            on_failed=self._toasts.tell,
        )

    def to_message(self, conversation: Id, message: Id) -> None:
        """Bring a message of any chat into view."""
        self.to(Hit(conversation, message, "", "", 0.0, "text"))

    def _go(self, hit: Hit) -> None:
        self._hit = hit
        self._open_chat(hit.conversation)
        self._patience.start()
        self._try()

    def _try(self) -> None:
        """The message may be in the transcript by now."""
        hit, transcript = self._hit, self._page.transcript
        if hit is None or transcript is None or self._in_view() != hit.conversation:
            return
        if hit.message is not None and any(item.id == hit.message for item in transcript.items):
            self._hit = None
            self._patience.stop()
            if hit.where == "reasoning":
                transcript.unfold(hit.message)
            self._page.find_bar.open_at(transcript, found_words(hit), hit.message)

    def _give_up(self) -> None:
        if self._hit is not None and self._in_view() == self._hit.conversation:
            self._toasts.show(
                tr("That message is not in view: an answer is being written on another branch of this chat.")
            )
        self._hit = None


def found_words(hit: Hit) -> str:
    """What to mark in the chat: the longest of what was found in the message's text."""
    if hit.where != "text":
        return ""
    return max((hit.snippet[begin:end] for begin, end in hit.marks), key=len, default="")
