"""What a model is sent: the system text and the branch, as the messages of one request. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.chat.tree import Node
from workbench.errors import ContextFullError
from workbench.messages import Message, Role, Text, system

ANSWER_RESERVE_TOKENS = 64


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
