"""The vocabulary of a conversation: parts, messages, requests, and the events a model streams. Pure values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
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
    model waits for the results of its calls; ``waiting``: it goes on when a person has answered a consent."""

    STOP = "stop"
    LENGTH = "length"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    TOOL_CALLS = "tool_calls"
    WAITING = "waiting"
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


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that was given to the model under ``number``. ``path``: the file's full path when it was read
    (names that are no UTF-8 hold surrogates); ``sha256``: of the file's content then. ``text`` is exactly the extracted
    text's ``[start:end]``, in characters; ``page`` from 1, None where there are none; ``label`` as "Page 3", "Slide 2";
    ``context``: headings and a table's header that it stands under, which the model is told too; ``private``: its folder
    was. What a tool found is a passage too: ``path`` is then the address of a page, or ``chat:ID#MESSAGE`` of a past chat;
    ``at``: when it was fetched or said, in seconds since 1970."""

    number: int
    path: str
    collection_id: Id
    sha256: str
    start: int
    end: int
    text: str
    page: int | None = None
    label: str = ""
    score: float = 0.0
    context: str = ""
    private: bool = False
    at: float | None = None

    @property
    def name(self) -> str:
        return self.path.replace("\\", "/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What the call ``id`` gave, as the model is told it. ``failed``: ``text`` says what went wrong. ``seconds`` it took.
    ``passages``: what may be cited of it. ``untrusted``: others wrote it, so that tools that act ask from here on.
    ``cut``: characters that were left out."""

    id: str
    name: str
    text: str
    failed: bool = False
    seconds: float | None = None
    passages: tuple[Passage, ...] = ()
    untrusted: bool = False
    cut: int = 0


class Verdict(StrEnum):
    """Whether a passage says what a sentence cites it for. ``changed``: a number, name or negation is another one;
    ``unsupported``: it speaks of something else; ``missing``: there is no passage of this number."""

    SUPPORTED = "supported"
    CHANGED = "changed"
    UNSUPPORTED = "unsupported"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Citation:
    """A number in the answer's text, which is ``text[start:end]`` (with its brackets); where the answer names no passage
    and one was found for a sentence, both are the sentence's end. ``reason``: what differs."""

    start: int
    end: int
    number: int
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """What an answer stands on: the passages that were given, and its citations once they are checked. ``note``: what was
    searched without a result, or left out, in a sentence. The first part of an answer."""

    passages: tuple[Passage, ...] = ()
    citations: tuple[Citation, ...] = ()
    note: str = ""

    @property
    def text(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class UsedPrompt:
    """The saved prompt that a question was written with, as it was then: the first part of the question, whose text has the
    rest. ``system``: its system part, filled in, which is told with this question. ``model``, ``effort``, ``temperature``,
    ``schema``: how it wants to be answered, where nothing else is asked. ``folders``: ids of the document folders that this
    answer stands on beside those of the chat. ``values``: how what was filled in begins, by variable."""

    prompt_id: Id
    name: str
    title: str
    version: int = 1
    system: str = ""
    model: str = ""
    effort: Effort | None = None
    temperature: float | None = None
    schema: Mapping[str, Any] | None = field(default=None, hash=False)
    folders: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def text(self) -> str:
        return ""


Part = Text | Reasoning | ToolCall | ToolResult | Unparsed | Attachment | Image | Sources | UsedPrompt


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
    def sources(self) -> Sources:
        """Of an answer; without passages where it stands on none."""
        return next((part for part in self.parts if isinstance(part, Sources)), Sources())

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All that an answer may cite: what it was given, and what its tools found."""
        found = (part.passages for part in self.parts if isinstance(part, ToolResult))
        return (*self.sources.passages, *(passage for passages in found for passage in passages))

    @property
    def prompt(self) -> UsedPrompt | None:
        """Of a question that was written with a saved prompt."""
        return next((part for part in self.parts if isinstance(part, UsedPrompt)), None)

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
