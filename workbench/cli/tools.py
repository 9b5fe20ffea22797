"""`workbench tools`: what models may call while they answer, and how well a model does it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench.cli import output, tools_check, tools_servers, tools_web
from workbench.cli.commands import add_action, add_noun

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.tools.desk import Listed


def register(commands: Any) -> None:
    actions = add_noun(
        commands, "tools", "what models may call while they answer: list, switch, check", "workbench tools list"
    )
    add_action(actions, "list", "all tools, and where they come from", "workbench tools list --json", run_list)
    for name, words, run in (
        ("on", "offer a tool again, wherever tools are offered", run_on),
        ("off", "offer a tool nowhere", run_off),
    ):
        action = add_action(actions, name, words, f"workbench tools {name} search_chats", run)
        action.add_argument("name", metavar="NAME", help="as `list` shows it")
    tools_check.register(actions)
    tools_servers.register(actions)
    tools_web.register(actions)


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    found = workbench.tools.known()
    if arguments.json:
        output.document([_as_json(one) for one in found])
        return output.OK
    rows = [(one.spec.name, _state(one), output.safe(one.spec.source), output.safe(one.spec.title)) for one in found]
    output.write(output.table([("NAME", "STATE", "FROM", "WHAT"), *rows]) + "\n")
    if not workbench.settings.tools.web_search:
        output.say("Web search is off: `workbench tools web --help` tells how to choose who is asked.")
    return output.OK


def run_on(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _switched(arguments, workbench, on=True)


def run_off(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _switched(arguments, workbench, on=False)


def _switched(arguments: argparse.Namespace, workbench: Workbench, *, on: bool) -> int:
    spec = workbench.tools.switch(arguments.name, on=on)
    if arguments.json:
        output.document(_as_json(next(one for one in workbench.tools.known() if one.spec.name == spec.name)))
    else:
        where = "is offered wherever tools are" if on else "is offered nowhere"
        output.say(f"“{output.safe(spec.title)}” {where}.")
    return output.OK


def _as_json(one: Listed) -> dict[str, Any]:
    return {
        "name": one.spec.name,
        "title": one.spec.title,
        "description": one.spec.description,
        "enabled": one.enabled,
        "source": one.spec.source,
        "harm": one.spec.harm.value,
        "destination": one.spec.destination,
        "has_something_to_do": one.is_there,
    }


def _state(one: Listed) -> str:
    if not one.enabled:
        return "off"
    return "on" if one.is_there else "on, nothing to search"
