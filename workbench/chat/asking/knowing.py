"""What of the memory a turn is told: where it may be, and whether the model that answers may hear it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from workbench.memory.memory import NOTHING_REMEMBERED, Memory, Remembered
from workbench.messages import Id

Known = tuple[Remembered, str]
"""What is told, and why nothing is, in a sentence; empty where there is nothing to say."""


class TurnMemory(Protocol):
    def told(self, project_id: Id | None, model: str) -> Known:
        """What a turn in this project is told where this model answers. Quick: it is asked for every turn."""
        ...


class NothingKnown:
    """`TurnMemory` where nothing is ever told: in temporary chats."""

    def told(self, project_id: Id | None, model: str) -> Known:  # noqa: ARG002
        return NOTHING_REMEMBERED, ""


NOTHING_KNOWN: TurnMemory = NothingKnown()


class Knowing:
    """``stranger``: of a model's name, the label of the machine that answers for it and is not the person's; else ""."""

    def __init__(self, memory: Callable[[], Memory], stranger: Callable[[str], str]) -> None:
        self._memory = memory
        self._stranger = stranger

    def told(self, project_id: Id | None, model: str) -> Known:
        known = self._memory().told(project_id)
        stranger = self._stranger(model) if known else ""
        if stranger:
            return (
                NOTHING_REMEMBERED,
                f"What is remembered of you was not sent: {stranger} is not marked as yours.",
            )
        return known, ""
