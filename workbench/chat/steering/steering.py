"""Where a conversation goes, without asking a model: another branch in view, a message less, a copy to go on with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.chat.steering.branches import fork_title, is_being_written, parting, tip_below, tip_without
from workbench.chat.steering.store import SteeringStore
from workbench.chat.tree import Conversation, Node, path_to
from workbench.errors import UsageError
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.chat.store import ConversationStore


class Steering:
    """``forget`` hears of each chat with a message less: what was kept to answer it sooner goes with it."""

    def __init__(self, chats: ConversationStore, store: SteeringStore, forget: Callable[[Id], None]) -> None:
        self._chats = chats
        self._store = store
        self._forget = forget

    def show(self, message_id: Id) -> Id:
        """The branch with this message comes into view, where the person was on it last. Returns the conversation."""
        conversation, node = self._chats.node(message_id)
        tip = tip_below(conversation, node.id, self._store.remembered(conversation.id))
        if tip != conversation.tip_id:
            self._store.turn_to(conversation.id, tip, _left(conversation, tip))
        return conversation.id

    def branch_off(self, conversation: Conversation, parent_id: Id | None) -> None:
        """A new branch begins below ``parent_id``: what goes out of view is found again as it was."""
        left = _left(conversation, parent_id)
        if left is not None and tip_below(conversation, left[0], self._store.remembered(conversation.id)) != left[1]:
            self._store.remember(left)

    def delete(self, message_id: Id) -> Id:
        """The message into the bin; what stands below it hangs on its parent. Returns the conversation.

        Raises `UsageError` while it is being written.
        """
        conversation, node = self._chats.node(message_id)
        if is_being_written(node):
            raise UsageError("This answer is still being written.", hint="Stop it first.")
        tip = tip_without(conversation, node, self._store.remembered(conversation.id))
        self._store.delete(conversation.id, message_id, tip)
        self._forget(conversation.id)
        return conversation.id

    def restore(self, message_id: Id) -> Id:
        """Undo `delete`; the message is in view again. Raises `UsageError` when it is not in the bin."""
        conversation_id = self._store.conversation_of_deleted(message_id)
        self._store.restore(conversation_id, message_id)
        conversation = self._chats.load(conversation_id)
        if all(node.id != message_id for node in path_to(conversation, conversation.tip_id)):
            self.show(message_id)
        return conversation_id

    def fork(self, message_id: Id) -> Id:
        """A new chat with a copy of the branch up to this message. Raises `UsageError` while one of it is being written."""
        conversation, node = self._chats.node(message_id)
        path: tuple[Node, ...] = path_to(conversation, node.id)
        if any(is_being_written(one) for one in path):
            raise UsageError("This answer is still being written.", hint="Fork when it is done, or stop it first.")
        return self._store.copy(conversation, path, fork_title(conversation.title, self._store.titles()))


def _left(conversation: Conversation, kept: Id | None) -> tuple[Id, Id] | None:
    """What goes out of view when the branch ends at ``kept``, and where it ended."""
    left = parting(conversation, kept)
    return (left, conversation.tip_id) if left is not None and conversation.tip_id is not None else None
