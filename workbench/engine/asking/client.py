"""The `ChatBackend` that speaks to an engine over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from workbench.cancel import CancelToken
from workbench.engine.asking import calling, wire
from workbench.engine.asking.calling import Answer
from workbench.engine.asking.wire import EngineGoneError, FormatBrokenError
from workbench.errors import EngineError
from workbench.messages import (
    ChatRequest,
    Finish,
    Finished,
    PromptProgress,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    Timings,
    ToolCallDelta,
    UnparsedText,
    Usage,
)
from workbench.ports import BackendInfo, Endpoint
from workbench.sse import SseDecoder

# Between two pieces: a batch of a long prompt on a slow machine, or waiting for a slot that another answer holds.
SILENCE_SECONDS = 600.0
COUNT_SECONDS = 30.0
_MAX_ANSWER_BYTES = 32 << 20
NO_FIELDS: Mapping[str, Any] = {}


class LlamaBackend:
    """Asks the engine at ``endpoint``. Holds no connection between calls, so it needs no closing.

    ``silence_seconds``: the longest wait for the next piece of an answer; a supervisor watches an engine more closely.
    ``fields``: added to the body of each chat request.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        info: BackendInfo,
        *,
        silence_seconds: float = SILENCE_SECONDS,
        fields: Mapping[str, Any] = NO_FIELDS,
    ) -> None:
        self._fields = fields
        self.info = info
        self._endpoint = endpoint
        self._silence_seconds = silence_seconds

    def count_tokens(self, request: ChatRequest, cancel: CancelToken) -> int:
        prompt = self._rendered(wire.only_demanded(wire.template_body(request)), cancel)
        # As the server itself does: it takes a leading <bos> off the rendered text and lets the tokenizer add it.
        question = {"content": prompt, "add_special": True, "parse_special": True}
        answer = self._ask("/tokenize", question, cancel, COUNT_SECONDS)
        with _speaking_errors():
            return len(answer["tokens"])

    def complete(self, body: Mapping[str, Any], cancel: CancelToken) -> dict[str, Any]:
        """The whole answer to a chat body, as the engine sends it: for the check-up, which looks at every field."""
        return self._ask("/v1/chat/completions", {**body, "stream": False}, cancel)

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> tuple[tuple[float, ...], ...]:
        """A vector for each text, in their order, as the engine makes them."""
        answer = self._ask("/v1/embeddings", {"input": list(texts), "encoding_format": "float"}, cancel)
        with _speaking_errors():
            found = sorted(answer["data"], key=lambda item: int(item["index"]))
            return tuple(tuple(map(float, item["embedding"])) for item in found)

    def rank(self, question: str, texts: Sequence[str], cancel: CancelToken) -> tuple[float, ...]:
        """How well each text answers the question, in their order, as the engine tells it."""
        answer = self._ask("/v1/rerank", {"query": question, "documents": list(texts)}, cancel)
        with _speaking_errors():
            found = {int(item["index"]): float(item["relevance_score"]) for item in answer["results"]}
            return tuple(found[number] for number in range(len(texts)))

    def render(self, body: Mapping[str, Any], cancel: CancelToken) -> str:
        """The prompt that the model would read for a chat body."""
        return self._rendered(body, cancel)

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """A text that breaks the model's own format is shown as it is, from its beginning, after what was said before."""
        try:
            yield from self._answer(request, cancel)
        except FormatBrokenError as broken:
            yield from self._unparsed(request, broken, cancel)

    def _unparsed(self, request: ChatRequest, broken: FormatBrokenError, cancel: CancelToken) -> Iterator[StreamEvent]:
        """The engine does not tell the text that it could not take apart: then the model writes one more time, raw."""
        if broken.raw:
            yield UnparsedText(broken.raw)
            yield Finished(Finish.STOP)
            return
        said = False
        body = wire.raw_body(request, self._rendered(wire.only_demanded(wire.template_body(request)), cancel))
        with _speaking_errors(), self._call("/completion", body, cancel) as answer:
            for payload in _payloads(answer):
                if text := wire.raw_piece(payload):
                    cancel.check()
                    said = True
                    yield UnparsedText(text)
        if not said:
            raise broken
        cancel.check()
        yield Finished(Finish.STOP)

    def _answer(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        tally = Tally()
        body = {**wire.only_demanded(wire.chat_body(request)), **self._fields}
        with _speaking_errors(), self._call("/v1/chat/completions", body, cancel) as answer:
            for payload in _payloads(answer):
                for piece in wire.pieces(payload):
                    if (event := tally.add(piece)) is not None:
                        cancel.check()
                        yield event
            cancel.check()  # a shut socket may look like a proper end
            yield tally.finished()

    def _rendered(self, body: Mapping[str, Any], cancel: CancelToken) -> str:
        answer = self._ask("/apply-template", body, cancel, COUNT_SECONDS)
        with _speaking_errors():
            return str(answer["prompt"])

    def _ask(
        self, path: str, body: Mapping[str, Any], cancel: CancelToken, seconds: float | None = None
    ) -> dict[str, Any]:
        with _speaking_errors(), self._call(path, body, cancel, seconds) as answer:
            found: dict[str, Any] = json.loads(_checked(answer).read(_MAX_ANSWER_BYTES))
            return found

    def _call(
        self, path: str, body: Mapping[str, Any], cancel: CancelToken, seconds: float | None = None
    ) -> AbstractContextManager[Answer]:
        return calling.call(self._endpoint, "POST", path, cancel, seconds=seconds or self._silence_seconds, body=body)


class Tally:
    """What a stream adds up to, and when its first token came."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._first_token_seconds: float | None = None
        self._finish: Finish | None = None
        self._usage = Usage()
        self._speeds = wire.Speeds()

    def add(self, piece: wire.Piece) -> StreamEvent | None:
        """The event to pass on, or None for what `finished` reports."""
        match piece:
            case TextDelta() | ReasoningDelta() | ToolCallDelta():
                if self._first_token_seconds is None:
                    self._first_token_seconds = self._seconds()
                return piece
            case PromptProgress():
                return piece
            case Finish():
                self._finish = piece
            case Usage():
                self._usage = piece
            case wire.Speeds():
                self._speeds = piece
        return None

    def finished(self) -> Finished:
        if self._finish is None:
            raise EngineGoneError("The engine's answer broke off.")
        timings = Timings(self._first_token_seconds, self._speeds.prompt, self._speeds.generation, self._seconds())
        return Finished(self._finish, self._usage, timings)

    def _seconds(self) -> float:
        return time.monotonic() - self._started


def _payloads(answer: Answer) -> Iterator[str]:
    """Data payloads up to ``[DONE]``."""
    decoder = SseDecoder()
    for piece in _checked(answer).pieces():
        for payload in decoder.feed(piece):
            if payload == "[DONE]":
                return
            yield payload


def _checked(answer: Answer) -> Answer:
    """The same, or raises what an answer other than 200 means."""
    if answer.status == calling.OK:
        return answer
    body = answer.read(_MAX_ANSWER_BYTES).decode("utf-8", "replace")
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    raise wire.failure(told, body, answer.status)


@contextmanager
def _speaking_errors() -> Iterator[None]:
    """Translates what the call and JSON raise into what a person can read."""
    try:
        yield
    except TimeoutError as error:
        raise EngineError("The engine has not answered for a long time.", detail=str(error)) from error
    except calling.FAILURES as error:
        raise EngineGoneError("The connection to the engine broke.", detail=repr(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError("The engine's answer cannot be read.", detail=f"{type(error).__name__}: {error}") from error
