"""Gathers what `EngineStatus` tells, of engines here and in other processes of this home."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from workbench import ownership
from workbench.engine.connection import State
from workbench.engine.launching.patience import private_bytes
from workbench.engine.launching.shrinking import changes
from workbench.engine.lease import Lease, published
from workbench.engine.scheduling.residents import Resident
from workbench.engine.scheduling.room import MEMORY
from workbench.engine.status import EngineStatus, Offer
from workbench.paths import Paths
from workbench.ports import LaunchPlan


def of(resident: Resident, runtime: str, notice: str, *, kept_ready: bool) -> EngineStatus:
    """Of a model that this process has asked something."""
    supervisor = resident.supervisor
    connection = supervisor.connection
    if connection is None:
        return EngineStatus(supervisor.state, resident.name, supervisor.cause, runtime=runtime, path=resident.path)
    private = private_bytes(connection.process_id)
    takes = max(private, resident.needs.get(MEMORY, 0))
    return EngineStatus(
        supervisor.state,
        resident.name,
        supervisor.cause,
        connection.context_tokens,
        private or None,
        runtime,
        connection.process_id,
        notice,
        resident.path,
        takes or None,
        supervisor.active,
        kept_ready,
        connection.engine is None,
    )


def elsewhere(paths: Paths, known: Collection[Path]) -> tuple[EngineStatus, ...]:
    """Those of other processes, but for the models that are ``known``."""
    return tuple(
        EngineStatus(
            State.READY,
            engine.name,
            context_tokens=engine.context_tokens,
            memory_bytes=private_bytes(engine.process_id) or None,
            process_id=engine.process_id,
            path=engine.model_path,
            elsewhere=True,
        )
        for engine in published(paths)
        if engine.model_path not in known and engine.owner != ownership.this_process()
    )


def release_elsewhere(paths: Paths, model_path: Path) -> None:
    """End the engine that another process has for the model, as its owner wanted it."""
    for engine in published(paths):
        if engine.model_path == model_path and engine.owner != ownership.this_process():
            Lease(paths, model_path).ask_to_leave(engine.process_id)


def offer(plan: LaunchPlan, less: LaunchPlan | None) -> Offer | None:
    """``less`` instead of ``plan``, in words; None when there is nothing less."""
    if less is None:
        return None
    changed = changes(plan, less)
    words = ", ".join(f"{choice.name.lower()}: {choice.value}" for choice in changed)
    return Offer(f"Start it smaller ({words})." if words else "Start it smaller.", changed)
