"""Walks between the branches of a conversation: what comes into view, and what a copy of one is called. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from workbench.chat.tree import Conversation, Node, TurnState, branch, path_to
from workbench.messages import Id

_NUMBERED = re.compile(r"^(?P<title>.*) \((?P<number>\d{1,6})\)$", re.DOTALL)


def tip_below(conversation: Conversation, node_id: Id, remembered: Mapping[Id, Id]) -> Id:
    """The end of the branch that comes into view with a message: where the person was below it last, else the newest.

    ``remembered``: the tips that were left, by the message that was left with them.
    """
    below = {node_id}
    newest = node_id
    for node in conversation.nodes:  # a parent stands before its children
        if node.parent_id in below:
            below.add(node.id)
            newest = node.id
    left = (remembered.get(node.id) for node in reversed(path_to(conversation, node_id)))
    return next((tip for tip in left if tip in below), newest)


def parting(conversation: Conversation, kept: Id | None) -> Id | None:
    """The message of the branch in view that goes out of view when the branch ends at, or goes another way from,
    ``kept``; None when all of it stays."""
    path = branch(conversation)
    if kept is None:
        return path[0].id if path else None
    other = {node.id for node in path_to(conversation, kept)}
    return next((node.id for node in path if node.id not in other), None)


def tip_without(conversation: Conversation, node: Node, remembered: Mapping[Id, Id]) -> Id | None:
    """Where the branch in view ends once ``node`` is deleted: its children hang on its parent, an alternative of it takes
    its place, or else the branch ends one message earlier."""
    if conversation.tip_id != node.id:
        return conversation.tip_id
    others = [one for one in conversation.nodes if one.parent_id == node.parent_id and one.id != node.id]
    return tip_below(conversation, others[-1].id, remembered) if others else node.parent_id


def is_being_written(node: Node) -> bool:
    return node.turn is not None and node.turn.state is TurnState.RUNNING


def fork_title(title: str, taken: Collection[str]) -> str:
    """The title of a copy: the same with the next free number, "Soup (2)"."""
    numbered = _NUMBERED.match(title)
    plain = numbered["title"] if numbered else title
    number = 2
    while f"{plain} ({number})" in taken:
        number += 1
    return f"{plain} ({number})"


def outline(conversation: Conversation) -> Iterator[tuple[int, Node]]:
    """The whole tree in reading order, with how often a message or one above it has alternatives: a chat without
    branches has the depth 0 all the way, however long it is."""
    children: dict[Id | None, list[Node]] = {}
    for node in conversation.nodes:
        children.setdefault(node.parent_id, []).append(node)
    waiting = [(0, node) for node in reversed(children.get(None, []))]
    if len(waiting) > 1:
        waiting = [(1, node) for _depth, node in waiting]
    while waiting:
        depth, node = waiting.pop()
        yield depth, node
        below = children.get(node.id, [])
        waiting += [(depth + (len(below) > 1), child) for child in reversed(below)]
