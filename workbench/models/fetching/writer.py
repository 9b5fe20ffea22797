"""The disk work of one download, in order, on a thread of its own: its network does not wait for writing and hashing."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

WAITING = 2  # megabytes that may wait: a disk that is slower than the network slows the network down


class Writer:
    """Does what it is given, one after another. After a failure nothing more is done, and the next call raises it."""

    def __init__(self, name: str) -> None:
        self._work: queue.Queue[Callable[[], None] | None] = queue.Queue(WAITING)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name)
        self._thread.start()

    def do(self, work: Callable[[], None]) -> None:
        """Have ``work`` done after all that was given before; waits while too much of it is undone."""
        self._raise()
        self._work.put(work)

    def drain(self) -> None:
        """Return when everything is done."""
        self._work.join()
        self._raise()

    def close(self) -> None:
        """Finish what was given, and end the thread; a failure stays unsaid."""
        self._work.put(None)
        self._thread.join()

    def _raise(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                if self._failure is None:
                    work()
            except BaseException as failure:  # noqa: BLE001 - raised again where the download is waited for
                self._failure = failure
            finally:
                self._work.task_done()
        self._work.task_done()
