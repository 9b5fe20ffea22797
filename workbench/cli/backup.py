"""`workbench backup`: copies of all chats on this disk; made, listed, put back."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import output
from workbench.cli.commands import add_action, add_noun
from workbench.paths import Paths, default_home
from workbench.sizes import size_words

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.diagnostics.backup import Backup


def register(commands: Any) -> None:
    actions = add_noun(commands, "backup", "make, list and restore backups of your chats", "workbench backup create")
    add_action(actions, "create", "make a backup now", "workbench backup create", run_create)
    listing = add_action(actions, "list", "the backups, the newest first", "workbench backup list --json", run_list)
    show = add_action(
        actions, "show", "what going back to a backup would change", "workbench backup show 2026-11-22", run_show
    )
    show.add_argument("name", metavar="NAME", help="the beginning of its name, or `latest`")
    restore = add_action(
        actions, "restore", "put a backup into place", "workbench backup restore 2026-11-22", run_restore
    )
    restore.add_argument("name", metavar="NAME", help="the beginning of its name, or `latest`")
    # These open nothing: they work with a database that cannot be opened, or change one that nobody may use meanwhile.
    listing.set_defaults(run_unopened=run_list)
    restore.set_defaults(run_unopened=run_restore)


def run_create(arguments: argparse.Namespace, workbench: Workbench) -> int:
    backup = workbench.backups.create(CancelToken())
    return output.done(
        as_json(backup), f"Backup {backup.name} made ({size_words(backup.bytes)}).", as_json=arguments.json
    )


def run_list(arguments: argparse.Namespace) -> int:
    from workbench.diagnostics.backup import list_backups

    backups = list_backups(Paths(default_home()).backups)
    if arguments.json:
        output.document([as_json(backup) for backup in backups])
    elif not backups:
        output.say("There are no backups yet: the window makes one a day. `workbench backup create` makes one now.")
    else:
        rows = [(one.name, _when(one.made_at), one.kind.value, size_words(one.bytes)) for one in backups]
        output.write(output.table([("NAME", "MADE", "KIND", "SIZE"), *rows]) + "\n")
    return output.OK


def run_show(arguments: argparse.Namespace, workbench: Workbench) -> int:
    backup = workbench.backups.find(arguments.name)
    found = workbench.backups.difference(backup.name)
    if arguments.json:
        output.document({"backup": as_json(backup), "difference": asdict(found)})
        return output.OK
    output.say(f"Going back to {backup.name}:")
    for words, titles in (("goes", found.gone), ("comes back", found.back), ("goes back", found.changed)):
        for title in titles:
            output.write(f"{words:<12}{output.safe(title)}\n")
    output.say(f"{found.same} chats stay as they are. What is here now is kept as a backup of its own.")
    return output.OK


def run_restore(arguments: argparse.Namespace) -> int:
    from workbench.diagnostics.backup_restoring import restore

    paths = Paths(default_home())
    paths.prepare()
    restored, kept = restore(paths, arguments.name, time.time)
    if arguments.json:
        output.document({"restored": as_json(restored), "kept": kept and as_json(kept)})
    else:
        output.say(f"Backup {restored.name} is in place.")
        if kept is not None:
            output.say(f"  What was there before is kept: workbench backup restore {kept.name}")
    return output.OK


def as_json(backup: Backup) -> dict[str, Any]:
    return asdict(backup) | {"kind": backup.kind.value, "path": str(backup.path)}


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
