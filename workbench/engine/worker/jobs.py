"""One thread computes, one job after the other in the order in which they came: `Llama` has one context.

What a job makes is read in the thread that serves its request, which waits for it and for the client at the same time.
"""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from workbench.engine.worker.abort import Abort
from workbench.engine.worker.faults import Fault
from workbench.engine.worker.tape import Aborted

Work = Callable[[], Iterable[Any]]


class Job:
    """Something to compute. What it yields waits in `taken`, and `bell` can be read whenever there is more."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.cancelled = False
        self.ended = False
        self.fault: Fault | None = None
        self._news: deque[Any] = deque()
        self.bell, self._rope = socket.socketpair()
        for end in (self.bell, self._rope):
            end.settimeout(0)

    def put(self, news: Any) -> None:
        self._news.append(news)
        self._ring()

    def end(self, fault: Fault | None = None) -> None:
        self.fault = fault
        self.ended = True
        self._ring()

    def taken(self) -> tuple[bool, list[Any]]:
        """Whether it has ended, and all news since the last time, in this order: what came before the end is in it."""
        with suppress(OSError):  # it has rung itself out
            while self.bell.recv(1 << 12):
                pass
        ended, news = self.ended, []
        while self._news:
            news.append(self._news.popleft())
        return ended, news

    def close(self) -> None:
        self.bell.close()
        self._rope.close()

    def _ring(self) -> None:
        with suppress(OSError):  # full: it rings already; or nobody listens any more
            self._rope.send(b"!")


class Computing:
    """The thread, and who waits for it."""

    def __init__(self, abort: Abort) -> None:
        self._abort = abort
        self._waiting: deque[Job] = deque()
        self._changed = threading.Condition()
        self._current: Job | None = None

    def start(self) -> None:
        threading.Thread(target=self._run, name="computing", daemon=True).start()

    def submit(self, work: Work) -> Job:
        job = Job(work)
        with self._changed:
            self._waiting.append(job)
            self._changed.notify()
        return job

    def cancel(self, job: Job) -> None:
        """Stop it in the middle of whatever it computes, or take it out of the row. Another job is not touched."""
        with self._changed:
            job.cancelled = True
            if job is self._current:
                self._abort.set()
            elif job in self._waiting:
                self._waiting.remove(job)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                self._current = job = self._waiting.popleft()
                self._abort.clear()
            fault = self._do(job)
            with self._changed:
                self._current = None
            job.end(fault)

    @staticmethod
    def _do(job: Job) -> Fault | None:
        try:
            for news in job.work():
                if job.cancelled:
                    break
                job.put(news)
        except Aborted:
            return None
        except Fault as fault:
            return fault
        except Exception as error:  # noqa: BLE001 - the next request must be answered whatever this one did
            return Fault(f"{type(error).__name__}: {error}"[:500])
        return None
