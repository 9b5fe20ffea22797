"""What those who work on the chat in view ask of the desk, which has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.chat.live import LiveChat
    from ui.projects.in_chats import ChatProjects
    from workbench.messages import Id


class ShownChat(Protocol):
    """One chat is in view, from one moment to the next another one."""

    @property
    def chat(self) -> LiveChat: ...

    def open_chat(self, conversation_id: Id) -> None:
        """Bring it into view."""
        ...

    def anchor(self, node_id: Id, action: str) -> QWidget:
        """Where what an action of a message opens is placed."""
        ...


class ShownChats(ShownChat, Protocol):
    """Others come into view, and leave it."""

    @property
    def projects(self) -> ChatProjects: ...

    def new_chat(self) -> None: ...

    def regenerate(self) -> None:
        """A new answer to the last question."""
        ...

    def leave_deleted(self, conversation_id: Id) -> None:
        """It is about to be deleted."""
        ...
