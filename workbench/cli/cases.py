"""`workbench cases`: a person's own test cases."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.chat.cases.cases import Case, case_json
from workbench.checks.check import Check, CheckKind, Result, make_check
from workbench.cli import output
from workbench.cli.commands import add_action, add_noun
from workbench.cli.feedback import SHORT_ID, add_file, excerpt, write_document
from workbench.errors import UsageError
from workbench.messages import Message

if TYPE_CHECKING:
    from workbench.app import Workbench

KINDS = (
    (CheckKind.CONTAINS, "WORDS", "the answer must contain these words"),
    (CheckKind.REGEX, "PATTERN", "this pattern, in Python's syntax, must match somewhere"),
    (CheckKind.SCHEMA, "FILE", "the answer must be JSON that keeps to the JSON schema in this file"),
    (CheckKind.NUMBER, "NUMBER", "the last number of the answer must be this one"),
    (CheckKind.REFERENCE, "TEXT", "your own answer, to compare with"),
    (CheckKind.JUDGEMENT, "TEXT", "what you will look for when you judge the answer yourself"),
)


def register(commands: Any) -> None:
    actions = add_noun(commands, "cases", "your own test cases, made from chats", "workbench cases list")
    add_action(actions, "list", "the cases, newest first", "workbench cases list --json", run_list)
    show = add_action(actions, "show", "one case with its messages and check", "workbench cases show 3f2a", run_show)
    _add_save(actions)
    check = add_action(
        actions, "check", "whether an answer passes", 'workbench cases check 3f2a "It is Paris."', run_check
    )
    remove = add_action(actions, "remove", "forget a case", "workbench cases remove 3f2a", run_remove)
    change = add_action(
        actions, "change", "give a case another check", 'workbench cases change 3f2a --contains "Lyon"', run_change
    )
    for action in (show, check, change, remove):
        action.add_argument("id", metavar="ID", help="the beginning of its id")
    check.add_argument("answer", metavar="ANSWER", nargs="?", help="the answer; without: standard input")
    check.add_argument("--stored", action="store_true", help="check the answer that the case was made from")
    _add_check(change, "its new name; without: it stays")
    export = add_action(
        actions, "export", "all cases as one JSON document", "workbench cases export cases.json", run_export
    )
    add_file(export)


def _add_save(actions: Any) -> None:
    save = add_action(
        actions, "save", "make a case of an answer", 'workbench cases save 9b1c --contains "Paris"', run_save
    )
    save.add_argument("message", metavar="MESSAGE", help="the beginning of an answer's id in `chats show --json`")
    _add_check(save, "its name; without: the question")


def _add_check(action: argparse.ArgumentParser, title: str) -> None:
    kinds = action.add_mutually_exclusive_group(required=True)
    for kind, value, words in KINDS:
        kinds.add_argument(f"--{kind.value}", metavar=value, help=words)
    action.add_argument("--tolerance", metavar="NUMBER", type=float, default=0.0, help="how far the number may be off")
    action.add_argument("--title", default="", help=title)


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    cases = workbench.cases.list()
    if arguments.json:
        output.document([case_json(case) for case in cases])
    elif not cases:
        output.say("There are no cases yet. `workbench cases save` makes one of an answer.")
    else:
        rows = [
            (case.id[:SHORT_ID], case.check.kind.value, output.safe(case.model), excerpt(case.title)) for case in cases
        ]
        output.write(output.table([("ID", "CHECK", "MODEL", "TITLE"), *rows]) + "\n")
    return output.OK


def run_show(arguments: argparse.Namespace, workbench: Workbench) -> int:
    case = workbench.cases.get(workbench.cases.find(arguments.id))
    if arguments.json:
        output.document(case_json(case))
    else:
        output.write(as_text(case))
    return output.OK


def run_save(arguments: argparse.Namespace, workbench: Workbench) -> int:
    check = _check(arguments)
    case = workbench.cases.save(workbench.feedback.find(arguments.message), check, arguments.title)
    return output.done(case_json(case), f"Saved as case {case.id[:SHORT_ID]}.", as_json=arguments.json)


def run_change(arguments: argparse.Namespace, workbench: Workbench) -> int:
    check = _check(arguments)
    case = workbench.cases.change(workbench.cases.find(arguments.id), check, arguments.title)
    return output.done(case_json(case), f"Changed case {case.id[:SHORT_ID]}.", as_json=arguments.json)


def run_check(arguments: argparse.Namespace, workbench: Workbench) -> int:
    case_id = workbench.cases.find(arguments.id)
    if arguments.stored and arguments.answer is not None:
        raise UsageError(
            "Either an answer or --stored.", hint="`--stored` checks the answer that the case was made from."
        )
    if arguments.stored:
        result = workbench.cases.check_stored(case_id)
    else:
        answer = sys.stdin.read() if arguments.answer is None else arguments.answer
        result = workbench.cases.check(case_id, answer)
    if arguments.json:
        output.document({"case": case_id, "passed": result.passed, "why": result.why})
    else:
        output.write(f"{words_for(result)} {output.safe(result.why)}\n")
    return output.OK


def run_remove(arguments: argparse.Namespace, workbench: Workbench) -> int:
    case_id = workbench.cases.find(arguments.id)
    workbench.cases.remove(case_id)
    return output.done({"removed": case_id}, "Removed.", as_json=arguments.json)


def run_export(arguments: argparse.Namespace, workbench: Workbench) -> int:
    document = workbench.cases.document()
    return write_document(document, arguments, f"{len(document['cases'])} cases")


def words_for(result: Result) -> str:
    if result.passed is None:
        return "Undecided."
    return "Passed." if result.passed else "Not passed."


def as_text(case: Case) -> str:
    """For reading."""
    check = case.check
    off = f" ± {check.tolerance:g}" if check.tolerance else ""
    pieces = [f"# {case.title}", f"Check: {check.kind.value}{off}\n{check.expected}".strip()]
    pieces += [f"## {message.role.value}\n\n{_said(message)}" for message in case.messages]
    return output.safe("\n\n".join(pieces)) + "\n"


def _said(message: Message) -> str:
    names = [f"[{attachment.name}]" for attachment in message.attachments]
    return "\n".join([*names, message.text.strip()])


def _check(arguments: argparse.Namespace) -> Check:
    """What was asked for. Raises `UsageError` for a file that cannot be read and a check that cannot be made."""
    kind = next(kind for kind, _value, _words in KINDS if getattr(arguments, kind.value) is not None)
    expected = getattr(arguments, kind.value)
    if kind is CheckKind.SCHEMA:
        try:
            expected = Path(expected).expanduser().read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{expected} cannot be read: {error}.", hint="Give a file with a JSON schema.") from None
    return make_check(kind, expected, arguments.tolerance)
