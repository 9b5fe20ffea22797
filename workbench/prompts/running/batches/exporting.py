"""The results of a batch as a table: for a spreadsheet, a script or a page. Pure, but for writing the file."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from workbench.errors import StorageError, UsageError
from workbench.prompts.prompt import Output, OutputKind
from workbench.prompts.running.batches.batch import Batch
from workbench.prompts.running.forms import BrokenAnswerError, cell, harmless, markdown_line, value_of
from workbench.prompts.running.run import Run, StepResult

FORMS = ("csv", "json", "md")
ANSWER = "answer"


def export(batch: Batch, runs: Iterable[Run], target: Path, form: str = "") -> int:
    """Whole or not at all; returns how many inputs. See `Batches.export`."""
    form = (form or target.suffix.removeprefix(".")).lower().replace("markdown", "md")
    if form not in FORMS:
        raise UsageError(f"Results cannot be written as {form or 'nothing'!r}.", hint=f"Forms: {', '.join(FORMS)}.")
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".results-", dir=target.absolute().parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
                count = _WRITERS[form](file, batch, runs)
            Path(temporary).replace(target)
            return count
        finally:
            with suppress(OSError):
                Path(temporary).unlink()
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror or error}.") from error


def columns_of(batch: Batch) -> tuple[str, ...]:
    """Of the table: the input, what was answered, and what became of it."""
    return ("input", *_answers(batch.prompt.line[-1].output), "state", "error")


def rows_of(batch: Batch, run: Run) -> tuple[tuple[str, ...], ...]:
    """One row; as many as it has where the answer is a table, and one where that is empty."""
    error = run.failed_step.error if run.failed_step else ""
    answers = _answered(batch.prompt.line[-1].output, run)
    return tuple((run.label, *one, run.state.value, error) for one in answers)


def run_json(run: Run, output: Output) -> dict[str, Any]:
    """``answer``: text, or the JSON value where that was asked for; null where there is none."""
    try:
        answer = value_of(output, run.answer) if run.answer else None
    except BrokenAnswerError:
        answer = run.answer
    return {
        "input": run.label,
        "values": dict(run.values),
        "files": dict(run.files),
        "state": run.state.value,
        "answer": answer,
        "error": run.failed_step.error if run.failed_step else "",
        "steps": [step_json(step) for step in run.steps],
    }


def step_json(step: StepResult) -> dict[str, Any]:
    """What a step took; null where nobody knows."""
    return {
        "step": step.name,
        "state": step.state.value,
        "model": step.model,
        "effort": step.effort or None,
        "text": step.text,
        "finish": step.finish or None,
        "prompt_tokens": step.usage.prompt_tokens,
        "cached_tokens": step.usage.cached_tokens,
        "completion_tokens": step.usage.completion_tokens,
        "seconds": step.seconds,
        "cost_micros": step.cost_micros,
        "currency": "USD",
        "from_cache": step.from_cache,
        "why": step.why or None,
        "error": step.error,
        "hint": step.hint,
    }


def _answers(output: Output) -> tuple[str, ...]:
    """The columns that the answers have: those of a table, or the properties of an object."""
    if output.kind is OutputKind.TABLE:
        return output.columns
    properties = (output.schema or {}).get("properties") if output.kind is OutputKind.SCHEMA else None
    return tuple(map(str, properties)) if isinstance(properties, dict) and properties else (ANSWER,)


def _answered(output: Output, run: Run) -> Sequence[tuple[str, ...]]:
    columns = _answers(output)
    empty = ("",) * len(columns)
    if columns == (ANSWER,):
        return ((run.answer,),)
    if run.state != "done":
        return (empty,)
    try:
        value = value_of(output, run.answer)
    except BrokenAnswerError:
        return (empty,)
    found = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
    return [tuple(cell(one.get(column)) for column in columns) for one in found] or (empty,)


def _as_csv(file: IO[str], batch: Batch, runs: Iterable[Run]) -> int:
    file.write("\ufeff")  # else Excel takes it for the code page of the machine
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([harmless(one) for one in columns_of(batch)])
    return _each(batch, runs, lambda row: writer.writerow([harmless(one) for one in row]))


def _as_markdown(file: IO[str], batch: Batch, runs: Iterable[Run]) -> int:
    columns = columns_of(batch)
    file.write(f"# {batch.title}\n\n{markdown_line(columns)}\n{markdown_line(['---'] * len(columns))}\n")
    return _each(batch, runs, lambda row: file.write(markdown_line(row) + "\n"))


def _each(batch: Batch, runs: Iterable[Run], write: Callable[[tuple[str, ...]], object]) -> int:
    count = 0
    for run in runs:
        count += 1
        for row in rows_of(batch, run):
            write(row)
    return count


def _as_json(file: IO[str], batch: Batch, runs: Iterable[Run]) -> int:
    output = batch.prompt.line[-1].output
    count = 0
    file.write("[")
    for piece in _pieces(runs, output):
        file.write(("," if count else "") + "\n" + piece)
        count += 1
    file.write("\n]\n")
    return count


def _pieces(runs: Iterable[Run], output: Output) -> Iterator[str]:
    return (json.dumps(run_json(run, output), ensure_ascii=False) for run in runs)


_WRITERS: dict[str, Callable[[IO[str], Batch, Iterable[Run]], int]] = {
    "csv": _as_csv,
    "json": _as_json,
    "md": _as_markdown,
}
