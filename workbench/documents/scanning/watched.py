"""A look in a thread of its own, watched by who waits for it: a call to a drive that hangs cannot be ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from workbench.cancel import CancelToken
from workbench.documents.extract.document import ReaderError
from workbench.errors import Cancelled

HANGS_SECONDS: Final = 30.0  # without anything new
_LOOKED_AGAIN_SECONDS: Final = 0.25


class Watched:
    """Any thread. What hangs is left alone until it ends by itself; nothing else begins at that place until then."""

    def __init__(self, seconds: float = HANGS_SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._hanging: dict[str, threading.Thread] = {}

    def hangs(self, place: str) -> bool:
        """Whether a look there has not come back yet."""
        with self._lock:
            thread = self._hanging.get(place)
            if thread is not None and not thread.is_alive():
                del self._hanging[place]
                thread = None
        return thread is not None

    def run(self, place: str, work: Callable[[], None], progress: Callable[[], object], cancel: CancelToken) -> bool:
        """Whether ``work`` came to its end; False where ``progress`` told nothing new for too long.

        Raises what ``work`` raises, `ReaderError` where there is no room for a thread, and `Cancelled` at once.
        """
        raised: list[BaseException] = []
        ended = threading.Event()

        def perform() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - told in the thread that waits
                raised.append(error)
            finally:
                ended.set()

        thread = threading.Thread(target=perform, name="workbench-look", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # the system has no room for one more
            raise ReaderError("The system has no room to look at documents: no thread may be started.") from error
        try:
            came_back = self._waited(ended, progress, cancel)
        except Cancelled:
            self._leave(place, thread, ended)
            raise
        if not came_back:
            self._leave(place, thread, ended)
            return False
        thread.join()
        if raised:
            raise raised[0]
        return True

    def _waited(self, ended: threading.Event, progress: Callable[[], object], cancel: CancelToken) -> bool:
        seen, quiet = progress(), 0.0
        while not ended.wait(_LOOKED_AGAIN_SECONDS):
            cancel.check()
            now = progress()
            quiet = 0.0 if now != seen else quiet + _LOOKED_AGAIN_SECONDS
            seen = now
            if quiet >= self._seconds:
                return False
        return True

    def _leave(self, place: str, thread: threading.Thread, ended: threading.Event) -> None:
        if ended.wait(_LOOKED_AGAIN_SECONDS):  # it heard of the cancelling too
            thread.join()
            return
        with self._lock:
            self._hanging[place] = thread
