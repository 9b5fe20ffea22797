"""Questions: what they are made of, what a chat is named after, and how one was asked before. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.chat.asking.options import Options
from workbench.chat.tree import Conversation, Node
from workbench.errors import UsageError
from workbench.messages import Attachment, Message, Role, Text, UsedPrompt


def check_asked(conversation: Conversation, answer: Node) -> None:
    """Raises `UsageError` where the question of an answer was deleted."""
    parents = (node for node in conversation.nodes if node.id == answer.parent_id)
    if not any(parent.message.role is Role.USER for parent in parents):
        raise UsageError("The question of this answer was deleted.", hint="Ask it again, or undo the deletion.")


def as_asked(options: Options, conversation: Conversation, answer: Node) -> Options:
    """With the prompt that the question of ``answer`` was written with, unless another one is asked for."""
    question = next((node.message for node in conversation.nodes if node.id == answer.parent_id), answer.message)
    return replace(options, prompt=options.prompt or question.prompt)


def question_of(text: str, attachments: Sequence[Attachment] = (), prompt: UsedPrompt | None = None) -> Message:
    """The prompt stands first, what was attached before the text. Raises `UsageError` where there is neither."""
    if not text.strip() and not attachments:
        raise UsageError("There is nothing to send.", hint="Type a message first.")
    said = (Text(text),) if text.strip() else ()
    written_with = () if prompt is None else (prompt,)
    return Message(Role.USER, (*written_with, *attachments, *said))


def title_text(text: str, attachments: Sequence[Attachment]) -> str:
    """What a new chat is named after."""
    return text if text.strip() else ", ".join(attachment.name for attachment in attachments)
