"""`workbench chat --prompt NAME`: a question that is written with a saved prompt."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.cli import output, prompts_values
from workbench.errors import UsageError
from workbench.messages import Id, UsedPrompt

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.jobs import Job
    from workbench.prompts.prompt import Prompt, SavedPrompt


@dataclass(frozen=True, slots=True)
class Written:
    """A question, and the prompt that it was written with. ``values``: what its variables said."""

    text: str
    used: UsedPrompt
    values: Mapping[str, str]


def register(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-p",
        "--prompt",
        metavar="NAME",
        help="write the question with this saved prompt; TEXT or standard input is what it is about",
    )
    prompts_values.add_arguments(command)


def written(arguments: argparse.Namespace, workbench: Workbench, job: Job) -> Written | None:
    """None without `--prompt`. TEXT fills the variable that is meant, or stands behind the prompt where there is none.

    Raises `UsageError` for an unknown prompt, one with several steps, and for what is missing.
    """
    if arguments.prompt is None:
        if arguments.set or arguments.file:
            raise UsageError("Only a prompt has variables.", hint="Name it: --prompt NAME --set tone=friendly")
        return None
    from workbench.prompts.using import used_prompt

    saved = workbench.prompts.get(arguments.prompt)
    if saved.prompt.steps:
        raise UsageError(
            f"/{saved.prompt.name} has steps: it is performed, not asked in a chat.",
            hint=f"workbench prompts run {saved.prompt.name}",
        )
    values, behind = _values(arguments, saved.prompt, workbench, job)
    filled = workbench.filler.fill(saved.prompt, values, job.cancel)
    more, asked = prompts_values.with_answers(filled.missing, values, workbench)
    if asked:
        filled = workbench.filler.fill(saved.prompt, more, job.cancel)
    if filled.missing:
        raise prompts_values.all_missing(filled.missing)
    text = "\n\n".join(one for one in (filled.text, behind) if one.strip())
    return Written(text, used_prompt(saved, filled.system, _folders(saved, workbench), more), more)


def _values(
    arguments: argparse.Namespace, prompt: Prompt, workbench: Workbench, job: Job
) -> tuple[Mapping[str, str], str]:
    """What is filled in, and what of TEXT stands behind the prompt."""
    from workbench.prompts.running.line import main_variable

    given = prompts_values.values_of(arguments, prompt.variables, workbench, job.cancel)
    if given.steps:
        raise UsageError("This prompt has no steps whose answers could be set.", hint="Leave out --set steps.…")
    text = " ".join(arguments.text) or prompts_values.piped()
    meant = main_variable(prompt.variables, given.values)
    if not text or meant is None:
        return given.values, text
    return {**given.values, meant.name: text}, ""


def _folders(saved: SavedPrompt, workbench: Workbench) -> tuple[Id, ...]:
    """The ids of its document folders; one that is not attached here is said."""
    found: list[Id] = []
    for name in saved.prompt.folders:
        try:
            found += workbench.chat.known_folders((name,))
        except UsageError:
            output.say(output.safe(f"The document folder {name} is not attached here."))
    return tuple(found)
