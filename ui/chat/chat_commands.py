"""What is done with a whole chat, the one in view or one of the list: pin, rename, move, delete with undo, copy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.exporting import ChatExports
from ui.chat.live import told
from ui.chat.page import ChatPage
from ui.chat.sidebar import Sidebar
from ui.chat.state import ChatState
from ui.chat.words import last_code, shortened
from ui.notify import Toasts
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.chat.tree import ConversationSummary, Node
from workbench.messages import Id

if TYPE_CHECKING:
    from ui.chat.shown_chat import ShownChats
    from workbench.app import Workbench


class ChatCommands:
    """Of one ``desk``, which knows the chat in view."""

    def __init__(
        self,
        desk: ShownChats,
        bridge: Bridge,
        workbench: Workbench,
        appearance: Appearance,
        sidebar: Sidebar,
        page: ChatPage,
        toasts: Toasts,
    ) -> None:
        self._desk, self._bridge, self._workbench = desk, bridge, workbench
        self._appearance, self._sidebar, self._page, self._toasts = appearance, sidebar, page, toasts
        self.exports = ChatExports(bridge, workbench, appearance, page, toasts)

    # Keeping ----------------------------------------------------------------------------------------------------------

    def rename(self) -> None:
        """The chat in view, in the list."""
        if self._state.conversation_id:
            self._sidebar.rename(self._state.conversation_id)

    def rename_to(self, conversation_id: Id, title: str) -> None:
        self._ask(lambda: self._workbench.chat.rename(conversation_id, title))

    def pin(self, chat: ConversationSummary | None = None) -> None:
        """Keep ``chat`` (or the one in view) on top of the list, or let it go with its day again."""
        chosen = chat or self._sidebar.model.chat(self._state.conversation_id)
        if chosen is not None:
            chosen_id, pinned = chosen.id, not chosen.pinned_at
            self._ask(lambda: self._workbench.chat.pin(chosen_id, pinned=pinned))

    def delete(self, chat: ConversationSummary | None = None) -> None:
        """Delete ``chat`` (or the one in view) into the bin, and offer to undo it."""
        if chat is None and self._state.temporary:
            self._desk.new_chat()
            return
        conversation_id = chat.id if chat else self._state.conversation_id
        if conversation_id is None:
            return
        title = (chat.title if chat else self._state.title) or tr("New chat")
        deleted = tr("Deleted “{title}”.").format(title=shortened(title))
        self._desk.leave_deleted(conversation_id)
        self._ask(
            lambda: self._workbench.chat.delete(conversation_id),
            lambda: self._toasts.show(deleted, tr("Undo"), lambda: self._restore(conversation_id)),
        )

    def _restore(self, conversation_id: Id) -> None:
        self._ask(lambda: self._workbench.chat.restore(conversation_id), lambda: self._desk.open_chat(conversation_id))

    # Copying ----------------------------------------------------------------------------------------------------------

    def copy_answer(self) -> None:
        answer = self._state.last_answer
        text = answer.message.text if answer else ""
        self._copy(text, tr("Answer copied."), tr("There is no answer to copy yet."))

    def copy_code(self) -> None:
        answer = self._state.last_answer
        text = last_code(answer.message.text) if answer else ""
        self._copy(text, tr("Code copied."), tr("The last answer has no code block."))

    def copy_message(self, node: Node) -> None:
        self._copy(node.message.text, tr("Copied."), tr("There is nothing to copy yet."))

    def copy_failure(self) -> None:
        """What a person would report."""
        failure = self._state.failure
        self._copy(told(failure) if failure else "", tr("Details copied."), tr("There are no details."))

    # Lists ------------------------------------------------------------------------------------------------------------

    def show_actions(self, anchor: QWidget) -> None:
        """What can be done with the chat in view."""
        state = self._state
        choices = [
            Choice(tr("Rename"), self.rename, icon="pencil", key="F2"),
            self._pin_choice(self._sidebar.model.chat(state.conversation_id)),
            Choice(tr("Copy the last answer"), self.copy_answer, icon="copy"),
            Choice(tr("New answer"), self._desk.regenerate, icon="refresh-cw"),
            Choice(tr("Delete"), self.delete, icon="trash-2", danger=True, separated=True),
        ]
        if state.last_answer is None:
            choices = [*choices[:2], choices[-1]]
        if state.conversation_id is not None:
            choices.insert(-1, self._moving(state.conversation_id, state.title, anchor))
            choices.insert(-1, self._exporting(state.conversation_id, anchor))
        Popover(tr("Chat actions"), choices, self._appearance, self._page.window()).open_at(anchor)

    def show_chat_actions(self, chat: ConversationSummary, corner: QPoint) -> None:
        """What can be done with a chat of the list."""
        choices = [
            Choice(tr("Open"), lambda: self._desk.open_chat(chat.id), icon="message-square"),
            Choice(tr("Rename"), lambda: self._sidebar.rename(chat.id), icon="pencil", key="F2"),
            self._pin_choice(chat),
            self._moving(chat.id, chat.title, corner),
            self._exporting(chat.id, corner),
            Choice(tr("Delete"), lambda: self.delete(chat), icon="trash-2", danger=True, separated=True),
        ]
        name = tr("Actions for {title}").format(title=chat.title)
        Popover(name, choices, self._appearance, self._page.window()).open_with_corner(corner)

    def _pin_choice(self, chat: ConversationSummary | None) -> Choice:
        if chat is not None and chat.pinned_at:
            return Choice(tr("Unpin"), lambda: self.pin(chat), icon="pin-off")
        return Choice(tr("Pin"), lambda: self.pin(chat), icon="pin")

    def _moving(self, conversation_id: Id, title: str, place: QWidget | QPoint) -> Choice:
        def choose() -> None:
            self._desk.projects.choose_place(conversation_id, title, place)

        return Choice(tr("Move to a project…"), choose, icon="folder-open")

    def _exporting(self, conversation_id: Id, place: QWidget | QPoint) -> Choice:
        return Choice(tr("Export…"), lambda: self.exports.choose(conversation_id, place), icon="download")

    # Small steps ------------------------------------------------------------------------------------------------------

    @property
    def _state(self) -> ChatState:
        return self._desk.chat.state

    def _copy(self, text: str, done: str, nothing: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)
        self._toasts.show(done if text else nothing, seconds=3)

    def _ask(self, work: Callable[[], Any], then: Callable[[], None] | None = None) -> None:
        """Do ``work`` off the main thread; a failure becomes a toast."""
        self._bridge.run(
            lambda _job: work(), on_done=lambda _result: then() if then else None, on_failed=self._toasts.tell
        )
