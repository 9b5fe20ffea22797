"""How runs of prompts and their steps are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from workbench.cli import output
from workbench.cli.streamed import Streamed
from workbench.errors import WorkbenchError
from workbench.messages import ReasoningDelta, TextDelta, UnparsedText

if TYPE_CHECKING:
    from workbench.prompts.prompt import Prompt
    from workbench.prompts.running.run import Run, StepDone, StepResult, StepStarted

SHORT_ID: Final = 8
FORMS: Final = ("md", "csv", "json")


class RunFace:
    """How a run is shown while it is made."""

    def report(self, news: Any) -> None:
        from workbench.prompts.running.run import RunStarted, StepDone, StepStarted, Telling

        if isinstance(news, RunStarted):
            self.began(news.run_id, news.steps)
        elif isinstance(news, StepStarted):
            self.step(news)
        elif isinstance(news, StepDone):
            self.step_done(news)
        elif isinstance(news, Telling):
            self.telling(news.text)
        elif isinstance(news, ReasoningDelta):
            self.reasoning(news.text)
        elif isinstance(news, TextDelta | UnparsedText):
            self.text(news.text)

    def began(self, run_id: str, steps: Sequence[str]) -> None: ...
    def step(self, news: StepStarted) -> None: ...
    def step_done(self, news: StepDone) -> None: ...
    def telling(self, words: str) -> None: ...
    def reasoning(self, text: str) -> None: ...
    def text(self, text: str) -> None: ...
    def ended(self, run: Run) -> None: ...
    def failed(self, error: WorkbenchError) -> None: ...


class TerminalRun(RunFace):
    """The last step's answer on stdout, as it is made where it is text; what is done for it on stderr."""

    def __init__(self, prompt: Prompt, form: str = "") -> None:
        from workbench.prompts.prompt import OutputKind

        self._output = prompt.line[-1].output
        self._form = form or "md"
        self._streams = self._output.kind is OutputKind.FREE
        self._streamed = Streamed()
        self._last = self._written = False
        self._run_id = ""

    def began(self, run_id: str, steps: Sequence[str]) -> None:  # noqa: ARG002
        self._run_id = run_id

    def step(self, news: StepStarted) -> None:
        self._last = news.number == news.total
        if news.again:
            output.say(f"{news.again} It is asked again.")
        elif news.total > 1:
            output.say(output.safe(f"Step {news.number} of {news.total}, {news.name}: {news.model}"))

    def step_done(self, news: StepDone) -> None:
        if news.total > 1 and news.result.state == "done":
            self._newline()
            output.say(output.safe(f"  {took(news.result)}"))

    def telling(self, words: str) -> None:
        self._streamed.telling(words)

    def reasoning(self, text: str) -> None:
        self._streamed.reasoning(text)

    def text(self, text: str) -> None:
        if self._last and self._streams:
            self._written = True
            self._streamed.text(text)
        else:
            self._streamed.end_thoughts("\n---")

    def ended(self, run: Run) -> None:
        self._newline()
        answer = self._as_asked(run)
        if answer:
            self._streamed.write(answer)
        if run.state == "interrupted":
            output.say(f"Stopped; what was answered is kept. Go on: {self._again(run)}")
        elif len(run.steps) == 1:
            output.say(output.safe(f"{run.steps[0].model} · {took(run.steps[0])}"))
        else:
            output.say(total(run))

    def _as_asked(self, run: Run) -> str:
        """What was not written as it came: JSON, a table, and an answer that was known before."""
        if not run.answer or (self._streams and self._written) or run.state != "done":
            return "" if self._streams else run.answer
        return formed(run, self._form)

    def _again(self, run: Run) -> str:
        return f"workbench prompts run {run.prompt.name} --run {run.id[:SHORT_ID]}"

    def _newline(self) -> None:
        """After what was streamed."""
        if self._written and self._last:
            self._last = False
            output.write("\n")

    def failed(self, error: WorkbenchError) -> None:
        self._newline()
        output.tell(error, as_json=False)
        if self._run_id:
            output.say(f"  What was answered is kept: workbench prompts runs {self._run_id[:SHORT_ID]}")


class JsonRun(RunFace):
    """One JSON object a line; `end` always comes last, also after a failure."""

    def __init__(self) -> None:
        self._run_id: str | None = None

    def began(self, run_id: str, steps: Sequence[str]) -> None:
        self._run_id = run_id
        output.line({"event": "start", "run": run_id, "steps": list(steps)})

    def step(self, news: StepStarted) -> None:
        told = {"number": news.number, "of": news.total, "step": news.name, "model": news.model}
        output.line({"event": "step", **told, **({"again": news.again} if news.again else {})})

    def step_done(self, news: StepDone) -> None:
        from workbench.prompts.running.batches.exporting import step_json

        output.line({"event": "step_end", **step_json(news.result)})

    def reasoning(self, text: str) -> None:
        output.line({"event": "reasoning", "text": text})

    def text(self, text: str) -> None:
        output.line({"event": "text", "text": text})

    def ended(self, run: Run) -> None:
        output.line({"event": "end", **run_json(run)})

    def failed(self, error: WorkbenchError) -> None:
        output.line({"event": "error", **output.error_json(error)})
        output.line({"event": "end", "run": self._run_id, "state": "failed"})


# Runs -----------------------------------------------------------------------------------------------------------------


def formed(run: Run, form: str) -> str:
    """The answer of a run that is done, as it is asked for: a table as Markdown, CSV or JSON; all else as it is."""
    from workbench.prompts.prompt import OutputKind
    from workbench.prompts.running.forms import csv_text, markdown_text, rows_of

    asked = run.prompt.line[-1].output
    if asked.kind is not OutputKind.TABLE or form == "json":
        return run.answer + "\n"
    rows = rows_of(asked, run.answer)
    return csv_text(asked.columns, rows) if form == "csv" else markdown_text(asked.columns, rows)


def took(step: StepResult) -> str:
    """ "12 tokens, 3.2 s"."""
    if step.from_cache:
        return "answered before"
    tokens, seconds = step.usage.completion_tokens, step.seconds
    words = [f"{tokens:,} tokens" if tokens is not None else "", f"{seconds:.1f} s" if seconds is not None else ""]
    return ", ".join(word for word in words if word)


def total(run: Run) -> str:
    """Of all steps: tokens read and written, seconds, and what it cost."""
    read = sum(step.usage.prompt_tokens or 0 for step in run.steps)
    written = sum(step.usage.completion_tokens or 0 for step in run.steps)
    seconds = sum(step.seconds or 0.0 for step in run.steps)
    return f"{len(run.steps)} steps: {read:,} tokens read, {written:,} written, {seconds:.1f} s, {cost(run.steps)}"


def cost(steps: Sequence[StepResult]) -> str:
    told = [step.cost_micros for step in steps]
    if any(one is None for one in told):
        return "cost unknown"
    return f"{sum(one or 0 for one in told) / 1_000_000:.2f} USD"


def run_json(run: Run) -> dict[str, Any]:
    from workbench.prompts.running.batches.exporting import run_json as of_batch

    told = of_batch(run, run.prompt.line[-1].output)
    del told["input"]
    return {
        "run": run.id,
        "prompt": run.prompt.name,
        "version": run.version,
        "created_at": run.created_at,
        **told,
        "cost_micros": None if any(one.cost_micros is None for one in run.steps) else _micros(run),
        "currency": "USD",
    }


def _micros(run: Run) -> int:
    return sum(one.cost_micros or 0 for one in run.steps)


def list_runs(runs: Sequence[Run], *, as_json: bool) -> None:
    if as_json:
        output.document([run_json(run) for run in runs])
    elif not runs:
        output.say("Nothing was run yet. `workbench prompts run NAME` runs a prompt.")
    else:
        rows = [
            (run.id[:SHORT_ID], when(run.created_at), run.state.value, run.prompt.name, _short(run.answer))
            for run in runs
        ]
        output.write(output.safe(output.table([("ID", "WHEN", "STATE", "PROMPT", "ANSWER"), *rows])) + "\n")


def run_text(run: Run) -> str:
    """Each step with what it took and what it answered."""
    head = [("STEP", "STATE", "MODEL", "READ", "CACHED", "WRITTEN", "SECONDS", "COST")]
    rows = [_step_row(step) for step in run.steps]
    pieces = [f"{run.prompt.title}: {run.state.value}, {when(run.created_at)}", output.table([*head, *rows])]
    for step in run.steps:
        said = step.text.strip() or ("" if step.error else "(nothing)")
        told = f"{step.error} {step.hint}".strip()
        pieces.append("\n".join(part for part in (f"## {step.name}", said, told) if part))
    return output.safe("\n\n".join(pieces)) + "\n"


def _step_row(step: StepResult) -> tuple[str, ...]:
    usage = step.usage
    numbers = (usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens)
    state = "answered before" if step.from_cache else step.state.value
    return (
        step.name,
        state,
        step.model,
        *("-" if one is None else f"{one:,}" for one in numbers),
        "-" if step.seconds is None else f"{step.seconds:.1f}",
        cost([step]),
    )


def when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 48 else f"{words[:47]}…"
