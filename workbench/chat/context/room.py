"""Room in a full context, as the person chooses: what is no longer sent, or what stands for it. Pure.

Nothing is ever cut in silence: the conversation stays whole on the disk and on the screen, and tells from which message on
the model sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from workbench.chat.tree import Node, Seen
from workbench.messages import Message, Role, user

# So much of the context may be full after room was made: the chat shall go on for a while.
FILLED_SHARE = 0.6
SUMMARY_SHARE = 0.125
LEAST_SUMMARY_TOKENS, MOST_SUMMARY_TOKENS = 128, 1024

SUMMARY_HEADING = "What was said before this, in short:"
SUMMARY_ASKED = (
    "Summarise our conversation so far for yourself, so that you can go on without it. Keep names, numbers, decisions,"
    " open questions and everything that I asked you to remember. Write only the summary, in the language of the"
    " conversation."
)


class WhenFull(StrEnum):
    """What is done when a chat no longer fits. ``refuse``: nothing, the person decides."""

    REFUSE = "refuse"
    DROP = "drop"
    SUMMARISE = "summarise"


def part_seen(branch: Sequence[Node], seen: Seen) -> tuple[Node, ...]:
    """The messages that are sent. A branch that does not have the first of them, made by an edit, is sent whole."""
    start = next((position for position, node in enumerate(branch) if node.id == seen.from_id), 0)
    return tuple(branch[start:])


def summary_text(branch: Sequence[Node], seen: Seen) -> str:
    """What stands for the messages that are not sent; empty when the branch is sent whole, or they were dropped."""
    if not seen.summary or not any(node.id == seen.from_id for node in branch):
        return ""
    return f"{SUMMARY_HEADING}\n{seen.summary}"


def first_to_keep(branch: Sequence[Node], fits: Callable[[int], bool]) -> int:
    """The position of the earliest question from which on the rest fits, or of the last one when none does. Later
    positions fit if an earlier one does. Raises `ValueError` for a branch without a question."""
    places = [position for position, node in enumerate(branch) if node.message.role is Role.USER]
    if not places:
        raise ValueError("there is no question")
    low, high = 0, len(places) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(places[middle]) else (middle + 1, high)
    return places[low]


def summary_tokens(context_tokens: int) -> int:
    """How long a summary may get."""
    return max(LEAST_SUMMARY_TOKENS, min(MOST_SUMMARY_TOKENS, int(context_tokens * SUMMARY_SHARE)))


def asking_for_summary(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The messages that make a model summarise ``messages``."""
    if messages and messages[-1].role is Role.USER:
        return (*messages[:-1], user(f"{messages[-1].text}\n\n{SUMMARY_ASKED}"))
    return (*messages, user(SUMMARY_ASKED))
