"""`workbench serve`: the local API for other programs, until it is stopped."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.stopping import at_stop_signals, first

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.serving.activity import Exchange

EPILOG = """examples:
  workbench serve
  workbench serve --port 9200 --json
  curl -H "Authorization: Bearer $(workbench serve --token)" http://127.0.0.1:9117/v1/models
"""


def register(commands: Any) -> None:
    command = commands.add_parser(
        "serve",
        help="the local OpenAI-compatible API for other programs",
        description="Answers other programs of this machine with the models on its disk, in the shapes of OpenAI's API.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--port", type=_port, metavar="N", help="instead of the setting api.port (9117)")
    command.add_argument("--token", action="store_true", help="print the token that programs need, and end")
    command.add_argument("--new-token", action="store_true", help="replace the token, print the new one, and end")
    command.add_argument("--json", action="store_true", help="one JSON object a line: ready, then each request")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    api = workbench.api
    if arguments.token or arguments.new_token:
        token = api.renew_token() if arguments.new_token else api.token.current()
        output.document({"token": token}) if arguments.json else output.write(f"{token}\n")
        return output.OK
    stopped: SimpleQueue[None] = SimpleQueue()
    with at_stop_signals(lambda: stopped.put(None)):
        status = api.open(arguments.port)
        stop_telling = api.activity.follow(_tell_json if arguments.json else _tell)
        try:
            _announce(status.address, str(api.token.file), as_json=arguments.json)
            first(stopped)
        finally:
            stop_telling()
            api.close()
    if not arguments.json:
        output.say("The local API is closed.")
    return output.OK


def _announce(address: str, token_file: str, *, as_json: bool) -> None:
    if as_json:
        output.line({"event": "ready", "address": address, "token_file": token_file})
        return
    output.write(f"{address}\n")
    output.say(f"The token is in {token_file}; `workbench serve --token` prints it. Ctrl-C ends.")


def _tell(exchange: Exchange) -> None:
    output.say(output.safe(line_of(exchange)))


def _tell_json(exchange: Exchange) -> None:
    output.line({"event": "request", **asdict(exchange)})


def line_of(exchange: Exchange) -> str:
    """One request in a line: what, by whom, how it ended, how fast. Never its words."""
    words = [str(exchange.status), exchange.route]
    if exchange.error:
        words.append(exchange.error)
    words += [word for word in (exchange.model, exchange.client) if word]
    if exchange.completion_tokens is not None:
        words.append(f"{exchange.completion_tokens} tokens")
    if exchange.tokens_per_second is not None:
        words.append(f"{exchange.tokens_per_second:.1f} tokens/s")
    if exchange.seconds is not None:
        words.append(f"{exchange.seconds:.2f} s")
    return " · ".join(words)


def _port(text: str) -> int:
    if not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("must be a number from 1024 to 65535")
    return int(text)
