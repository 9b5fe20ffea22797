"""One request to a provider, from its reservation to what it cost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from workbench.cancel import CancelToken
from workbench.chat.escalating.escalation import Preview
from workbench.chat.escalating.restoring import Restoring
from workbench.chat.escalating.weighing import Room, bounds_of, endless, our_count
from workbench.cloud.asking import CloudClient, CloudError, Reply
from workbench.cloud.hiding.redaction import Redaction, Restorer
from workbench.cloud.provider import Billed, Provider
from workbench.cloud.spending.money import Ledger
from workbench.cloud.spending.pricing import larger
from workbench.errors import Cancelled, StorageError, WorkbenchError
from workbench.messages import Finish, Finished, Id, Part, StreamEvent, Timings, fold_events
from workbench.ports import Clock

log = logging.getLogger(__name__)

NOT_SENT = "It was not sent."
BROKE = "Workbench itself failed."


@dataclass(frozen=True, slots=True)
class Around:
    """``restorer``: of these redactions."""

    ledger: Ledger
    client: Callable[[], CloudClient]
    restorer: Callable[[Sequence[Redaction]], Restorer]
    clock: Clock


@dataclass(frozen=True, slots=True)
class Reserved:
    """A call that is counted at its most."""

    preview: Preview
    provider: Provider
    key: str = field(repr=False)
    call_id: Id


class Call:
    """Of one thread. `stream` is read once; whoever does not, drops it."""

    def __init__(self, around: Around, reserved: Reserved) -> None:
        self._around, self._reserved = around, reserved
        self.preview, self.provider = reserved.preview, reserved.provider
        self.when_over: Callable[[], None] = lambda: None
        self._told: list[StreamEvent] = []
        self._reply: Reply | None = None
        self._is_over, self._charged = False, True
        self._began = around.clock.monotonic()
        self._first: float | None = None

    def belongs(self, turn_id: Id) -> None:
        """The turn that it answers."""
        self._around.ledger.belongs(self._reserved.call_id, turn_id)

    def drop(self) -> None:
        """It is not sent, where it was not yet: nothing is charged."""
        if not self._is_over:
            self._is_over = True
            self._around.ledger.release(self._reserved.call_id, NOT_SENT)
            self.when_over()

    def stream(self, cancel: CancelToken) -> Iterator[StreamEvent]:
        """Send it; what comes, with what was hidden put back. It is settled before this ends, however it ends. Raises
        `CloudError`, `Cancelled`, `RefusedError`."""
        self._is_over, self._began, error = True, self._around.clock.monotonic(), BROKE
        try:
            yield from self._noted(self._events(cancel))
            error = ""
        except (GeneratorExit, Cancelled):
            error = ""
            raise
        except WorkbenchError as failure:
            error = failure.sentence if isinstance(failure, CloudError) else failure.message  # it outlives the chat
            self._charged = failure.charged if isinstance(failure, CloudError) else self._reply is not None
            raise
        finally:
            self._end(error)

    def timings(self, finished: Finished | None = None) -> Timings:
        """As this machine saw it: a provider tells none."""
        now = self._around.clock.monotonic()
        first = None if self._first is None else round(self._first - self._began, 3)
        said = None if finished is None else finished.usage.completion_tokens
        seconds = 0.0 if self._first is None else now - self._first
        speed = round(said / seconds, 1) if said and seconds > 0 else None
        return Timings(first, None, speed, round(now - self._began, 3))

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _events(self, cancel: CancelToken) -> Iterator[StreamEvent]:
        """What was held back is told also where the stream broke off."""
        room = Room(self.preview.draft.most_tokens)
        restoring = Restoring(lambda: self._around.restorer(self.preview.redactions))
        finished = Finished(Finish.ERROR)
        try:
            self._reply = self._around.client().send(self.provider, self.preview.outgoing, self._reserved.key, cancel)
            for event in self._reply.events():
                if isinstance(event, Finished):
                    finished = event
                elif (cut := room.cut(event)) is not None:
                    yield from restoring.feed(cut)
                if room.is_full:
                    raise endless(self.provider.name)
        except (WorkbenchError, Cancelled):
            yield from restoring.rest()
            raise
        yield from restoring.rest()
        yield replace(finished, timings=self.timings(finished))

    def _noted(self, events: Iterator[StreamEvent]) -> Iterator[StreamEvent]:
        for event in events:
            if self._first is None and not isinstance(event, Finished):
                self._first = self._around.clock.monotonic()
            self._told.append(event)
            yield event

    def _end(self, error: str) -> None:
        try:
            self._settle(error)
        finally:
            if self._reply is not None:
                self._reply.close()
            self.when_over()

    def _settle(self, error: str) -> None:
        ledger, parts = self._around.ledger, fold_events(self._told)
        billed = None if self._reply is None else self._reply.billed
        try:
            if billed is None and not self._charged:
                ledger.release(self._reserved.call_id, error)
            else:
                bounds = bounds_of(self.preview, parts)
                ledger.settle(
                    self._reserved.call_id, billed, estimate=self._estimate(parts), bounds=bounds, error=error
                )
        except StorageError as failure:  # the ledger keeps it, and assumes the most until the disk has room
            log.warning("a call to a provider was not settled: %s", failure.message)

    def _estimate(self, parts: Sequence[Part]) -> Billed | None:
        """Our own count, or what the provider had counted by then where that is more; None where the model may have thought
        unseen, which is charged too: then it counts at its most."""
        ours = our_count(self.preview, parts)
        return None if ours is None else larger(ours, None if self._reply is None else self._reply.so_far)
