"""`workbench models options`: how a model is asked, and who decided each value."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.chat.asking.effort_cost import EffortCost
    from workbench.chat.asking.resolve import KnownModel, Resolved, Value


def register(actions: Any) -> None:
    command = add_action(
        actions,
        "options",
        "effort and sampling of a model: show them, change them",
        "workbench models options gpt-oss-20b --set effort=high --set temperature=0.7",
        run,
    )
    command.add_argument("name", metavar="MODEL", help="an id or name from `models list`, or a GGUF file")
    command.add_argument(
        "--set",
        dest="changes",
        metavar="OPTION=VALUE",
        action="append",
        default=[],
        help="use this value from now on; without a VALUE the model's own again",
    )
    command.add_argument("--reset", action="store_true", help="take back all choices, before any --set")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.chat.asking.effort_cost import effort_costs  # only here is the advice needed

    changes = dict(_change(text) for text in arguments.changes)
    if arguments.reset:
        workbench.model_options.reset(arguments.name)
    if changes:
        workbench.model_options.change(arguments.name, changes)
    known = workbench.model_options.known(arguments.name)
    found = workbench.model_options.explain(arguments.name)
    costs = effort_costs(known.efforts or (), workbench.chat.answer_seconds(known.name), known.thoughts)
    if arguments.json:
        output.document(as_json(known, found, costs))
        return output.OK
    rows: list[tuple[str, ...]] = [(value.name, _words(value), value.source.value) for value in found.values]
    output.write(output.safe(f"{known.name}\n{output.table([('OPTION', 'VALUE', 'FROM'), *rows])}") + "\n")
    output.say(_efforts(known))
    for cost in costs:
        output.say(f"  {cost.effort.value}: {_cost(cost, costs[0])}")
    return output.OK


def as_json(known: KnownModel, found: Resolved, costs: Sequence[EffortCost]) -> dict[str, Any]:
    """``efforts`` null: no engine has shown yet which the model knows. ``costs``: seconds of an answer, measured here or
    null, and how many times as long as with the least effort it is expected to take."""
    return {
        "model": known.key,
        "name": known.name,
        "efforts": None if known.efforts is None else [effort.value for effort in known.efforts],
        "costs": [asdict(cost) for cost in costs],
        "options": {value.name: {"value": value.value, "from": value.source.name.lower()} for value in found.values},
    }


def _change(text: str) -> tuple[str, str | None]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{text!r} is not OPTION=VALUE.", hint="For example --set temperature=0.7")
    return name.strip().replace("-", "_"), value.strip() or None


def _words(value: Value) -> str:
    return "-" if value.value is None else str(value.value)


def _cost(cost: EffortCost, least: EffortCost) -> str:
    if cost.seconds is not None:
        return f"about {cost.seconds:.0f} s an answer, by {cost.answers} answers here"
    if cost is least:
        return "the quickest"
    return f"about {cost.times:.1f} times as long as {least.effort.value}, as a rule"


def _efforts(known: KnownModel) -> str:
    from workbench.chat.asking.resolve import listed

    if known.efforts is None:
        return "Which efforts it knows is seen when it runs for the first time."
    return f"Efforts: {listed(known.efforts)}." if known.efforts else "It has no choice of effort."
