"""`workbench cloud ledger correct`: what a call cost in truth, where an invoice has another sum."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.cloud.spending.money import Entry


def register(ledger: argparse.ArgumentParser) -> None:
    correct = add_action(
        ledger.add_subparsers(metavar=""),
        "correct",
        "say what a call cost in truth, where an invoice has another sum; what was counted stays beside it",
        'workbench cloud ledger correct 3f2a --cost 0.0125 --note "Invoice of November"',
        run,
    )
    correct.add_argument("id", metavar="ID", help="the beginning of the call's id, as `ledger` shows it")
    correct.add_argument("--cost", metavar="DOLLARS", required=True, help="what it cost, as 0.0125")
    correct.add_argument("--note", metavar="TEXT", default="", help="why, for yourself")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Raises `UsageError`, `StorageError`."""
    from workbench.cloud.spending.amounts import micros_of, words

    entry = workbench.ledger.correct(arguments.id, micros_of(arguments.cost), arguments.note)
    if arguments.json:
        told = {"id": entry.id, "cost_micros": entry.cost_micros, "currency": entry.currency}
        output.document({**told, "correction": correction_json(entry)})
    elif entry.correction is not None:
        before, now = words(entry.correction.before_micros), words(entry.cost_micros)
        output.say(f"The call {entry.id[:8]} counts with {now} from now on; {before} was counted first.")
    return output.OK


def correction_json(entry: Entry) -> dict[str, Any] | None:
    """``before_micros``: what was counted first. Null where it stands."""
    told = entry.correction
    return None if told is None else {"at": told.at, "before_micros": told.before_micros, "note": told.note or None}
