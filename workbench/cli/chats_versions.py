"""`workbench chats versions`: what a person made of the texts of an answer, beside the chat."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.chat.versions.versions import Version


def register(actions: Any) -> None:
    """Add it to `workbench chats`."""
    versions = add_action(
        actions, "versions", "what you made of an answer in the panel", "workbench chats versions 9b1c", run_versions
    )
    versions.add_argument("message", metavar="MESSAGE", help="the beginning of its id in `chats show --json`")
    versions.add_argument("--place", help="only of this block of code, as in the list; `whole`: of the whole message")
    what = versions.add_mutually_exclusive_group()
    what.add_argument("--number", metavar="NUMBER", type=int, help="print the text of this version")
    what.add_argument("--remove", action="store_true", help="forget the versions of this place")


def run_versions(arguments: argparse.Namespace, workbench: Workbench) -> int:
    message = workbench.feedback.find(arguments.message)
    versions = _chosen(workbench.versions.of_message(message), arguments.place)
    if arguments.number is not None:
        return _print(_numbered(versions, arguments.number), arguments)
    if arguments.remove:
        return _remove(workbench, versions, arguments)
    if arguments.json:
        output.document([asdict(one) for one in versions])
    elif not versions:
        output.say("There are no versions. *Open* at a code block, in the window, shows it in a panel to edit.")
    else:
        rows = [(_place(one), str(one.number), str(len(one.text)), output.safe(one.text[:40])) for one in versions]
        head = ("PLACE", "VERSION", "CHARACTERS", "BEGINS")
        output.write(output.table([head, *((*row[:3], " ".join(row[3].split())) for row in rows)]) + "\n")
    return output.OK


def _print(version: Version, arguments: argparse.Namespace) -> int:
    if arguments.json:
        output.document(asdict(version))
    else:
        output.write(output.safe(version.text).rstrip("\n") + "\n")
    return output.OK


def _remove(workbench: Workbench, versions: tuple[Version, ...], arguments: argparse.Namespace) -> int:
    only = _only_place(versions)
    removed = workbench.versions.remove(only.message_id, only.place)
    return output.done({"removed": removed}, f"Removed {removed}.", as_json=arguments.json)


def _chosen(versions: tuple[Version, ...], place: str | None) -> tuple[Version, ...]:
    return versions if place is None else tuple(one for one in versions if _place(one) == place)


def _numbered(versions: tuple[Version, ...], number: int) -> Version:
    _only_place(versions)
    found = next((one for one in versions if one.number == number), None)
    if found is None:
        raise UsageError(f"There is no version {number} of this text.", hint="Leave --number out for a list.")
    return found


def _only_place(versions: tuple[Version, ...]) -> Version:
    """Raises `UsageError` where there are versions of several texts, or of none."""
    if not versions:
        raise UsageError("There are no versions of this text.", hint="`workbench chats versions MESSAGE` lists them.")
    if len({one.place for one in versions}) > 1:
        raise UsageError("There are versions of several texts of this message.", hint="Say which one with --place.")
    return versions[0]


def _place(version: Version) -> str:
    return version.place or "whole"
