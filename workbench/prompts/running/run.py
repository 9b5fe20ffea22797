"""The words of runs: what is asked for, what each step gave, and the news while it is made. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.messages import Effort, Id, Sampling, Usage
from workbench.prompts.prompt import Prompt


class RunState(StrEnum):
    """Of a run and of each of its steps. ``interrupted``: a person stopped it, or its process is gone; it can go on."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a person asks for this once; it goes before what the prompt prefers. Empty or None: as the prompt says.

    ``fresh``: no answer that is known already is taken. ``background``: a person's own question goes first.
    """

    model: str = ""
    effort: Effort | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    fresh: bool = False
    background: bool = False
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class StepOptions:
    """How one step is asked: the same words as a turn's, which `Completion` fills in."""

    model: str = ""
    effort: Effort | None = None
    sampling: Sampling = Sampling()
    max_tokens: int | None = None
    reasoning_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of one step. ``text``: what was answered so far. ``finish``: how the answer ended, as `Finish` says.
    ``seconds``: of asking, without loading the model. ``cost_micros``: 0 on this machine, None where nobody knows.
    ``error`` with its ``hint``, of a failed one. ``from_cache``: it was not asked, for the same was answered before.
    ``why``: it has this model and effort, in one line, where they were chosen for its question."""

    position: int
    name: str
    state: RunState = RunState.WAITING
    key: str = ""
    model: str = ""
    effort: str = ""
    text: str = ""
    reasoning: str = ""
    finish: str = ""
    error: str = ""
    hint: str = ""
    usage: Usage = Usage()
    seconds: float | None = None
    cost_micros: int | None = None
    from_cache: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A prompt that was performed. ``values``: what its variables were filled with; ``files``: by the names of variables,
    paths whose text is read when the run begins. ``prompt``: as it was then, so that the run can go on when it has
    changed. ``steps``: those that were begun, in order. ``label``: what it was made of, in a batch. Times in seconds since
    the epoch."""

    id: Id
    prompt: Prompt
    values: Mapping[str, str]
    options: RunOptions = RunOptions()
    state: RunState = RunState.WAITING
    steps: tuple[StepResult, ...] = ()
    prompt_id: Id | None = None
    version: int | None = None
    batch_id: Id | None = None
    position: int = 0
    label: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    created_at: float = 0.0
    changed_at: float = 0.0

    @property
    def answer(self) -> str:
        """The text of the last step, as far as there is one."""
        last = len(self.prompt.line) - 1
        return next((step.text for step in self.steps if step.position == last), "")

    @property
    def failed_step(self) -> StepResult | None:
        return next((step for step in self.steps if step.state is RunState.FAILED), None)


# News of a run, beside the deltas of its answers ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RunStarted:
    run_id: Id
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepStarted:
    """``number`` from 1, of ``total``. ``model``: its name; ``again``: the answer was not of its form and is asked for
    anew, so what was said before does not count."""

    number: int
    total: int
    name: str
    model: str
    again: str = ""


@dataclass(frozen=True, slots=True)
class StepDone:
    number: int
    total: int
    result: StepResult


@dataclass(frozen=True, slots=True)
class Telling:
    """What the program is doing, in words."""

    text: str
