"""The `ChatBackend` that speaks to an engine over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from workbench.cancel import CancelToken
from workbench.engine.asking import wire
from workbench.engine.asking.dialling import dial
from workbench.engine.asking.wire import EngineGoneError, FormatBrokenError
from workbench.errors import Cancelled, EngineError
from workbench.http import open_stream
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
        with self._client(COUNT_SECONDS) as client:
            rendered = self._ask(client, "/apply-template", wire.template_body(request), cancel)
            # As the server itself does: it takes a leading <bos> off the rendered text and lets the tokenizer add it.
            question = {"content": rendered["prompt"], "add_special": True, "parse_special": True}
            return len(self._ask(client, "/tokenize", question, cancel)["tokens"])

    def complete(self, body: Mapping[str, Any], cancel: CancelToken) -> dict[str, Any]:
        """The whole answer to a chat body, as the engine sends it: for the check-up, which looks at every field."""
        with self._client(self._silence_seconds) as client:
            return self._ask(client, "/v1/chat/completions", {**body, "stream": False}, cancel)

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> tuple[tuple[float, ...], ...]:
        """A vector for each text, in their order, as the engine makes them."""
        with self._client(self._silence_seconds) as client:
            answer = self._ask(client, "/v1/embeddings", {"input": list(texts), "encoding_format": "float"}, cancel)
        try:
            found = sorted(answer["data"], key=lambda item: int(item["index"]))
            return tuple(tuple(map(float, item["embedding"])) for item in found)
        except (KeyError, TypeError, ValueError) as error:
            raise EngineError("The engine's answer cannot be read.", detail=repr(error)) from error

    def render(self, body: Mapping[str, Any], cancel: CancelToken) -> str:
        """The prompt that the model would read for a chat body."""
        with self._client(COUNT_SECONDS) as client:
            return str(self._ask(client, "/apply-template", dict(body), cancel)["prompt"])

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
        with _speaking_errors(), self._client(self._silence_seconds) as client:
            prompt = str(self._ask(client, "/apply-template", wire.template_body(request), cancel)["prompt"])
            body = wire.raw_body(request, prompt)
            with open_stream(client, "POST", self._url("/completion"), cancel, json=body) as response:
                _check(response)
                for payload in _payloads(response):
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
        with (
            _speaking_errors(),
            self._client(self._silence_seconds) as client,
            open_stream(
                client,
                "POST",
                self._url("/v1/chat/completions"),
                cancel,
                json={**wire.chat_body(request), **self._fields},
            ) as response,
        ):
            _check(response)
            for payload in _payloads(response):
                for piece in wire.pieces(payload):
                    if (event := tally.add(piece)) is not None:
                        cancel.check()
                        yield event
            cancel.check()  # a shut socket may look like a proper end
            yield tally.finished()

    def _ask(self, client: httpx.Client, path: str, body: dict[str, Any], cancel: CancelToken) -> dict[str, Any]:
        with _speaking_errors(), open_stream(client, "POST", self._url(path), cancel, json=body) as response:
            _check(response)
            answer: dict[str, Any] = json.loads(response.read())
            return answer

    def _client(self, seconds: float) -> httpx.Client:
        return dial(self._endpoint, seconds)

    def _url(self, path: str) -> str:
        return self._endpoint.base_url + path


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


def _payloads(response: httpx.Response) -> Iterator[str]:
    """Data payloads up to ``[DONE]``."""
    decoder = SseDecoder()
    for chunk in response.iter_raw():
        for payload in decoder.feed(chunk):
            if payload == "[DONE]":
                return
            yield payload


def _check(response: httpx.Response) -> None:
    """Raises what an answer other than 200 means."""
    if response.status_code == httpx.codes.OK:
        return
    body = response.read()[:_MAX_ANSWER_BYTES].decode("utf-8", "replace")
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    raise wire.failure(answer, body, response.status_code)


@contextmanager
def _speaking_errors() -> Iterator[None]:
    """Translates what httpx and JSON raise into what a person can read."""
    try:
        yield
    except Cancelled:
        raise
    except httpx.TimeoutException as error:
        raise EngineError("The engine has not answered for a long time.", detail=str(error)) from error
    except httpx.TransportError as error:
        raise EngineGoneError("The connection to the engine broke.", detail=str(error)) from error
    except (httpx.HTTPError, httpx.StreamError, ValueError, KeyError, TypeError) as error:
        raise EngineError("The engine's answer cannot be read.", detail=f"{type(error).__name__}: {error}") from error
