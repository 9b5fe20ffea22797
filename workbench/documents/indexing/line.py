"""Files that are being read, several at a time and the newest first; what became of them is collected by one thread."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from workbench.cancel import CancelToken
from workbench.documents.collection import FileStatus
from workbench.documents.extract.document import ReaderError
from workbench.documents.storing.contents import Outcome, Refused, Waiting
from workbench.errors import Cancelled, WorkbenchError

log = logging.getLogger(__name__)

MOST_TOGETHER: Final = 128
MOST_CHARACTERS_TOGETHER: Final = 4_000_000
YIELD_SECONDS: Final = 0.2

Work = Callable[[Waiting, CancelToken], Outcome | None]
Finished = tuple[Waiting, Outcome | None]


class Line:
    """Threads that wait for children. `begin` and `collect` are called by one thread.

    ``workers``: how many there are, ``allowed``: how many of them may work at this moment. ``trouble``: why nothing can
    be read now, whatever the file; then files end without an outcome.
    """

    def __init__(self, workers: int, work: Work, allowed: Callable[[], int]) -> None:
        self._work = work
        self._allowed = allowed
        self._cancel = CancelToken()
        self._begun: queue.PriorityQueue[tuple[int, int, Waiting | None]] = queue.PriorityQueue()
        self._ended: queue.SimpleQueue[Finished] = queue.SimpleQueue()
        self._numbers = itertools.count()
        self.running = 0
        self.trouble: ReaderError | None = None
        self._threads = [
            threading.Thread(target=self._run, args=(number,), name=f"workbench-read-{number}", daemon=True)
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def begin(self, file: Waiting) -> None:
        self.running += 1
        self._begun.put((-file.modified_ns, next(self._numbers), file))

    def collect(self, seconds: float) -> list[Finished]:
        """What ends within ``seconds``; at once when nothing runs any more, or when it is much."""
        ended: list[Finished] = []
        deadline, characters = time.monotonic() + seconds, 0
        while self.running and len(ended) < MOST_TOGETHER and characters < MOST_CHARACTERS_TOGETHER:
            try:
                one = self._ended.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                break
            self.running -= 1
            ended.append(one)
            characters += len(getattr(getattr(one[1], "extracted", None), "text", ""))
        return ended

    def close(self) -> None:
        """What is not read yet is given up: it waits as before."""
        self._cancel.cancel()
        for _thread in self._threads:
            self._begun.put((-(1 << 63), next(self._numbers), None))
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        while not self._cancel.cancelled:
            order = self._begun.get()
            if number >= max(1, self._allowed()):
                self._begun.put(order)
                with suppress(Cancelled):
                    self._cancel.wait(YIELD_SECONDS)
            elif order[2] is not None:
                self._ended.put((order[2], self._perform(order[2])))

    def _perform(self, file: Waiting) -> Outcome | None:
        try:
            return self._work(file, self._cancel)
        except Cancelled:
            return None
        except ReaderError as error:
            self.trouble = error
            return None
        except WorkbenchError as error:
            return Refused(file, FileStatus.FAILED, error.message)
        except Exception as error:  # a bug with one file must not keep the others from being read
            log.exception("a file could not be read")
            return Refused(file, FileStatus.FAILED, f"It could not be read ({type(error).__name__}).")
