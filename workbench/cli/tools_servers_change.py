"""`workbench tools servers change`: another definition of a server, which is asked about again."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.cli.tools_servers_shown import added_json, offer_text
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.tools.servers.changing import Change
    from workbench.tools.servers.definition import Definition


def register(verbs: Any) -> None:
    change = add_action(
        verbs,
        "change",
        "define a server anew; it ends, and you are asked again before it starts",
        "workbench tools servers change clock --env LANG=en -- uvx mcp-server-time --local-timezone Europe/Berlin",
        run_change,
    )
    change.add_argument("name", metavar="NAME", help="a name from `tools servers list`")
    change.add_argument("words", nargs="*", metavar="-- COMMAND", help="another program with its arguments")
    change.add_argument("--command", default="", help="the same, as one text")
    change.add_argument("--url", default="", help="another address")
    for option, words in (("--env", "variable of the program"), ("--header", "header of the address")):
        change.add_argument(option, action="append", default=[], metavar="NAME=VALUE", help=f"a {words}, new or anew")
    change.add_argument("--without", action="append", default=[], metavar="NAME", help="this variable or header goes")
    change.add_argument(
        "--secret", action="append", default=[], metavar="NAME", help="as `add`: this variable or header is a key"
    )
    change.add_argument("--folder", help="where the program starts; empty: your own folder")


def run_change(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.tools.servers.changing import changed

    before = workbench.tool_servers.get(arguments.name).server
    definition = changed(before.definition, _change(arguments, before.definition))
    added = workbench.tool_servers.change(before.name, definition, arguments.secret)
    if arguments.json:
        output.document(added_json(added))
        return output.OK
    offer = workbench.tool_servers.get(before.name)
    output.write(output.safe(offer_text(offer)))
    for note in added.notes:
        output.say(output.safe(f"  {note}"))
    for key in workbench.tool_servers.missing_keys(before.name):
        output.say(output.safe(f"  Give its key: workbench tools servers key {before.name} {key}"))
    if not offer.server.is_agreed:
        output.say("It starts when you have agreed to this:")
        output.say(f"  workbench tools servers start {before.name}")
    return output.OK


def _change(arguments: argparse.Namespace, before: Definition) -> Change:
    from workbench.tools.servers.changing import Change

    words = [*_split(arguments.command), *arguments.words]
    environment, headers = pairs_of(arguments.env), pairs_of(arguments.header)
    known = {name for name, _value in (*environment, *headers, *before.environment, *before.headers)}
    missing = [(name, f"${{secret:{name}}}") for name in arguments.secret if name not in known]
    if arguments.url or (not before.is_program and not words):
        headers += missing
    else:
        environment += missing
    return Change(
        tuple(words), arguments.url, tuple(environment), tuple(headers), arguments.folder, tuple(arguments.without)
    )


def _split(command: str) -> list[str]:
    """As a terminal does, without its signs. Raises `UsageError`."""
    try:
        return shlex.split(command, posix=sys.platform != "win32")
    except ValueError:
        raise UsageError("A quotation mark in the command is not closed.", hint=command) from None


def pairs_of(words: list[str]) -> list[tuple[str, str]]:
    """Of `--env` and `--header`. Raises `UsageError`."""
    pairs = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise UsageError(
                f"{word!r} is no NAME=VALUE.", hint="A key is named with --secret NAME, and given with `key`."
            )
        pairs.append((name.strip(), value))
    return pairs
