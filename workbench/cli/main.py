"""The command line: finds the command, opens the program, turns errors into words and exit codes."""

from __future__ import annotations

import argparse
import logging
import signal
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn

from workbench import __version__
from workbench.cli import (
    backup,
    bench,
    cases,
    chat,
    chats,
    cloud,
    consents,
    doctor,
    engines,
    feedback,
    folders,
    memory,
    models,
    output,
    projects,
    prompts,
    quick,
    ready,
    routes,
    search,
    serve,
    servers,
    tools,
)
from workbench.errors import Cancelled, StorageError, UsageError, WorkbenchError

if TYPE_CHECKING:
    from workbench.app import ApiOpener

log = logging.getLogger(__name__)

EPILOG = """examples:
  workbench                                   open the window
  workbench doctor                            what this machine and this installation can do
  workbench models pull starter               get the small demo model (93 MB)
  workbench chat "Write one sentence about the sea."
"""


class Parser(argparse.ArgumentParser):
    """Tells a usage error like every other error: also as JSON when that was asked for."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", hint=f"Run `{self.prog} --help`.")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Options may stand between a name and the words after it: `prompts run summarise -e high "A text"`. By itself
        argparse takes the name, decides that there are no words, and refuses them when they come."""
        if args is not None and self._subparsers is None:
            args = self._words_last(args)
        return super().parse_known_args(args, namespace)

    def _words_last(self, args: Sequence[str]) -> list[str]:
        """The same arguments with the options first, each with its values."""
        options, words = list[str](), list[str]()
        rest = iter(args)
        for one in rest:
            if one == "--":
                return [*options, one, *words, *rest]
            if len(one) < 2 or one[0] != "-" or self._negative_number_matcher.match(one):
                words.append(one)
                continue
            options.append(one)
            action = self._option_string_actions.get(one)
            if action is None and one.startswith("--") and "=" not in one:
                action = next((it for name, it in self._option_string_actions.items() if name.startswith(one)), None)
            if action is not None and action.nargs is None:
                options += islice(rest, 1)
        return [*options, *words]


def parser() -> argparse.ArgumentParser:
    """The whole command line; each noun registers its own commands."""
    top = Parser(
        prog="workbench",
        description="A local model on your own machine, as convenient as hosted chat.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"Workbench {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    nouns = (
        chat,
        chats,
        projects,
        prompts,
        folders,
        search,
        feedback,
        cases,
        memory,
        tools,
        cloud,
        consents,
        backup,
        models,
        engines,
        routes,
        ready,
        quick,
        servers,
        serve,
        bench,
        doctor,
    )
    for noun in nouns:
        noun.register(commands)
    return top


def main(argv: Sequence[str], open_api: ApiOpener | None = None) -> int:
    """Returns the exit code; never raises. ``open_api``: how `serve` opens the local API, another front end."""
    logging.getLogger("workbench").addHandler(logging.NullHandler())  # else a bug before the log is open prints itself
    output.replace_missing_streams()
    as_json = "--json" in argv
    try:
        return _run(argv, open_api)
    except output.OutputError as error:
        output.abandon_stdout()
        output.tell(error, as_json=False)
        return output.exit_code(error)
    except WorkbenchError as error:
        output.tell(error, as_json=as_json)
        return output.exit_code(error)
    except (Cancelled, KeyboardInterrupt):
        output.say("workbench: stopped.")
        return output.CANCELLED
    except BrokenPipeError:
        output.abandon_stdout()
        return 128 + getattr(signal, "SIGPIPE", 13)
    except Exception as error:  # at the edge: a bug is reported as one
        log.exception("bug")
        return _report_bug(error, as_json=as_json)


def _run(argv: Sequence[str], open_api: ApiOpener | None) -> int:
    try:
        arguments = parser().parse_args(argv)
    except SystemExit as leaving:  # --help and --version
        return int(leaving.code or 0)
    if run := getattr(arguments, "run_unopened", None):  # a command that works beside the program, or instead of it
        return int(run(arguments))
    from workbench.app import build, diagnose  # only now: --help opens nothing

    try:
        workbench = build(open_api=open_api)
    except StorageError as problem:
        if arguments.run is not doctor.run:
            raise
        return doctor.show(diagnose(problem), as_json=arguments.json)
    try:
        for notice in (*workbench.notices, *filter(None, [workbench.restored])):
            output.say(f"workbench: {notice}")
        return int(arguments.run(arguments, workbench))
    finally:
        workbench.close()


def _report_bug(error: Exception, *, as_json: bool) -> int:
    what = f"{type(error).__name__}: {error}"
    hint = "This is a bug in Workbench. Please report it with the last lines of workbench.log in the logs folder."
    if as_json:
        output.line({"error": {"kind": "bug", "message": what, "hint": hint}})
    else:
        output.say(f"workbench: {what}")
        output.say(f"  {hint}")
    return output.BUG
