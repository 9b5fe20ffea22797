"""An engine to talk to, and the states on the way to it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from workbench.cancel import CancelToken
from workbench.engine.launching.computes import Computes
from workbench.errors import Cancelled, WorkbenchError
from workbench.ports import Endpoint, LaunchPlan, RunningEngine


class State(StrEnum):
    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Connection:
    """An engine to talk to. ``engine`` and ``plan`` None: another process owns it. ``computes``: by what."""

    endpoint: Endpoint
    context_tokens: int
    process_id: int
    engine: RunningEngine | None = None
    plan: LaunchPlan | None = None
    computes: Computes = Computes()


class Start:
    """One start, between the thread that asked for it and the thread that does it."""

    def __init__(self, life: CancelToken, cancel: CancelToken, progress: Callable[[str], None]) -> None:
        self.life = life
        self.cancel = cancel
        self.progress = progress
        self.over = threading.Event()
        self.connection: Connection | None = None
        self.failure: WorkbenchError | Cancelled | None = None

    def end(self, outcome: Connection | WorkbenchError | Cancelled) -> None:
        if isinstance(outcome, Connection):
            self.connection = outcome
        else:
            self.failure = outcome
        self.over.set()
