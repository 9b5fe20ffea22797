"""Waiting until a person or the system asks a command to end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TypeVar

from workbench.cancel import CancelToken
from workbench.jobs import Job

Word = TypeVar("Word")

_ENDINGS = (signal.SIGINT, signal.SIGTERM)
# A handler runs only when the main thread wakes: on Windows always, elsewhere where the signal came just before it slept.
_WAKE_SECONDS = 0.5


@contextmanager
def at_stop_signals(say: Callable[[], None]) -> Iterator[None]:
    """In this block, Ctrl-C and the system's request to end only call ``say``, which must be safe in a handler: putting
    something into a `SimpleQueue` is."""
    before = {number: signal.signal(number, lambda _given, _frame: say()) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def first(heard: SimpleQueue[Word]) -> Word:
    """What comes first, however long it takes."""
    while True:
        try:
            return heard.get(timeout=_WAKE_SECONDS)
        except Empty:
            continue


@contextmanager
def interrupt_cancels(job: Job) -> Iterator[None]:
    """Ctrl-C stops the answer and keeps what there is of it.

    A handler runs in the main thread, between any two of its steps, and may wait for no lock: the main thread may hold
    it. So the handler only puts a word into a queue, which is made for that, and another thread cancels.
    """
    pressed: SimpleQueue[CancelToken | None] = SimpleQueue()

    def cancel() -> None:
        if (token := pressed.get()) is not None:
            token.cancel()

    listener = threading.Thread(target=cancel, name="workbench-ctrl-c", daemon=True)
    listener.start()
    before = signal.signal(signal.SIGINT, lambda _number, _frame: pressed.put(job.cancel))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        pressed.put(None)
        listener.join()
