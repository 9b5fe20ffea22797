"""The vocabulary of a conversation: parts, messages, requests, and the events a model streams. Pure values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

Id = str


class Role(StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class Finish(StrEnum):
    """Why a turn ended. ``interrupted``: its process is gone; ``cancelled``: a person stopped it; ``tool_calls``: the
    model waits for the results of its calls."""

    STOP = "stop"
    LENGTH = "length"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    TOOL_CALLS = "tool_calls"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What the model thought before it answered; ``seconds`` from its first to its last token, when known."""

    text: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model wants called. ``arguments``: the JSON text that it wrote, which may be broken."""

    id: str
    name: str
    arguments: str

    @property
    def text(self) -> str:
        """As a person reads it."""
        return f"{self.name}({self.arguments})"


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What the call ``id`` gave."""

    id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Unparsed:
    """What a model wrote that breaks its own format: shown folded, never sent again."""

    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file given with a message. ``sha256`` names its content in the attachments folder; ``text``: what was read of it,
    empty for a picture; ``note``: what was left out or could not be read, in words; ``tokens``: of the text, where counted.
    """

    name: str
    media_type: str
    bytes: int
    sha256: str
    text: str = ""
    note: str = ""
    tokens: int | None = None

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as a model is sent it: never stored, made of an `Attachment` for one request."""

    media_type: str
    content: bytes

    @property
    def text(self) -> str:
        return ""


Part = Text | Reasoning | ToolCall | ToolResult | Unparsed | Attachment | Image


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

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(part for part in self.parts if isinstance(part, Attachment))

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        return tuple(part for part in self.parts if isinstance(part, ToolCall))


def user(text: str) -> Message:
    return Message(Role.USER, (Text(text),))


def system(text: str) -> Message:
    return Message(Role.SYSTEM, (Text(text),))


def assistant(text: str) -> Message:
    return Message(Role.ASSISTANT, (Text(text),))


class Effort(StrEnum):
    """How much a model thinks before it answers. Which of these a model knows is in `BackendInfo.efforts`."""

    OFF = "off"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    ON = "on"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is drawn. None: as the layer below says, in the end as the engine does by itself."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    seed: int | None = None

    def over(self, defaults: Sampling) -> Sampling:
        """These values, with ``defaults`` where they say nothing."""
        return Sampling(
            *(theirs if ours is None else ours for ours, theirs in zip(_values(self), _values(defaults), strict=True))
        )

    def chosen(self) -> dict[str, float | int]:
        """What is not None, by name."""
        return {
            field.name: value for field, value in zip(fields(self), _values(self), strict=True) if value is not None
        }


def _values(sampling: Sampling) -> list[Any]:
    return [getattr(sampling, field.name) for field in fields(sampling)]


@dataclass(frozen=True, slots=True)
class Tool:
    """What a model may call. ``parameters``: a JSON schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a backend is asked. A last message of the assistant without tool calls is a partial answer to go on from.

    ``max_tokens`` None: until the model stops or the context is full. ``stop``: texts that end the answer.
    ``reasoning_tokens``: the most tokens of reasoning, where the backend can limit them. ``tool_choice``: ``auto``,
    ``none``, ``required`` or a tool's name. ``schema``: a JSON schema that the answer must match.
    ``prefix``: names what requests of this kind begin with (a conversation, a saved prompt, a document), so that what
    was read for one is found again for the next. ``background``: a person's own question may interrupt this one.
    """

    messages: tuple[Message, ...]
    max_tokens: int | None = None
    sampling: Sampling = Sampling()
    stop: tuple[str, ...] = ()
    effort: Effort | None = None
    reasoning_tokens: int | None = None
    tools: tuple[Tool, ...] = ()
    tool_choice: str = "auto"
    schema: Mapping[str, Any] | None = None
    prefix: Id = ""
    background: bool = False


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
class ToolCallDelta:
    """A piece of the call number ``index`` of this answer: its id and name come first, its arguments piece by piece."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class UnparsedText:
    """The model broke its own format; this is all that it wrote since."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Always the last event of a stream that did not raise."""

    finish: Finish
    usage: Usage = Usage()
    timings: Timings = Timings()


Delta = TextDelta | ReasoningDelta | ToolCallDelta | UnparsedText
StreamEvent = PromptProgress | ReasoningDelta | TextDelta | ToolCallDelta | UnparsedText | Finished


def fold_events(events: Iterable[StreamEvent], *, reasoning_seconds: float | None = None) -> tuple[Part, ...]:
    """The parts that a stream's deltas add up to: neighbours of one kind are joined, order is kept.

    The pieces of a tool call are joined by their index, wherever they stand.
    """
    groups: list[tuple[object, list[Delta]]] = []
    for event in events:
        if not isinstance(event, TextDelta | ReasoningDelta | ToolCallDelta | UnparsedText):
            continue
        kind: object = event.index if isinstance(event, ToolCallDelta) else type(event)
        open_groups = groups if isinstance(event, ToolCallDelta) else groups[-1:]
        group = next((pieces for other, pieces in open_groups if other == kind), None)
        if group is None:
            groups.append((kind, [event]))
        else:
            group.append(event)
    parts = (_part(pieces, reasoning_seconds) for _kind, pieces in groups)
    return tuple(part for part in parts if isinstance(part, ToolCall) or part.text)


def _part(pieces: Sequence[Delta], reasoning_seconds: float | None) -> Text | Reasoning | ToolCall | Unparsed:
    calls = [piece for piece in pieces if isinstance(piece, ToolCallDelta)]
    if calls:
        arguments = "".join(piece.arguments for piece in calls)
        return ToolCall(_first(piece.id for piece in calls), _first(piece.name for piece in calls), arguments)
    text = "".join(piece.text for piece in pieces if not isinstance(piece, ToolCallDelta))
    match pieces[0]:
        case ReasoningDelta():
            return Reasoning(text, reasoning_seconds)
        case UnparsedText():
            return Unparsed(text)
        case _:
            return Text(text)


def _first(words: Iterable[str]) -> str:
    return next((word for word in words if word), "")
