"""`workbench chats set`: the model and effort of one chat."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench.chat.asking.of_chat import ChatChoice
from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.messages import Effort, Id

if TYPE_CHECKING:
    from workbench.app import Workbench

AS_SET = "as its project and the settings say"


def register(actions: Any) -> None:
    """Add the command to `workbench chats`."""
    action = add_action(
        actions,
        "set",
        "choose the model and effort of a chat, over its project and the settings; without options: show them",
        "workbench chats set 3f2a --model gpt-oss-20b --effort high",
        run,
    )
    action.add_argument("id", metavar="ID", help="the beginning of its id")
    model = action.add_mutually_exclusive_group()
    model.add_argument("-m", "--model", help="a name from `models list` or `servers models`, a GGUF file, or `auto`")
    model.add_argument("--no-model", action="store_true", help=AS_SET)
    effort = action.add_mutually_exclusive_group()
    effort.add_argument("-e", "--effort", help="off, on, low, medium or high, as far as the model knows them")
    effort.add_argument("--no-effort", action="store_true", help=AS_SET)


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    chat_id = workbench.chat.find(arguments.id)
    effort = _effort(arguments, workbench, chat_id)
    if arguments.model or arguments.no_model:
        workbench.chat.set_model(chat_id, arguments.model or "")
    if effort is not None or arguments.no_effort:
        workbench.chat.set_effort(chat_id, effort)
    choice = workbench.chat.open(chat_id).choice
    if arguments.json:
        output.document({"id": chat_id, **choice_json(choice)})
    else:
        output.say(f"Model: {output.safe(choice.model) or AS_SET}.")
        output.say(f"Effort: {choice.effort.value if choice.effort else AS_SET}.")
    return output.OK


def choice_json(choice: ChatChoice) -> dict[str, str | None]:
    """Null: as the project and the settings say."""
    return {"model": choice.model or None, "effort": choice.effort.value if choice.effort else None}


def _effort(arguments: argparse.Namespace, workbench: Workbench, chat_id: Id) -> Effort | None:
    """Raises `UsageError` for one that the model of the chat does not know; nothing is changed then."""
    if not arguments.effort:
        return None
    from workbench.chat.asking.resolve import effort_named

    chosen = "" if arguments.no_model else arguments.model or workbench.chat.open(chat_id).choice.model
    model = chosen or _below(workbench, chat_id)
    return effort_named(arguments.effort, workbench.model_options.known(model))


def _below(workbench: Workbench, chat_id: Id) -> str:
    """The model of its project, else of the settings."""
    project_id = workbench.projects.of(chat_id)
    of_project = workbench.projects.options(project_id).model if project_id else ""
    return of_project or workbench.settings.chat.model
