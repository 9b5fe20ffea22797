"""A `ChatBackend` that says what the test wrote, and remembers what it was asked."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event

from workbench.cancel import CancelToken
from workbench.errors import ContextFullError
from workbench.messages import (
    Attachment,
    ChatRequest,
    Finish,
    Finished,
    Image,
    Message,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    Timings,
    ToolCallDelta,
    Usage,
)
from workbench.ports import BackendInfo


@dataclass(frozen=True, slots=True)
class Pause:
    """Say nothing for so long; cancelling ends it."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Gate:
    """Say nothing until the test sets ``opened``. ``reached`` tells the test that the stream got here."""

    opened: Event
    reached: Event


def gate() -> Gate:
    return Gate(Event(), Event())


Step = StreamEvent | Pause | Gate | Exception
Answer = str | Sequence[Step]


class ScriptedBackend:
    """Each `stream` plays the next answer; the last one is played again when there are no more.

    A text is streamed word by word. A step may be an event, a `Pause`, a `Gate`, or an exception to raise. An answer
    without a `Finished` gets one, with its counts. A token is a word, each message costs four more.
    """

    def __init__(
        self, *answers: Answer, name: str = "scripted", model: str = "fake-model", context_tokens: int = 4096
    ) -> None:
        self.info = BackendInfo(name, model, local=True, context_tokens=context_tokens)
        self.requests: list[ChatRequest] = []
        self._answers = list(answers) or ["Hello there."]

    def count_tokens(self, request: ChatRequest, cancel: CancelToken) -> int:
        cancel.check()
        return 1 + sum(_message_tokens(message) for message in request.messages)

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        started = time.monotonic()
        before = self.requests[-1].messages if self.requests else ()
        self.requests.append(request)
        prompt_tokens = self.count_tokens(request, cancel)
        if prompt_tokens >= self.info.context_tokens:
            raise ContextFullError(
                f"This chat has {prompt_tokens} tokens and the model's context has {self.info.context_tokens}."
            )
        first_token_seconds: float | None = None
        said = 0
        for step in self._next_answer():
            cancel.check()
            if isinstance(step, Finished):
                yield step
                return
            if request.max_tokens is not None and said >= request.max_tokens:
                break
            if (event := perform(step, cancel)) is None:
                continue
            first_token_seconds = first_token_seconds or time.monotonic() - started
            said += 1
            yield event
        cancel.check()
        cut = request.max_tokens is not None and said >= request.max_tokens
        yield Finished(
            Finish.LENGTH if cut else Finish.STOP,
            Usage(prompt_tokens, _shared_tokens(before, request.messages), said),
            Timings(first_token_seconds, 1000.0, 100.0, time.monotonic() - started),
        )

    def _next_answer(self) -> Sequence[Step]:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [TextDelta(piece) for piece in words(answer)] if isinstance(answer, str) else answer


def calling(*calls: tuple[str, str], text: str = "", thought: str = "", ids: Sequence[str] = ()) -> list[Step]:
    """An answer that calls tools: names and the JSON of their arguments, in two pieces as engines stream them."""
    steps: list[Step] = [ReasoningDelta(thought)] if thought else []
    steps += [TextDelta(text)] if text else []
    for index, (name, arguments) in enumerate(calls):
        own = ids[index] if ids else f"id{index}"
        middle = len(arguments) // 2
        steps.append(ToolCallDelta(index, own, name, arguments[:middle]))
        steps.append(ToolCallDelta(index, arguments=arguments[middle:]))
    return [*steps, Finished(Finish.TOOL_CALLS, Usage(100, 60, 20), Timings(0.5, 100.0, 10.0, 3.0))]


def words(text: str) -> list[str]:
    """``text`` in pieces as a model says them: each word with the space before it. Joined, they are ``text``."""
    first, *others = text.split(" ")
    return [piece for piece in (first, *(f" {other}" for other in others)) if piece]


def perform(step: Step, cancel: CancelToken) -> StreamEvent | None:
    """The event to yield, or None after a wait."""
    if isinstance(step, Exception):
        raise step
    if isinstance(step, Pause):
        cancel.wait(step.seconds)
        return None
    if isinstance(step, Gate):
        step.reached.set()
        with cancel.unblocks(step.opened.set):
            step.opened.wait()
        cancel.check()
        return None
    return step


def _message_tokens(message: Message) -> int:
    texts = (part.text for part in message.parts if not isinstance(part, Attachment | Image))
    return 4 + sum(len(text.split()) for text in texts)


def _shared_tokens(before: tuple[Message, ...], after: tuple[Message, ...]) -> int:
    shared = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        shared += _message_tokens(new)
    return shared
