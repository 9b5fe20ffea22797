"""Calls of tools at the same time, each in a thread of its own that nobody has to wait for.

A tool may hang and not hear that it is cancelled: after its seconds the answer goes on without it, and its thread ends when
it likes.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from workbench.cancel import CancelToken
from workbench.errors import Cancelled, ToolError
from workbench.ports import Clock
from workbench.tools.tool import Outcome

log = logging.getLogger(__name__)

GRACE_SECONDS = 2.0
"""How long a call that was cancelled is waited for."""


@dataclass(frozen=True, slots=True)
class Work:
    """``perform`` is given the token that ends it, and hears what to tell a person meanwhile."""

    name: str
    perform: Callable[[CancelToken, Callable[[str], None]], Outcome]


@dataclass(frozen=True, slots=True)
class Words:
    """What one of the calls is doing."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """``place``: of the work in its sequence. ``seconds`` it took."""

    place: int
    outcome: Outcome | Exception
    seconds: float


@dataclass(slots=True)
class _Call:
    place: int
    work: Work
    deadline: float
    started: float
    cancel: CancelToken = field(default_factory=CancelToken)


def together(
    works: Sequence[Work], cancel: CancelToken, clock: Clock, *, seconds: float, at_once: int
) -> Iterator[Words | Ended]:
    """What they tell and give, as it comes: one `Ended` for each. ``seconds``: that each may take.

    Raises `Cancelled` when cancelled, after the calls were told and waited for a little.
    """
    news: SimpleQueue[Words | Ended | None] = SimpleQueue()
    waiting = list(enumerate(works))
    running: dict[int, _Call] = {}
    with cancel.unblocks(lambda: news.put(None)):
        while waiting or running:
            while waiting and len(running) < at_once:
                place, work = waiting.pop(0)
                now = clock.monotonic()
                running[place] = _Call(place, work, now + seconds, now)
                _start(running[place], news, clock)
            event = _next(news, running, clock)
            if cancel.cancelled:
                yield from _given_up(running, news, clock)
                raise Cancelled
            if isinstance(event, Words) or (event and running.pop(event.place, None)):  # else it was given up before
                yield event
            for late in [call for call in running.values() if call.deadline <= clock.monotonic()]:
                del running[late.place]
                yield _too_late(late, seconds)


def _start(call: _Call, news: SimpleQueue[Words | Ended | None], clock: Clock) -> None:
    def perform() -> None:
        outcome: Outcome | Exception
        try:
            outcome = call.work.perform(call.cancel, lambda words: news.put(Words(words)))
        except Cancelled:
            outcome = ToolError(f"{call.work.name} was stopped.")
        except Exception as error:  # noqa: BLE001 - whatever a tool does, the answer goes on
            outcome = error
        news.put(Ended(call.place, outcome, clock.monotonic() - call.started))

    threading.Thread(target=perform, name=f"workbench-tool-{call.work.name}", daemon=True).start()


def _next(news: SimpleQueue[Words | Ended | None], running: dict[int, _Call], clock: Clock) -> Words | Ended | None:
    first = min(call.deadline for call in running.values())
    try:
        return news.get(timeout=max(0.0, first - clock.monotonic()))
    except Empty:
        return None


def _given_up(running: dict[int, _Call], news: SimpleQueue[Words | Ended | None], clock: Clock) -> Iterator[Ended]:
    """Tells all to stop; what one of them gave nevertheless is kept."""
    for call in running.values():
        call.cancel.cancel()
    until = clock.monotonic() + GRACE_SECONDS
    left = set(running)
    while left and (seconds := until - clock.monotonic()) > 0:
        try:
            event = news.get(timeout=seconds)
        except Empty:
            break
        if isinstance(event, Ended) and event.place in left:
            left.discard(event.place)
            if isinstance(event.outcome, Outcome):
                yield event
    if left:
        log.warning("%s did not stop", ", ".join(sorted(running[place].work.name for place in left)))


def _too_late(call: _Call, seconds: float) -> Ended:
    call.cancel.cancel()
    log.warning("%s took more than %.0f s", call.work.name, seconds)
    return Ended(call.place, ToolError(f"{call.work.name} did not answer within {seconds:,.0f} seconds."), seconds)
