"""Sends what was accepted, once: reserved before, streamed into an answer beside the local one, settled after."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from workbench.chat.escalating.escalation import SOURCE_PREFIX, Draft, Mode, Preview
from workbench.chat.escalating.restoring import Restoring
from workbench.chat.escalating.weighing import Room, bounds_of, endless, our_count
from workbench.chat.events import Preparing, TurnStarted
from workbench.chat.recorder import Recorder
from workbench.chat.steering.steering import Steering
from workbench.chat.store import ConversationStore, Outcome
from workbench.chat.tree import Node, Turn, TurnState
from workbench.cloud.asking import CloudClient, CloudError, Reply
from workbench.cloud.cloud import Cloud
from workbench.cloud.hiding.redaction import Redaction, Restorer
from workbench.cloud.provider import Billed, Provider
from workbench.cloud.spending.money import Ledger, Purpose
from workbench.cloud.spending.pricing import larger
from workbench.errors import Cancelled, StorageError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.messages import Finish, Finished, Id, Part, StreamEvent, Timings
from workbench.ports import Clock

log = logging.getLogger(__name__)

FAILED = Outcome(Finish.ERROR, error="Workbench itself failed.", hint="Try again; if it happens twice, report it.")
Ending = tuple[Id, Id, tuple[Part, ...], Outcome]


@dataclass(frozen=True, slots=True)
class Begun:
    """A call that is counted, and the empty answer that it will fill."""

    node: Node
    provider: Provider
    key: str = field(repr=False)
    call_id: Id


@dataclass(frozen=True, slots=True)
class Sending:
    """``keep_ending`` stores how a turn ended, now or when the disk has room again. ``restorer``: of these redactions."""

    store: ConversationStore
    steering: Steering
    cloud: Cloud
    ledger: Ledger
    client: Callable[[], CloudClient]
    restorer: Callable[[Sequence[Redaction]], Restorer]
    keep_ending: Callable[[Ending], None]
    bus: Bus
    clock: Clock

    def begin(self, preview: Preview) -> Begun:
        """Count its most, and begin the answer. Raises `RefusedError` where there is no key or a cap is reached; then
        nothing is kept."""
        draft = preview.draft
        provider, key = self.cloud.provider(preview.provider.id), self.cloud.key(preview.provider.id)
        most = 0 if preview.cost is None else preview.cost.high
        purpose = Purpose.CHECK if draft.mode is Mode.CHECK else Purpose.ESCALATION
        call_id = self.ledger.reserve(draft.model, most, purpose, draft.conversation_id)
        try:
            answer = self.beside(draft, model=draft.model.full_name, backend=f"{SOURCE_PREFIX}{provider.id}")
            self.ledger.belongs(call_id, turn_of(answer).id)
        except BaseException:
            self.ledger.release(call_id, "It was not sent.")
            raise
        return Begun(answer, provider, key, call_id)

    def finish(self, preview: Preview, begun: Begun, job: Job) -> Node:
        """Send it, and return its answer. What it raises stands with the answer."""
        job.emit(TurnStarted(preview.draft.conversation_id, None, begun.node))
        self.bus.publish(Topic.CHATS, origin=job.id)
        return _Call(self, preview, begun, job).answered()

    def beside(self, draft: Draft, *, model: str, backend: str) -> Node:
        """A new answer to the question, empty yet, which comes into view."""
        conversation = self.store.load(draft.conversation_id)
        self.steering.branch_off(conversation, draft.question_id)
        _asked, answer, _turn = self.store.begin_turn(
            draft.conversation_id,
            draft.question_id,
            None,
            model=model,
            backend=backend,
            options={} if draft.effort is None else {"effort": draft.effort.value},
        )
        return answer


class _Call:
    """One request to a provider, from its reservation to its end."""

    def __init__(self, around: Sending, preview: Preview, begun: Begun, job: Job) -> None:
        self._around, self._preview, self._begun, self._job = around, preview, begun, job
        self._answer = answer = begun.node
        self._reply: Reply | None = None
        self._charged = True
        store = around.store
        self._recorder = Recorder(lambda parts: store.checkpoint(answer.id, parts), around.clock)
        self._room = Room(preview.draft.most_tokens)
        self._restoring = Restoring(lambda: around.restorer(preview.redactions))
        self._began = around.clock.monotonic()
        self._first: float | None = None

    def answered(self) -> Node:
        outcome = FAILED
        try:
            with self._recorder:
                outcome = self._streamed()
        except Cancelled:
            outcome = Outcome(Finish.CANCELLED, timings=self._timings())
        except WorkbenchError as error:
            outcome = Outcome(
                Finish.ERROR, error=error.message, hint=error.hint, error_kind=error.kind, timings=self._timings()
            )
            self._charged = error.charged if isinstance(error, CloudError) else self._reply is not None
            raise
        finally:
            self._end(outcome)
        turn = turn_of(self._answer)
        ended = replace(
            turn, state=TurnState.ENDED, finish=outcome.finish, usage=outcome.usage, timings=outcome.timings
        )
        return replace(self._answer, message=replace(self._answer.message, parts=self._recorder.parts()), turn=ended)

    def _streamed(self) -> Outcome:
        around, begun, job = self._around, self._begun, self._job
        finished = Finished(Finish.ERROR)
        job.emit(Preparing(f"Asking {self._begun.provider.name}…"))
        try:
            self._reply = around.client().send(begun.provider, self._preview.outgoing, begun.key, job.cancel)
            for event in self._reply.events():
                if isinstance(event, Finished):
                    finished = event
                elif (cut := self._room.cut(event)) is not None:
                    self._say(self._restoring.feed(cut))
                if self._room.is_full:
                    raise endless(begun.provider.name)
        finally:
            self._say(self._restoring.rest())
        told = replace(finished, timings=self._timings(finished))
        job.emit(told)
        return Outcome(told.finish, told.usage, told.timings)

    def _say(self, events: Sequence[StreamEvent]) -> None:
        for event in events:
            if self._first is None:
                self._first = self._around.clock.monotonic()
            self._recorder.add(event)
            self._job.emit(event)

    def _timings(self, finished: Finished | None = None) -> Timings:
        """As this machine saw it: a provider tells none."""
        now = self._around.clock.monotonic()
        first = None if self._first is None else round(self._first - self._began, 3)
        said = None if finished is None else finished.usage.completion_tokens
        seconds = 0.0 if self._first is None else now - self._first
        speed = round(said / seconds, 1) if said and seconds > 0 else None
        return Timings(first, None, speed, round(now - self._began, 3))

    def _end(self, outcome: Outcome) -> None:
        """The money first: that the answer is shown, but not counted, must not be."""
        around = self._around
        try:
            self._settle(outcome)
        finally:
            if self._reply is not None:
                self._reply.close()
            try:
                around.keep_ending((turn_of(self._answer).id, self._answer.id, self._recorder.parts(), outcome))
            finally:
                around.bus.publish(Topic.CHATS, Topic.CLOUD, origin=self._job.id)

    def _settle(self, outcome: Outcome) -> None:
        ledger = self._around.ledger
        billed = None if self._reply is None else self._reply.billed
        try:
            if billed is None and not self._charged:
                ledger.release(self._begun.call_id, outcome.error)
            else:
                bounds = bounds_of(self._preview, self._recorder.parts())
                ledger.settle(
                    self._begun.call_id, billed, estimate=self._estimate(), bounds=bounds, error=outcome.error
                )
        except StorageError as error:  # the ledger keeps it, and assumes the most until the disk has room
            log.warning("a call to a provider was not settled: %s", error.message)

    def _estimate(self) -> Billed | None:
        """Our own count, or what the provider had counted by then where that is more; None where the model may have thought
        unseen, which is charged too: then it counts at its most."""
        ours = our_count(self._preview, self._recorder.parts())
        return None if ours is None else larger(ours, None if self._reply is None else self._reply.so_far)


def turn_of(answer: Node) -> Turn:
    """Of an answer that was begun."""
    if answer.turn is None:
        raise ValueError("an answer that was begun has a turn")
    return answer.turn
