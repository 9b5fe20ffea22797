"""What a person is shown of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbench.engine.connection import State
from workbench.ports import Choice


@dataclass(frozen=True, slots=True)
class Offer:
    """A smaller plan for an engine that died too often. ``changes``: what it would do differently, with reasons."""

    text: str
    changes: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """``cause``: why it is failed. ``memory_bytes`` is private memory; numbers are None unless the engine is ready.

    ``takes_bytes``: what would be free without the model, its mapped weights included. ``notice``: why the last start took
    another engine than the chosen one. ``answering``: requests that run. ``kept_ready``: it stays in memory.
    ``elsewhere``: another process of this home owns the engine. ``offer``: see `EngineService.accept_smaller`.
    """

    state: State = State.STOPPED
    model: str = ""
    cause: str = ""
    context_tokens: int | None = None
    memory_bytes: int | None = None
    runtime: str = ""
    process_id: int | None = None
    notice: str = ""
    path: Path | None = None
    takes_bytes: int | None = None
    answering: int = 0
    kept_ready: bool = False
    elsewhere: bool = False
    offer: Offer | None = None
