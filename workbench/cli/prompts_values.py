"""What a prompt is filled in with on the command line: `--set`, `--file`, standard input, and questions at a terminal."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from workbench.cli import output
from workbench.errors import UsageError
from workbench.paths import given

if TYPE_CHECKING:  # what fills prompts in is imported when one is: each command of the program comes by here
    from datetime import date

    from workbench.app import Workbench
    from workbench.cancel import CancelToken
    from workbench.prompts.prompt import Variable

MOST_INPUT_BYTES: Final = 8 << 20
STEPS: Final = "steps."
_STDIN: Final = "-"


@dataclass(frozen=True, slots=True)
class Values:
    """``values``: by the names of variables, as they were typed. ``steps``: results of steps, by their names."""

    values: Mapping[str, str]
    steps: Mapping[str, Any] = field(default_factory=dict)


def add_arguments(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="what a variable says; - as the value: standard input",
    )
    action.add_argument(
        "--file", metavar="NAME=PATH", action="append", default=[], help="a variable says what is in this file"
    )


def values_of(
    arguments: argparse.Namespace, variables: Sequence[Variable], workbench: Workbench, cancel: CancelToken
) -> Values:
    """What the arguments say. Raises `UsageError` for a name that the prompt does not have, or that is set twice; and as
    reading a file does."""
    known = {one.name: one for one in variables}
    values, steps = dict[str, str](), dict[str, Any]()
    for name, value in map(_pair, arguments.set):
        text = _standard_input() if value == _STDIN else value
        if name.startswith(STEPS):
            _put(steps, name.removeprefix(STEPS), _json_or_text(text))
        else:
            _put(values, _known(name, known), text)
    for name, path in map(_pair, arguments.file):
        is_path = _is_file(known.get(_known(name, known)))
        _put(values, name, path if is_path else workbench.filler.file_text(given(path), cancel))
    return Values(values, steps)


def with_answers(
    missing: Sequence[Variable], values: Mapping[str, str], workbench: Workbench
) -> tuple[Mapping[str, str], bool]:
    """With what the person at the terminal says to each missing one, and whether somebody could be asked."""
    if not missing or not _at_a_terminal():
        return values, False
    today = workbench.filler.today()
    return {**values, **{one.name: _answer(one, today) for one in missing}}, True


def all_missing(missing: Sequence[Variable]) -> UsageError:
    """Names all of them at once, as they are set."""
    from workbench.prompts.filling.values import called

    names = ", ".join(f"{one.name} (“{called(one)}”)" if one.label else one.name for one in missing)
    options = " ".join(f"--set {one.name}=…" for one in missing)
    return UsageError(f"The prompt wants to know: {names}.", hint=f"Add {options}")


def _is_file(variable: Variable | None) -> bool:
    from workbench.prompts.prompt import VariableKind

    return variable is not None and variable.kind is VariableKind.FILE


def _pair(argument: str) -> tuple[str, str]:
    name, equals, value = argument.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"{argument[:80]!r} is not NAME=VALUE.", hint="For example: --set tone=friendly")
    return name.strip(), value


def _put(into: dict[str, Any], name: str, value: Any) -> None:
    if name in into:
        raise UsageError(f"{name} is set twice.", hint="Give one value for each name.")
    into[name] = value


def _known(name: str, known: Mapping[str, Variable]) -> str:
    import difflib

    from workbench.prompts.filling.builtin import WORDS

    if name in known or name in WORDS:
        return name
    near = difflib.get_close_matches(name, known, n=1)
    also = f" Did you mean {near[0]}?" if near else ""
    there = f"It has: {', '.join(known)}." if known else "It has no variables."
    raise UsageError(f"The prompt has no variable {name!r}.{also}", hint=there)


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def piped() -> str:
    """What is piped in; empty at a terminal, or where it says nothing."""
    if sys.stdin is None or sys.stdin.isatty():
        return ""
    text = _standard_input()
    return text if text.strip() else ""


def _standard_input() -> str:
    raw = sys.stdin.buffer.read(MOST_INPUT_BYTES + 1) if sys.stdin is not None else b""
    if len(raw) > MOST_INPUT_BYTES:
        raise UsageError(f"Standard input is larger than {MOST_INPUT_BYTES >> 20} MB.", hint="Give a shorter text.")
    return raw.decode("utf-8", "replace").removeprefix("\ufeff")


def _at_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _answer(variable: Variable, today: date) -> str:
    """Asked until the answer is of its kind. Raises `UsageError` where the person ends the input instead."""
    from workbench.prompts.filling.values import called, complaint

    lines = [called(variable), variable.help, f"One of: {', '.join(variable.choices)}" if variable.choices else ""]
    output.say(output.safe("\n  ".join(one for one in lines if one)))
    while True:
        sys.stderr.write("> ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise all_missing((variable,))
        text = line.rstrip("\r\n")
        wrong = complaint(variable, text, today)
        if text.strip() and not wrong:
            return text
        output.say(output.safe(wrong or "It must say something."))
