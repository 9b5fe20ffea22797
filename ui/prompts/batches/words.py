"""How batches are told. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from ui.translation import marked, tr
from workbench.prompts.prompt import Variable
from workbench.prompts.running.batches.batch import Batch, BatchProgress, BatchState, Input
from workbench.prompts.running.run import Run, RunState

NO_BATCH = marked("Nothing was run on many inputs yet.")
FIRST_STEP = marked(
    "Choose “Run on many inputs” beside a prompt: it is then asked for each file of a folder, each line of a text or each"
    " row of a table, one after the other, and you get a table of answers. Your own questions go first."
)
STATES = {
    BatchState.WAITING: marked("Not begun"),
    BatchState.RUNNING: marked("Running"),
    BatchState.PAUSED: marked("Paused"),
    BatchState.INTERRUPTED: marked("Interrupted: the program ended meanwhile"),
    BatchState.DONE: marked("Done"),
}
ICONS = {
    BatchState.WAITING: "clock",
    BatchState.RUNNING: "play",
    BatchState.PAUSED: "pause",
    BatchState.INTERRUPTED: "triangle-alert",
    BatchState.DONE: "circle-check",
}
RUN_STATES = {
    RunState.WAITING: "",
    RunState.RUNNING: marked("Being answered"),
    RunState.DONE: marked("Answered"),
    RunState.FAILED: marked("Failed"),
    RunState.INTERRUPTED: marked("Half answered"),
}
SHOWN_INPUTS = 5
MOST_ANSWER = 300  # characters of an answer in the table


class Kind(StrEnum):
    """Where inputs come from."""

    FILES = "files"
    LINES = "lines"
    CSV = "csv"


KINDS = {
    Kind.FILES: marked("Files of a folder"),
    Kind.LINES: marked("Lines of a text"),
    Kind.CSV: marked("Rows of a CSV table"),
}
HINTS = {
    Kind.FILES: marked("Every file of the folder and of those in it; its text is read on this computer."),
    Kind.LINES: marked("Every line that is not empty."),
    Kind.CSV: marked("The first row names the columns: those that are called as variables fill them in."),
}


def counts_words(batch: Batch) -> str:
    """ "97 of 100 answered, 3 failed"."""
    done = tr("{done} of {total} answered").format(done=f"{batch.done:,}", total=f"{batch.total:,}")
    failed = tr("{count} failed").format(count=f"{batch.failed:,}") if batch.failed else ""
    return ", ".join(words for words in (done, failed) if words)


def progress_words(progress: BatchProgress | None) -> str:
    """Rate and time left; empty while nobody knows."""
    if progress is None:
        return ""
    each = tr("{seconds} each").format(seconds=seconds_words(progress.seconds_each)) if progress.seconds_each else ""
    left = tr("about {time} left").format(time=seconds_words(progress.seconds_left)) if progress.seconds_left else ""
    return " · ".join(words for words in (progress.label, each, left) if words)


def seconds_words(seconds: float | None) -> str:
    """ "4 s", "12 min", "3 h 5 min"."""
    if seconds is None:
        return ""
    if seconds < 100:
        return tr("{seconds} s").format(seconds=f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}")
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{minutes} min").format(minutes=minutes)
    return tr("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def estimate_words(count: int, seconds_each: float | None) -> str:
    """How long ``count`` inputs may take, from how long earlier ones did."""
    if not count:
        return ""
    inputs = tr("1 input") if count == 1 else tr("{count} inputs").format(count=f"{count:,}")
    if seconds_each is None:
        long = tr("how long it takes is known after the first ones")
    else:
        long = tr("about {time}").format(time=seconds_words(count * seconds_each))
    return f"{inputs} · {long}"


def first_words(inputs: Sequence[Input]) -> str:
    """The first inputs, a line each."""
    lines = [one.label for one in inputs[:SHOWN_INPUTS]]
    more = (
        [tr("and {count} more").format(count=f"{len(inputs) - SHOWN_INPUTS:,}")] if len(inputs) > SHOWN_INPUTS else []
    )
    return "\n".join((*lines, *more))


def columns_words(inputs: Sequence[Input], variables: Sequence[Variable]) -> str:
    """Which columns of a table fill which variables, and which are left out."""
    if not inputs:
        return ""
    names = [one.name for one in variables]
    used = [one for one in inputs[0].values if one in names]
    left = [one for one in inputs[0].values if one not in names]
    fills = tr("Filled by columns: {names}").format(names=", ".join(used))
    out = tr("Left out: {names}").format(names=", ".join(left)) if left else ""
    return " · ".join(words for words in (fills, out) if words)


def still_missing(
    inputs: Sequence[Input], variables: Sequence[Variable], values: Mapping[str, str]
) -> tuple[Variable, ...]:
    """Those that neither the inputs nor ``values`` fill in, and that must be."""
    first = inputs[0] if inputs else Input("")
    given = {**values, **first.values, **first.files}
    return tuple(one for one in variables if one.required and not given.get(one.name) and not one.default)


def answer_line(run: Run) -> str:
    """What became of an input, on one line."""
    if run.failed_step is not None:
        return run.failed_step.error
    return " ".join(run.answer[: MOST_ANSWER * 2].split())[:MOST_ANSWER]


def seconds_of(run: Run) -> float | None:
    """What its steps took; None while nobody knows."""
    known = [step.seconds for step in run.steps if step.seconds is not None]
    return sum(known) if known else None


def spoken_run(run: Run | None, number: int) -> str:
    if run is None:
        return tr("Row {number}").format(number=f"{number:,}")
    return ", ".join(words for words in (run.label, tr(RUN_STATES[run.state]), answer_line(run)) if words)


def can_go_on(batch: Batch, *, working: bool) -> bool:
    return bool(batch.left) and not working and batch.state is not BatchState.RUNNING


def can_pause(batch: Batch, *, working: bool) -> bool:
    return working or batch.state is BatchState.RUNNING
