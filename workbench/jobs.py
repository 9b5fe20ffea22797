"""Work off the main thread: a job has a cancel token, reports events, and ends once, with a result or an error."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from workbench.cancel import CancelToken
from workbench.errors import Cancelled, WorkbenchError
from workbench.messages import Id

log = logging.getLogger(__name__)


class Pool(StrEnum):
    """Turns and queries answer a person; downloads and indexing must never keep them waiting."""

    QUERY = "query"
    LONG = "long"


POOL_THREADS = {Pool.QUERY: 8, Pool.LONG: 2}


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One piece of news of one job. ``payload`` is what the work emitted; on ``done`` its result; on ``failed`` the
    exception."""

    job: Id
    kind: str  # "progress" | "done" | "failed" | "cancelled"
    payload: Any = None


@dataclass(frozen=True, slots=True)
class Job:
    """What running work holds: emit news, look at ``cancel``."""

    report: Callable[[JobEvent], None]
    id: Id = field(default_factory=lambda: uuid.uuid4().hex)
    cancel: CancelToken = field(default_factory=CancelToken)

    def emit(self, payload: Any) -> None:
        self.report(JobEvent(self.id, "progress", payload))


def quiet_job() -> Job:
    """A job whose news nobody follows: for callers that only want the result."""
    return Job(report=lambda _event: None)


class Jobs:
    """Two pools of threads. `close` cancels what runs and waits for it."""

    def __init__(self) -> None:
        self._pools = {
            pool: ThreadPoolExecutor(threads, thread_name_prefix=f"workbench-{pool}")
            for pool, threads in POOL_THREADS.items()
        }
        self._lock = threading.Lock()
        self._running: dict[Id, tuple[Job, Future[None]]] = {}
        self._closed = False

    def run(
        self,
        work: Callable[[Job], Any],
        report: Callable[[JobEvent], None] = lambda _event: None,
        *,
        pool: Pool = Pool.QUERY,
    ) -> Job:
        """Start ``work`` in a pool; ``report`` is called in its thread, last with done, failed or cancelled.

        Before that last news the thread lets go of ``work``: who still holds it then decides in which thread it ends.
        """
        job = Job(report)
        with self._lock:
            if self._closed:
                report(JobEvent(job.id, "cancelled"))
                return job
            future = self._pools[pool].submit(self._perform, [work], job)
            self._running[job.id] = (job, future)
        future.add_done_callback(lambda _future: self._forget(job.id))
        return job

    def close(self, seconds: float = 2.0) -> bool:
        """Stop accepting, cancel all, wait at most ``seconds``. True when everything ended in time."""
        with self._lock:
            self._closed = True
            running = list(self._running.values())
        for job, _future in running:
            job.cancel.cancel()
        _done, late = wait([future for _job, future in running], timeout=seconds)
        for pool in self._pools.values():
            pool.shutdown(wait=not late, cancel_futures=True)
        return not late

    @property
    def running(self) -> int:
        with self._lock:
            return len(self._running)

    def _perform(self, holder: list[Callable[[Job], Any]], job: Job) -> None:
        """``holder`` has the work, and is emptied: the pool would hold it for a while after its end."""
        try:
            job.cancel.check()
            news = JobEvent(job.id, "done", holder[0](job))
        except Cancelled:
            news = JobEvent(job.id, "cancelled")
        except Exception as error:  # at the edge: a failure is news, not a crash
            log.info("job %s failed", job.id, exc_info=error)
            # Of an expected failure nobody needs the traceback, whose frames hold what the work held.
            news = JobEvent(
                job.id, "failed", error.with_traceback(None) if isinstance(error, WorkbenchError) else error
            )
        holder.clear()
        job.report(news)

    def _forget(self, job_id: Id) -> None:
        with self._lock:
            self._running.pop(job_id, None)
