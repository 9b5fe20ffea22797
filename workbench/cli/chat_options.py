"""The arguments that say how a question is to be answered: effort, sampling, length, the form of the answer."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.chat.asking.options import Options
from workbench.cli.commands import option_number
from workbench.errors import UsageError
from workbench.messages import Sampling

if TYPE_CHECKING:
    from workbench.app import Workbench

MOST_SCHEMA_BYTES = 1 << 20
SAMPLING = {
    "temperature": "how freely words are chosen: 0 always the likeliest, 1 as the model learnt",
    "top_p": "choose among the likeliest words that together have this share (0 to 1)",
    "top_k": "choose among so many of the likeliest words; 0: all",
    "min_p": "leave out words less likely than this share of the likeliest one",
    "repeat_penalty": "above 1, what was said lately becomes less likely",
    "presence_penalty": "above 0, what was said at all becomes less likely",
    "frequency_penalty": "above 0, what was said often becomes less likely",
    "seed": "the same seed, model and question give the same answer",
}


def register(command: argparse.ArgumentParser) -> None:
    command.add_argument("--project", metavar="NAME", help="start the chat in this project")
    command.add_argument(
        "--folder",
        metavar="NAME",
        action="append",
        default=[],
        help="answer from this document folder, or from one file of it (NAME/path); the chat keeps it; may be repeated",
    )
    command.add_argument(
        "--tools",
        metavar="NAMES",
        help="what the model may call for this answer, with commas between (`workbench tools list` has the names), or none",
    )
    command.add_argument(
        "--memory",
        action=argparse.BooleanOptionalAction,
        help="tell what is remembered of you, also in a chat or a project that is told nothing; or tell nothing of it",
    )
    command.add_argument(
        "-e", "--effort", help="how much the model thinks first: off, on, low, medium or high, as far as it knows them"
    )
    command.add_argument(
        "--reasoning-tokens", metavar="N", type=option_number("reasoning_tokens"), help="think at most so long"
    )
    command.add_argument("--schema", metavar="FILE", type=Path, help="answer in JSON that matches this JSON schema")
    sampling = command.add_argument_group(
        "sampling", "What is not given is as `workbench models options` shows it for the model."
    )
    for name, words in SAMPLING.items():
        flag = f"--{name.replace('_', '-')}"
        sampling.add_argument(flag, metavar="N", type=option_number(name), help=words)


def options(arguments: argparse.Namespace, workbench: Workbench) -> Options:
    """What the arguments say. Raises `UsageError` for an effort that the model does not know, or a bad schema."""
    from workbench.chat.asking.resolve import effort_named

    project_id = _project(arguments, workbench)
    effort = None
    if arguments.effort is not None:
        of_project = workbench.projects.options(project_id).model if project_id else ""
        model = arguments.model or _of_chat(arguments, workbench) or of_project or workbench.settings.chat.model
        effort = effort_named(arguments.effort, workbench.model_options.known(model))
    return Options(
        model=arguments.model,
        system=arguments.system,
        max_tokens=arguments.max_tokens,
        sampling=Sampling(**{name: getattr(arguments, name) for name in SAMPLING}),
        effort=effort,
        reasoning_tokens=arguments.reasoning_tokens,
        schema=None if arguments.schema is None else read_schema(arguments.schema),
        project_id=project_id,
        folders=workbench.chat.known_folders(arguments.folder) if arguments.folder else None,
        memory=arguments.memory,
        tools=None if arguments.tools is None else workbench.tools.chosen(arguments.tools),
    )


def _of_chat(arguments: argparse.Namespace, workbench: Workbench) -> str:
    """The model that was chosen for the chat that is gone on with."""
    if arguments.conversation is None:
        return ""
    return workbench.chat.open(workbench.chat.find(arguments.conversation)).choice.model


def _project(arguments: argparse.Namespace, workbench: Workbench) -> str | None:
    """Where the chat is, or is started. Raises `UsageError` for an unknown project, and for a chat that is elsewhere."""
    if arguments.conversation is None:
        return workbench.projects.find(arguments.project).id if arguments.project is not None else None
    conversation = workbench.chat.find(arguments.conversation)
    project_id = workbench.projects.of(conversation)
    if arguments.project is not None and workbench.projects.find(arguments.project).id != project_id:
        raise UsageError(
            "This chat is not in that project.",
            hint=f"workbench projects add-chat {arguments.project!r} {arguments.conversation} moves it there.",
        )
    return project_id


def read_schema(path: Path) -> Mapping[str, Any]:
    """The JSON schema of a file. Raises `UsageError` when there is none in it."""
    hint = 'Give a file with a JSON object such as {"type": "object", "properties": {…}}.'
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_SCHEMA_BYTES + 1)
        found = json.loads(raw) if len(raw) <= MOST_SCHEMA_BYTES else None
    except (OSError, RecursionError, ValueError) as error:
        raise UsageError(f"The schema {path} cannot be read: {error}", hint=hint) from error
    if not isinstance(found, dict):
        raise UsageError(f"{path} holds no JSON schema.", hint=hint)
    return found
