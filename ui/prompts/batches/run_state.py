"""A prompt that is being run, step by step, as it is shown: a frozen value and a pure `reduce`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ui.prompts.batches.words import seconds_words
from ui.translation import marked, tr
from workbench.messages import Id, TextDelta
from workbench.prompts.running.run import Run, RunStarted, RunState, StepDone, StepResult, StepStarted, Telling

STEP_STATES = {
    RunState.WAITING: marked("Waiting"),
    RunState.RUNNING: marked("Being answered"),
    RunState.DONE: marked("Done"),
    RunState.FAILED: marked("Failed"),
    RunState.INTERRUPTED: marked("Interrupted"),
}
STEP_ICONS = {
    RunState.WAITING: "clock",
    RunState.RUNNING: "play",
    RunState.DONE: "circle-check",
    RunState.FAILED: "circle-alert",
    RunState.INTERRUPTED: "pause",
}


@dataclass(frozen=True, slots=True)
class StepLook:
    """One step. ``told``: tokens, seconds, cost; ``text``: what was answered so far, or why not."""

    name: str
    state: RunState = RunState.WAITING
    model: str = ""
    text: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class RunLook:
    """``activity``: what the program is doing before the first word."""

    run_id: Id = ""
    steps: tuple[StepLook, ...] = ()
    running: bool = False
    activity: str = ""

    @property
    def can_go_on(self) -> bool:
        return bool(self.run_id) and not self.running and any(one.state is not RunState.DONE for one in self.steps)


def reduce(look: RunLook, news: Any) -> RunLook:
    """``look`` after an event of the runner."""
    match news:
        case RunStarted(run_id, names):
            known = {one.name: one for one in look.steps if look.run_id == run_id and one.state is RunState.DONE}
            return replace(look, run_id=run_id, running=True, steps=tuple(known.get(n) or StepLook(n) for n in names))
        case StepStarted(number, _, name, model, again):
            begun = StepLook(name, RunState.RUNNING, model)
            return replace(_with(look, number, begun), activity=again)
        case StepDone(number, _, result):
            return replace(_with(look, number, step_look(result)), activity="")
        case TextDelta(text):
            steps = tuple(
                replace(one, text=one.text + text) if one.state is RunState.RUNNING else one for one in look.steps
            )
            return replace(look, steps=steps, activity="")
        case Telling(text):
            return replace(look, activity=text)
    return look


def ended(look: RunLook, run: Run | None = None) -> RunLook:
    """It is over, however it ended. ``run``: as it was kept."""
    if run is None:
        steps = tuple(
            replace(one, state=RunState.INTERRUPTED) if one.state is RunState.RUNNING else one for one in look.steps
        )
        return replace(look, running=False, activity="", steps=steps)
    return replace(look, run_id=run.id, running=False, activity="", steps=looks(run))


def looks(run: Run) -> tuple[StepLook, ...]:
    """Its steps as they were kept, those that were not begun included."""
    known = {one.position: step_look(one) for one in run.steps}
    return tuple(known.get(place, StepLook(step.name)) for place, step in enumerate(run.prompt.line))


def step_look(result: StepResult) -> StepLook:
    text = f"{result.error}\n{result.hint}".strip() if result.error else result.text
    return StepLook(result.name, result.state, result.model, text, _told(result))


def _told(result: StepResult) -> str:
    if result.from_cache:
        return tr("known from before: not asked again")
    usage = result.usage
    read = tr("{count} tokens read").format(count=f"{usage.prompt_tokens:,}") if usage.prompt_tokens else ""
    wrote = tr("{count} written").format(count=f"{usage.completion_tokens:,}") if usage.completion_tokens else ""
    cost = tr("no cost") if result.cost_micros == 0 else ""
    if result.cost_micros:
        cost = f"${result.cost_micros / 1_000_000:.4f}"
    return " · ".join(words for words in (read, wrote, seconds_words(result.seconds), cost) if words)


def _with(look: RunLook, number: int, step: StepLook) -> RunLook:
    steps: Sequence[StepLook] = (
        *look.steps[: number - 1],
        *(StepLook("") for _ in range(number - 1 - len(look.steps))),
        step,
        *look.steps[number:],
    )
    return replace(look, steps=tuple(steps))
