"""`workbench models check`: load a model, ask it a few things, and say in words what is in order."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.engine.checking.checkup import CheckStep, Verdict
from workbench.jobs import Job, JobEvent

if TYPE_CHECKING:
    from workbench.app import Workbench

_SIGNS = {Verdict.OK: "ok", Verdict.WARNING: "warning", Verdict.PROBLEM: "PROBLEM", Verdict.SKIPPED: "-"}


def register(actions: Any) -> None:
    check = add_action(
        actions, "check", "load a model and check it up", "workbench models check starter", run, "one JSON document"
    )
    check.add_argument("name", metavar="NAME", help="an id or name from `models list`, or a GGUF file")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Exits 3 when something is wrong with the model: it is installed, and does not work."""

    def tell(event: JobEvent) -> None:
        if isinstance(event.payload, CheckStep) and not arguments.json:
            output.write(output.safe(_line(event.payload)) + "\n")

    if not arguments.json:
        output.say("Loading the model…")
    found = workbench.checkups.run(arguments.name, Job(tell))
    if arguments.json:
        output.document(found.as_json())
    return output.ENGINE if found.verdict is Verdict.PROBLEM else output.OK


def _line(step: CheckStep) -> str:
    return f"{_SIGNS[step.verdict]:8} {step.title}: {step.detail}"
