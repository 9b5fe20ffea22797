"""What a turn tells while it runs, beside the model's own stream. Pure values: every front end reads them."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.chat.asking.choice import Routed
from workbench.chat.tree import Node
from workbench.consents.consent import Consent
from workbench.messages import Id, Sources, StreamEvent, ToolCall, ToolResult


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The first news of a turn: its question and (still empty) answer are on disk. ``question`` None: it was there."""

    conversation: Id
    question: Node | None
    answer: Node


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which model was chosen for the question, and why: right after `TurnStarted`."""

    routed: Routed


@dataclass(frozen=True, slots=True)
class Preparing:
    """Not answering yet, and why: for example "Loading SmolLM2 135M"."""

    text: str


@dataclass(frozen=True, slots=True)
class SourcesFound:
    """The passages that the answer is given to stand on; after its end once more, with its citations."""

    sources: Sources


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A call begins; its arguments are whole. ``title``: the tool's, for a person; ``destination``: a host it reaches."""

    call: ToolCall
    title: str
    destination: str = ""


@dataclass(frozen=True, slots=True)
class ToolEnded:
    """What a call gave, as it is kept with the answer."""

    result: ToolResult


@dataclass(frozen=True, slots=True)
class ConsentWaits:
    """The answer goes on when a person has answered this; the turn ends with `Finish.WAITING`. One that proposes something
    to remember waits for nobody: the answer goes on at once."""

    consent: Consent


TurnEvent = TurnStarted | Chosen | Preparing | SourcesFound | ToolStarted | ToolEnded | ConsentWaits | StreamEvent
