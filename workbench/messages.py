"""The vocabulary of a conversation: parts, messages, requests, and the events a model streams. Pure values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Id = str


class Role(StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class Finish(StrEnum):
    """Why a turn ended. ``interrupted``: its process is gone; ``cancelled``: a person stopped it."""

    STOP = "stop"
    LENGTH = "length"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What the model thought before it answered; ``seconds`` from its first to its last token, when known."""

    text: str
    seconds: float | None = None


Part = Text | Reasoning


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of one turn; ``cached_tokens`` of the prompt were not computed again. None where unknown."""

    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds from the request, and tokens per second. None where unknown."""

    first_token_seconds: float | None = None
    prompt_tokens_per_second: float | None = None
    generation_tokens_per_second: float | None = None
    total_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A node of the conversation tree, without its identity: what a model is sent."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def reasoning(self) -> str:
        return "".join(part.text for part in self.parts if isinstance(part, Reasoning))


def user(text: str) -> Message:
    return Message(Role.USER, (Text(text),))


def system(text: str) -> Message:
    return Message(Role.SYSTEM, (Text(text),))


def assistant(text: str) -> Message:
    return Message(Role.ASSISTANT, (Text(text),))


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a backend is asked. A last message of the assistant is a partial answer to go on from.

    ``max_tokens`` None: until the model stops or the context is full. Sampling values None: the backend's default.
    """

    messages: tuple[Message, ...]
    max_tokens: int | None = None
    temperature: float | None = None
    seed: int | None = None
    options: dict[str, Any] = field(default_factory=dict)


# What a model streams ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PromptProgress:
    """The prompt is being read: ``done`` of ``total`` tokens."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    text: str


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Always the last event of a stream that did not raise."""

    finish: Finish
    usage: Usage = Usage()
    timings: Timings = Timings()


StreamEvent = PromptProgress | ReasoningDelta | TextDelta | Finished


def fold_events(events: Iterable[StreamEvent], *, reasoning_seconds: float | None = None) -> tuple[Part, ...]:
    """The parts that a stream's deltas add up to: neighbours of one kind are joined, order is kept."""
    pieces: list[tuple[type[Part], list[str]]] = []
    for event in events:
        if isinstance(event, TextDelta):
            kind: type[Part] = Text
        elif isinstance(event, ReasoningDelta):
            kind = Reasoning
        else:
            continue
        if pieces and pieces[-1][0] is kind:
            pieces[-1][1].append(event.text)
        else:
            pieces.append((kind, [event.text]))
    return tuple(
        Reasoning("".join(text), reasoning_seconds) if kind is Reasoning else Text("".join(text))
        for kind, text in pieces
        if any(text)
    )
