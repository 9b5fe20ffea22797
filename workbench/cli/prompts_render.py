"""`workbench prompts render`: what a model would be told, with the variables filled in; nothing is asked."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench.cli import output, prompts_values
from workbench.cli.commands import add_action
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.prompts.filling.filled import Filled
    from workbench.prompts.prompt import Prompt

PARTS = ("both", "text", "system")


def register(actions: Any) -> None:
    render = add_action(
        actions,
        "render",
        "what a model would be told: a prompt with its variables filled in",
        "workbench prompts render summarise --set sentences=3 --file text=report.pdf",
        run_render,
    )
    render.add_argument("name", metavar="NAME", help="its name, or the beginning of its id")
    prompts_values.add_arguments(render)
    render.add_argument("--step", metavar="STEP", default="", help="of a prompt with steps: this one, not the first")
    render.add_argument("--part", choices=PARTS, default="both", help="only the text, or only the system part")


def run_render(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.cancel import CancelToken
    from workbench.prompts.running.line import asked_of

    saved, cancel = workbench.prompts.get(arguments.name), CancelToken()
    step = _step(saved.prompt, arguments.step, workbench)
    given = prompts_values.values_of(arguments, asked_of(saved.prompt, _lookup(workbench)), workbench, cancel)
    steps = given.steps or None
    filled = workbench.filler.fill(step, given.values, cancel, steps)
    values, asked = prompts_values.with_answers(filled.missing, given.values, workbench)
    if asked:
        filled = workbench.filler.fill(step, values, cancel, steps)
    if filled.missing:
        raise prompts_values.all_missing(filled.missing)
    if arguments.json:
        output.document(
            {
                "name": saved.prompt.name,
                "version": saved.version,
                "text": filled.text,
                "system": filled.system,
                "variables": [
                    {"part": one.part.value, "start": one.start, "end": one.end, "name": one.name}
                    for one in filled.stretches
                ],
            }
        )
    else:
        output.write(_shown(filled, arguments.part))
    return output.OK


def _step(prompt: Prompt, name: str, workbench: Workbench) -> Prompt:
    """A prompt that is this step alone. Raises `UsageError` for a step that it does not have."""
    from workbench.prompts.running.line import alone

    if name and not any(one.name == name for one in prompt.steps):
        there = f"It has: {', '.join(one.name for one in prompt.steps)}." if prompt.steps else "It has no steps."
        raise UsageError(f"{prompt.name} has no step {name!r}.", hint=there)
    return alone(prompt, name, _lookup(workbench))


def _lookup(workbench: Workbench) -> Any:
    return lambda name: workbench.prompts.get(name).prompt


def _shown(filled: Filled, part: str) -> str:
    texts = {"text": (filled.text,), "system": (filled.system,), "both": (filled.system, filled.text)}[part]
    said = "\n\n".join(one for one in texts if one)
    return said if said.endswith("\n") else f"{said}\n"
