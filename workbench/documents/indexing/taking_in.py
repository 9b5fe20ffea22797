"""Takes what was read into the index of words, so that a search need not: a little at once, much by a child. One thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final, Protocol

from workbench.cancel import CancelToken
from workbench.errors import Cancelled, WorkbenchError

log = logging.getLogger(__name__)

MUCH: Final = 500  # changes
PATIENCE_SECONDS: Final = 2.0
REST_SECONDS: Final = 60.0
TROUBLE_SECONDS: Final = 30.0


class Words(Protocol):
    """As `retrieval.words.WordIndex`."""

    def behind(self) -> int: ...

    def catch_up(self, cancel: CancelToken, *, more: bool = False) -> int: ...

    def rest(self) -> None: ...


class TakingIn:
    """`start`, then `wake` when there is something new. ``apart``: has a child do it; whether that worked. ``reading``:
    whether more is coming. ``ended``: told when all is taken in. ``patience``:
    seconds that a little waits for more. A failure is tried again after ``again`` seconds, and at each search; what was
    taken in before answers meanwhile. ``trouble``: why it failed, empty when all is well."""

    def __init__(
        self,
        words: Callable[[], Words],
        apart: Callable[[CancelToken], bool],
        reading: Callable[[], bool],
        ended: Callable[[], None] = lambda: None,
        *,
        patience: float = PATIENCE_SECONDS,
        again: float = TROUBLE_SECONDS,
    ) -> None:
        self._words = words
        self._apart = apart
        self._reading = reading
        self._ended = ended
        self._patience = patience
        self._again = again
        self.trouble = ""
        self._rest_after: float | None = None
        self._changed = threading.Condition()
        self._closing = CancelToken()
        self._woken = True
        self.idle = False
        self._thread = threading.Thread(target=self._run, name="workbench-words", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        with self._changed:
            self._woken, self.idle = True, False
            self._changed.notify_all()

    def nothing_comes(self) -> None:
        """Reading has ended: what there is need not wait for more."""
        with self._changed:
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """For it to be idle, at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: self.idle, seconds)

    def close(self) -> None:
        """What is not taken in then is at the next start."""
        self._closing.cancel()
        with self._changed:
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._closing.cancelled:
            try:
                if self._woken_up():
                    self._all()
                    self.trouble = ""
                else:
                    self._words().rest()
            except Cancelled:
                continue
            except WorkbenchError as error:
                log.warning("the index of words is behind: %s", error.message)
                self.trouble = error.message
            except Exception as error:
                log.exception("the index of words is behind")
                self.trouble = f"Taking in what was read failed ({type(error).__name__})."
            with self._changed:
                self.idle = not self._woken
                self._changed.notify_all()
            self._ended()

    def _woken_up(self) -> bool:
        """Waits; False when nothing came for a while."""
        with self._changed:
            seconds = self._again if self.trouble else self._rest_after
            woken = self._changed.wait_for(lambda: self._woken or self._closing.cancelled, seconds) or bool(
                self.trouble
            )
            self._rest_after = REST_SECONDS if woken else None
            self._woken = False
            return woken

    def _all(self) -> None:
        words = self._words()
        while behind := words.behind():
            self._closing.check()
            if behind < MUCH and self._reading():
                self._wait_for_more()
                continue
            if behind >= MUCH:
                words.rest()  # or a child might not write
                self._apart(self._closing)  # where that failed, it is done here
            if words.catch_up(self._closing, more=True):
                self._closing.wait(PATIENCE_SECONDS)  # another process does it

    def _wait_for_more(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._closing.cancelled or not self._reading(), self._patience)
