"""`workbench ready`: loads a model and keeps it in memory until it is stopped. The window attaches to its engine."""

from __future__ import annotations

import argparse
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import output
from workbench.cli.stopping import at_stop_signals, first
from workbench.errors import Cancelled, WorkbenchError

if TYPE_CHECKING:
    from workbench.app import Workbench

EPILOG = """examples:
  workbench ready
  workbench ready --model gemma-3-270m
"""


def register(commands: Any) -> None:
    command = commands.add_parser(
        "ready",
        help="load a model and keep it ready until stopped",
        description="Loads a model and keeps it in memory, so that the window and the command line are answered at once."
        " With the setting engine.keep_ready this begins at login.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--model", metavar="NAME", help="instead of the setting chat.model")
    command.add_argument("--json", action="store_true", help="one JSON object a line, for each change")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.engine.standby import StandBy

    model = workbench.models.get(arguments.model or workbench.settings.chat.model or None)
    cancel = CancelToken()
    over: SimpleQueue[Exception | None] = SimpleQueue()

    def tell(words: str) -> None:
        output.line({"event": "news", "model": model.name, "text": words}) if arguments.json else output.say(words)

    stand_by = StandBy(workbench.engine, workbench.bus, workbench.paths, tell)

    def keep() -> None:
        try:
            workbench.models.check_first_use(model, cancel)
            stand_by.keep(model.path, model.name, cancel)
            over.put(None)
        except (WorkbenchError, Cancelled) as error:
            over.put(error)

    thread = threading.Thread(target=keep, name="ready")
    with at_stop_signals(lambda: over.put(Cancelled())):
        thread.start()
        ending = first(over)
        cancel.cancel()
        thread.join()
    if isinstance(ending, WorkbenchError):
        raise ending
    tell(f"{model.name} is not kept ready any more.")
    return output.OK
