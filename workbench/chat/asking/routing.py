"""What a chat asks whoever chooses the model of a question. The port, and what is chosen where nobody chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from workbench.chat.tree import Node
from workbench.messages import Effort, Id, Message

AUTO: Final = "auto"
"""The name of the model that is none: one is chosen for each question."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``why``: in one line, for a person. ``rule``: its name in the rules. ``propose``: a stronger model is offered beside
    the answer; nothing is sent by it. ``most_tokens``, ``most_seconds`` None: as usual."""

    model: str
    effort: Effort | None
    why: str
    rule: str = ""
    propose: bool = False
    most_tokens: int | None = None
    most_seconds: float | None = None


class Router(Protocol):
    def choose(self, question: Message, branch: Sequence[Node], *, private: bool) -> Choice:
        """Never sends anything; any thread. ``branch``: what stands before the question."""
        ...

    def answered(self, turn_id: Id, choice: Choice, answer: Node) -> None:
        """Keep what was chosen, and what came of it."""
        ...
