"""One step: filled in, asked, and its answer brought into its form. Nothing is stored here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from workbench.cancel import CancelToken
from workbench.engine.remote.route import LOCAL
from workbench.errors import Cancelled, ModelError, UsageError, WorkbenchError
from workbench.jobs import Job
from workbench.messages import (
    ChatRequest,
    Finish,
    Finished,
    Message,
    ReasoningDelta,
    TextDelta,
    UnparsedText,
    Usage,
    assistant,
    system,
    user,
)
from workbench.ports import ChatBackend
from workbench.prompts.prompt import Prompt
from workbench.prompts.running.forms import BrokenAnswerError, schema_of, value_of
from workbench.prompts.running.limits import added, cut, repair, within
from workbench.prompts.running.line import WholeStep
from workbench.prompts.running.ports import Question, Surroundings
from workbench.prompts.running.run import RunOptions, RunState, StepOptions, StepResult, StepStarted, Telling


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands in its line. ``number`` from 1."""

    number: int
    total: int
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A step that is filled in. ``key``: hash of all that its answer depends on. ``repeatable``: the same is answered
    each time, on this machine. ``why``: of its model, where that was chosen for the question."""

    whole: WholeStep
    options: StepOptions
    model: str
    text: str
    system: str
    folders: tuple[str, ...]
    key: str
    repeatable: bool
    why: str = ""


class StepAsker:
    """Any thread."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def prepare(
        self,
        prompt: Prompt,
        whole: WholeStep,
        values: Mapping[str, str],
        steps: Mapping[str, Any],
        options: RunOptions,
        cancel: CancelToken,
    ) -> Ready:
        """``steps``: what the steps before gave, by name, the last one last.

        Raises `UsageError` for what is missing or wrong, `ModelError`, `Cancelled`.
        """
        step = whole.step
        if whole.takes and steps:
            values = {**values, whole.takes: as_text(list(steps.values())[-1])}
        asked = replace(
            prompt, text=step.text, system=step.system, variables=whole.variables, steps=(), output=step.output
        )
        filled = self._around.fill(asked, values, cancel, steps=steps)
        if filled.missing:
            names = ", ".join(one.name for one in filled.missing)
            raise UsageError(f"{names} must be filled in.", hint="Give it with --set NAME=VALUE, or in the form.")
        schema = schema_of(step.output) is not None
        question = Question(filled.text, documents=bool(whole.folders), schema=schema)
        wanted, why = self._around.choose(question, self._options(whole, options))
        model = self._around.route.name(wanted.model)
        wanted = completed(self._around, wanted, options)
        key = self._key(wanted, model, filled.text, filled.system, whole)
        local = self._around.route.source(wanted.model) == LOCAL
        return Ready(
            whole,
            wanted,
            model,
            filled.text,
            filled.system,
            whole.folders,
            key,
            local and not whole.folders and _is_repeatable(wanted),
            why,
        )

    def ask(
        self, ready: Ready, place: Place, job: Job, options: RunOptions, grow: Callable[[StepResult], None]
    ) -> Asked:
        """Emits `StepStarted`, the deltas, `Telling`. ``grow`` hears the result so far at each piece.

        Never raises `WorkbenchError` or `Cancelled`: what happened is in the result, the error beside it.
        """
        return _Asking(self._around, ready, place, job, options, grow).perform()

    def _options(self, whole: WholeStep, options: RunOptions) -> StepOptions:
        wishes = whole.step.preferences
        temperature = wishes.temperature if options.temperature is None else options.temperature
        asked = StepOptions(
            options.model or wishes.model, options.effort or wishes.effort, max_tokens=options.max_tokens
        )
        return replace(asked, sampling=replace(asked.sampling, temperature=temperature, seed=options.seed))

    def _key(
        self,
        wanted: StepOptions,
        model: str,
        text: str,
        system_text: str,
        whole: WholeStep,
    ) -> str:
        """The names of models and folders stand for what they hold only together with their identity; what documents say
        may change, so answers that stand on them are never the same."""
        told = {
            "text": text,
            "system": system_text,
            "model": self._around.identity(wanted.model) or model,
            "options": {**asdict(wanted), "model": ""},
            "schema": schema_of(whole.step.output),
            "folders": whole.folders,
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Asked:
    """``value``: the answer as later steps see it. ``error``: why there is none."""

    result: StepResult
    value: Any = None
    error: WorkbenchError | None = None


class _Asking:
    """One step that is asked once, and once more where its answer has not its form."""

    def __init__(
        self,
        around: Surroundings,
        ready: Ready,
        place: Place,
        job: Job,
        options: RunOptions,
        grow: Callable[[StepResult], None],
    ) -> None:
        self._around, self._ready, self._place = around, ready, place
        self._job, self._run_options, self._grow = job, options, grow
        self._wanted = ready.options
        self._began = around.clock.monotonic()
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._finished = Finished(Finish.STOP)
        self._usage = Usage()
        self._local = True
        self._stop: tuple[str, ...] = ()

    def perform(self) -> Asked:
        try:
            value = self._perform()
            return Asked(self._result(RunState.DONE), value)
        except Cancelled:
            return Asked(self._result(RunState.INTERRUPTED))
        except WorkbenchError as error:
            return Asked(replace(self._result(RunState.FAILED), error=error.message, hint=error.hint), error=error)

    def _perform(self) -> Any:
        job, ready = self._job, self._ready
        job.emit(StepStarted(self._place.number, self._place.total, ready.whole.step.name, ready.model))
        if ready.why:
            job.emit(Telling(f"Chosen: {ready.why}"))
        backend = self._around.route.backend(ready.options.model, job.cancel, lambda words: job.emit(Telling(words)))
        self._local, self._began = backend.info.local, self._around.clock.monotonic()
        self._wanted = completed(self._around, ready.options, self._run_options, backend)
        text = self._grounded(backend)
        messages: tuple[Message, ...] = (user(text),)
        if ready.system.strip():
            messages = (system(ready.system), *messages)
        self._stream(backend, messages)
        try:
            return self._value()
        except BrokenAnswerError as broken:
            if self._finished.finish is not Finish.STOP:
                raise cut(self._finished) from broken
            wrong = broken.message
        job.emit(StepStarted(self._place.number, self._place.total, ready.whole.step.name, ready.model, again=wrong))
        self._stream(backend, (*messages, assistant("".join(self._text)), user(repair(wrong))))
        return self._value()

    def _grounded(self, backend: ChatBackend) -> str:
        ready = self._ready
        if not ready.folders:
            return ready.text

        def count(text: str) -> int:
            messages = (system(ready.system), user(text)) if ready.system.strip() else (user(text),)
            return backend.count_tokens(self._request(messages), self._job.cancel)

        ground = self._around.stand(
            ready.folders,
            ready.text,
            ready.options.model,
            backend,
            count,
            self._job.cancel,
            lambda words: self._job.emit(Telling(words)),
        )
        self._stop = ground.stop
        if ground.note:
            self._job.emit(Telling(ground.note))
        return ground.text

    def _stream(self, backend: ChatBackend, messages: tuple[Message, ...]) -> None:
        self._text.clear()
        self._reasoning.clear()
        request = within(backend, self._request(messages), self._job.cancel)
        for event in backend.stream(request, self._job.cancel):
            if isinstance(event, ReasoningDelta):
                self._reasoning.append(event.text)
            elif isinstance(event, TextDelta | UnparsedText):
                self._text.append(event.text)
            elif isinstance(event, Finished):
                self._finished = event
                self._usage = added(self._usage, event.usage)
                continue
            self._job.emit(event)
            self._grow(self._result(RunState.RUNNING))

    def _request(self, messages: tuple[Message, ...]) -> ChatRequest:
        wanted = self._wanted
        return ChatRequest(
            messages,
            wanted.max_tokens,
            wanted.sampling,
            effort=wanted.effort,
            reasoning_tokens=wanted.reasoning_tokens,
            schema=schema_of(self._ready.whole.step.output),
            stop=self._stop,
            prefix=self._place.prefix,
            background=self._run_options.background,
        )

    def _value(self) -> Any:
        return value_of(self._ready.whole.step.output, "".join(self._text))

    def _result(self, state: RunState) -> StepResult:
        ready = self._ready
        ended = {RunState.INTERRUPTED: Finish.CANCELLED, RunState.FAILED: Finish.ERROR, RunState.RUNNING: None}
        finish = ended.get(state, self._finished.finish)
        return StepResult(
            self._place.number - 1,
            ready.whole.step.name,
            state,
            ready.key,
            ready.model,
            self._wanted.effort.value if self._wanted.effort else "",
            "".join(self._text),
            "".join(self._reasoning),
            finish.value if finish else "",
            usage=self._usage,
            seconds=round(self._around.clock.monotonic() - self._began, 3),
            cost_micros=0 if self._local else None,
            why=ready.why,
        )


def completed(
    around: Surroundings, wanted: StepOptions, options: RunOptions, backend: ChatBackend | None = None
) -> StepOptions:
    """An effort that the prompt prefers and the model does not know is passed over; one that the person asked for now is
    refused."""
    info = backend.info if backend is not None else None
    try:
        return around.complete(wanted, info)
    except ModelError:
        raise
    except UsageError:
        if options.effort is not None or wanted.effort is None:
            raise
        return around.complete(replace(wanted, effort=None), info)


def as_text(value: Any) -> str:
    """What a step gave, as text: an object or a list as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def _is_repeatable(options: StepOptions) -> bool:
    return options.sampling.temperature == 0 or options.sampling.seed is not None
