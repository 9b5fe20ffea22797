"""Who is answered first by one engine: a person's own message interrupts what runs in the background."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from workbench.cancel import CancelToken
from workbench.engine.scheduling.persons import Elsewhere, Nobody
from workbench.errors import Cancelled

LOOK_SECONDS = 0.05  # at other processes, while something runs in the background or waits to


class Interrupted(Exception):  # noqa: N818 - control flow, not a failure
    """A background request has to make way; it may go on later."""


class Lane:
    """The requests of one model in this process, and the persons of other processes who ask the same engine.

    Interrupting closes the connection, after which the engine stops within the batch that it computes. So a person's
    message is delayed by one batch at most, and by one look more where another process works in the background.
    """

    def __init__(self, elsewhere: Elsewhere | None = None) -> None:
        self._elsewhere = elsewhere or Nobody()
        self._alone = elsewhere is None
        self._changed = threading.Condition()
        self._persons = 0
        self._background: list[CancelToken] = []

    @contextmanager
    def first(self) -> Iterator[None]:
        """In this block a person's request runs, and nothing in the background."""
        with self._changed:
            self._persons += 1
            if self._persons == 1:
                self._elsewhere.come()
            interrupted = tuple(self._background)
        for token in interrupted:
            token.cancel()
        try:
            yield
        finally:
            with self._changed:
                self._persons -= 1
                if not self._persons:
                    self._elsewhere.leave()
                self._changed.notify_all()

    @contextmanager
    def background(self, cancel: CancelToken) -> Iterator[CancelToken]:
        """Waits until no person's request runs; then gives the token to run with. Raises `Interrupted` when a person's
        request came meanwhile, and `Cancelled` when ``cancel`` was cancelled."""
        token = CancelToken()
        with cancel.unblocks(token.cancel), cancel.unblocks(self._wake):
            with self._changed:
                self._wait(cancel)
                cancel.check()
                self._background.append(token)
            try:
                with self._watched(token):
                    yield token
            except Cancelled:
                cancel.check()
                raise Interrupted from None
            finally:
                with self._changed:
                    self._background.remove(token)

    def _wait(self, cancel: CancelToken) -> None:
        """Until nobody asks, here or elsewhere, or it is cancelled."""
        while not cancel.cancelled and (self._persons or self._elsewhere.waits()):
            self._changed.wait(None if self._persons else LOOK_SECONDS)

    @contextmanager
    def _watched(self, token: CancelToken) -> Iterator[None]:
        """In this block a person of another process interrupts too: only looking tells."""
        if self._alone:
            yield
            return
        over = threading.Event()

        def watch() -> None:
            while not over.wait(LOOK_SECONDS):
                if self._elsewhere.waits():
                    token.cancel()
                    return

        watcher = threading.Thread(target=watch, name="engine-lane", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
