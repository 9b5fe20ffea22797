"""Performs a prompt: its steps in a line, each stored as it is made, so that nothing is lost and nothing asked twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.errors import Cancelled, UsageError, WorkbenchError
from workbench.events import Topic
from workbench.jobs import Job, quiet_job
from workbench.messages import Id, Usage
from workbench.prompts.prompt import Prompt, SavedPrompt
from workbench.prompts.running.asking import Asked, Place, Ready, StepAsker
from workbench.prompts.running.checking import StepProblem, check_line
from workbench.prompts.running.forms import BrokenAnswerError, value_of
from workbench.prompts.running.line import WholeStep, whole_line
from workbench.prompts.running.ports import Surroundings
from workbench.prompts.running.run import Run, RunOptions, RunStarted, RunState, StepDone, StepResult, StepStarted
from workbench.prompts.running.store import RunStore

CHECKPOINT_SECONDS = 0.8
AS_WRITTEN = RunOptions()


class PromptRunner:
    """Any thread; what performs blocks until the last step is answered. Publishes `Topic.RUNS`."""

    def __init__(self, store: RunStore, around: Surroundings) -> None:
        self._store = store
        self._around = around
        self.asker = StepAsker(around)

    def run(
        self,
        prompt: SavedPrompt | Prompt,
        values: Mapping[str, str],
        options: RunOptions = AS_WRITTEN,
        job: Job | None = None,
        *,
        earlier: Run | None = None,
    ) -> Run:
        """Perform it and keep what comes. ``earlier``: a run whose answers are taken for steps that would be asked exactly
        the same. A person who stops it gets an interrupted run.

        Emits `RunStarted`, `StepStarted`, the deltas, `Telling` and `StepDone`. Raises `UsageError` for steps that cannot
        be performed and values that are missing, then nothing was asked; and the error of the step that failed, whose run
        is kept.
        """
        saved, whole = (prompt, prompt.prompt) if isinstance(prompt, SavedPrompt) else (None, prompt)
        job = job or quiet_job()
        self.check(whole, options)
        run = self._store.begin(whole, values, options, saved.id if saved else None, saved.version if saved else None)
        if saved is not None:
            self._around.used(saved.id, values)
        return self._perform(run, job, earlier)

    def go_on(self, run_id: Id, job: Job | None = None, from_step: str = "") -> Run:
        """With a run that was interrupted or failed: answered steps stay, the others are asked. ``from_step``: this one and
        all after it are asked anew.

        Raises `UsageError` for an unknown run or step, and while another process is at it; else as `run`.
        """
        start = self._start(self._store.get(run_id), from_step)
        run = self._store.claim(run_id)
        kept = [one for one in run.steps if one.state is RunState.DONE and one.position < start]
        if len(kept) < len(run.steps):
            self._store.forget_from(run_id, start)
        return self._perform(replace(run, steps=tuple(kept)), job or quiet_job(), None)

    def problems(self, prompt: Prompt, model: str = "") -> tuple[StepProblem, ...]:
        """All that keeps its steps from being performed; ``model``: the one that answers all of them."""
        return check_line(prompt, self._around.lookup, _no_check if model else self._around.route.name)

    def check(self, prompt: Prompt, options: RunOptions = AS_WRITTEN) -> None:
        """Raises `UsageError` with all that keeps its steps from being performed."""
        problems = self.problems(prompt, options.model)
        if options.model:
            self._around.route.name(options.model)
        if problems:
            several = len(prompt.line) > 1
            told = [f"Step {one.step!r}: {one.message}" if several else one.message for one in problems]
            raise UsageError(
                f"The prompt {prompt.title!r} cannot be run. {' '.join(told)}", hint="Correct it, and run it again."
            )

    def runs(self, prompt_id: Id | None = None, limit: int = 50) -> tuple[Run, ...]:
        """Newest first, without those of batches."""
        return self._store.recent(prompt_id, limit)

    def get(self, run_id: Id) -> Run:
        """Raises `UsageError` for an unknown id."""
        return self._store.get(run_id)

    def find(self, prefix: str) -> Id:
        """A full id from its beginning. Raises `UsageError` when it is unknown or ambiguous."""
        return self._store.find(prefix)

    def remove(self, run_id: Id) -> None:
        """Forget it."""
        self._store.remove(run_id)
        self._around.bus.publish(Topic.RUNS)

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _start(self, run: Run, from_step: str) -> int:
        """The position of the first step that is asked."""
        names = [step.name for step in run.prompt.line]
        if from_step:
            if from_step not in names:
                raise UsageError(f"There is no step {from_step!r}.", hint=f"Steps: {', '.join(names)}.")
            return names.index(from_step)
        done = {one.position for one in run.steps if one.state is RunState.DONE}
        return next((place for place in range(len(names)) if place not in done), len(names))

    def _perform(self, run: Run, job: Job, earlier: Run | None) -> Run:
        state = RunState.INTERRUPTED
        performance = _Performance(self._store, self._around, self.asker, run, job, earlier)
        try:
            state = performance.perform()
        except Cancelled:
            state = RunState.INTERRUPTED
        except WorkbenchError:
            state = RunState.FAILED
            if not performance.began and not run.steps and run.batch_id is None:
                self._store.remove(run.id)  # nothing was asked
            raise
        finally:
            self._store.end(run.id, state)
            self._around.bus.publish(Topic.RUNS)
        return self._store.get(run.id)


class _Performance:
    """One run being performed."""

    def __init__(
        self, store: RunStore, around: Surroundings, asker: StepAsker, run: Run, job: Job, earlier: Run | None
    ) -> None:
        self._store, self._around, self._asker = store, around, asker
        self._run, self._job, self._earlier = run, job, earlier
        self._saved_at = around.clock.monotonic()
        self.began = False

    def perform(self) -> RunState:
        """Raises the error of the step that failed, once it is stored."""
        line = whole_line(self._run.prompt, self._around.lookup)
        done = {one.position: one for one in self._run.steps}
        given: dict[str, Any] = {}
        values = self._values(line)
        for position, whole in enumerate(line):
            place = Place(position + 1, len(line), self._run.prompt_id or "")
            if position in done:
                given[whole.step.name] = value_of(whole.step.output, done[position].text)
                continue
            asked = self._step(whole, values, given, place)
            self._store.save_step(self._run.id, asked.result)
            self._around.bus.publish(Topic.RUNS)
            self._job.emit(StepDone(place.number, place.total, asked.result))
            if asked.error is not None:
                raise asked.error
            if asked.result.state is RunState.INTERRUPTED:
                return RunState.INTERRUPTED
            given[whole.step.name] = asked.value
        return RunState.DONE

    def _values(self, line: tuple[WholeStep, ...]) -> Mapping[str, str]:
        """What was given, with the texts of files that were named for variables."""
        read = self._around.read
        try:
            files = {name: read(Path(path), self._job.cancel) for name, path in self._run.files.items()}
        except WorkbenchError as error:
            self._store.save_step(self._run.id, _not_asked(0, line[0].step.name, error))
            raise
        return {**self._run.values, **files}

    def _step(self, whole: WholeStep, values: Mapping[str, str], given: Mapping[str, Any], place: Place) -> Asked:
        try:
            self._job.cancel.check()
            ready = self._asker.prepare(self._run.prompt, whole, values, given, self._run.options, self._job.cancel)
        except WorkbenchError as error:
            return Asked(_not_asked(place.number - 1, whole.step.name, error), error=error)
        if not self.began:
            self.began = True
            self._job.emit(RunStarted(self._run.id, tuple(step.name for step in self._run.prompt.line)))
        if (known := self._known(ready, place)) is not None:
            return known
        begun = StepResult(place.number - 1, whole.step.name, RunState.RUNNING, ready.key, ready.model, why=ready.why)
        self._store.save_step(self._run.id, begun)
        return self._asker.ask(ready, place, self._job, self._run.options, self._grow)

    def _known(self, ready: Ready, place: Place) -> Asked | None:
        """The same was answered before: in the run that this one repeats, or anywhere if the answer is always the same."""
        if self._run.options.fresh:
            return None
        found = next((one for one in self._earlier_steps() if one.key == ready.key), None)
        if found is None and ready.repeatable:
            found = self._store.known(ready.key)
        if found is None:
            return None
        try:
            value = value_of(ready.whole.step.output, found.text)
        except BrokenAnswerError:
            return None
        name = ready.whole.step.name
        self._job.emit(StepStarted(place.number, place.total, name, ready.model))
        taken = replace(
            found,
            position=place.number - 1,
            name=name,
            usage=Usage(),
            seconds=0.0,
            cost_micros=0,
            from_cache=True,
            why=ready.why,
        )
        return Asked(taken, value)

    def _earlier_steps(self) -> list[StepResult]:
        return [one for one in self._earlier.steps if one.state is RunState.DONE] if self._earlier else []

    def _grow(self, result: StepResult) -> None:
        now = self._around.clock.monotonic()
        if now - self._saved_at >= CHECKPOINT_SECONDS:
            self._saved_at = now
            self._store.save_step(self._run.id, result)


def _not_asked(position: int, name: str, error: WorkbenchError) -> StepResult:
    return StepResult(position, name, RunState.FAILED, error=error.message, hint=error.hint)


def _no_check(_name: str) -> None:
    """The model that was asked for answers all steps; it is checked once."""
