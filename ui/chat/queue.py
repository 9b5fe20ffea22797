"""Messages that wait for the answer that is being written: shown above the composer, changed, removed, sent in turn."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.live import LiveChat, LiveChats
from ui.chat.page import ChatPage
from ui.chat.queued import Queued
from ui.chat.words import shortened
from ui.notify import announce
from ui.translation import marked, tr
from ui.widgets.buttons import IconButton
from ui.widgets.labels import ElidedLabel
from workbench.chat.tree import Node
from workbench.messages import Attachment, Finish, UsedPrompt

SPOKEN_CHARACTERS = 60


class Queue(QObject):
    """Each chat has its own. After a stopped or failed answer nothing is sent by itself."""

    def __init__(self, appearance: Appearance, page: ChatPage, live: LiveChats, shown: Callable[[], LiveChat]) -> None:
        super().__init__(page)
        self._appearance = appearance
        self._page = page
        self._live = live
        self._shown_chat = shown
        self._shown: tuple[tuple[Queued, ...], bool] = ((), False)
        self._rows = QWidget()
        self._rows.setAccessibleName(tr("Waiting messages"))
        column = QVBoxLayout(self._rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        page.put_above_composer(self._rows)
        self._rows.hide()
        live.answered.connect(self._send_next)

    def add(self, text: str, attachments: tuple[Attachment, ...], prompt: UsedPrompt | None = None) -> None:
        """Behind those of the chat in view that wait already."""
        chat = self._shown_chat()
        chat.queued = (*chat.queued, Queued(text, attachments, prompt))
        self.show(chat)
        announce(self._page, tr("The message waits until the answer is done."))

    def show(self, chat: LiveChat) -> None:
        """What waits in this chat."""
        shown = (chat.queued, chat.state.busy)
        if shown == self._shown:
            return
        self._shown = shown
        column = self._rows.layout()
        while column is not None and (item := column.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for message in chat.queued:
            if column is not None:
                row = self._row(chat, message)
                column.addWidget(row)
                row.show()
        self._rows.setVisible(bool(chat.queued))

    def _row(self, chat: LiveChat, message: Queued) -> QFrame:
        row = QFrame()
        row.setProperty("look", "card")
        inside = QHBoxLayout(row)
        inside.setContentsMargins(12, 4, 4, 4)
        inside.setSpacing(4)
        words = ElidedLabel(
            (tr("Next: {message}") if chat.state.busy else tr("Not sent: {message}")).format(message=message.line)
        )
        inside.addWidget(words, 1)
        steps = [
            ("pencil", marked("Edit"), self._edit),
            ("arrow-up", marked("Send now"), self._send),
            ("x", marked("Remove"), self._remove),
        ]
        for icon, name, act in steps:
            if name == "Send now" and chat.state.busy:
                continue
            button = IconButton(
                icon, f"{tr(name)}: {shortened(message.line, SPOKEN_CHARACTERS)}", self._appearance, size=14
            )
            button.setObjectName(name)
            button.clicked.connect(lambda _=False, act=act: act(chat, message))
            inside.addWidget(button)
        return row

    def _edit(self, chat: LiveChat, message: Queued) -> None:
        """Back into the composer, before what stands there."""
        composer = self._page.composer
        self._drop(chat, message)
        attachments = (*message.attachments, *composer.attached())
        text = "\n\n".join(piece for piece in (message.text, composer.text()) if piece)
        composer.show_attached(attachments)
        composer.show_text(text)
        composer.show_prompt(message.prompt or composer.prompt)

    def _send(self, chat: LiveChat, message: Queued) -> None:
        self._drop(chat, message)
        self._live.send(chat, message.text, None, message.attachments, message.prompt)

    def _remove(self, chat: LiveChat, message: Queued) -> None:
        self._drop(chat, message)
        self._page.composer.draft.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self, chat: LiveChat, message: Queued) -> None:
        waiting = list(chat.queued)
        if message in waiting:
            waiting.remove(message)
        chat.queued = tuple(waiting)
        if chat is self._shown_chat():
            self.show(chat)

    def _send_next(self, chat: LiveChat, answer: Node) -> None:
        well = answer.turn is not None and answer.turn.finish is Finish.STOP
        if well and chat.queued:
            self._send(chat, chat.queued[0])
