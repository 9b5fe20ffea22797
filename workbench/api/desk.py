"""Answers what was let in: models, chat completions, embeddings, health."""

from __future__ import annotations

import logging
import socket
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from workbench.api import asked, door, told
from workbench.api.asked import Asked
from workbench.api.connection import GoneError, Reply
from workbench.api.door import Entry, Head
from workbench.api.faults import BUG, CLOSING, LATE, Fault, RequestError, UnknownModelError, fault_of
from workbench.api.guard import Guard, Why, watching
from workbench.api.served_consents import ConsentSource, NothingWaits
from workbench.api.told import ListedModel
from workbench.cancel import CancelToken
from workbench.chat.asking.choice import Choice
from workbench.errors import Cancelled, WorkbenchError
from workbench.messages import ChatRequest, Finished, PromptProgress, StreamEvent
from workbench.ports import BackendInfo, ChatBackend, Embedder
from workbench.serving.activity import GONE, Activity, short_client
from workbench.settings import Api

log = logging.getLogger(__name__)

ANSWER_SECONDS = 3600.0
BEAT_SECONDS = 10.0


class ModelSource(Protocol):
    """The models that are served. Names are exact; ``default`` is the preferred one."""

    def list(self) -> Sequence[ListedModel]: ...

    def chat(self, name: str, cancel: CancelToken) -> tuple[str, ChatBackend]:
        """The model's id and who answers. Raises `UnknownModelError`, and what the engine raises."""
        ...

    def choose(self, name: str, request: ChatRequest) -> Choice | None:
        """Which model answers this, and with how much effort, where ``name`` leaves it open; None: it names one. Raises
        `ModelError` where none can."""
        ...

    def complete(self, name: str, request: ChatRequest, info: BackendInfo) -> ChatRequest:
        """With what the program left open as this model wants it. Raises `RequestError` for what it does not know."""
        ...

    def embedder(self, name: str, cancel: CancelToken) -> tuple[str, Embedder]:
        """The model's id and what embeds with it. Raises `UnknownModelError`."""
        ...


class AnswerDesk:
    """``port``: where it is reached, set once it is known."""

    def __init__(
        self,
        models: ModelSource,
        matches: Callable[[bytes], bool],
        wanted: Callable[[], Api],
        activity: Activity,
        *,
        answer_seconds: float = ANSWER_SECONDS,
        consents: ConsentSource | None = None,
    ) -> None:
        self.port = 0
        self._consents = consents or NothingWaits()
        self._models = models
        self._matches = matches
        self._wanted = wanted
        self._activity = activity
        self._answer_seconds = answer_seconds

    # The door ---------------------------------------------------------------------------------------------------------

    def admit(self, head: Head) -> Entry:
        return door.admit(head, self.port, self._wanted().origins, self._matches)

    def cors(self, head: Head) -> Sequence[tuple[str, str]]:
        try:
            return door.cors_headers(door.allowed_origin(head, self._wanted().origins))
        except door.DoorError:
            return ()

    def refused(self, head: Head | None, fault: Fault) -> None:
        route = door.UNKNOWN_ROUTE if head is None else head.route
        client = "" if head is None else short_client(head.one("user-agent"))
        self._activity.refused(route, client, fault.status, fault.code)

    # Answering --------------------------------------------------------------------------------------------------------

    def answer(self, entry: Entry, head: Head, body: bytes, reply: Reply, guard: Guard, client: socket.socket) -> None:
        if entry.route == door.PREFLIGHT:
            reply.whole(204, None, door.preflight_headers(head))
            return
        number = self._activity.begin(entry.route, short_client(head.one("user-agent")))
        status, code = BUG.status, BUG.code
        try:
            with watching(client, guard, self._answer_seconds):
                status, code = self._told(lambda: self._route(entry, head, body, reply, guard, number), reply, guard)
        except GoneError:
            guard.end(Why.GONE)
            status, code = GONE, "client_left"
            raise
        finally:
            self._activity.end(number, status, code)

    def _told(self, work: Callable[[], None], reply: Reply, guard: Guard) -> tuple[int, str]:
        """Do it, and tell the client what goes wrong: the status and the code of what it was told."""
        try:
            work()
            return 200, ""
        except WorkbenchError as error:
            fault = fault_of(error)
        except Cancelled:
            fault = _ended(guard)
        except GoneError:
            raise
        except Exception as error:  # noqa: BLE001 - at the edge: a bug is reported as one
            log.error("bug in the local API: %s\n%s", type(error).__name__, _where(error))  # noqa: TRY400 - no words
            fault = BUG
        if not reply.started:
            reply.fault(fault)
        else:
            reply.send(told.sse(fault.body()))
            reply.end()
        return fault.status, fault.code

    def _route(self, entry: Entry, head: Head, body: bytes, reply: Reply, guard: Guard, number: int) -> None:
        match entry.route:
            case "/health":
                reply.whole(200, {"status": "ok"})
            case "/v1/models":
                found = [told.model_body(one) for one in self._models.list()]
                reply.whole(200, {"object": "list", "data": found})
            case "/v1/chat/completions":
                self._chat(asked.chat(asked.parse(body)), reply, guard, number)
            case "/v1/consents":
                reply.whole(200, {"object": "list", "data": self._consents.waiting()})
            case door.CONSENT_ROUTE:
                reply.whole(200, self._consent(head, body, guard.cancel))
            case "/v1/embeddings":
                self._embed(asked.embeddings(asked.parse(body)), reply, guard, number)
            case _:
                reply.whole(200, self._one_model(head.model))

    def _consent(self, head: Head, body: bytes, cancel: CancelToken) -> dict[str, object]:
        consent_id, wanted = head.consent
        match wanted:
            case "accept":
                return self._consents.accept(consent_id, asked.parse(body), cancel)
            case "refuse":
                return self._consents.refuse(consent_id, cancel)
            case _:
                raise RequestError("A consent is accepted or refused.", code="unknown_route", status=404)

    def _one_model(self, name: str) -> dict[str, object]:
        for one in self._models.list():
            if one.id == name:
                return told.model_body(one)
        raise UnknownModelError("There is no model of this name here.")

    def _chat(self, wanted: Asked, reply: Reply, guard: Guard, number: int) -> None:
        choice = self._models.choose(wanted.model, wanted.request)
        name, backend = self._models.chat(wanted.model if choice is None else choice.model, guard.cancel)
        self._activity.note(number, model=name)
        _check_able(wanted, backend.info)
        if choice is not None:
            wanted = replace(wanted, request=replace(wanted.request, effort=wanted.request.effort or choice.effort))
        request = self._models.complete(name, wanted.request, backend.info)
        headers = told.route_headers(choice)
        with _ending(backend.stream(request, guard.cancel)) as events:
            if wanted.stream:
                finished = self._stream(wanted, name, events, reply, headers)
            else:
                finished = self._whole(name, events, reply, headers)
        self._activity.note(
            number,
            prompt_tokens=finished.usage.prompt_tokens,
            completion_tokens=finished.usage.completion_tokens,
            tokens_per_second=finished.timings.generation_tokens_per_second,
        )

    def _whole(self, model: str, events: Iterator[StreamEvent], reply: Reply, headers: told.Headers) -> Finished:
        said = [event for event in events if not isinstance(event, PromptProgress)]
        finished = _last(said)
        reply.whole(200, told.completion(model, int(time.time()), said, finished), headers)
        return finished

    def _stream(
        self, wanted: Asked, model: str, events: Iterator[StreamEvent], reply: Reply, headers: told.Headers
    ) -> Finished:
        """Begins with the first sign of the model: until then an error still has a status of its own."""
        chunks = told.ChunkWriter(model, int(time.time()))
        beat = 0.0
        for event in events:
            if not reply.started:
                reply.stream(headers)
                reply.send(chunks.opening())
                beat = time.monotonic()
            if isinstance(event, Finished):
                reply.send(chunks.closing(event, usage=wanted.usage_in_stream))
                reply.end()
                return event
            if not isinstance(event, PromptProgress):
                reply.send(chunks.delta(event))
            elif time.monotonic() - beat > BEAT_SECONDS:
                reply.send(told.BEATS)
                beat = time.monotonic()
        raise RuntimeError("a stream ended without an end")

    def _embed(self, wanted: asked.AskedVectors, reply: Reply, guard: Guard, number: int) -> None:
        name, embedder = self._models.embedder(wanted.model, guard.cancel)
        self._activity.note(number, model=name)
        made = embedder.embed(wanted.texts, guard.cancel)
        reply.whole(200, told.vectors(name, made, 0, as_text=wanted.as_text))


def _check_able(wanted: Asked, info: BackendInfo) -> None:
    """Raises `RequestError` for what this model would pass over in silence."""
    if wanted.request.tools and not info.tools and wanted.request.tool_choice != "none":
        raise RequestError(f"{info.model} cannot call tools.", param="tools", code="unsupported_parameter")


def _ended(guard: Guard) -> Fault:
    """Raises `GoneError` when there is nobody to tell."""
    if guard.why is Why.GONE:
        raise GoneError
    return LATE if guard.why is Why.LATE else CLOSING


def _last(said: Sequence[StreamEvent]) -> Finished:
    if said and isinstance(said[-1], Finished):
        return said[-1]
    raise RuntimeError("a stream ended without an end")


@contextmanager
def _ending(events: Iterator[StreamEvent]) -> Iterator[Iterator[StreamEvent]]:
    """Leaving the block stops the model, also in the middle of its answer."""
    try:
        yield events
    finally:
        close = getattr(events, "close", None)
        if close is not None:
            close()


def _where(error: BaseException) -> str:
    """The lines of the program it passed, without the values: they may be words of a question."""
    return "".join(traceback.format_tb(error.__traceback__))
