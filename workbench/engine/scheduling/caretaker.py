"""A thread that looks after something now and then, and is there only while there is something to look after."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from workbench.errors import WorkbenchError

log = logging.getLogger(__name__)

_AGAIN_SECONDS = 5.0


class Caretaker:
    """``look``: does what is due; returns in how many seconds it wants to be called again, None: not until `wake`."""

    def __init__(self, look: Callable[[], float | None]) -> None:
        self._look = look
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._woken = False
        self._closed = False

    def wake(self) -> None:
        """Look at once: there may be something to look after."""
        with self._changed:
            if self._closed:
                return
            self._woken = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="engine-caretaker", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def close(self) -> None:
        """Waits for a look that is under way. Safe to call twice."""
        with self._changed:
            self._closed = True
            thread, self._thread = self._thread, None
            self._changed.notify_all()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._woken = False
                if self._closed:
                    return
            wait = self._try()
            with self._changed:
                if self._woken or self._closed:
                    continue
                if wait is None:
                    self._thread = None
                    return
                self._changed.wait(wait)

    def _try(self) -> float | None:
        try:
            return self._look()
        except WorkbenchError as error:
            log.warning("looking after the engines: %s", error.message)
        except Exception:  # a bug here must not leave the engines without anybody
            log.exception("looking after the engines")
        return _AGAIN_SECONDS
