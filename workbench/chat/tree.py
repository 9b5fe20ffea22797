"""A conversation is a tree of messages; the tip names the branch in view. Pure values and walks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from workbench.chat.asking.choice import Routed
from workbench.chat.asking.made import NOT_KNOWN, Made
from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice
from workbench.memory.memory import NOTHING_REMEMBERED, Remembered
from workbench.messages import Effort, Finish, Id, Message, Passage, Timings, Usage


class TurnState(StrEnum):
    """``running``: its process is alive and streaming. ``ended``: see `Turn.finish`."""

    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Turn:
    """One model call. ``error``: what a person was told when it failed, ``error_kind``: as `WorkbenchError.kind`;
    ``model``: the name shown; ``effort``: it was asked to think so much, None: it was not told; ``note``: what of the
    attachments it was not given, in a sentence; ``memory``: what it was told of the person; ``routed``: how its model was
    chosen for the question, None: it was the usual one, or the person's; ``made``: by what it was computed."""

    id: Id
    model: str
    backend: str
    state: TurnState
    started_at: float
    finish: Finish | None = None
    usage: Usage = Usage()
    timings: Timings = Timings()
    error: str = ""
    hint: str = ""
    effort: Effort | None = None
    error_kind: str = ""
    note: str = ""
    memory: Remembered = NOTHING_REMEMBERED
    routed: Routed | None = None
    made: Made = NOT_KNOWN

    @property
    def can_continue(self) -> bool:
        """It ended before the model had said all: go on from what is there."""
        return self.finish in (Finish.CANCELLED, Finish.INTERRUPTED, Finish.ERROR, Finish.LENGTH)


@dataclass(frozen=True, slots=True)
class Node:
    """A message with its identity and place; ``turn`` is the model call that made an answer. ``after``: what deleted
    messages above it stood on, without texts: it may repeat that."""

    id: Id
    parent_id: Id | None
    message: Message
    created_at: float
    turn: Turn | None = None
    after: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What of a conversation is sent: from which message on (None: all), and the summary of what stood before it."""

    from_id: Id | None = None
    summary: str = ""


SEEN_WHOLE = Seen()


@dataclass(frozen=True, slots=True)
class Conversation:
    """``nodes`` in the order they were made: a parent stands before its children. ``folders``: of documents that it asks:
    their ids, and single files as ``id/path``. ``tools``: names of those that are offered in it, None: as its project and
    the settings say; ``memory``: what is remembered is told in it. ``imported``: messages of a file are in it.
    ``choice``: the model and effort that were chosen for it."""

    id: Id
    title: str
    tip_id: Id | None
    nodes: tuple[Node, ...]
    created_at: float
    updated_at: float
    seen: Seen = SEEN_WHOLE
    project_id: Id | None = None
    pinned_at: float | None = None
    folders: tuple[str, ...] = ()
    tools: tuple[str, ...] | None = None
    memory: bool = True
    imported: bool = False
    choice: ChatChoice = NOT_CHOSEN


class ConversationSummary(NamedTuple):
    """A row of the chat list. ``messages`` counts all branches. A tuple, as there may be ten thousand of them."""

    id: Id
    title: str
    updated_at: float
    messages: int
    project_id: Id | None = None
    pinned_at: float | None = None


def path_to(conversation: Conversation, node_id: Id | None) -> tuple[Node, ...]:
    """The messages from the root to ``node_id``: the branch a person sees and a model is sent. Raises `KeyError`."""
    nodes = {node.id: node for node in conversation.nodes}
    path: list[Node] = []
    while node_id is not None:
        node = nodes[node_id]
        path.append(node)
        node_id = node.parent_id
    return tuple(reversed(path))


def branch(conversation: Conversation) -> tuple[Node, ...]:
    """The branch in view."""
    return path_to(conversation, conversation.tip_id)


def standing(rows: Iterable[tuple[Id, Id | None, bool]]) -> dict[Id, Id | None]:
    """What stands for each message: itself, and for a deleted one the nearest above that is there (None: there is none).

    ``rows``: id, parent, whether it was deleted; a parent stands before its children.
    """
    found: dict[Id, Id | None] = {}
    for message_id, parent_id, deleted in rows:
        found[message_id] = (found.get(parent_id) if parent_id else None) if deleted else message_id
    return found


def siblings(conversation: Conversation, node: Node) -> tuple[Node, ...]:
    """All alternatives at this place, ``node`` included, oldest first."""
    return tuple(other for other in conversation.nodes if other.parent_id == node.parent_id)


def alternatives(conversation: Conversation) -> Mapping[Id, tuple[Id, ...]]:
    """Of each message of the branch in view that has some: all at its place, itself included, oldest first."""
    children: dict[Id | None, list[Id]] = {}
    for node in conversation.nodes:
        children.setdefault(node.parent_id, []).append(node.id)
    places = ((node.id, children[node.parent_id]) for node in branch(conversation))
    return {node_id: tuple(others) for node_id, others in places if len(others) > 1}
