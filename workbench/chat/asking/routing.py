"""What a chat asks whoever chooses the model of a question. The port, and what is chosen where nobody chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from workbench.chat.asking.choice import Choice, Routed
from workbench.chat.tree import Node
from workbench.messages import Effort, Id, Message
from workbench.settings import AUTO

DEEPER: Final = "auto:deep"
"""As `AUTO`, but the deep one of this machine, whatever the rules say: the answer before was not good enough."""


def is_auto(model: str) -> bool:
    return model in (AUTO, DEEPER)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose model is to be chosen. ``branch``: what stands before it. ``effort``: as the person asked, None:
    they did not. ``documents``: some are asked; ``schema``: the answer must be JSON; ``tools``: names of those that may be
    called, None: as the settings say. ``deeper``: see `DEEPER`. ``conversation_id`` None: the chat is not begun."""

    question: Message
    branch: Sequence[Node] = ()
    conversation_id: Id | None = None
    private: bool = False
    documents: bool = False
    schema: bool = False
    tools: tuple[str, ...] | None = None
    effort: Effort | None = None
    deeper: bool = False


class Router(Protocol):
    """Any thread. None of it ever sends anything."""

    def choose(self, asked: Asked) -> Choice:
        """Quick. Raises `ModelError` where no model of this machine can answer."""
        ...

    def began(self, conversation_id: Id, turn_id: Id, choice: Choice, *, overruled: str = "") -> None:
        """Keep what was chosen. ``overruled``: the model that the person had answer instead."""
        ...

    def answered(self, turn_id: Id, choice: Choice, asked: Asked, answer: Node) -> Routed:
        """Look the answer over, and keep what came of the choice."""
        ...

    def failed(self, turn_id: Id, kind: str) -> None:
        """There is no answer. ``kind``: as `WorkbenchError.kind`."""
        ...


class UsualModel:
    """`Router` where nobody chooses: the usual model, and nothing is kept."""

    def choose(self, asked: Asked) -> Choice:
        return Choice("", asked.effort, "the usual model")

    def began(self, conversation_id: Id, turn_id: Id, choice: Choice, *, overruled: str = "") -> None: ...

    def answered(self, turn_id: Id, choice: Choice, asked: Asked, answer: Node) -> Routed:  # noqa: ARG002
        return Routed(choice)

    def failed(self, turn_id: Id, kind: str) -> None: ...


USUAL_MODEL: Final[Router] = UsualModel()
