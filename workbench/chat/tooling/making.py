"""Makes the calls of one round, and keeps what they gave: whatever goes wrong is a result too."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from workbench.cancel import CancelToken
from workbench.chat.events import ConsentWaits, Preparing, ToolEnded, ToolStarted
from workbench.chat.recorder import Recorder
from workbench.chat.tooling import capping
from workbench.chat.tooling.calling import Ended, Words, Work, together
from workbench.chat.tooling.permitting import Denied, Granted, Permitting, Waits
from workbench.chat.tooling.port import Limits, TurnTools
from workbench.consents.consent import ConsentKind, Consents, ConsentState
from workbench.errors import StorageError, ToolError, WorkbenchError
from workbench.jobs import Job
from workbench.messages import Message, Part, Role, ToolCall, ToolResult
from workbench.ports import Clock
from workbench.tools.permission import leaves
from workbench.tools.tool import Call, Outcome, Place, ToolSpec

log = logging.getLogger(__name__)

PASSAGES_OF_A_CALL: Final = 20
"""Numbers that each of several calls at once may use."""

UNKNOWN_END: Final = (
    "It is not known whether this was done: Workbench ended, or was stopped, while the tool was at work. Do not call it"
    " again by yourself: tell the person, who can look."
)
NO_TOOLS_HERE: Final = "No tools can be called in this chat now."
BROKE: Final = "The tool itself failed, for a reason that only Workbench's log tells."


@dataclass(frozen=True, slots=True)
class Scene:
    """Of one answer. ``specs``: what it may call. ``branch``: all that was said before it, also what is no longer sent.
    ``hidden``: what was hidden from its model by now, and is put back into its calls."""

    place: Place
    specs: tuple[ToolSpec, ...]
    branch: tuple[Message, ...]
    hidden: Callable[[], Sequence[str]] = field(default=tuple, hash=False)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A call that may begin."""

    call: ToolCall
    spec: ToolSpec
    arguments: Mapping[str, Any] = field(hash=False)


class Making:
    """Of one answer, in one thread."""

    def __init__(
        self,
        tools: TurnTools,
        consents: Consents | None,
        scene: Scene,
        recorder: Recorder,
        job: Job,
        clock: Clock,
    ) -> None:
        self._tools = tools
        self._consents = consents
        self._permitting = Permitting(consents)
        self._scene = scene
        self._recorder = recorder
        self._job = job
        self._clock = clock
        self.limits: Limits = tools.limits()

    @property
    def offers(self) -> bool:
        return bool(self._scene.specs)

    def make(self, calls: Sequence[ToolCall], left: int) -> bool:
        """Those that read, at the same time; then those that change something, one after another. False: a person must be
        asked about one of them, which has no result yet. ``left``: tokens of the context for all results.

        Raises `Cancelled`; `StorageError` where it cannot be kept that a call which changes something begins.
        """
        tokens = capping.room_for_each(left, len(calls))
        known = [one for call in calls if (one := self._read(call, tokens)) is not None]
        reading = [one for one in known if not one.spec.harm.acts]
        allowed = [self._judged(one) for one in reading]
        self._perform([one for one in allowed if one is not None], tokens)
        acting = [one for one in known if one.spec.harm.acts]
        for one in acting:
            ready = self._judged(one)
            if ready is not None:
                self._write_down(ready.call)
                self._perform([ready], tokens)
        ended = {result.id for result in capping.results_in(self._recorder.parts())}
        return all(call.id in ended for call in calls)

    def keep(self, result: ToolResult) -> None:
        """With the answer, and told."""
        self._recorder.keep(result)
        self._job.emit(ToolEnded(result))

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _read(self, call: ToolCall, tokens: int) -> _Ready | None:
        """The call as it was meant. None: it cannot be made, and its result says why."""
        try:
            spec = self._spec(call)
            arguments = self._tools.read(spec, call.arguments)
            self._check(call, tokens)
        except ToolError as error:
            self._fail(call, error.message)
            return None
        return _Ready(call, spec, arguments)

    def _spec(self, call: ToolCall) -> ToolSpec:
        found = next((spec for spec in self._scene.specs if spec.name == call.name), None)
        if found is not None:
            return found
        names = ", ".join(spec.name for spec in self._scene.specs)
        raise ToolError(f"There is no tool {call.name[:80]!r}. There are: {names}." if names else NO_TOOLS_HERE)

    def _check(self, call: ToolCall, tokens: int) -> None:
        """Raises `ToolError` for a call that leads nowhere."""
        parts = self._recorder.parts()
        if not tokens:
            raise ToolError(capping.NO_ROOM)
        if capping.alike(parts, call) >= capping.MOST_ALIKE:
            raise ToolError(capping.AGAIN)
        place = [part.id for part in parts if isinstance(part, ToolCall)].index(call.id)
        if place >= self.limits.most_calls:
            raise ToolError(f"It was not called: {self.limits.most_calls} calls are allowed for one answer.")

    def _judged(self, one: _Ready) -> _Ready | None:
        """The call with the arguments that a person agreed to, or that needed no asking. None: it is not made now."""
        judged = self._permitting.judge(
            one.spec,
            one.arguments,
            call_id=one.call.id,
            place=self._scene.place,
            messages=self._messages(),
            keep=self._recorder.save,
            hidden=self._scene.hidden(),
        )
        match judged:
            case Granted(arguments):
                return _Ready(one.call, one.spec, arguments)
            case Waits(consent):
                self._job.emit(ConsentWaits(consent))
            case Denied(words):
                self._fail(one.call, words)
        return None

    def _perform(self, ready: Sequence[_Ready], tokens: int) -> None:
        first = self._first_number()
        works = []
        for place, one in enumerate(ready):
            self._job.emit(ToolStarted(one.call, one.spec.title, one.spec.destination))
            works.append(Work(one.spec.name, self._calling(one, first + PASSAGES_OF_A_CALL * place, tokens)))
        spent = capping.seconds_of(capping.results_in(self._recorder.parts()))
        seconds = max(1.0, min(self.limits.call_seconds, self.limits.most_seconds - spent))
        for news in together(works, self._job.cancel, self._clock, seconds=seconds, at_once=capping.AT_ONCE):
            if isinstance(news, Words):
                self._job.emit(Preparing(news.text))
            else:
                self._end(ready[news.place], news, tokens)

    def _calling(
        self, one: _Ready, first_number: int, tokens: int
    ) -> Callable[[CancelToken, Callable[[str], None]], Outcome]:
        def perform(cancel: CancelToken, tell: Callable[[str], None]) -> Outcome:
            call = Call(self._scene.place, cancel, first_number, tokens, tell, one.call.id)
            return self._tools.call(one.spec, one.arguments, call)

        return perform

    def _end(self, one: _Ready, ended: Ended, tokens: int) -> None:
        """The words of an error may be a stranger's too."""
        seconds, call = round(ended.seconds, 3), one.call
        untrusted = leaves(one.spec)
        match ended.outcome:
            case Outcome() as outcome:
                self.keep(capping.result_of(call, outcome, seconds, tokens))
            case StorageError() as error if self._scene.place.outward:  # it names folders of this computer
                log.warning("the tool %s failed: %s", call.name, error.message)
                self.keep(ToolResult(call.id, call.name, BROKE, failed=True, seconds=seconds))
            case WorkbenchError() as error:
                text = error.message[: tokens * capping.CHARACTERS_OF_A_TOKEN]
                self.keep(ToolResult(call.id, call.name, text, failed=True, seconds=seconds, untrusted=untrusted))
            case error:
                log.warning("the tool %s failed", call.name, exc_info=error)
                self.keep(ToolResult(call.id, call.name, BROKE, failed=True, seconds=seconds))
        self._tell_of_proposal(call)

    def _fail(self, call: ToolCall, words: str) -> None:
        self.keep(ToolResult(call.id, call.name, words, failed=True))

    def _write_down(self, call: ToolCall) -> None:
        """Before it begins: should nobody be there to keep its result, what is kept says that nobody knows."""
        self._recorder.keep(ToolResult(call.id, call.name, UNKNOWN_END, failed=True))
        self._recorder.save()

    def _tell_of_proposal(self, call: ToolCall) -> None:
        """What a call proposed to remember waits for a person, and the answer does not."""
        if self._consents is None or self._scene.place.message_id is None:
            return
        asked = self._consents.of_call(self._scene.place.message_id, call.id)
        if asked is not None and asked.question.kind is ConsentKind.MEMORY and asked.state is ConsentState.WAITING:
            self._job.emit(ConsentWaits(asked))

    def _messages(self) -> tuple[Message, ...]:
        return (*self._scene.branch, Message(Role.ASSISTANT, self._recorder.parts()))

    def _first_number(self) -> int:
        return 1 + max((passage.number for one in self._messages() for passage in one.passages), default=0)


def used_names(parts: Sequence[Part]) -> tuple[str, ...]:
    """The tools that an answer has called, in their order."""
    return tuple(dict.fromkeys(part.name for part in parts if isinstance(part, ToolCall)))
