"""Who is answered first by one engine: a person's own message interrupts what runs in the background."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from workbench.cancel import CancelToken
from workbench.errors import Cancelled


class Interrupted(Exception):  # noqa: N818 - control flow, not a failure
    """A background request has to make way; it may go on later."""


class Lane:
    """The requests of one model in this process.

    Interrupting closes the connection, after which the engine stops within the batch that it computes. So a person's
    message is delayed by one batch at most.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._persons = 0
        self._background: list[CancelToken] = []

    @contextmanager
    def first(self) -> Iterator[None]:
        """In this block a person's request runs, and nothing in the background."""
        with self._changed:
            self._persons += 1
            interrupted = tuple(self._background)
        for token in interrupted:
            token.cancel()
        try:
            yield
        finally:
            with self._changed:
                self._persons -= 1
                self._changed.notify_all()

    @contextmanager
    def background(self, cancel: CancelToken) -> Iterator[CancelToken]:
        """Waits until no person's request runs; then gives the token to run with. Raises `Interrupted` when a person's
        request came meanwhile, and `Cancelled` when ``cancel`` was cancelled."""
        token = CancelToken()
        with cancel.unblocks(token.cancel), cancel.unblocks(self._wake):
            with self._changed:
                self._changed.wait_for(lambda: not self._persons or cancel.cancelled)
                cancel.check()
                self._background.append(token)
            try:
                yield token
            except Cancelled:
                cancel.check()
                raise Interrupted from None
            finally:
                with self._changed:
                    self._background.remove(token)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
