"""The context meter of the composer: how full it would be with what is written now, counted off the main thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from ui.bridge import Bridge
from ui.chat.composer import Composer
from ui.chat.drafts import Drafts
from ui.chat.live import LiveChat, place_of
from workbench.chat.context.context import ContextUse
from workbench.jobs import Job

MILLISECONDS = 350


class Meter(QObject):
    """Only the newest draft of the ``chat`` in view counts."""

    def __init__(self, bridge: Bridge, composer: Composer, drafts: Drafts, chat: Callable[[], LiveChat]) -> None:
        super().__init__(composer)
        self._bridge, self._composer, self._drafts, self._chat = bridge, composer, drafts, chat
        self._measuring: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MILLISECONDS)
        self._timer.timeout.connect(self._measure)

    def soon(self) -> None:
        """Count when nothing has changed for a moment."""
        self._timer.start()

    def _measure(self) -> None:
        if self._measuring is not None:
            self._measuring.cancel.cancel()
        chat = self._chat()
        if chat.state.busy:
            return
        conversation_id, text = chat.state.conversation_id, self._composer.text()
        replaces, attachments = self._drafts.replaces, self._composer.attached()
        place, service = replace(place_of(chat.state), prompt=self._composer.prompt), chat.service
        self._measuring = self._bridge.run(
            lambda job: service.measure(
                conversation_id, text, job.cancel, place, replaces=replaces, attachments=attachments
            ),
            on_done=self._composer.show_context,
            on_failed=lambda _error: self._composer.show_context(ContextUse(None, None)),
        )
