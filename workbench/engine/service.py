"""The engines of this process: started when needed, watched while they work, ended with the program."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.engine.asking import wire
from workbench.engine.asking.wire import EngineGoneError
from workbench.engine.connection import Connection, State
from workbench.engine.effort.service import TraitsService
from workbench.engine.effort.traits import Traits
from workbench.engine.experience import Experience, Run
from workbench.engine.launching.patience import private_bytes
from workbench.engine.launching.plan import EngineSettings, plan_launch
from workbench.engine.launching.resources import free_resources
from workbench.engine.lease import Lease
from workbench.engine.supervisor import Supervisor
from workbench.engine.watchdog import WatchLimits
from workbench.errors import EngineError
from workbench.events import Bus, Topic
from workbench.messages import (
    ChatRequest,
    Finished,
    ReasoningDelta,
    Role,
    StreamEvent,
    Text,
    TextDelta,
    assistant,
    fold_events,
)
from workbench.models.gguf.header import read_header
from workbench.paths import Paths
from workbench.ports import BackendInfo, ChatBackend, Clock, EngineLauncher, LaunchPlan, RunningEngine

if TYPE_CHECKING:
    from workbench.engine.asking.client import LlamaBackend

BACKEND_NAME = "This machine"

# A question may wait this long for another's answer to be complete; an engine that hangs is found by the watchdog.
QUEUE_SECONDS = 3600.0

_DEFAULT_WATCH = WatchLimits()


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """``cause``: why it is failed. ``memory_bytes`` is private memory; numbers are None unless the engine is ready.

    ``notice``: why the last start took another engine than the chosen one.
    """

    state: State = State.STOPPED
    model: str = ""
    cause: str = ""
    context_tokens: int | None = None
    memory_bytes: int | None = None
    runtime: str = ""
    process_id: int | None = None
    notice: str = ""


class EngineService:
    """One engine per model, one model at a time: another model's engine ends when nobody is asking it anything."""

    def __init__(
        self,
        launcher: EngineLauncher,
        paths: Paths,
        clock: Clock,
        bus: Bus,
        *,
        settings: Callable[[], EngineSettings] = EngineSettings,
        watch: WatchLimits = _DEFAULT_WATCH,
        experience: Experience | None = None,
        notice: Callable[[], str] = lambda: "",
        traits: TraitsService | None = None,
    ) -> None:
        """``notice``: see `EngineStatus`. ``traits``: told of each model whose engine is ready; None: none is examined."""
        self._launcher = launcher
        self._paths = paths
        self._clock = clock
        self._bus = bus
        self._settings = settings
        self._watch = watch
        self._experience = experience
        self._notice = notice
        self._traits = traits
        self._lock = threading.Lock()
        self._supervisors: dict[Path, Supervisor] = {}
        self._names: dict[Path, str] = {}
        self._current: Path | None = None
        self._closed = False

    def backend(
        self,
        model_path: Path,
        name: str,
        cancel: CancelToken,
        progress: Callable[[str], None] = lambda _text: None,
    ) -> EngineBackend:
        """A backend for the model: its engine is started, attached to, or restarted. Blocks until it is ready.

        Raises `ModelError` for a file that is no model, `EngineError` with the cause, `Cancelled` when cancelled.
        """
        supervisor = self._supervisor(model_path.absolute(), name)
        connection = supervisor.connect(cancel, progress)
        backend = self._backend(supervisor, name, connection, Traits())
        if self._traits is not None:
            backend.info = _with_traits(
                backend.info, self._traits.examine(backend, model_path, self._launcher.build(), cancel)
            )
        return backend

    def ready(self, model_path: Path) -> ChatBackend | None:
        """A backend for the model if its engine is ready here, without starting anything."""
        path = model_path.absolute()
        with self._lock:
            supervisor, name = self._supervisors.get(path), self._names.get(path, "")
        connection = None if supervisor is None else supervisor.connection
        if supervisor is None or connection is None:
            return None
        traits = self._traits.seen(path) if self._traits is not None else None
        return self._backend(supervisor, name, connection, traits or Traits())

    def status(self) -> EngineStatus:
        with self._lock:
            path = self._current
            supervisor = None if path is None else self._supervisors.get(path)
            name = "" if path is None else self._names[path]
        if supervisor is None:
            return EngineStatus(runtime=self._runtime)
        connection = supervisor.connection
        if connection is None:
            return EngineStatus(supervisor.state, name, supervisor.cause, runtime=self._runtime)
        return EngineStatus(
            supervisor.state,
            name,
            supervisor.cause,
            connection.context_tokens,
            private_bytes(connection.process_id) or None,
            self._runtime,
            connection.process_id,
            self._notice(),
        )

    def stop(self) -> None:
        """End every engine of this process; the next `backend` starts anew."""
        with self._lock:
            supervisors = tuple(self._supervisors.values())
        for supervisor in supervisors:
            supervisor.stop()

    def close(self) -> None:
        """End every engine for good. Safe to call twice."""
        with self._lock:
            self._closed = True
        self.stop()

    def _supervisor(self, path: Path, name: str) -> Supervisor:
        with self._lock:
            if self._closed:
                raise EngineError("Workbench is closing.", hint="Open it again.")
            others = [other for at, other in self._supervisors.items() if at != path and not other.active]
            supervisor = self._supervisors.get(path)
            if supervisor is None:
                supervisor = self._supervisors[path] = self._new_supervisor(path)
            self._names[path], self._current = name, path
        for other in others:
            other.stop()
        return supervisor

    def _new_supervisor(self, path: Path) -> Supervisor:
        return Supervisor(
            self._launcher,
            Lease(self._paths, path),
            self._clock,
            lambda: self._plan(path),
            lambda: self._bus.publish(Topic.ENGINE),
            self._watch,
            self._loaded,
        )

    def _plan(self, path: Path) -> LaunchPlan:
        plan = plan_launch(path, read_header(path), free_resources(), self._settings())
        if self._experience is not None:
            self._experience.starting(plan)
        return plan

    def _loaded(self, plan: LaunchPlan, engine: RunningEngine) -> None:
        if self._experience is not None:
            self._experience.loaded(Run(plan, self._launcher.build()), tuple(engine.log_tail().splitlines()))

    def _backend(self, supervisor: Supervisor, name: str, connection: Connection, traits: Traits) -> EngineBackend:
        info = BackendInfo(
            BACKEND_NAME,
            name,
            local=True,
            context_tokens=connection.context_tokens,
            vision=connection.plan is not None and connection.plan.projector_path is not None,
        )
        return EngineBackend(supervisor, _with_traits(info, traits), self._answered)

    def _answered(self, plan: LaunchPlan, finished: Finished) -> None:
        if self._experience is not None:
            self._experience.answered(Run(plan, self._launcher.build()), finished)

    @property
    def _runtime(self) -> str:
        """The build that started last: another one may have started than before."""
        try:
            return self._launcher.build()
        except EngineError:
            return ""


class EngineBackend:
    """A `ChatBackend` over whatever engine its supervisor has: after a death, the next request gets a new one."""

    def __init__(
        self, supervisor: Supervisor, info: BackendInfo, answered: Callable[[LaunchPlan, Finished], None]
    ) -> None:
        self._supervisor = supervisor
        self._answered = answered
        self.info = info

    def count_tokens(self, request: ChatRequest, cancel: CancelToken) -> int:
        connection = self._supervisor.connect(cancel, _unheard)
        try:
            return self._ask(connection).count_tokens(request, cancel)
        except EngineGoneError as broken:
            self._supervisor.forget(connection)
            raise self._supervisor.explain(connection, broken) from broken

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """An answer goes on here when the other process, whose engine wrote it, closes in the middle of it."""
        connection = self._supervisor.connect(cancel, _unheard)
        said: list[StreamEvent] = []
        try:
            for event in self._watched(connection, request, cancel):
                said.append(event)
                yield event
            return
        except EngineGoneError as broken:
            self._supervisor.forget(connection)
            rest = the_rest(request, said)
            if connection.engine is not None or self._supervisor.verdict or rest is None:
                raise self._supervisor.explain(connection, broken) from broken
        yield from self._watched(self._supervisor.connect(cancel, _unheard), rest, cancel)

    def complete(self, body: Mapping[str, Any], cancel: CancelToken) -> dict[str, Any]:
        """As `LlamaBackend.complete`, watched like any answer."""
        connection = self._supervisor.connect(cancel, _unheard)
        try:
            with self._supervisor.request(connection):
                answer = self._ask(connection).complete(body, cancel)
                self._tell(connection, wire.finished(answer), alone=self._supervisor.active == 1)
                return answer
        except EngineGoneError as broken:
            self._supervisor.forget(connection)
            raise self._supervisor.explain(connection, broken) from broken

    def render(self, body: Mapping[str, Any], cancel: CancelToken) -> str:
        """As `LlamaBackend.render`."""
        connection = self._supervisor.connect(cancel, _unheard)
        try:
            return self._ask(connection).render(body, cancel)
        except EngineGoneError as broken:
            self._supervisor.forget(connection)
            raise self._supervisor.explain(connection, broken) from broken

    def _watched(self, connection: Connection, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        with self._supervisor.request(connection):
            alone = self._supervisor.active == 1
            for event in self._ask(connection).stream(request, cancel):
                alone = alone and self._supervisor.active == 1
                if isinstance(event, Finished):
                    self._tell(connection, event, alone=alone)
                yield event

    def _tell(self, connection: Connection, finished: Finished, *, alone: bool) -> None:
        """``alone``: no other request slowed this one down."""
        if alone and connection.plan is not None:
            self._answered(connection.plan, finished)

    def _ask(self, connection: Connection) -> LlamaBackend:
        from workbench.engine.asking.client import (
            LlamaBackend,  # httpx takes a sixth of a second that a start has no use for
        )

        return LlamaBackend(connection.endpoint, self.info, silence_seconds=QUEUE_SECONDS)


def _with_traits(info: BackendInfo, traits: Traits) -> BackendInfo:
    return replace(info, efforts=traits.efforts, tools=traits.tools, limits_reasoning=traits.thinks)


def the_rest(request: ChatRequest, said: Sequence[StreamEvent]) -> ChatRequest | None:
    """The request that goes on after ``said``; None within thoughts, which no template lets a model go on with."""
    parts = fold_events(said)
    text = "".join(part.text for part in parts if isinstance(part, Text))
    if not text:
        return None if parts else request
    earlier, last = request.messages, request.messages[-1]
    if last.role is Role.ASSISTANT:
        earlier, text = earlier[:-1], last.text + text
    tokens = sum(isinstance(event, TextDelta | ReasoningDelta) for event in said)
    left = None if request.max_tokens is None else max(1, request.max_tokens - tokens)
    return replace(request, messages=(*earlier, assistant(text)), max_tokens=left)


def _unheard(_text: str) -> None:
    """Progress of a restart within a request: the stream itself shows that something happens."""
