"""The rounds of an answer: the model says and calls, the calls are made, and it goes on with what they gave.

docs/decisions/0250-calls-are-written-down-first.md, 0252-no-more-calls.md
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from workbench.chat.asking.limits import BY_RULE, stopped_after
from workbench.chat.recorder import Recorder
from workbench.chat.tooling import capping
from workbench.chat.tooling.adding import added
from workbench.chat.tooling.making import Making
from workbench.chat.tooling.requests import AsksModel, Halt
from workbench.chat.tooling.told import PARAGRAPH, pending
from workbench.jobs import Job
from workbench.messages import (
    Finish,
    Finished,
    Id,
    Part,
    PromptProgress,
    StreamEvent,
    Text,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    ToolResult,
    Usage,
)
from workbench.ports import Clock

NO_MORE: Final = "No more tools can be called for this answer."


@dataclass(frozen=True, slots=True)
class Run:
    """How an answer ended. ``note``: why it could call no more tools, in a sentence; else empty. ``last``: of its last
    round alone."""

    finished: Finished
    note: str = ""
    last: Usage = Usage()


class Rounds:
    """Of one answer, in one thread."""

    def __init__(
        self,
        requests: AsksModel,
        making: Making,
        recorder: Recorder,
        job: Job,
        clock: Clock,
        most_seconds: float | None = None,
        who: str = BY_RULE,
    ) -> None:
        """``most_seconds`` after its first word the answer is stopped as if its room were full, and one that is still being
        thought about after twice as long; None: it takes its time. ``who`` allows no more, in words."""
        self._requests = requests
        self._making = making
        self._recorder = recorder
        self._job = job
        self._clock = clock
        self._ended: list[Finished] = []
        self._time = TimeLimit(clock, most_seconds, who)

    def run(self) -> Run:
        """Until the model has answered, or a person must be asked: `Finish.WAITING`. Emits what the model streams and what
        its tools do, the end of the last round alone.

        Raises what the backend raises, and `Cancelled`; what there was until then is with the recorder.
        """
        started = self._clock.monotonic()
        why = ""
        while True:
            if (calls := self._pending()) and not self._make(calls):
                return self._over(Finish.WAITING, started, why)
            why = self._why_no_more()
            if not self._asked(why):
                return self._halted(started, why)
            calls = self._pending()
            if not calls or not self._goes_on:
                return self._over(None, started, why)
            if why:
                self._refuse(calls)
                if not self._asked(why, without_tools=True):
                    return self._halted(started, why)
                self._refuse(self._pending())
                return self._over(None, started, why)

    # Pieces -----------------------------------------------------------------------------------------------------------

    @property
    def _goes_on(self) -> bool:
        """Where no tool was ever offered, calls are only kept: nobody makes them. A call that the end of the room has cut
        off is not made."""
        return self._making.offers and self._ended[-1].finish in (Finish.TOOL_CALLS, Finish.STOP)

    def _pending(self) -> tuple[ToolCall, ...]:
        return pending(self._recorder.parts()) if self._making.offers or not self._ended else ()

    def _why_no_more(self) -> str:
        parts = self._recorder.parts()
        return capping.why_no_more(parts, self._making.limits) if capping.results_in(parts) else ""

    def _asked(self, closing: str, *, without_tools: bool = False) -> bool:
        """One round more. False: it was not asked, see `AsksModel.halt`."""
        ended = self._round(closing, without_tools=without_tools)
        if self._requests.halt is None:
            self._ended.append(ended)
        return self._requests.halt is None

    def _halted(self, started: float, why: str) -> Run:
        halt = self._requests.halt or Halt(Finish.STOP)
        run = self._over(halt.finish, started, why)
        return replace(run, note=" ".join(filter(None, (run.note, halt.note))))

    def _round(self, closing: str, *, without_tools: bool = False) -> Finished:
        """One stream. That no more may be called is told at first: engines that are told to allow none show the call as
        text. A model that calls nevertheless is shown no tools the next time."""
        parts = self._recorder.parts()
        is_first = not self._ended and not capping.results_in(parts)
        asked = self._requests.stream(parts, closing, is_first=is_first, without_tools=without_tools)
        names = Names({part.id for part in parts if isinstance(part, ToolCall)})
        apart = Apart(parts)
        last = Finished(Finish.STOP)
        with closing_stream(asked) as stream:
            for event in stream:
                if isinstance(event, Finished):
                    last = event
                    continue
                told = apart.told(names.told(event))
                self._recorder.add(told)
                self._job.emit(told)
                if self._time.over(told):
                    return Finished(Finish.LENGTH)
        return last

    def _make(self, calls: Sequence[ToolCall]) -> bool:
        """Make them. False: a person must be asked about one. Kept first: whoever goes on knows what was called."""
        self._recorder.try_to_save()
        usage = self._ended[-1].usage if self._ended else Usage()
        made = self._making.make(calls, self._requests.left(self._recorder.parts(), usage))
        self._fit(calls)
        return made

    def _fit(self, calls: Sequence[ToolCall]) -> None:
        """Results that take more of the context than was thought are cut."""
        ids = {call.id for call in calls}
        for _try in range(8):
            parts = self._recorder.parts()
            if self._requests.too_many(parts) <= 0:
                return
            own = [result for result in capping.results_in(parts) if result.id in ids]
            longest = max(own, key=lambda result: len(result.text), default=None)
            if longest is None or len(longest.text) <= capping.SHORT_RESULT:
                return
            self._recorder.keep(capping.cut_to(longest, len(longest.text) // 2))

    def _refuse(self, calls: Sequence[ToolCall]) -> None:
        for call in calls:
            self._making.keep(ToolResult(call.id, call.name, NO_MORE, failed=True))

    def _over(self, finish: Finish | None, started: float, why: str) -> Run:
        rounds = self._ended or [Finished(Finish.WAITING)]
        finished = added(rounds, self._clock.monotonic() - started)
        if finish is not None:
            finished = replace(finished, finish=finish)
        elif self._making.offers and finished.finish is Finish.TOOL_CALLS:  # and none is left to be made
            finished = replace(finished, finish=Finish.STOP)
        self._job.emit(finished)
        notes = (f"No more tools: {why}" if why else "", self._time.note)
        return Run(finished, " ".join(filter(None, notes)), rounds[-1].usage)


class TimeLimit:
    """Of one answer, from its first word or thought on: neither loading nor reading counts. A model that still thinks at
    its end has as long again to begin: thoughts alone are no answer."""

    def __init__(self, clock: Clock, seconds: float | None, who: str = BY_RULE) -> None:
        self._clock = clock
        self._seconds = seconds
        self._who = who
        self._since: float | None = None
        self._said = False
        self.note = ""

    def over(self, event: StreamEvent) -> bool:
        """Whether it is, now that this has come."""
        if self._seconds is None or isinstance(event, PromptProgress):
            return False
        now = self._clock.monotonic()
        self._since = now if self._since is None else self._since
        self._said = self._said or isinstance(event, TextDelta)
        allowed = self._seconds if self._said else 2 * self._seconds
        if now - self._since < allowed:
            return False
        self.note = stopped_after(f"{allowed:,.0f} s", self._who)
        return True


@contextmanager
def closing_stream(stream: Iterator[StreamEvent]) -> Iterator[Iterator[StreamEvent]]:
    """Whoever leaves the block early stops the model too: a generator's own end closes its connection."""
    try:
        yield stream
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()


class Apart:
    """What is said after a call is a paragraph of its own: the texts of an answer are read one after another."""

    def __init__(self, before: Sequence[Part]) -> None:
        text = "".join(part.text for part in before if isinstance(part, Text))
        follows = bool(before) and isinstance(before[-1], ToolResult)
        self._gap = PARAGRAPH if follows and text.strip() and not text.endswith("\n") else ""

    def told(self, event: StreamEvent) -> StreamEvent:
        """The same event; the first text with what stands between."""
        if not isinstance(event, TextDelta) or not self._gap:
            return event
        gap, self._gap = self._gap, ""
        return replace(event, text=gap + event.text)


class Names:
    """The ids of the calls of one round: some models give none, or one again. ``taken``: of earlier rounds."""

    def __init__(self, taken: set[Id]) -> None:
        self._taken = taken
        self._ids: dict[int, Id] = {}

    def told(self, event: StreamEvent) -> StreamEvent:
        """The same event, with an id that is the call's alone in its first piece."""
        if not isinstance(event, ToolCallDelta):
            return event
        if event.index in self._ids:
            return replace(event, id="")
        own = event.id if event.id and event.id not in self._taken else self._free()
        self._ids[event.index] = own
        self._taken.add(own)
        return replace(event, id=own)

    def _free(self) -> Id:
        number = len(self._taken) + 1
        while f"call_{number}" in self._taken:
            number += 1
        return f"call_{number}"
