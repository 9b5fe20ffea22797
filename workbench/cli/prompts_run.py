"""`workbench prompts run`, `runs` and `test`: prompts that are performed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from workbench.cli import output, prompts_tested, prompts_values
from workbench.cli import prompts_ran as shown
from workbench.cli.commands import add_action, option_number, positive
from workbench.errors import UsageError, WorkbenchError
from workbench.jobs import Job, JobEvent

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.prompts.prompt import Prompt, SavedPrompt, Variable
    from workbench.prompts.running.run import Run, RunOptions
    from workbench.prompts.running.testing import TestReport

MOST_RUNS: Final = 20


def register(actions: Any) -> None:
    _register_run(actions)
    runs = add_action(
        actions, "runs", "what was run lately, or one run with its steps", "workbench prompts runs 3f2a", run_runs
    )
    runs.add_argument("id", metavar="RUN", nargs="?", help="the beginning of its id: what each step took and answered")
    runs.add_argument("--of", metavar="NAME", help="only those of this prompt")
    runs.add_argument("--limit", type=positive, default=MOST_RUNS, help=f"at most so many; {MOST_RUNS} by default")
    runs.add_argument("--remove", action="store_true", help="forget this run")
    test = add_action(
        actions,
        "test",
        "whether a prompt does what its test cases say, for each step",
        "workbench prompts test summarise -m gpt-oss-20b -m qwen3-4b",
        run_test,
    )
    test.add_argument("name", metavar="NAME", help="its name, or the beginning of its id")
    test.add_argument(
        "-m", "--model", action="append", default=[], help="ask this model in all steps; may be given several times"
    )
    test.add_argument("-e", "--effort", help="how much the model thinks first")
    test.add_argument("--step", metavar="STEP", default="", help="only the cases of this step")
    test.add_argument("--version", metavar="N", type=positive, help="an older version, with the cases of the newest")
    test.add_argument("--max-tokens", type=positive, help="the longest answer of each case, in tokens")


def _register_run(actions: Any) -> None:
    run = add_action(
        actions,
        "run",
        "perform a prompt; TEXT or standard input is what it is about",
        "cat mail.txt | workbench prompts run summarise --set sentences=3",
        run_run,
        json_words="one JSON object a line, as the answer is made",
    )
    run.add_argument("name", metavar="NAME", help="its name, or the beginning of its id")
    run.add_argument("text", metavar="TEXT", nargs="*", help="fills the long text, or the variable that is left")
    prompts_values.add_arguments(run)
    add_options(run)
    run.add_argument("--fresh", action="store_true", help="ask anew what was answered before")
    run.add_argument(
        "--run", metavar="RUN", dest="run_id", help="go on with this run where it stopped (the beginning of its id)"
    )
    run.add_argument(
        "--from",
        metavar="STEP",
        dest="from_step",
        default="",
        help="ask this step and all after it anew; those before it stay as they were in the last run, or in --run",
    )
    run.add_argument(
        "--as", dest="form", choices=shown.FORMS, default="", help="how a table is written: md (the default), csv, json"
    )


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("-m", "--model", default="", help="ask this model in all steps")
    command.add_argument("-e", "--effort", help="how much the model thinks first: off, on, low, medium or high")
    command.add_argument(
        "--temperature", metavar="N", type=option_number("temperature"), help="0: always the likeliest words"
    )
    command.add_argument(
        "--seed", metavar="N", type=option_number("seed"), help="the same seed, model and text give the same answer"
    )
    command.add_argument("--max-tokens", type=positive, help="the longest answer of each step, in tokens")


def options_of(arguments: argparse.Namespace, workbench: Workbench, model: str | None = None) -> RunOptions:
    """What the arguments say. Raises `UsageError` for an effort that the model does not know."""
    from workbench.chat.asking.resolve import effort_named
    from workbench.prompts.running.run import RunOptions

    name = arguments.model if model is None else model
    effort = None
    if arguments.effort is not None:
        effort = effort_named(arguments.effort, workbench.model_options.known(name or workbench.settings.chat.model))
    return RunOptions(
        name,
        effort,
        getattr(arguments, "temperature", None),
        arguments.max_tokens,
        fresh=getattr(arguments, "fresh", False),
        seed=getattr(arguments, "seed", None),
    )


# Running --------------------------------------------------------------------------------------------------------------


def run_run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.cli.stopping import interrupt_cancels

    saved = workbench.prompts.get(arguments.name)
    face: shown.RunFace = shown.JsonRun() if arguments.json else shown.TerminalRun(saved.prompt, arguments.form)

    def report(news: JobEvent) -> None:
        try:
            face.report(news.payload)
        except (BrokenPipeError, output.OutputError):  # nobody reads on; `ended` meets it again and tells
            job.cancel.cancel()

    job = Job(report)
    try:
        with interrupt_cancels(job):
            run = _performed(arguments, workbench, saved, job)
    except WorkbenchError as error:
        face.failed(error)
        return output.exit_code(error)
    face.ended(run)
    return output.CANCELLED if run.state == "interrupted" else output.OK


def _performed(arguments: argparse.Namespace, workbench: Workbench, saved: SavedPrompt, job: Job) -> Run:
    runs = workbench.prompt_runs
    if arguments.run_id is not None:
        if arguments.text or arguments.set or arguments.file:
            raise UsageError("A run goes on with what it was given.", hint="Leave out --run to give it other text.")
        run = runs.get(runs.find(arguments.run_id))
        if run.prompt_id != saved.id:
            raise UsageError(f"That run is of /{run.prompt.name}.", hint="`workbench prompts runs` lists them.")
        return runs.go_on(run.id, job, arguments.from_step)
    if not arguments.from_step:
        values = given_values(arguments, saved.prompt, workbench, job)
        return runs.run(saved, values, options_of(arguments, workbench), job)
    steps = [step.name for step in saved.prompt.line]
    if arguments.from_step not in steps:
        raise UsageError(f"There is no step {arguments.from_step!r}.", hint=f"Steps: {', '.join(steps)}.")
    earlier = next(iter(runs.runs(saved.id, 1)), None)
    if earlier is None:
        raise UsageError("It was not run yet.", hint="Run it once without --from.")
    values = {**earlier.values, **_set(arguments, _variables(workbench, saved.prompt), workbench, job)}
    kept = steps[: steps.index(arguments.from_step)]
    return runs.run(saved, values, options_of(arguments, workbench), job, earlier=_only(earlier, kept))


def _only(run: Run, names: Sequence[str]) -> Run:
    from dataclasses import replace

    return replace(run, steps=tuple(step for step in run.steps if step.name in names))


def given_values(arguments: argparse.Namespace, prompt: Prompt, workbench: Workbench, job: Job) -> Mapping[str, str]:
    """What is set, with TEXT or standard input in the variable that is meant; a person at a terminal is asked for what is
    missing. Raises `UsageError`."""
    from workbench.prompts.running.line import main_variable

    variables = _variables(workbench, prompt)
    values = {**_set(arguments, variables, workbench, job)}
    meant = main_variable(variables, values)
    if arguments.text:
        if meant is None:
            raise UsageError("There is no variable left that this text could fill.", hint="Leave it out.")
        return {**values, meant.name: " ".join(arguments.text)}
    if meant is not None and (text := prompts_values.piped()):
        return {**values, meant.name: text}
    missing = [one for one in variables if one.required and not one.default and one.name not in values]
    return prompts_values.with_answers([one for one in missing if one.kind != "clipboard"], values, workbench)[0]


def _variables(workbench: Workbench, prompt: Prompt) -> tuple[Variable, ...]:
    from workbench.prompts.running.line import asked_of

    return asked_of(prompt, lambda name: workbench.prompts.get(name).prompt)


def _set(
    arguments: argparse.Namespace, variables: Sequence[Variable], workbench: Workbench, job: Job
) -> Mapping[str, str]:
    given = prompts_values.values_of(arguments, variables, workbench, job.cancel)
    if given.steps:
        raise UsageError("What its steps answer is not set: they are asked.", hint="--from STEP keeps those before it.")
    return given.values


def run_runs(arguments: argparse.Namespace, workbench: Workbench) -> int:
    runs = workbench.prompt_runs
    if arguments.id is None:
        if arguments.remove:
            raise UsageError("Which run?", hint="workbench prompts runs 3f2a --remove")
        prompt_id = workbench.prompts.get(arguments.of).id if arguments.of else None
        shown.list_runs(runs.runs(prompt_id, arguments.limit), as_json=arguments.json)
        return output.OK
    run = runs.get(runs.find(arguments.id))
    if arguments.remove:
        runs.remove(run.id)
        output.document({"removed": run.id}) if arguments.json else output.say("Removed.")
    elif arguments.json:
        output.document(shown.run_json(run))
    else:
        output.write(shown.run_text(run))
    return output.OK


# Testing --------------------------------------------------------------------------------------------------------------


def run_test(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.cli.stopping import interrupt_cancels

    saved = workbench.prompts.get(arguments.name)
    older = None if arguments.version is None else (arguments.version, _version(workbench, saved, arguments.version))
    job = Job(prompts_tested.tell_case)
    told = []
    with interrupt_cancels(job):
        for model in arguments.model or [""]:
            if not arguments.json and model:
                output.say(model)
            options = options_of(arguments, workbench, model)
            report = workbench.prompt_tests.run(saved, job, options=options, step=arguments.step, older=older)
            told.append(_report(report, saved, workbench, as_json=arguments.json))
    if arguments.json:
        output.document(told)
    return output.OK


def _report(report: TestReport, saved: SavedPrompt, workbench: Workbench, *, as_json: bool) -> dict[str, Any]:
    compared = workbench.prompt_tests.compared(saved.id, report)
    if not as_json:
        output.write(output.safe(prompts_tested.report_text(report, compared)))
    return prompts_tested.report_json(report, compared)


def _version(workbench: Workbench, saved: SavedPrompt, number: int) -> Prompt:
    found = next((one for one in workbench.prompts.history(saved.id) if one.number == number), None)
    if found is None:
        raise UsageError(
            f"There is no version {number} of {saved.prompt.name!r}.", hint=f"It has 1 to {saved.version}."
        )
    return found.prompt
