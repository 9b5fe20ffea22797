"""The one thread with an event loop: the library that speaks to servers of tools knows nothing else.

Other threads hand it coroutines and wait. It is started when it is first needed. Its children are started in it, so that on
Linux their keepers see it end.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from workbench.cancel import CancelToken
from workbench.errors import Cancelled, ToolError

Result = TypeVar("Result")
_LOOK_SECONDS = 0.5
_CLOSE_SECONDS = 15.0


class Island:
    """Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def run(self, work: Callable[[], Coroutine[Any, Any, Result]], cancel: CancelToken) -> Result:
        """What ``work()`` returns or raises, performed there. Raises `Cancelled` at once when cancelled: the work is
        then cancelled too."""
        cancel.check()
        future = asyncio.run_coroutine_threadsafe(_made(work), self._running())
        with cancel.unblocks(lambda: _cancel(future)):
            try:
                return future.result()
            except (concurrent.futures.CancelledError, asyncio.CancelledError):
                raise Cancelled from None

    def begin(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Have it performed, without waiting; nothing where nothing runs there."""
        with self._lock:
            loop = self._loop
        if loop is not None:
            asyncio.run_coroutine_threadsafe(_made(work), loop)

    def close(self, last: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """Perform ``last``, cancel what is left and end the thread. Safe to call twice; later work raises `ToolError`."""
        with self._lock:
            self._closed = True
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None:
            return
        if last is not None:
            ending = asyncio.run_coroutine_threadsafe(_made(last), loop)
            with suppress(concurrent.futures.TimeoutError, concurrent.futures.CancelledError):
                ending.result(_CLOSE_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_CLOSE_SECONDS)

    @property
    def is_running(self) -> bool:
        with self._lock:
            return self._loop is not None

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise ToolError("Servers of tools have been ended with the program.")
            if self._loop is None:
                ready = threading.Event()
                self._thread = threading.Thread(
                    target=self._live, args=(ready,), name="workbench-tool-servers", daemon=True
                )
                self._thread.start()
                ready.wait()
            assert self._loop is not None  # noqa: S101 - set before it is ready
            return self._loop

    def _live(self, ready: threading.Event) -> None:
        _hush()
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        self._loop = loop
        ready.set()
        try:
            loop.run_forever()
        finally:
            with suppress(RuntimeError):
                _cancel_all(loop)
                loop.run_until_complete(loop.shutdown_asyncgens())
            asyncio.set_event_loop(None)
            loop.close()


async def _made(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Made in the loop: what it imports is imported there."""
    return await work()


def _cancel(future: concurrent.futures.Future[Any]) -> None:
    future.cancel()


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left, timeout=_LOOK_SECONDS * 10))


def _hush() -> None:
    """What the library logs may hold what was asked and answered: it goes nowhere, and not to standard error."""
    for name in ("mcp", "client", "httpx2", "httpcore2", "opentelemetry"):
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
