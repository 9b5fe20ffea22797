"""`workbench prompts erase`: out of the bin, for good."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.app import Workbench
    from workbench.prompts.prompt import SavedPrompt

MOST_NAMED = 5


def register(actions: Any) -> None:
    erase = add_action(
        actions,
        "erase",
        "take prompts out of the bin for good, with all their versions",
        "workbench prompts erase summarise --yes",
        run_erase,
    )
    erase.add_argument("names", metavar="NAME", nargs="*", help="names in the bin, or ids")
    erase.add_argument("--all", action="store_true", help="empty the bin")
    erase.add_argument("--yes", action="store_true", help="without being asked")


def run_erase(arguments: argparse.Namespace, workbench: Workbench) -> int:
    chosen = _chosen(arguments, workbench)
    if chosen and not arguments.yes:
        _ask(chosen, as_json=arguments.json)
    workbench.prompts.erase([one.id for one in chosen])
    return output.done(
        {"erased": [{"id": one.id, "name": one.prompt.name} for one in chosen]},
        output.safe(f"Erased for good: {_named(chosen)}." if chosen else "The bin is empty."),
        as_json=arguments.json,
    )


def _chosen(arguments: argparse.Namespace, workbench: Workbench) -> list[SavedPrompt]:
    """Those of the bin. Raises `UsageError` for a name that is not in it, and for none at all."""
    binned = workbench.prompts.bin()
    if arguments.all:
        if arguments.names:
            raise UsageError("Either some prompts or all of the bin.", hint="Leave out --all, or the names.")
        return list(binned)
    if not arguments.names:
        raise UsageError("Which prompts?", hint="Name them, or empty the bin with --all.")
    found = {one.id: one for name in arguments.names for one in _meant(name, binned)}
    return list(found.values())


def _meant(name: str, binned: Sequence[SavedPrompt]) -> list[SavedPrompt]:
    """All that were removed under this name, or the one of this id."""
    wanted = name.strip().removeprefix("/").casefold()
    found = [one for one in binned if wanted in (one.id, one.prompt.name.casefold())]
    found = found or [one for one in binned if len(wanted) >= 4 and one.id.startswith(wanted)]
    if not found:
        raise UsageError(
            f"“{name}” is not in the bin.",
            hint="`workbench prompts list --bin` shows what is; `workbench prompts remove` puts a prompt there first.",
        )
    if len(found) > 1:
        ids = ", ".join(one.id[:8] for one in found)
        raise UsageError(f"The bin has {len(found)} prompts that “{name}” may mean.", hint=f"Take an id: {ids}.")
    return found


def _ask(chosen: Sequence[SavedPrompt], *, as_json: bool) -> None:
    """Raises `RefusedError` unless a person at the terminal agrees."""
    if as_json or sys.stdin is None or not sys.stdin.isatty():
        raise RefusedError("Nothing was erased: nobody was asked.", hint="Add --yes: what is erased cannot come back.")
    sys.stderr.write(output.safe(f"Erase {_named(chosen)} with all versions, for good? [y/N] "))
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise RefusedError("Nothing was erased.")


def _named(chosen: Sequence[SavedPrompt]) -> str:
    names = ", ".join(f"/{one.prompt.name}" for one in chosen[:MOST_NAMED])
    more = len(chosen) - MOST_NAMED
    return f"{names} and {more} more" if more > 0 else names
