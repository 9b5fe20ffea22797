"""A whole chat as it is exported and imported: every branch, every turn, and what was thought of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice
from workbench.chat.tree import SEEN_WHOLE, Seen
from workbench.messages import Attachment, Id, Message


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a person thinks of an answer; ``verdict``: up or down."""

    verdict: str
    reason: str
    correction: str
    at: float


@dataclass(frozen=True, slots=True)
class Preferred:
    """Of two messages, which one was chosen. ``kind``: regenerate, edit or compare."""

    kind: str
    chosen_id: Id
    rejected_id: Id
    at: float


@dataclass(frozen=True, slots=True)
class Reworked:
    """What the person made of a text of a message: see `Version`."""

    place: str
    number: int
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """``turns``: the model calls that made it, oldest first, each as the columns of its row but owner and message.
    ``versions``: what the person made of its texts, oldest first."""

    id: Id
    parent_id: Id | None
    message: Message
    created_at: float
    turns: tuple[Mapping[str, Any], ...] = ()
    opinion: Opinion | None = None
    versions: tuple[Reworked, ...] = ()

    @property
    def model(self) -> str:
        """The name of the model that wrote it; empty where that is not known."""
        return str(self.turns[-1].get("model") or "") if self.turns else ""

    @property
    def source(self) -> str:
        """See `Turn.backend`; empty where that is not known."""
        return str(self.turns[-1].get("backend") or "") if self.turns else ""


@dataclass(frozen=True, slots=True)
class KeptChat:
    """``messages`` in the order they were made: a parent stands before its children. ``origin``: the program and id that it
    was imported from; ``titled_by``: person, model, or empty; ``project``: id and name, empty for none. ``choice``: the
    model and effort that were chosen for it."""

    id: Id
    title: str
    tip_id: Id | None
    messages: tuple[KeptMessage, ...]
    created_at: float
    updated_at: float
    seen: Seen = SEEN_WHOLE
    pinned_at: float | None = None
    origin: str = ""
    titled_by: str = ""
    project: tuple[Id, str] = ("", "")
    preferred: tuple[Preferred, ...] = field(default=())
    choice: ChatChoice = NOT_CHOSEN

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """Of all branches."""
        return tuple(part for message in self.messages for part in message.message.attachments)


def branch_of(chat: KeptChat) -> tuple[KeptMessage, ...]:
    """The branch in view, from its first message to the tip."""
    messages = {message.id: message for message in chat.messages}
    path: list[KeptMessage] = []
    at = chat.tip_id
    while at is not None and at in messages:
        path.append(messages.pop(at))  # taken out, so that a ring ends too
        at = path[-1].parent_id
    return tuple(reversed(path))
