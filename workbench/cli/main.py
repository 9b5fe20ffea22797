"""The command line: finds the command, opens the program, turns errors into words and exit codes."""

from __future__ import annotations

import argparse
import logging
import signal
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from workbench import __version__
from workbench.cli import (
    backup,
    bench,
    cases,
    chat,
    chats,
    doctor,
    engines,
    feedback,
    models,
    output,
    projects,
    quick,
    ready,
    serve,
    servers,
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
        feedback,
        cases,
        backup,
        models,
        engines,
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
    except Exception as error:  # one of the three places: a bug is reported as one
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
