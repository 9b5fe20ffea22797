"""The engines of a fake `Workbench`: what is in memory is what the test says; loading one takes as long as it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.engine.connection import State
from workbench.engine.status import EngineStatus
from workbench.errors import Cancelled, EngineError
from workbench.events import Bus, Topic

GIB = 1 << 30


def in_memory(name: str, path: Path, takes_bytes: int = 4 * GIB) -> EngineStatus:
    """A model that waits for a question."""
    return EngineStatus(
        State.READY,
        name,
        context_tokens=8192,
        memory_bytes=takes_bytes // 4,
        runtime="llama.cpp b9310",
        process_id=4711,
        path=path,
        takes_bytes=takes_bytes,
    )


@dataclass
class FakeEngine:
    """``done`` keeps what was asked of it, in order. ``failure``: of each load. ``told``: the news that nobody took yet."""

    bus: Bus
    current: EngineStatus = field(default_factory=EngineStatus)
    models: tuple[EngineStatus, ...] = ()
    done: list[tuple[str, Path]] = field(default_factory=list)
    failure: EngineError | None = None
    told: tuple[str, ...] = ()
    wait_seconds: float = 0.0

    def status(self) -> EngineStatus:
        return self.current

    def loaded(self) -> tuple[EngineStatus, ...]:
        return self.models

    def news(self) -> tuple[str, ...]:
        told, self.told = self.told, ()
        return told

    def backend(
        self, path: Path, name: str, cancel: CancelToken, _progress: Callable[[str], None] = lambda _text: None
    ) -> None:
        self.done.append(("load", path))
        self._be(EngineStatus(State.STARTING, name, path=path))
        try:
            cancel.wait(self.wait_seconds)
        except Cancelled:
            self.done.append(("given up", path))
            self._be(EngineStatus(State.STOPPED, name, path=path))
            raise
        if self.failure:
            self._be(EngineStatus(State.FAILED, name, self.failure.message, path=path))
            raise self.failure
        self.models = (*self.models, in_memory(name, path))
        self._be(self.models[-1])

    def unload(self, path: Path) -> None:
        self.done.append(("unload", path))
        self.models = tuple(one for one in self.models if one.path != path)
        if self.current.path == path:
            self.current = EngineStatus(State.STOPPED, self.current.model, path=path)
        self.bus.publish(Topic.ENGINE)

    def accept_smaller(self, path: Path) -> None:
        self.done.append(("smaller", path))
        self._be(replace(self.current, offer=None))

    def say(self, *news: str) -> None:
        """Something was done without being asked."""
        self.told = news
        self.bus.publish(Topic.ENGINE)

    def _be(self, status: EngineStatus) -> None:
        self.current = status
        self.bus.publish(Topic.ENGINE)
