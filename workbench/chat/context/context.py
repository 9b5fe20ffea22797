"""What a model is sent: the system text and the branch, as the messages of one request. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.chat.attaching.given import WHOLE, framed
from workbench.chat.context.room import part_seen, summary_text
from workbench.chat.tree import SEEN_WHOLE, Node, Seen
from workbench.errors import ContextFullError
from workbench.messages import Attachment, Message, Role, Text, system

ANSWER_RESERVE_TOKENS = 64
TEMPLATE_TOKENS_PER_MESSAGE = 16
TEMPLATE_TOKENS = 512
PICTURE_TOKENS = 1_500  # about the most that a model makes of one
DELETED_QUESTION = "(This message was deleted.)"


@dataclass(frozen=True, slots=True)
class ContextUse:
    """The meter: tokens of the rendered prompt of ``limit``. None while no engine is ready to count. ``note``: what of the
    attachments would be left out."""

    tokens: int | None
    limit: int | None
    note: str = ""


def messages_for(
    branch: Sequence[Node],
    system_text: str = "",
    draft: str = "",
    seen: Seen = SEEN_WHOLE,
    *,
    attachments: Sequence[Attachment] = (),
    given: Mapping[str, str] = WHOLE,
) -> tuple[Message, ...]:
    """The branch as a model sees it, with ``draft`` and its ``attachments`` as its next question if there is one.

    Documents stand before the text of their message, whole or as ``given`` has them; pictures are parts of their own.

    Reasoning of finished answers is not sent again: templates of reasoning models drop it, others never saw it. Empty
    answers (of failed turns) are left out, and the questions that then meet become one: many templates refuse two
    messages of a role in a row, and one failed turn would end the chat for good. They refuse an answer before the first
    question too: words stand for one that was deleted.
    """
    said_first = (system_text.strip(), summary_text(branch, seen))
    sent = [system("\n\n".join(text for text in said_first if text))] if any(said_first) else []
    for node in part_seen(branch, seen):
        if node.message.role is Role.ASSISTANT and not any(one.role is Role.USER for one in sent):
            _add(sent, Role.USER, DELETED_QUESTION)
        if node.message.text or node.message.role is Role.USER:
            _add(sent, node.message.role, node.message.text, node.message.attachments, given)
    if draft.strip() or attachments:
        _add(sent, Role.USER, draft, attachments, given)
    return tuple(sent)


def _add(
    sent: list[Message], role: Role, text: str, attachments: Sequence[Attachment] = (), given: Mapping[str, str] = WHOLE
) -> None:
    text = framed(attachments, text, given)
    pictures = tuple(one for one in attachments if one.is_image)
    if sent and sent[-1].role is role:
        before = sent.pop()
        text, pictures = f"{before.text}\n\n{text}", (*before.attachments, *pictures)
    sent.append(Message(role, (*pictures, Text(text))))


def surely_fits(messages: Sequence[Message], context_tokens: int) -> bool:
    """Whether the prompt leaves most of the context free, told without counting.

    No tokenizer makes more tokens than the text has bytes; templates add a few per message, and some a page at the start.
    Short chats so save two questions to the engine before the first token.
    """
    bytes_sent = sum(len(message.text.encode("utf-8", "replace")) for message in messages)
    pictures = sum(one.is_image for message in messages for one in message.attachments)
    most_tokens = bytes_sent + PICTURE_TOKENS * pictures + TEMPLATE_TOKENS_PER_MESSAGE * len(messages) + TEMPLATE_TOKENS
    return most_tokens <= context_tokens // 2


def answer_budget(prompt_tokens: int, context_tokens: int, wanted: int | None) -> int:
    """How many tokens the answer may have: what is wanted, or all that is left.

    Raises `ContextFullError` when less than `ANSWER_RESERVE_TOKENS` are left: nothing is ever cut in silence.
    """
    room = context_tokens - prompt_tokens
    if room < ANSWER_RESERVE_TOKENS:
        raise ContextFullError(
            f"This chat has {prompt_tokens:,} tokens and the model's context holds {context_tokens:,}: "
            "there is no room left for an answer.",
            hint="Start a new chat, shorten the message, or set a larger context in the settings.",
        )
    return min(room, wanted) if wanted else room
