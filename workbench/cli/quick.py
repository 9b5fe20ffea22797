"""`workbench quick`: the quick entry of the window, for keys of the desktop. `workbench.entry` deals with it before the
command line is loaded, since somebody waits for the caret."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.doorbell import QUICK, ring
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.app import Workbench

EPILOG = """examples:
  workbench quick                             bind this to keys in the settings of your desktop
"""


def register(commands: Any) -> None:
    command = commands.add_parser(
        "quick",
        help="a small field over any program: what you write begins a new chat",
        description="Opens the quick entry of the window; where no window is open, it is opened with it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)


def run(_arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Only reached from a script that gives more than the one word."""
    if not ring(workbench.paths.home, QUICK):
        raise UsageError("No window is open.", hint="`workbench quick` alone opens one.")
    return output.OK
