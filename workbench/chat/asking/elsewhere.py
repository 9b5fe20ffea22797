"""Answers that no model of this machine gave: they are not gone on with by another one in silence."""

from __future__ import annotations

from typing import Final

from workbench.chat.tree import Node
from workbench.cloud.listing.names import model_called, provider_called
from workbench.errors import UsageError

SOURCE_PREFIX: Final = "cloud:"
"""What `Turn.backend` of an answer from a provider begins with; its id follows."""
HANDED_OFF_PREFIX: Final = "handoff:"
"""And of one that was pasted back; whose it is follows."""


class FromElsewhereError(UsageError):
    """An answer of a provider, or of a person's own chat page, is to be changed: nothing was sent."""

    kind = "from_elsewhere"
    default_hint = (
        "Ask a stronger model again, which shows first what is sent; or let the model here answer the question."
    )


def is_from_elsewhere(node: Node) -> bool:
    """Whether a provider, or the person's own chat page, gave this answer."""
    return node.turn is not None and node.turn.backend.startswith((SOURCE_PREFIX, HANDED_OFF_PREFIX))


def elsewhere_words(source: str) -> str:
    """Of `Turn.backend`, for a person: empty where a model of their own answered."""
    if source.startswith(SOURCE_PREFIX):
        return f"in the cloud, by {provider_called(source.removeprefix(SOURCE_PREFIX))}"
    return "pasted from a chat page" if source.startswith(HANDED_OFF_PREFIX) else ""


def author_words(source: str, model: str) -> str:
    """Of `Turn.backend` and `Turn.model`, for a person: a provider's model by its name; who gave it stands beside."""
    return model_called(model) if source.startswith(SOURCE_PREFIX) else model


def check_from_here(node: Node, what: str) -> None:
    """``what`` cannot be done: "go on with" or "answer again". Raises `FromElsewhereError`."""
    if node.turn is not None and is_from_elsewhere(node):
        author = author_words(node.turn.backend, node.turn.model)
        raise FromElsewhereError(f"This answer is from {author}: the model here cannot {what} it.")
