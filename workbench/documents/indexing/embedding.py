"""Computes the vectors that passages lack, behind everything else. One thread."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol

from workbench.cancel import CancelToken
from workbench.documents.collection import Phase, Progress
from workbench.documents.indexing.news import News
from workbench.documents.indexing.pace import Pace
from workbench.documents.indexing.portions import Portion
from workbench.errors import Cancelled, WorkbenchError
from workbench.ports import Clock

log = logging.getLogger(__name__)

FETCHED: Final = 512
YIELD_SECONDS: Final = 0.2
REST_SECONDS: Final = 300.0
NICER: Final = 10
TROUBLE_SECONDS: Final = 60.0

Missing = Sequence[tuple[bytes, str]]


class Vectors(Protocol):
    """What is embedded, by what, and where it goes."""

    def missing(self, limit: int) -> Missing:
        """Key and text of passages that have no vector yet, newest first. Also of the model that is being changed to."""
        ...

    def lacking(self) -> int:
        """How many there are."""
        ...

    def embed(self, rows: Missing, cancel: CancelToken) -> None:
        """Compute and store these. Raises `EngineError`, `StorageError`, `Cancelled`."""
        ...

    def finished(self, cancel: CancelToken) -> None:
        """Nothing lacks any more: the vectors of the wanted model answer from now on, and others are let go."""
        ...


class Embedding:
    """`start`, then `wake` when there are new passages. ``may``: whether nothing more important goes on.
    ``rest``: lets go of the memory that computing takes, called after it was not needed for minutes."""

    def __init__(
        self, vectors: Vectors, may: Callable[[], bool], rest: Callable[[], None], clock: Clock, news: News
    ) -> None:
        self._vectors = vectors
        self._may = may
        self._rest = rest
        self._clock = clock
        self._news = news
        self._changed = threading.Condition()
        self._closing = CancelToken()
        self._woken = True
        self._patience: float | None = None
        self._pace: Pace | None = None
        self._portion = Portion()
        self.idle = False
        self.trouble = ""
        self._thread = threading.Thread(target=self._run, name="workbench-embed", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        with self._changed:
            self._woken, self.idle = True, False
            self._changed.notify_all()

    def go_on(self) -> None:
        """Something more important has ended."""
        with self._changed:
            self._changed.notify_all()

    def used(self) -> None:
        """Somebody else used what computes: it is let go of later."""
        with self._changed:
            if self._patience is None:
                self._patience = REST_SECONDS
                self._woken = True
                self._changed.notify_all()

    @property
    def progress(self) -> Progress:
        """Of all folders together, in passages."""
        pace = self._pace
        return Progress() if pace is None else pace.progress

    def wait(self, seconds: float) -> None:
        """For something to happen, at most so long."""
        with self._changed:
            self._changed.wait(seconds)

    def close(self) -> None:
        self._closing.cancel()
        with self._changed:
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    # The thread -------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        _give_way()
        while not self._closing.cancelled:
            if not self._woken_up():
                self._rest()
                continue
            try:
                self._all()
            except Cancelled:
                continue
            except WorkbenchError as error:  # the words of a question still find
                self._stumbled(error.message)
            except Exception as error:  # told, and tried again
                log.exception("computing vectors failed")
                self._stumbled(f"Reading what passages mean failed ({type(error).__name__}).")

    def _woken_up(self) -> bool:
        """Waits; False when nobody needed anything for a while."""
        with self._changed:
            woken = self._changed.wait_for(lambda: self._woken or self._closing.cancelled, self._patience)
            self._patience = REST_SECONDS if woken else None
            self._woken = False
            return woken

    def _all(self) -> None:
        while rows := self._vectors.missing(FETCHED):
            if self._pace is None:
                self._pace = Pace(Phase.EMBEDDING, self._vectors.lacking(), self._clock.monotonic())
            while rows:
                self._yield()
                some, rows = rows[: self._portion.count], rows[self._portion.count :]
                self._pace = self._embed(some, self._pace)
                self.trouble = ""
                self._tell()
                if self._woken:  # newer passages come first
                    break
            if self._woken:
                self._woken = False
                self._pace = self._pace.grown(self._pace.done + self._vectors.lacking())
        self._vectors.finished(self._closing)
        self._pace = None
        with self._changed:
            self.idle = not self._woken
        self._tell()
        self._news.flush()

    def _embed(self, rows: Missing, pace: Pace) -> Pace:
        began = self._clock.monotonic()
        self._vectors.embed(rows, self._closing)
        now = self._clock.monotonic()
        self._portion = self._portion.after(len(rows), now - began)
        return pace.after(len(rows), now)

    def _yield(self) -> None:
        while not self._may() and not self._closing.cancelled:
            with self._changed:
                self._changed.wait(YIELD_SECONDS)
        self._closing.check()

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()
        self._news.tell()

    def _stumbled(self, told: str) -> None:
        log.warning("vectors are not computed for now: %s", told)
        with self._changed:
            self.trouble, self._woken = told, True
            self._changed.notify_all()
        self._news.tell()
        self._news.flush()
        try:
            self._closing.wait(TROUBLE_SECONDS)
        except Cancelled:
            return


def _give_way() -> None:
    """This thread, and those that it starts to compute with, come after others where the system can be told so."""
    if sys.platform == "linux":  # where a thread has a priority of its own
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICER)
