"""How a command is added to the command line: the same form for all, with an example at the end of its help."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from workbench.errors import UsageError


def add_noun(commands: Any, name: str, words: str, example: str) -> Any:
    """A noun such as `chats`; returns where its actions are added."""
    noun = _add(commands, name, words, example)
    return noun.add_subparsers(title="commands", metavar="COMMAND", required=True)


def add_action(
    commands: Any,
    name: str,
    words: str,
    example: str,
    run: Callable[..., int],
    json_words: str = "one JSON document",
) -> argparse.ArgumentParser:
    """A command that ``run(arguments, workbench)`` performs; it has `--json`."""
    action = _add(commands, name, words, example)
    action.add_argument("--json", action="store_true", help=json_words)
    action.set_defaults(run=run)
    return action


def positive(text: str) -> int:
    """An argument's type: a whole number from 1."""
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def option_number(name: str) -> Callable[[str], float | int]:
    """An argument's type: a number within the bounds of that option of an answer, such as `temperature`."""

    def read(text: str) -> float | int:
        from workbench.chat.asking.model_options import number

        try:
            return number(name, text)
        except UsageError as error:
            raise argparse.ArgumentTypeError(error.message.rstrip(".")) from None

    return read


def _add(commands: Any, name: str, words: str, example: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=words,
        description=f"{words[0].upper()}{words[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser
