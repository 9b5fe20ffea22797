"""Two answers to one question, each with what is to be shown of it: one is there or being written, another model writes the
other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ui.chat.feed import items, live_item
from ui.chat.state import Answered, Asked, ChatState, StateEvent, reduce
from workbench.chat.tree import Node
from workbench.messages import Id, Role

if TYPE_CHECKING:
    from ui.chat.live import LiveChat
    from ui.chat.transcript_items import TranscriptItem
    from workbench.jobs import Job


class Side:
    """One answer. ``node``: whole, once it has ended."""

    def __init__(self, state: ChatState, node: Node | None = None) -> None:
        self.state = state
        self.node = node

    def item(self) -> TranscriptItem | None:
        """None before the answer has its place."""
        if self.node is not None and not any(one.id == self.node.id for one in self.state.nodes):
            return _alone(replace(self.state, nodes=(self.node,), failure=None))
        live = live_item(self.state)
        if live is not None or not self.state.nodes or self.state.nodes[-1].message.role is Role.USER:
            return live
        return _alone(self.state)

    def take(self, event: StateEvent) -> None:
        self.state = reduce(self.state, event)

    def end(self, node: Node) -> None:
        self.node = node
        self.take(Answered(node))


def _alone(state: ChatState) -> TranscriptItem:
    """Its last message, without what can be done with one in a chat."""
    return replace(items(state)[-1], actions=(), place=(0, 0))


class Comparison:
    """``job``: of the answer at the right. ``taken``: one was, or the panel is closed."""

    def __init__(self, service: Any, conversation_id: Id, question: Node, left: Side) -> None:
        self.service = service
        self.question = question
        self.left = left
        self.right = Side(reduce(ChatState(conversation_id, nodes=(question,)), Asked()))
        self.job: Job | None = None
        self.taken = False


class BothAsked:
    """A question that was sent to two models. ``first`` and ``second``: their names; ``model``: the second, as
    `Options.model` names it; ``at_once``: neither slows the other. ``two``: once the question is kept."""

    def __init__(self, chat: LiveChat, names: tuple[str, str], model: str, *, at_once: bool) -> None:
        self.chat = chat
        self.first, self.second = names
        self.model = model
        self.at_once = at_once
        self._before = {node.id for node in chat.state.nodes}
        self.two: Comparison | None = None

    @property
    def question(self) -> Node | None:
        """Once it is kept, and has an answer or the place of one."""
        nodes = self.chat.state.nodes
        new = (node for node in nodes[:-1] if node.message.role is Role.USER and node.id not in self._before)
        return next(new, None)
