"""`workbench tools servers`: programs and addresses that offer tools (MCP)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import output, tools_servers_change
from workbench.cli.commands import add_action, add_noun
from workbench.cli.tools_servers_change import pairs_of
from workbench.cli.tools_servers_shown import added_json, offer_json, offer_text, tool_json
from workbench.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.tools.servers.definition import Definition
    from workbench.tools.servers.offer import Added

MOST_KEY_CHARACTERS = 8_192


def register(actions: Any) -> None:
    verbs = add_noun(
        actions,
        "servers",
        "programs and addresses that offer tools (Model Context Protocol)",
        "workbench tools servers add clock -- uvx mcp-server-time",
    )
    add_action(
        verbs, "list", "the servers, and how many of their tools are on", "workbench tools servers list", run_list
    )
    _register_add(verbs)
    tools_servers_change.register(verbs)
    _register_import(verbs)
    _register_start(verbs)
    for name, words, run in (
        ("show", "a server with its tools", run_show),
        ("stop", "offer none of its tools any more", run_stop),
        ("restart", "start it anew, and hear its tools again", run_restart),
        ("log", "the end of what its program said", run_log),
        ("remove", "forget a server, its keys and its log", run_remove),
    ):
        _on_server(verbs, name, words, f"{name} clock", run)
    _register_key(verbs)
    _register_tools(verbs)


def _register_add(verbs: Any) -> None:
    add = add_action(
        verbs,
        "add",
        "remember a server; nothing is started yet",
        "workbench tools servers add files -- npx -y @modelcontextprotocol/server-filesystem ~/Documents",
        run_add,
    )
    add.add_argument("name", metavar="NAME", help="what it is called here: letters, digits and hyphens")
    add.add_argument("words", nargs="*", metavar="-- COMMAND", help="the program with its arguments")
    add.add_argument("--url", default="", help="instead of a program: its address")
    for option, metavar, words in (
        ("--env", "NAME=VALUE", "a variable that the program gets"),
        ("--header", "NAME=VALUE", "a header that the address gets"),
        ("--secret", "NAME", "this variable or header is a key: it is kept in the keychain, and given with `key`"),
    ):
        add.add_argument(option, action="append", default=[], metavar=metavar, help=words)
    add.add_argument("--folder", default="", help="where the program starts; your own folder when left out")


def _register_import(verbs: Any) -> None:
    load = add_action(
        verbs,
        "import",
        "take over the servers of a file of Claude Desktop, Cursor, LM Studio or VS Code; they are off at first",
        "workbench tools servers import ~/.cursor/mcp.json",
        run_import,
    )
    load.add_argument("file", metavar="FILE", type=Path, help="claude_desktop_config.json, mcp.json, …")


def _register_start(verbs: Any) -> None:
    words = "show what would be started, ask, start it, and offer its tools from now on"
    start = _on_server(verbs, "start", words, "start clock", run_start)
    start.add_argument("--yes", action="store_true", help="agree without being asked")


def _register_key(verbs: Any) -> None:
    words = "read a key from standard input, into the keychain"
    key = _on_server(verbs, "key", words, "key github GITHUB_TOKEN", run_key)
    key.add_argument("key", metavar="KEY", help="its name, as `show` tells it")


def _register_tools(verbs: Any) -> None:
    allow = _on_server(verbs, "allow", "offer one of its tools", "allow clock get_current_time", run_allow)
    deny = _on_server(verbs, "deny", "no longer offer one of its tools", "deny clock convert_time", run_deny)
    for action in (allow, deny):
        action.add_argument("tool", metavar="TOOL", help="a name from `show`")
    allow.add_argument(
        "--reads", action="store_true", help="you say that it changes nothing: it need not ask each time"
    )


def _on_server(verbs: Any, name: str, words: str, example: str, run: Any) -> argparse.ArgumentParser:
    action = add_action(verbs, name, words, f"workbench tools servers {example}", run)
    action.add_argument("name", metavar="NAME", help="a name from `tools servers list`")
    return action


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    offers = workbench.tool_servers.list()
    if arguments.json:
        output.document([offer_json(offer) for offer in offers])
        return output.OK
    if not offers:
        output.say("No server of tools was added. `workbench tools servers add --help` shows how.")
        return output.OK
    rows: list[tuple[str, ...]] = [("NAME", "ON", "AGREED", "TOOLS", "WHAT")]
    for offer in offers:
        definition = offer.server.definition
        rows.append(
            (
                offer.server.name,
                "on" if offer.server.enabled else "off",
                "yes" if offer.server.is_agreed else "no",
                f"{len(offer.enabled_tools)} of {len(offer.tools)}" if offer.tools else "not asked yet",
                definition.url or " ".join((definition.command, *definition.arguments))[:80],
            )
        )
    output.write(output.safe(output.table(rows)) + "\n")
    return output.OK


def run_add(arguments: argparse.Namespace, workbench: Workbench) -> int:
    added = workbench.tool_servers.add(arguments.name, _definition(arguments), arguments.secret)
    if arguments.json:
        output.document(added_json(added))
        return output.OK
    output.say(f"{added.server.name} is added. Nothing was started.")
    _tell_added(added)
    output.say(f"  workbench tools servers start {added.server.name}")
    return output.OK


def _definition(arguments: argparse.Namespace) -> Definition:
    from workbench.tools.servers.definition import Definition

    command, *rest = arguments.words or [""]
    environment, headers = pairs_of(arguments.env), pairs_of(arguments.header)
    known = {name for name, _value in (*environment, *headers)}
    missing = [(name, f"${{secret:{name}}}") for name in arguments.secret if name not in known]
    if arguments.url:
        headers += missing
    else:
        environment += missing
    return Definition(command, tuple(rest), tuple(environment), arguments.folder, arguments.url, tuple(headers))


def _tell_added(added: Added) -> None:
    if added.secrets:
        output.say(f"  Taken for keys, and kept as such: {', '.join(added.secrets)}.")
    for note in added.notes:
        output.say(output.safe(f"  {note}"))
    for key in added.missing:
        output.say(output.safe(f"  Give its key: workbench tools servers key {added.server.name} {key}"))


def run_import(arguments: argparse.Namespace, workbench: Workbench) -> int:
    found = workbench.tool_servers.read_import(arguments.file)
    added = workbench.tool_servers.add_imported(found.servers)
    if arguments.json:
        output.document({"added": [added_json(one) for one in added], "problems": list(found.problems)})
        return output.OK
    for one in added:
        output.say(output.safe(f"{one.server.name} is added, off."))
        _tell_added(one)
    for problem in found.problems:
        output.say(output.safe(f"workbench: {problem}"))
    return output.OK


def run_start(arguments: argparse.Namespace, workbench: Workbench) -> int:
    servers = workbench.tool_servers
    consent = servers.asked(arguments.name)
    if consent is not None:
        from workbench.cli import consent_words

        if arguments.yes:
            for line in consent_words.question_lines(consent):
                output.say(line)
            workbench.consents.accept(consent.id)
        elif not consent_words.can_ask(as_json=arguments.json):
            for line in (*consent_words.question_lines(consent), *consent_words.how_to_answer(consent)):
                output.say(line)
            raise RefusedError(
                f"{arguments.name} was not started: nobody was asked.", hint="Read the above, then add --yes."
            )
        elif consent_words.ask(workbench.consents, consent) is None or servers.asked(arguments.name) is not None:
            raise RefusedError(f"{arguments.name} was not started.", hint="Nothing was started.")
    offer = servers.start(arguments.name, CancelToken())
    return _shown(offer, arguments)


def run_show(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _shown(workbench.tool_servers.get(arguments.name), arguments)


def run_restart(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _shown(workbench.tool_servers.restart(arguments.name, CancelToken()), arguments)


def _shown(offer: Any, arguments: argparse.Namespace) -> int:
    if arguments.json:
        output.document(offer_json(offer))
    else:
        output.write(output.safe(offer_text(offer)))
    return output.OK


def run_stop(arguments: argparse.Namespace, workbench: Workbench) -> int:
    server = workbench.tool_servers.stop(arguments.name)
    return _done(arguments, {"stopped": server.name}, f"{server.name} is off: none of its tools is offered.")


def run_log(arguments: argparse.Namespace, workbench: Workbench) -> int:
    log = workbench.tool_servers.log(arguments.name)
    if arguments.json:
        output.document({"log": log.splitlines()})
    elif log:
        output.write(output.safe(log))
    else:
        output.say("It has said nothing.")
    return output.OK


def run_remove(arguments: argparse.Namespace, workbench: Workbench) -> int:
    server = workbench.tool_servers.remove(arguments.name)
    return _done(arguments, {"removed": server.name}, f"{server.name} is forgotten.")


def run_key(arguments: argparse.Namespace, workbench: Workbench) -> int:
    note = workbench.tool_servers.give_key(arguments.name, arguments.key, _key())
    return _done(arguments, {"key": arguments.key, "note": note or None}, note or "The key is in the keychain.")


def _key() -> str:
    """From a pipe, or typed without being shown. Raises `UsageError` for none."""
    if sys.stdin is not None and sys.stdin.isatty():
        import getpass

        key = getpass.getpass("Key: ")
    else:
        key = sys.stdin.read(MOST_KEY_CHARACTERS + 1) if sys.stdin is not None else ""
    if not key.strip() or len(key) > MOST_KEY_CHARACTERS:
        raise UsageError("There is no key on standard input.", hint="workbench tools servers key --help")
    return key.strip()


def run_allow(arguments: argparse.Namespace, workbench: Workbench) -> int:
    reads = True if arguments.reads else None
    tool = workbench.tool_servers.switch_tool(arguments.name, arguments.tool, enabled=True, reads=reads)
    return _done(arguments, tool_json(tool), f"{tool.name} is on.")


def run_deny(arguments: argparse.Namespace, workbench: Workbench) -> int:
    tool = workbench.tool_servers.switch_tool(arguments.name, arguments.tool, enabled=False, reads=False)
    return _done(arguments, tool_json(tool), f"{tool.name} is off.")


def _done(arguments: argparse.Namespace, document: dict[str, Any], words: str) -> int:
    return output.done(document, output.safe(words), as_json=arguments.json)
