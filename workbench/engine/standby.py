"""Loads a model and keeps it ready until it is told to stop: what `workbench ready` does, from login on.

The window and the command line attach to its engine. When one of them has loaded the model before, its process is left
to it, and this one takes over when that process ends.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from workbench import ownership
from workbench.cancel import CancelToken
from workbench.engine.connection import State
from workbench.engine.lease import published
from workbench.engine.service import EngineService
from workbench.engine.status import EngineStatus
from workbench.events import Bus, Changed, Topic
from workbench.paths import Paths

OWNER_LOOK_SECONDS = 5.0


class StandBy:
    """``tell`` hears, in words, what is going on."""

    def __init__(self, engine: EngineService, bus: Bus, paths: Paths, tell: Callable[[str], None]) -> None:
        self._engine = engine
        self._bus = bus
        self._paths = paths
        self._tell = tell
        self._news = threading.Event()

    def keep(self, path: Path, name: str, cancel: CancelToken) -> None:
        """Blocks until the model is released, by a person or because the machine needs its memory.

        Raises `Cancelled`, and `EngineError` when the engine does not start or has died too often.
        """
        self._engine.keep_ready(path)
        unsubscribe = self._bus.subscribe(self._hear)
        try:
            with cancel.unblocks(self._news.set):
                while self._once(path, name, cancel):
                    cancel.check()
        finally:
            unsubscribe()
            self._engine.keep_ready(None)

    def _once(self, path: Path, name: str, cancel: CancelToken) -> bool:
        """From a start to an end; whether to start again."""
        self._engine.backend(path, name, cancel, self._tell)
        status = self._engine.status()
        self._tell(ready_words(status))
        if status.elsewhere:
            self._outlive_owner(path, cancel)
            return True
        while (state := self._engine.status().state) is State.READY:
            self._news.wait()
            self._news.clear()
            cancel.check()
            for words in self._engine.news():
                self._tell(words)
        return state is State.FAILED

    def _outlive_owner(self, path: Path, cancel: CancelToken) -> None:
        owner = next((engine.owner for engine in published(self._paths) if engine.model_path == path), "")
        while ownership.is_alive(owner):
            cancel.wait(OWNER_LOOK_SECONDS)

    def _hear(self, changed: Changed) -> None:
        if Topic.ENGINE in changed.topics:
            self._news.set()


def ready_words(status: EngineStatus) -> str:
    """What a model that is kept ready costs."""
    from workbench.sizes import memory_words

    if status.elsewhere:
        return f"{status.model} is ready in another Workbench; this one takes over when that closes."
    cost = f": it keeps {memory_words(status.takes_bytes)} of memory" if status.takes_bytes else ""
    return f"{status.model} is ready{cost}."
