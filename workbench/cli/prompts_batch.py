"""`workbench prompts batch`, `batches`, `pause` and `resume`: one prompt on many inputs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from workbench.cancel import CancelToken
from workbench.cli import output, prompts_values
from workbench.cli.commands import add_action
from workbench.cli.progress_line import ProgressLine
from workbench.cli.prompts_run import add_options, options_of
from workbench.errors import UsageError
from workbench.jobs import Job, JobEvent
from workbench.paths import given

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.prompts.prompt import SavedPrompt
    from workbench.prompts.running.batches.batch import Batch, BatchProgress, Input

SHORT_ID: Final = 8


def register(actions: Any) -> None:
    _register_batch(actions)
    batches = add_action(
        actions,
        "batches",
        "the batches, newest first; the results of one; or forget one",
        "workbench prompts batches 3f2a --output results.csv",
        run_batches,
    )
    batches.add_argument("id", metavar="BATCH", nargs="?", help="the beginning of its id: its results")
    _add_output(batches)
    batches.add_argument("--remove", action="store_true", help="forget this batch with all its answers")
    pause = add_action(
        actions, "pause", "let a batch rest, whichever program is at it", "workbench prompts pause 3f2a", run_pause
    )
    resume = add_action(
        actions,
        "resume",
        "go on with a batch that was paused, stopped or killed; nothing is done twice",
        "workbench prompts resume 3f2a --output results.csv",
        run_resume,
    )
    for action in (pause, resume):
        action.add_argument("id", metavar="BATCH", help="the beginning of its id")
    resume.add_argument("--failed", action="store_true", help="inputs that failed have another try")
    _add_output(resume)


def _register_batch(actions: Any) -> None:
    batch = add_action(
        actions,
        "batch",
        "run a prompt on many inputs, behind your own questions: files, lines or rows",
        "workbench prompts batch summarise --files ~/letters --output summaries.csv",
        run_batch,
    )
    batch.add_argument("name", metavar="NAME", nargs="?", help="its name, or the beginning of its id")
    inputs = batch.add_mutually_exclusive_group(required=True)
    inputs.add_argument("--files", metavar="FOLDER", help="each file of a folder, or of a pattern such as 'a/*.pdf'")
    inputs.add_argument("--lines", metavar="FILE", help="each line of a text file")
    inputs.add_argument("--csv", metavar="FILE", help="each row of a CSV file, whose columns are variables")
    inputs.add_argument("--resume", metavar="BATCH", help="go on with this batch (the beginning of its id)")
    batch.add_argument("--variable", metavar="NAME", default="", help="what a file or line fills; else its long text")
    prompts_values.add_arguments(batch)
    batch.add_argument("--title", default="", help="what lists show; else the prompt's")
    add_options(batch)
    _add_output(batch)


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument("--output", metavar="FILE", help="write the results there: .csv, .json or .md")


def run_batch(arguments: argparse.Namespace, workbench: Workbench) -> int:
    if arguments.resume is not None:
        return _work(workbench.batches.find(arguments.resume), arguments, workbench)
    if arguments.name is None:
        raise UsageError("Which prompt?", hint="workbench prompts batch summarise --files ~/letters")
    saved = workbench.prompts.get(arguments.name)
    inputs = _inputs(arguments, saved, workbench)
    batch = workbench.batches.start(saved, inputs, options_of(arguments, workbench), arguments.title)
    output.say(f"Batch {batch.id[:SHORT_ID]}: {batch.total:,} inputs. Ctrl-C pauses it; `prompts resume` goes on.")
    return _work(batch.id, arguments, workbench)


def _inputs(arguments: argparse.Namespace, saved: SavedPrompt, workbench: Workbench) -> tuple[Input, ...]:
    from workbench.prompts.running.batches.inputs import completed, filled_by, from_csv, from_files, from_lines
    from workbench.prompts.running.line import asked_of

    variables = asked_of(saved.prompt, lambda name: workbench.prompts.get(name).prompt)
    values = prompts_values.values_of(arguments, variables, workbench, CancelToken()).values
    if arguments.csv:
        return completed(from_csv(arguments.csv, variables), values, variables)
    variable = filled_by([one for one in variables if one.name not in values], arguments.variable)
    found = from_files(arguments.files, variable) if arguments.files else from_lines(arguments.lines, variable)
    return completed(found, values, variables)


def run_resume(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _work(workbench.batches.find(arguments.id), arguments, workbench, failed_again=arguments.failed)


def run_pause(arguments: argparse.Namespace, workbench: Workbench) -> int:
    batch = workbench.batches.pause(workbench.batches.find(arguments.id))
    _tell(batch, as_json=arguments.json)
    return output.OK


def run_batches(arguments: argparse.Namespace, workbench: Workbench) -> int:
    if arguments.id is None:
        if arguments.remove or arguments.output:
            raise UsageError("Which batch?", hint="workbench prompts batches 3f2a --output results.csv")
        _list(workbench.batches.list(), as_json=arguments.json)
        return output.OK
    batch = workbench.batches.get(workbench.batches.find(arguments.id))
    if arguments.remove:
        workbench.batches.remove(batch.id)
        output.document({"removed": batch.id}) if arguments.json else output.say("Removed.")
    elif arguments.output:
        _write(batch, arguments, workbench)
    else:
        _show(batch, workbench, as_json=arguments.json)
    return output.OK


def _work(batch_id: str, arguments: argparse.Namespace, workbench: Workbench, *, failed_again: bool = False) -> int:
    from workbench.cli.stopping import interrupt_cancels
    from workbench.prompts.running.batches.batch import BatchProgress, BatchState, ItemFailed

    line: ProgressLine[BatchProgress] = ProgressLine(progress_words)

    def report(news: JobEvent) -> None:
        if isinstance(news.payload, BatchProgress):
            line.show(news.payload)
        elif isinstance(news.payload, ItemFailed):
            line.end()
            output.say(output.safe(f"{news.payload.label}: {news.payload.message}"))

    job = Job(report)
    with interrupt_cancels(job):
        batch = workbench.batches.work(batch_id, job, failed_again=failed_again)
    line.end()
    if arguments.output and (batch.done or batch.failed):
        _write(batch, arguments, workbench)
    else:
        _tell(batch, as_json=arguments.json)
    if job.cancel.cancelled:
        return output.CANCELLED
    return output.ENGINE if batch.state is BatchState.PAUSED and batch.why else output.OK


def progress_words(news: BatchProgress) -> str:
    """ "12 of 100, 1 failed · 3.2 s each, 5 min left · letter.txt"."""
    made = f"{news.done + news.failed:,} of {news.total:,}" + (f", {news.failed:,} failed" if news.failed else "")
    pace = ""
    if news.seconds_each is not None and news.seconds_left is not None:
        pace = f"{news.seconds_each:.1f} s each, {_span(news.seconds_left)} left"
    return output.safe(" · ".join(part for part in (made, pace, news.label[:40]) if part))


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _write(batch: Batch, arguments: argparse.Namespace, workbench: Workbench) -> None:
    target = given(arguments.output)
    count = workbench.batches.export(batch.id, Path(target))
    if arguments.json:
        output.document({**batch_json(batch), "exported": str(target)})
    else:
        _tell(batch, as_json=False)
        output.say(f"The results of {count:,} inputs are in {target}.")


def _tell(batch: Batch, *, as_json: bool) -> None:
    if as_json:
        output.document(batch_json(batch))
        return
    why = f" {batch.why}" if batch.why else ""
    output.say(
        output.safe(
            f"Batch {batch.id[:SHORT_ID]} is {batch.state.value}: {batch.done:,} of {batch.total:,} answered,"
            f" {batch.failed:,} failed.{why}"
        )
    )


def _list(batches: tuple[Batch, ...], *, as_json: bool) -> None:
    if as_json:
        output.document([batch_json(one) for one in batches])
    elif not batches:
        output.say("There are no batches yet. `workbench prompts batch` runs a prompt on many inputs.")
    else:
        from workbench.cli.prompts_ran import when

        rows = [
            (
                one.id[:SHORT_ID],
                when(one.created_at),
                one.state.value,
                f"{one.done:,}/{one.total:,}",
                str(one.failed),
                one.title,
            )
            for one in batches
        ]
        head = ("ID", "MADE", "STATE", "ANSWERED", "FAILED", "TITLE")
        output.write(output.safe(output.table([head, *rows])) + "\n")


def _show(batch: Batch, workbench: Workbench, *, as_json: bool) -> None:
    from workbench.prompts.running.batches.exporting import columns_of, rows_of, run_json
    from workbench.prompts.running.forms import markdown_text

    runs = workbench.batches.results(batch.id, 0, batch.total)
    if as_json:
        asked = batch.prompt.line[-1].output
        output.document({**batch_json(batch), "results": [run_json(run, asked) for run in runs]})
        return
    rows = [row for run in runs for row in rows_of(batch, run)]
    output.write(output.safe(markdown_text(columns_of(batch), rows)))


def batch_json(batch: Batch) -> dict[str, Any]:
    return {
        "id": batch.id,
        "title": batch.title,
        "prompt": batch.prompt.name,
        "state": batch.state.value,
        "why": batch.why,
        "total": batch.total,
        "done": batch.done,
        "failed": batch.failed,
        "created_at": batch.created_at,
        "changed_at": batch.changed_at,
    }
