"""What a model is sent: the system text and the branch, as the messages of one request. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.chat.tree import Node
from workbench.errors import ContextFullError
from workbench.messages import Message, Role, Text, system

ANSWER_RESERVE_TOKENS = 64
TEMPLATE_TOKENS_PER_MESSAGE = 16
TEMPLATE_TOKENS = 512


@dataclass(frozen=True, slots=True)
class ContextUse:
    """The meter: tokens of the rendered prompt of ``limit``. None while no engine is ready to count."""

    tokens: int | None
    limit: int | None


def messages_for(branch: Sequence[Node], system_text: str = "") -> tuple[Message, ...]:
    """The branch as a model sees it: earlier reasoning left out, empty answers (failed turns) left out.

    Reasoning of finished answers is not sent again: templates of reasoning models drop it, others never saw it.
    """
    sent = [system(system_text)] if system_text.strip() else []
    for node in branch:
        text = node.message.text
        if text or node.message.role is Role.USER:
            sent.append(Message(node.message.role, (Text(text),)))
    return tuple(sent)


def surely_fits(messages: Sequence[Message], context_tokens: int) -> bool:
    """Whether the prompt leaves most of the context free, told without counting.

    No tokenizer makes more tokens than the text has bytes; templates add a few per message, and some a page at the start.
    Short chats so save two questions to the engine before the first token.
    """
    bytes_sent = sum(len(message.text.encode("utf-8", "replace")) for message in messages)
    most_tokens = bytes_sent + TEMPLATE_TOKENS_PER_MESSAGE * len(messages) + TEMPLATE_TOKENS
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
