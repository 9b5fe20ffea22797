"""What an answer stands on already, before anything is searched. Pure."""

from __future__ import annotations

from dataclasses import replace

from workbench.chat.tree import Conversation, Node, siblings
from workbench.messages import Sources, ToolCall


def kept(conversation: Conversation, answer: Node) -> Sources | None:
    """What an answer that is gone on with stands on; of one that is made anew, what the last one beside it stood on, for it
    is the same question. None: nothing is known, and has to be searched."""
    if any(isinstance(part, Sources | ToolCall) for part in answer.message.parts) or answer.message.text:
        return _unchecked(answer.message.sources)
    beside = [node.message.sources for node in siblings(conversation, answer) if node.id != answer.id]
    found = next((sources for sources in reversed(beside) if sources.passages), None)
    return None if found is None else _unchecked(found)


def _unchecked(sources: Sources) -> Sources:
    return replace(sources, citations=())
