"""The `ChatBackend` of a model on another machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from workbench.cancel import CancelToken
from workbench.engine.asking import wire
from workbench.engine.asking.client import Tally
from workbench.engine.remote.connection import ASK_SECONDS, Connection
from workbench.engine.remote.dialect import chat_body, template_body
from workbench.engine.remote.estimate import estimate_tokens
from workbench.engine.remote.failures import speaking
from workbench.engine.remote.server import Kind, RemoteModel, Server
from workbench.engine.remote.tolerant import TolerantReader
from workbench.messages import ChatRequest, Finish, Finished, PromptProgress, StreamEvent
from workbench.ports import BackendInfo

# A server that tells no context says itself when a chat is too long; longer answers than this are left to it.
UNKNOWN_CONTEXT = 131_072
LONGEST_ASKED = 32_768


class RemoteBackend:
    """Answers with ``model`` of ``server``.

    ``counting``: ask the server how many tokens a request has. Without, it is estimated and nothing is sent: a draft that
    the person is still writing stays here.
    """

    def __init__(self, server: Server, model: RemoteModel, connection: Connection, *, counting: bool = True) -> None:
        self.server = server
        self._model = model
        self._connection = connection
        self._kind = server.capabilities.kind
        self._counting = counting and server.capabilities.counts
        self.info = BackendInfo(
            server.name,
            server.full_name(model),
            local=False,
            context_tokens=model.context_tokens or UNKNOWN_CONTEXT,
            efforts=model.efforts,
            tools=model.tools is not False,
            vision=model.vision is True,
            destination=server.address.destination,
        )

    def count_tokens(self, request: ChatRequest, cancel: CancelToken) -> int:
        cancel.check()
        if self._counting:
            with speaking(self._connection.who):
                return self._count(request, cancel)
        return estimate_tokens(request)

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        body = chat_body(self._kind, self._model.id, self._bounded(request))
        tally, reader, pace = Tally(), TolerantReader(self._connection.who), _Pace()
        with speaking(self._connection.who):
            for payload in self._connection.stream("/v1/chat/completions", body, cancel):
                for piece in reader.pieces(payload):
                    if (event := tally.add(piece)) is not None:
                        pace.heard(event)
                        cancel.check()
                        yield event
            for piece in reader.end():
                if (event := tally.add(piece)) is not None:
                    yield event
            finished = pace.completed(tally.finished())
            calls = reader.has_calls and finished.finish is Finish.STOP  # some end an answer with calls as any other
            yield replace(finished, finish=Finish.TOOL_CALLS) if calls else finished

    def _count(self, request: ChatRequest, cancel: CancelToken) -> int:
        body = template_body(self._kind, self._model.id, request)
        if self._kind is Kind.VLLM:
            body.setdefault("add_generation_prompt", not wire.continues(request))
            return int(self._connection.ask("/tokenize", cancel, body)["count"])
        prompt = self._connection.ask("/apply-template", cancel, body, ASK_SECONDS)["prompt"]
        question = {"model": self._model.id, "content": prompt, "add_special": True, "parse_special": True}
        return len(self._connection.ask("/tokenize", cancel, question, ASK_SECONDS)["tokens"])

    def _bounded(self, request: ChatRequest) -> ChatRequest:
        """A limit that was made out of a guessed context is not sent."""
        guessed = self._model.context_tokens is None and (request.max_tokens or 0) > LONGEST_ASKED
        return replace(request, max_tokens=None) if guessed else request


class _Pace:
    """Tokens per second as they arrive, for servers that do not measure them."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._last = 0.0

    def heard(self, event: StreamEvent) -> None:
        if not isinstance(event, PromptProgress):
            self._last = time.monotonic()
            self._first = self._last if self._first is None else self._first

    def completed(self, finished: Finished) -> Finished:
        tokens, timings = finished.usage.completion_tokens or 0, finished.timings
        seconds = self._last - self._first if self._first is not None else 0.0
        if timings.generation_tokens_per_second is not None or tokens < 2 or seconds <= 0:
            return finished
        return replace(finished, timings=replace(timings, generation_tokens_per_second=(tokens - 1) / seconds))
