"""What counts in a process of its own: made when it is first asked, kept for the next question, ended when idle."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from concurrent.futures import TimeoutError as TooLateError
from contextlib import suppress
from typing import Final, Generic, Protocol, TypeVar

from workbench.cancel import CancelToken
from workbench.errors import Cancelled, EngineError, WorkbenchError

log = logging.getLogger(__name__)

IDLE_SECONDS: Final = 90.0  # a person reads a sheet, and changes something
MOST_SECONDS: Final = 30.0
AT_ONCE_SECONDS: Final = 0.5

Question = TypeVar("Question")
Asked = TypeVar("Asked", contravariant=True)


class Counts(Protocol[Asked]):
    """What has been made, and counts. Used by one thread alone."""

    def count(self, question: Asked, cancel: CancelToken) -> int:
        """Tokens. Raises `WorkbenchError`; it is ended after that."""
        ...

    def close(self) -> None: ...


Make = Callable[[CancelToken], Counts[Question]]


class Keeper(Generic[Question]):
    """Any thread. What counts lives in a thread of its own, for engines end with the thread that started them; that thread
    sleeps until it is asked, and ends with what it keeps after ``idle_seconds``."""

    def __init__(self, make: Make[Question], idle_seconds: float = IDLE_SECONDS) -> None:
        self._make, self._idle_seconds = make, idle_seconds
        self._lock = threading.Lock()
        self._orders: queue.SimpleQueue[_Order[Question] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ready = False
        self._waiting = 0
        self._cancel = CancelToken()

    def count(self, question: Question, *, wait: bool, cancel: CancelToken | None = None) -> int | None:
        """Tokens of ``question``. ``wait`` False: None where that is not known at once, for nothing is kept yet or it is
        busy; nothing is begun then. ``cancel`` ends the wait; what was begun goes on, and is kept. Raises `WorkbenchError`
        with why it cannot be counted, `Cancelled`, also after `close`."""
        cancel = cancel or CancelToken()
        with self._lock:
            self._cancel.check()
            if not wait and (not self._ready or self._waiting):
                return None
            order = _Order(question)
            self._waiting += 1
            self._orders.put(order)
            if self._thread is None:
                self._thread = threading.Thread(target=self._live, name="token-counter", daemon=True)
                self._thread.start()
        try:
            with cancel.unblocks(order.leave):
                return order.answer.result(MOST_SECONDS if wait else AT_ONCE_SECONDS)
        except CancelledError as error:
            raise Cancelled from error
        except TooLateError as error:
            order.answer.cancel()
            if not wait:
                return None
            raise EngineError("Counting the tokens took too long.", hint="The estimate from above holds.") from error
        finally:
            with self._lock:
                self._waiting -= 1

    @property
    def is_kept(self) -> bool:
        """Whether something that counts lives now."""
        return self._thread is not None

    def close(self) -> None:
        """End it; whoever waits is told `Cancelled`. For good."""
        with self._lock:
            self._cancel.cancel()
            thread = self._thread
            self._orders.put(None)
        if thread is not None:
            thread.join()

    # The thread -------------------------------------------------------------------------------------------------------

    def _live(self) -> None:
        counter: Counts[Question] | None = None
        try:
            while (order := self._next()) is not None:
                if order.answer.cancelled():
                    continue
                try:
                    counter = counter or self._make(self._cancel)
                    order.tell(counter.count(order.question, self._cancel))
                    self._ready = True
                except (WorkbenchError, Cancelled) as error:
                    order.tell(error)
                    self._end(counter)
                    counter = None
                except Exception as error:  # a bug: who waits is told, and the next one begins anew
                    log.exception("What counts tokens failed")
                    order.tell(EngineError(f"The tokens cannot be counted: {error}."))
                    self._end(counter)
                    counter = None
        finally:
            self._end(counter)
            self._refuse_rest()

    def _end(self, counter: Counts[Question] | None) -> None:
        self._ready = False
        if counter is not None:
            with suppress(WorkbenchError, OSError):
                counter.close()

    def _next(self) -> _Order[Question] | None:
        """None: nobody has asked for long, or it is closed."""
        try:
            order = self._orders.get(timeout=self._idle_seconds)
        except queue.Empty:
            with self._lock:
                if not self._orders.empty():
                    return self._orders.get()
                self._thread, self._ready = None, False
                return None
        return None if self._cancel.cancelled else order

    def _refuse_rest(self) -> None:
        while self._cancel.cancelled and not self._orders.empty():
            order = self._orders.get()
            if order is not None:
                order.tell(Cancelled())


class _Order(Generic[Question]):
    def __init__(self, question: Question) -> None:
        self.question = question
        self.answer: Future[int] = Future()  # never marked as running: who waits may always leave

    def leave(self) -> None:
        self.answer.cancel()

    def tell(self, answer: int | BaseException) -> None:
        with suppress(InvalidStateError):  # nobody waits any more
            if isinstance(answer, BaseException):
                self.answer.set_exception(answer)
            else:
                self.answer.set_result(answer)
