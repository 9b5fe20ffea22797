"""The `ChatBackend` over whatever engine a supervisor has: after a death, the next request gets a new one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.engine.asking import wire
from workbench.engine.asking.wire import EngineGoneError
from workbench.engine.connection import Connection
from workbench.engine.scheduling.lane import Interrupted, Lane
from workbench.engine.scheduling.states import NoStates, StateKeeper
from workbench.engine.supervisor import Supervisor
from workbench.engine.watchdog import HANGS
from workbench.errors import EngineError
from workbench.messages import (
    ChatRequest,
    Finish,
    Finished,
    PromptProgress,
    ReasoningDelta,
    Role,
    StreamEvent,
    Text,
    TextDelta,
    assistant,
    fold_events,
)
from workbench.ports import NEVER_ASLEEP, Awake, BackendInfo, LaunchPlan

if TYPE_CHECKING:
    from workbench.engine.asking.client import LlamaBackend

# A question may wait this long for another's answer to be complete; an engine that hangs is found by the watchdog.
QUEUE_SECONDS = 3600.0
MOST_ENDED = 8  # engines that may go away under one request: short commands come and go, and each takes its own along
MOST_CACHED_SHARE = 10  # of a prompt that counts as not read before: a tenth
LEAST_READ_TOKENS = 64  # that tell how fast a prompt is read


def _forget(_plan: LaunchPlan, _finished: Finished) -> None:
    """Nobody wants to know how fast it was."""


def _unheard(_text: str) -> None:
    """Progress of a restart within a request: the stream itself shows that something happens."""


@dataclass(frozen=True, slots=True)
class Warmth:
    """A beginning that is kept: seconds to the first token without it and with it. ``cold_seconds`` 0: not measured, as
    part of it had been read before."""

    tokens: int
    cold_seconds: float
    warm_seconds: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all backends share. ``answered`` hears of each answer that no other request slowed down, ``say`` what a person
    should know of what happened by itself."""

    answered: Callable[[LaunchPlan, Finished], None] = _forget
    states: StateKeeper = NoStates()
    awake: Awake = NEVER_ASLEEP
    say: Callable[[str], None] = _unheard


class EngineBackend:
    """``starts``: whether it may start an engine to count tokens; what only looks at a model may not."""

    def __init__(
        self,
        supervisor: Supervisor,
        lane: Lane,
        info: BackendInfo,
        surroundings: Surroundings = Surroundings(),
        *,
        starts: bool = True,
    ) -> None:
        self._supervisor = supervisor
        self._lane = lane
        self._around = surroundings
        self._starts = starts
        self.info = info

    def count_tokens(self, request: ChatRequest, cancel: CancelToken) -> int:
        """Raises `EngineError` also when the engine has ended since, and this may not start another."""
        connection = self._supervisor.connection if not self._starts else self._connect(cancel)
        if connection is None:
            raise EngineError("The model is not loaded.", hint="Ask it something: it is loaded then.")
        with self._explained(connection):
            return self._ask(connection).count_tokens(request, cancel)

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """An answer goes on here when the other process, whose engine wrote it, closes in the middle of it. One that had
        not begun when its engine died begins anew with the next engine."""
        with self._around.awake.awake("Answering"):
            if request.background:
                yield from self._in_background(request, cancel)
            else:
                with self._lane.first():
                    yield from self._answer(request, cancel)

    def complete(self, body: Mapping[str, Any], cancel: CancelToken) -> dict[str, Any]:
        """As `LlamaBackend.complete`, watched like any answer."""
        connection = self._connect(cancel)
        with self._explained(connection), self._supervisor.request(connection):
            answer = self._ask(connection).complete(body, cancel)
            self._tell(connection, wire.finished(answer), alone=self._supervisor.active == 1)
            return answer

    def render(self, body: Mapping[str, Any], cancel: CancelToken) -> str:
        """As `LlamaBackend.render`."""
        connection = self._connect(cancel)
        with self._explained(connection):
            return self._ask(connection).render(body, cancel)

    def warm(self, request: ChatRequest, cancel: CancelToken) -> Warmth | None:
        """Read ``request`` once, while nobody asks anything, and keep what was read under its prefix; then look how quickly
        it is found again. None: it is kept already, cannot be kept, or is too short.

        Raises `Interrupted` when a person came, `EngineError`, `Cancelled`. Never starts an engine.
        """
        connection, states = self._supervisor.connection, self._around.states
        if connection is None or connection.plan is None or connection.plan.state_folder is None:
            return None
        if states.has(connection, request.prefix):
            return None
        with self._lane.background(cancel) as token, self._explained(connection):
            cold, first = self._read(connection, request, token)
            if not states.keep(connection, request.prefix, token):
                return None
            warm, _ = self._read(connection, request, token)
            states.give_back(connection, request.prefix, token)
        cold = cold_seconds(cold, first)
        states.note(connection, request.prefix, cold, warm)
        return Warmth(first.usage.prompt_tokens or 0, cold, warm)

    def _read(self, connection: Connection, request: ChatRequest, cancel: CancelToken) -> tuple[float, Finished]:
        """Seconds until the first token, with what is done before it; and how it ended."""
        started, seconds, finished = time.perf_counter(), 0.0, Finished(Finish.STOP)
        for event in self._watched(connection, request, cancel):
            if not seconds and not isinstance(event, PromptProgress):
                seconds = time.perf_counter() - started
            if isinstance(event, Finished):
                finished = event
        return seconds, finished

    def _in_background(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """Stops when a person asks, and goes on from what it had said when they have been answered."""
        said: list[StreamEvent] = []
        while True:
            rest = the_rest(request, said) or request
            try:
                with self._lane.background(cancel) as token:
                    pieces = whole if request.schema is None else at_once
                    for event in pieces(self._answer(rest, token)):
                        said.append(event)
                        yield event
                return
            except Interrupted:
                continue

    def _answer(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        rest = request
        for ended in range(MOST_ENDED):
            connection = self._connect(cancel)
            said: list[StreamEvent] = []
            try:
                for event in self._watched(connection, rest, cancel):
                    said.append(event)
                    yield event
                return
            except EngineGoneError as broken:
                self._supervisor.forget(connection)
                left = the_rest(rest, said)
                told = self._supervisor.explain(connection, broken)
                if left is None or not self._may_go_on(connection, ended, begun=left is not request):
                    raise told from broken
            rest = left
            self._around.say(f"The engine of {self.info.model} ended and is started again. {told.message}")

    def _may_go_on(self, connection: Connection, ended: int, *, begun: bool) -> bool:
        """Whether a request whose engine has gone is asked again by itself: with each process that closes and takes its
        engine with it, but once only when an engine of this one died. ``ended``: engines that this request had before."""
        if connection.engine is None:
            return not self._supervisor.verdict and ended + 1 < MOST_ENDED
        died = connection.engine.exit_cause() is not None
        return died and not begun and not ended and self._supervisor.verdict in ("", HANGS)

    def _watched(self, connection: Connection, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        with self._supervisor.request(connection):
            alone = self._supervisor.active == 1
            fields, finished = self._around.states.before(connection, request, cancel), None
            try:
                for event in self._ask(connection, fields).stream(request, cancel):
                    alone = alone and self._supervisor.active == 1
                    if isinstance(event, Finished):
                        finished = event
                        self._tell(connection, event, alone=alone)
                    yield event
            finally:
                self._around.states.after(connection, request, fields, finished)

    def _tell(self, connection: Connection, finished: Finished, *, alone: bool) -> None:
        """``alone``: no other request slowed this one down."""
        if alone and connection.plan is not None:
            self._around.answered(connection.plan, finished)

    def _connect(self, cancel: CancelToken) -> Connection:
        return self._supervisor.connect(cancel, _unheard)

    def _explained(self, connection: Connection) -> Explained:
        return Explained(self._supervisor, connection)

    def _ask(self, connection: Connection, fields: Mapping[str, Any] | None = None) -> LlamaBackend:
        from workbench.engine.asking.client import LlamaBackend  # a start has no use for it

        return LlamaBackend(connection.endpoint, self.info, silence_seconds=QUEUE_SECONDS, fields=fields or {})


def cold_seconds(measured: float, finished: Finished) -> float:
    """To the first token, had nothing been read before: as ``measured``, where that was so; else by the speed at which the
    rest was read; 0 where that was too little to tell. Pure."""
    tokens, cached = finished.usage.prompt_tokens or 0, finished.usage.cached_tokens or 0
    if cached * MOST_CACHED_SHARE <= tokens:
        return measured
    speed = finished.timings.prompt_tokens_per_second
    return tokens / speed if speed and tokens - cached >= LEAST_READ_TOKENS else 0.0


class Explained:
    """In this block, a connection that breaks is told with the cause."""

    def __init__(self, supervisor: Supervisor, connection: Connection) -> None:
        self._supervisor = supervisor
        self._connection = connection

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, EngineGoneError):
            self._supervisor.forget(self._connection)
            raise self._supervisor.explain(self._connection, error) from error


def whole(events: Iterable[StreamEvent]) -> Iterator[StreamEvent]:
    """``events``, but thoughts only when the text after them comes, and what follows a tool call only at the end.

    Nobody watches it grow; and what has been passed on can always be gone on from, see `the_rest`.
    """
    held: list[StreamEvent] = []
    calling = False
    for event in events:
        if isinstance(event, PromptProgress):
            yield event
            continue
        held.append(event)
        calling = calling or not isinstance(event, TextDelta | ReasoningDelta | Finished)
        if isinstance(event, Finished) or (isinstance(event, TextDelta) and not calling):
            yield from held
            held.clear()


def at_once(events: Iterable[StreamEvent]) -> Iterator[StreamEvent]:
    """``events``, but all that was said only at the end: JSON by a schema cannot be gone on with, see `the_rest`."""
    held: list[StreamEvent] = []
    for event in events:
        if isinstance(event, PromptProgress):
            yield event
        else:
            held.append(event)
    yield from held


def the_rest(request: ChatRequest, said: Sequence[StreamEvent]) -> ChatRequest | None:
    """The request that goes on after ``said``; None within thoughts, which no template lets a model go on with, and within
    JSON by a schema, which the engine would begin anew."""
    parts = fold_events(said)
    text = "".join(part.text for part in parts if isinstance(part, Text))
    if not text:
        return None if parts else request
    if request.schema is not None:
        return None
    earlier, last = request.messages, request.messages[-1]
    if last.role is Role.ASSISTANT:
        earlier, text = earlier[:-1], last.text + text
    tokens = sum(isinstance(event, TextDelta | ReasoningDelta) for event in said)
    left = None if request.max_tokens is None else max(1, request.max_tokens - tokens)
    return replace(request, messages=(*earlier, assistant(text)), max_tokens=left)
