"""Looks after an engine while it works: one that hangs or swells is told of. No look is taken while it is idle."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from workbench.cancel import CancelToken
from workbench.engine.gaps import Gaps
from workbench.engine.launching.launcher import check_health
from workbench.engine.launching.patience import private_bytes
from workbench.errors import Cancelled, EngineError
from workbench.ports import Endpoint
from workbench.sizes import memory_words

GAP_SECONDS = 1.0  # a look may take so much longer than it should before this process is said to have slept
HANGS = "The engine stopped answering and was ended."


@dataclass(frozen=True, slots=True)
class WatchLimits:
    """A look every ``look_seconds``; an engine that gives no sign of health for ``answer_seconds``, so often in a row,
    hangs. Generating keeps the processor busy but not the health route: 10 seconds in all are far from normal."""

    look_seconds: float = 2.0
    answer_seconds: float = 4.0
    failures: int = 2


@contextmanager
def watching(
    endpoint: Endpoint,
    process_id: int,
    memory_limit_bytes: int | None,
    limits: WatchLimits,
    condemn: Callable[[str], None],
    on_look: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """While the block runs, calls ``condemn`` with the reason, in another thread, at most once; ``on_look`` often."""
    over = CancelToken()

    def watch() -> None:
        with suppress(Cancelled):
            condemn(_reason_to_end(endpoint, process_id, memory_limit_bytes, limits, over, on_look))

    thread = threading.Thread(target=watch, name="engine-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.cancel()
        thread.join()


def _reason_to_end(
    endpoint: Endpoint,
    process_id: int,
    memory_limit_bytes: int | None,
    limits: WatchLimits,
    over: CancelToken,
    on_look: Callable[[], None],
) -> str:
    """Blocks until there is a reason to end the engine. Raises `Cancelled` when the watch is over.

    A round in which this very process stood still (a machine that slept, a stopped process group) says nothing of the
    engine, which stood still too: it does not count.
    """
    failures, gaps = 0, Gaps(limits.look_seconds + limits.answer_seconds + GAP_SECONDS)
    while failures < limits.failures:
        over.wait(limits.look_seconds)
        on_look()
        used = private_bytes(process_id)
        if memory_limit_bytes is not None and used > memory_limit_bytes:
            return f"The engine took {memory_words(used)} of memory, far more than the model needs, and was ended."
        try:
            check_health(endpoint, over, limits.answer_seconds)
            failures = 0
        except EngineError:
            failures += 1
        if gaps.slept():
            failures = 0
    return HANGS
