"""What a turn tells while it runs, beside the model's own stream. Pure values: every front end reads them."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.chat.tree import Node
from workbench.messages import Id, StreamEvent


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The first news of a turn: its question and (still empty) answer are on disk. ``question`` None: it was there."""

    conversation: Id
    question: Node | None
    answer: Node


@dataclass(frozen=True, slots=True)
class Preparing:
    """Not answering yet, and why: for example "Loading SmolLM2 135M"."""

    text: str


TurnEvent = TurnStarted | Preparing | StreamEvent
