"""The queue of downloads: several at once, first come first served, kept over restarts.

One thread decides what may run; each running download has a thread of its own. A full disk, or another process that
fetches the same file, sends a download back to the queue for a few seconds.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from workbench import ownership
from workbench.db import Database
from workbench.errors import Cancelled, StorageError, UsageError, WorkbenchError
from workbench.events import Bus, Changed, Topic
from workbench.jobs import Job, JobEvent
from workbench.models.fetching.fetchers import EngineBuilds, Fetchers
from workbench.models.fetching.limiter import Limiter, Pace
from workbench.models.fetching.patience import USUAL
from workbench.models.fetching.progress import DownloadProgress, DownloadStep
from workbench.models.fetching.queue import DownloadItem, DownloadState
from workbench.models.fetching.queue_store import QueuedDownload, QueueStore, files_of, plan_of
from workbench.ports import NEVER_ASLEEP, Awake, Clock
from workbench.settings import Downloads

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.models.fetching.hub import Hub, HubFiles
    from workbench.models.library import InstalledModel
    from workbench.models.service import ModelService

log = logging.getLogger(__name__)

SECONDS_BETWEEN_NEWS = 0.25
SECONDS_BETWEEN_SAVES = 5.0
TRY_AGAIN_SECONDS = 5.0  # for room on the disk, another process's lock, a database that could not be written
OVER = (DownloadState.READY, DownloadState.FAILED)


@dataclass(slots=True)
class _Run:
    """A download that this process works on. ``next``: the state after it was cancelled; None: it is thrown away."""

    job: Job
    progress: DownloadProgress | None = None
    step: DownloadStep = DownloadStep("")
    next: DownloadState | None = DownloadState.QUEUED
    saved_at: float = 0.0
    thread: threading.Thread | None = field(default=None, repr=False)


def make_queue(
    folder: Path,
    database: Database,
    models: ModelService,
    hub: Hub,
    engines: EngineBuilds | None,
    settings: Callable[[], Downloads],
    bus: Bus,
    clock: Clock,
    awake: Awake = NEVER_ASLEEP,
) -> DownloadQueue:
    """The queue of one home, whose models live in ``folder``."""
    limiter = Limiter(lambda: 1e6 * settings().limit_megabytes_per_second, clock)
    fetchers = Fetchers(folder, models, hub, engines, clock, limiter.take)
    return DownloadQueue(QueueStore(database, clock), fetchers, settings, bus, clock, awake)


class DownloadQueue:
    """Every method may be called from any thread, and returns at once but for `fetch_now` and `close`."""

    def __init__(
        self,
        store: QueueStore,
        fetchers: Fetchers,
        settings: Callable[[], Downloads],
        bus: Bus,
        clock: Clock,
        awake: Awake = NEVER_ASLEEP,
    ) -> None:
        self._awake = awake
        self._store = store
        self._fetchers = fetchers
        self._settings = settings
        self._bus = bus
        self._clock = clock
        self._changed = threading.Condition()
        self._running: dict[str, _Run] = {}
        self._held: dict[str, float] = {}  # not to be started before this (monotonic) second
        self._unsaved: dict[str, dict[str, Any]] = {}  # what a full disk refused
        self._news = False
        self._told_at = float("-inf")
        self._closed = False
        self._dispatcher: threading.Thread | None = None
        self._unsubscribe = bus.subscribe(self._hear)

    # What people do ---------------------------------------------------------------------------------------------------

    def items(self) -> tuple[DownloadItem, ...]:
        """The queue, in its order."""
        with self._changed:
            return tuple(self._item(row) for row in self._rows())

    def add(self, reference: str, title: str = "") -> DownloadItem:
        """Queue a reference (see `DownloadItem`); one that is in the queue stays where it is and is tried again.

        Raises `UsageError` for what cannot be fetched, `StorageError` when the queue cannot be kept.
        """
        reference = reference.strip()
        self._fetchers.check(reference)
        with self._changed:
            known = next((row for row in self._rows() if row.reference == reference), None)
            identifier = known.id if known else uuid.uuid4().hex
            if known is None:
                self._store.add(identifier, reference, title)
        if known is not None and known.state not in (DownloadState.QUEUED, DownloadState.RUNNING):
            self.resume(identifier)
        self._tell()
        return self._item(self._row(identifier))

    def pause(self, item_id: str) -> None:
        """Stop it and keep what has arrived. Raises `UsageError` for an unknown id."""
        self._stop(item_id, DownloadState.PAUSED)

    def resume(self, item_id: str) -> None:
        """Queue it again, at its old place. Raises `UsageError` for an unknown id."""
        with self._changed:
            row = self._row(item_id)
            self._held.pop(item_id, None)
            run = self._running.get(item_id)
            if run is not None:
                run.next = DownloadState.QUEUED
            elif row.state is not DownloadState.RUNNING:
                files = row.plan if row.state is DownloadState.PAUSED else "{}"  # a failure may be the plan's
                self._save(item_id, state=DownloadState.QUEUED, error="", hint="", owner="", plan=files)
        self._tell()

    def cancel(self, item_id: str) -> None:
        """Stop it and throw away what has arrived. Raises `UsageError` for an unknown id."""
        self._stop(item_id, None)

    def clear(self) -> None:
        """Forget those that are ready, and those that failed with what has arrived of them."""
        with self._changed:
            over = [row.id for row in self._rows() if row.state in OVER]
        for identifier in over:
            self._stop(identifier, None)

    def fetch_now(
        self, reference: str, job: Job, found: Callable[[HubFiles], None], limit: float | None = None
    ) -> InstalledModel | None:
        """Fetch it in this thread, outside of the queue; ``limit`` in bytes a second, None: the one of the settings.

        As `Fetchers.fetch`, but it gives up sooner: somebody is waiting.
        """
        pace = self._fetchers.pace if limit is None else Limiter(lambda: limit, self._clock).take
        return self._fetchers.with_patience(USUAL, pace).fetch(reference, job, found=found)

    @property
    def pace(self) -> Pace:
        """Keeps the limit of the settings, for what is fetched outside of the queue."""
        return self._fetchers.pace

    # Lifetime ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to work on the queue, also on what an earlier process left unfinished."""
        with self._changed:
            if self._dispatcher is None and not self._closed:
                self._dispatcher = threading.Thread(target=self._dispatch, name="downloads")
                self._dispatcher.start()

    def look_again(self) -> None:
        """Another process may have changed the queue."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """Stop all work; the next start goes on with it. Returns when no thread is left."""
        self._unsubscribe()
        with self._changed:
            self._closed = True
            running = list(self._running.values())
            self._changed.notify_all()
        for run in running:
            run.job.cancel.cancel()
        for thread in (self._dispatcher, *(run.thread for run in running)):
            if thread is not None:
                thread.join()

    # The thread that decides ------------------------------------------------------------------------------------------

    def _dispatch(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                try:
                    self._save_again()
                    self._start_next()
                except StorageError as error:
                    log.info("the queue of downloads cannot be kept: %s", error)
                    self._changed.wait(TRY_AGAIN_SECONDS)
                tell = self._news and self._until_news() <= 0
                if tell:
                    self._news, self._told_at = False, self._clock.monotonic()
                else:
                    self._changed.wait(self._until_next())
            if tell:
                self._bus.publish(Topic.DOWNLOADS)

    def _start_next(self) -> None:
        now = self._clock.monotonic()
        for row in self._rows():
            if len(self._running) >= self._settings().at_once:
                return
            waiting = row.state is DownloadState.QUEUED or self._is_abandoned(row)
            if waiting and row.id not in self._running and self._held.get(row.id, now) <= now:
                self._start(row)

    def _start(self, row: QueuedDownload) -> None:
        if not self._store.claim(row, ownership.this_process()):
            return
        self._held.pop(row.id, None)
        run = _Run(Job(lambda event: self._note(row.id, event)))
        run.thread = threading.Thread(target=self._work, args=(row, run), name="download")
        self._running[row.id] = run
        run.thread.start()
        self._news = True

    def _until_news(self) -> float:
        return self._told_at + SECONDS_BETWEEN_NEWS - self._clock.monotonic()

    def _until_next(self) -> float | None:
        """Seconds until something is to be done without being told; None: never."""
        now = self._clock.monotonic()
        times = [until - now for until in self._held.values()]
        times += [self._until_news()] if self._news else []
        times += [TRY_AGAIN_SECONDS] if self._unsaved or self._elsewhere() else []
        return max(min(times), 0.01) if times else None

    def _elsewhere(self) -> bool:
        """Whether another process works on a download: nobody tells when it ends."""
        return any(row.state is DownloadState.RUNNING and row.id not in self._running for row in self._rows())

    def _is_abandoned(self, row: QueuedDownload) -> bool:
        mine = row.owner == ownership.this_process()
        return row.state is DownloadState.RUNNING and (mine or not ownership.is_alive(row.owner))

    # The threads that fetch -------------------------------------------------------------------------------------------

    def _work(self, row: QueuedDownload, run: _Run) -> None:
        try:
            with self._awake.awake("Downloading"):
                self._fetchers.fetch(
                    row.reference, run.job, files_of(row.plan), lambda files: self._found(row.id, files)
                )
            ending: dict[str, Any] = {"state": DownloadState.READY}
        except Cancelled:
            ending = {"state": run.next}
        except WorkbenchError as error:
            ending = self._failure(row.id, error)
        except Exception as error:  # a bug in one download must not stop the queue
            log.exception("download %s", row.reference)
            ending = {"state": DownloadState.FAILED, "error": f"A bug stopped it: {error!r}", "hint": ""}
        self._end(row.id, run, ending)

    def _failure(self, item_id: str, error: WorkbenchError) -> dict[str, Any]:
        from workbench.models.fetching.partial import BusyError, NoRoomError

        if isinstance(error, BusyError | NoRoomError):
            with self._changed:
                self._held[item_id] = self._clock.monotonic() + TRY_AGAIN_SECONDS
            hint = (
                "It goes on by itself." if isinstance(error, BusyError) else "It goes on by itself when there is room."
            )
            return {"state": DownloadState.QUEUED, "error": error.message, "hint": hint}
        log.info("a download failed: %s %s", error.message, error.detail)
        return {"state": DownloadState.FAILED, "error": error.message, "hint": error.hint}

    def _end(self, item_id: str, run: _Run, ending: dict[str, Any]) -> None:
        if run.next is None and ending["state"] is not DownloadState.READY:
            self._throw_away(item_id)
        with self._changed:
            if run.next is None:
                self._forget(item_id)
            else:
                self._save(item_id, owner="", **_counts(run), **ending)
            del self._running[item_id]
        self._tell()

    def _found(self, item_id: str, files: HubFiles) -> None:
        with self._changed:
            changes = {"plan": plan_of(files), "total_bytes": files.bytes}
            self._save(item_id, **changes, **({} if self._row(item_id).title else {"title": files.label}))
        self._tell()

    def _note(self, item_id: str, event: JobEvent) -> None:
        """News of a running download."""
        with self._changed:
            run = self._running[item_id]
            if isinstance(event.payload, DownloadStep):
                run.step = event.payload
            elif isinstance(event.payload, DownloadProgress):
                run.progress = event.payload
                now = self._clock.monotonic()
                if now - run.saved_at >= SECONDS_BETWEEN_SAVES:
                    run.saved_at = now
                    self._save(item_id, **_counts(run))
        self._tell()

    # Stopping ---------------------------------------------------------------------------------------------------------

    def _stop(self, item_id: str, then: DownloadState | None) -> None:
        """``then``: the state it is left in; None: it is thrown away."""
        with self._changed:
            row = self._row(item_id)
            run = self._running.get(item_id)
            if run is not None:
                run.next = then
            if then is not None and row.state not in OVER:
                self._save(item_id, state=then, error="", hint="", **_counts(run))
        if run is not None:
            run.job.cancel.cancel()
        elif then is None:
            if row.state is not DownloadState.READY:
                self._throw_away(item_id)
            with self._changed:
                self._forget(item_id)
        self._tell()

    def _throw_away(self, item_id: str) -> None:
        row = self._row(item_id)
        try:
            self._fetchers.discard(row.reference, files_of(row.plan))
        except WorkbenchError as error:  # another process fetches it: then it is not ours to throw away
            log.info("not thrown away: %s", error)

    def _forget(self, item_id: str) -> None:
        self._store.remove(item_id)
        self._held.pop(item_id, None)
        self._unsaved.pop(item_id, None)

    # Rows -------------------------------------------------------------------------------------------------------------

    def _rows(self) -> list[QueuedDownload]:
        """As stored, with what could not be stored yet."""
        return [replace(row, **self._unsaved.get(row.id, {})) for row in self._store.all()]

    def _row(self, item_id: str) -> QueuedDownload:
        found = next((row for row in self._rows() if row.id == item_id), None)
        if found is None:
            raise UsageError(f"There is no download {item_id!r}.", hint="It may have been cancelled.")
        return found

    def _save(self, item_id: str, **changes: Any) -> None:
        changes = {**self._unsaved.pop(item_id, {}), **changes}
        try:
            self._store.change(item_id, changes)
        except StorageError:
            self._unsaved[item_id] = changes

    def _save_again(self) -> None:
        for item_id in tuple(self._unsaved):
            self._save(item_id)

    def _item(self, row: QueuedDownload) -> DownloadItem:
        item = DownloadItem(
            row.id, row.reference, row.title or row.reference, row.state, row.bytes, row.total_bytes,
            error=row.error, hint=row.hint,
        )  # fmt: skip
        if row.state is DownloadState.RUNNING and self._is_abandoned(row) and row.id not in self._running:
            return replace(item, state=DownloadState.QUEUED)
        run = self._running.get(row.id)
        if run is None or row.state is not DownloadState.RUNNING:
            return item
        item = replace(item, step=run.step.text, error=run.step.reason)
        if run.progress is None:
            return item
        done = run.progress
        return replace(
            item, bytes=done.bytes, total_bytes=done.total_bytes, bytes_per_second=done.bytes_per_second,
            seconds_left=done.seconds_left,
        )  # fmt: skip

    # News -------------------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Have it published soon, at most four times a second; at once where no thread works on the queue."""
        with self._changed:
            working = self._dispatcher is not None and not self._closed
            self._news = working
            self._changed.notify_all()
        if not working:
            self._bus.publish(Topic.DOWNLOADS)

    def _hear(self, change: Changed) -> None:
        if Topic.SETTINGS in change.topics:  # more may run at once, perhaps
            self.look_again()


def _counts(run: _Run | None) -> dict[str, int]:
    """How far it is, as a row keeps it."""
    if run is None or run.progress is None:
        return {}
    return {"bytes": run.progress.bytes, "total_bytes": run.progress.total_bytes}
