"""`workbench feedback`: what a person thinks of answers, on this machine."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action, add_noun
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.chat.feedback.service import Judged, Preferred

SHORT_ID, EXCERPT = 8, 48


def register(commands: Any) -> None:
    actions = add_noun(
        commands,
        "feedback",
        "preferences and verdicts on answers: give, list, export, remove",
        "workbench feedback list",
    )
    add_action(actions, "list", "verdicts and preferences, newest first", "workbench feedback list --json", run_list)
    export = add_action(
        actions, "export", "all of it as one JSON document", "workbench feedback export feedback.json", run_export
    )
    add_file(export)
    prefer = add_action(
        actions, "prefer", "say which of two answers to one question was better",
        "workbench feedback prefer 9b1c --over 3f2a", run_prefer,
    )  # fmt: skip
    prefer.add_argument("id", metavar="ID", help="the beginning of the id of the better answer")
    prefer.add_argument("--over", metavar="ID", required=True, help="of the other one")
    remove = add_action(
        actions, "remove", "forget a verdict, a preference or all", "workbench feedback remove 3f2a", run_remove
    )
    which = remove.add_mutually_exclusive_group(required=True)
    which.add_argument("id", metavar="ID", nargs="?", help="the beginning of the id of the judged answer")
    which.add_argument("--preference", metavar="NUMBER", type=int, help="a preference of `feedback list`")
    which.add_argument("--all", action="store_true", help="every verdict and every preference; cases stay")


def add_file(export: argparse.ArgumentParser) -> None:
    export.add_argument("file", metavar="FILE", nargs="?", help="where to write it; without: standard output")


def write_document(document: dict[str, Any], arguments: argparse.Namespace, count: str) -> int:
    """To the file that was named, or standard output."""
    if arguments.file is None:
        output.document(document)
        return output.OK
    from workbench.chat.feedback.files import write_document as write

    path = Path(arguments.file).expanduser()
    write(path, document)
    return output.done({"exported": str(path)}, f"{count} in {path}.", as_json=arguments.json)


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.chat.feedback.service import judged_json, preferred_json

    judged, preferred = workbench.feedback.judged(), workbench.feedback.preferred()
    if arguments.json:
        output.document(
            {
                "feedback": [judged_json(one) for one in judged],
                "preferences": [preferred_json(one) for one in preferred],
            }
        )
    elif not judged and not preferred:
        output.say("There is no feedback yet. The thumbs below each answer in the window give it.")
    else:
        if judged:
            rows = [_judged_row(one) for one in judged]
            output.write(output.table([("ANSWER", "VERDICT", "MODEL", "QUESTION", "REASON"), *rows]) + "\n")
        if preferred:
            rows = [_preferred_row(one) for one in preferred]
            output.write(output.table([("PREFERENCE", "BY", "CHOSEN", "REJECTED", "CHAT"), *rows]) + "\n")
    return output.OK


def run_export(arguments: argparse.Namespace, workbench: Workbench) -> int:
    document = workbench.feedback.document()
    count = f"{len(document['feedback'])} verdicts and {len(document['preferences'])} preferences"
    return write_document(document, arguments, count)


def run_prefer(arguments: argparse.Namespace, workbench: Workbench) -> int:
    feedback = workbench.feedback
    chosen, rejected = feedback.find(arguments.id), feedback.find(arguments.over)
    feedback.pick(chosen, rejected)
    return output.done(
        {"chosen": chosen, "rejected": rejected}, "Kept: `workbench feedback list` shows it.", as_json=arguments.json
    )


def run_remove(arguments: argparse.Namespace, workbench: Workbench) -> int:
    feedback = workbench.feedback
    if arguments.all:
        removed: Any = feedback.remove_all()
    elif arguments.preference is not None:
        feedback.remove_preference(arguments.preference)
        removed = arguments.preference
    else:
        removed = _judged_answer(workbench, arguments.id)
        feedback.remove(removed)
    return output.done(
        {"removed": removed}, f"Removed {removed}." if arguments.all else "Removed.", as_json=arguments.json
    )


def _judged_answer(workbench: Workbench, prefix: str) -> str:
    """The judged answer whose id begins so."""
    found = [one.feedback.message_id for one in workbench.feedback.judged()]
    found = [message_id for message_id in found if prefix and message_id.startswith(prefix)]
    if not found:
        raise UsageError(f"There is no feedback on an answer {prefix!r}.", hint="`workbench feedback list` shows all.")
    if len(found) > 1:
        raise UsageError(f"Several answers have an id that begins with {prefix!r}.", hint="Give more of the id.")
    return found[0]


def _judged_row(one: Judged) -> tuple[str, ...]:
    reason = one.feedback.reason + (" (corrected)" if one.feedback.correction else "")
    return (
        one.feedback.message_id[:SHORT_ID],
        one.feedback.verdict.value,
        output.safe(one.told.model),
        excerpt(one.told.prompt),
        excerpt(reason),
    )


def _preferred_row(one: Preferred) -> tuple[str, ...]:
    sides = (f"{side.model}: {side.text}" if side.model else side.text for side in (one.chosen, one.rejected))
    chosen, rejected = map(excerpt, sides)
    return str(one.preference.id), one.preference.kind.value, chosen, rejected, excerpt(one.chosen.chat)


def excerpt(text: str) -> str:
    """Its first words on one line, safe for a terminal."""
    line = " ".join(output.safe(text).split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1]}…"
