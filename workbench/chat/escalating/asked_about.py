"""Which question a message is about, and the local answer that a stronger one stands beside. Pure."""

from __future__ import annotations

from workbench.chat.asking.elsewhere import is_from_elsewhere
from workbench.chat.tree import Conversation, Node, path_to
from workbench.errors import UsageError
from workbench.messages import Role


def asked_about(conversation: Conversation, node: Node) -> tuple[Node, Node | None]:
    """The question, and the local answer to it. Raises `UsageError` for a message that is neither."""
    if node.message.role is Role.USER:
        return node, _answer_in_view(conversation, node)
    question = next((one for one in conversation.nodes if one.id == node.parent_id), None)
    if node.message.role is not Role.ASSISTANT or question is None or question.message.role is not Role.USER:
        raise UsageError("The question of this answer was deleted.", hint="Ask it again, or undo the deletion.")
    if not is_from_elsewhere(node):
        return question, node
    return question, _answer_in_view(conversation, question)


def _answer_in_view(conversation: Conversation, question: Node) -> Node | None:
    """The local answer of the branch in view, else the last one with words in it."""
    below = [one for one in conversation.nodes if one.parent_id == question.id]
    answers = [one for one in below if one.message.role is Role.ASSISTANT and not is_from_elsewhere(one)]
    in_view = {one.id for one in path_to(conversation, conversation.tip_id)}
    seen = [one for one in answers if one.id in in_view]
    said = [one for one in answers if one.message.text]
    return next(reversed([*said, *seen]), None)
