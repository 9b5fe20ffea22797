"""`workbench cloud ledger` and `budget`: what the cloud costs, and what it may."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli import cloud_corrections, output
from workbench.cli.commands import add_action, positive
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.cloud.spending.money import CapKind, CapState, Entry, LocalWorth, Total

BY = ("day", "provider", "model")
KINDS = ("request", "day", "month")
NAMED = ("provider", "chat")
USUAL = "usual"
SHOWN = 50


def register(actions: Any) -> None:
    ledger = add_action(
        actions, "ledger", "every call with its cost, newest first", "workbench cloud ledger --by model", run_ledger
    )
    what = ledger.add_mutually_exclusive_group()
    what.add_argument("--by", choices=BY, help="sums instead of calls")
    what.add_argument("--csv", metavar="FILE", type=Path, help="write all calls into a new file")
    what.add_argument(
        "--worth",
        metavar="PROVIDER/MODEL",
        help="what the answers of this machine would have cost with that model",
    )
    ledger.add_argument("--since", metavar="DATE", help="from this day on, as 2026-11-23")
    ledger.add_argument("--limit", type=positive, metavar="N", help=f"at most so many calls ({SHOWN}; in JSON all)")
    cloud_corrections.register(ledger)
    budget = add_action(
        actions,
        "budget",
        "what may be spent; with an option, from now on",
        "workbench cloud budget --day 2 --provider openai=5",
        run_budget,
    )
    for kind, words in zip(KINDS, ("one request", "a day", "a month"), strict=True):
        budget.add_argument(f"--{kind}", metavar="DOLLARS", help=f"at most for {words}; “{USUAL}”: back to the usual")
    for kind, words, metavar in (
        ("provider", "a provider in a month", "NAME=DOLLARS"),
        ("chat", "a chat", "ID=DOLLARS"),
    ):
        budget.add_argument(
            f"--{kind}",
            metavar=metavar,
            action="append",
            default=[],
            help=f"at most for {words}; “{USUAL}” instead: no such cap",
        )


def run_ledger(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Raises `UsageError`, `StorageError`."""
    from workbench.cloud.spending.calendar import moment_of

    since = None if arguments.since is None else moment_of(arguments.since)
    if arguments.csv is not None:
        return _csv(arguments, workbench)
    if arguments.worth is not None:
        return _worth(arguments, workbench, since)
    if arguments.by is not None:
        return _totals(arguments, workbench, since)
    return _calls(arguments, workbench, since)


def run_budget(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """All that was given is looked at before any of it is kept. Raises `UsageError`, `StorageError`."""
    for kind, micros, name in _changes(arguments, workbench):
        workbench.ledger.set_cap(kind, micros, name)
    states = workbench.ledger.cap_states()
    if arguments.json:
        output.document({"currency": _currency(), "caps": [_cap_json(state) for state in states]})
        return output.OK
    from workbench.cloud.spending.amounts import words

    rows = [
        (_cap_words(state), words(state.cap.micros), *_spent_words(state), "as it comes" if state.usual else "yours")
        for state in states
    ]
    output.write(output.table([("FOR", "AT MOST", "SPENT", "LEFT", "SET"), *rows]) + "\n")
    return output.OK


# The ledger -----------------------------------------------------------------------------------------------------------


def _calls(arguments: argparse.Namespace, workbench: Workbench, since: float | None) -> int:
    most = arguments.limit or (2**62 if arguments.json else SHOWN)
    entries = workbench.ledger.entries(since=since, limit=most)
    if arguments.json:
        output.document([entry_json(entry) for entry in entries])
    elif not entries:
        output.say("Nothing was asked of the cloud." if since is None else "Nothing was asked of the cloud since.")
    else:
        output.write(
            output.table([("ID", "AT", "MODEL", "TOKENS", "COST", "WHAT", "CHAT"), *map(_call_row, entries)]) + "\n"
        )
        if len(entries) == most:
            output.say(f"These are the newest {most}; --limit shows more.")
    return output.OK


def _totals(arguments: argparse.Namespace, workbench: Workbench, since: float | None) -> int:
    from workbench.cloud.spending.amounts import words
    from workbench.cloud.spending.money import By

    found = workbench.ledger.totals(By(arguments.by), since=since)
    if arguments.json:
        output.document([_total_json(total, arguments.by) for total in found])
    elif not found:
        output.say("Nothing was asked of the cloud.")
    else:
        rows = [
            (
                output.safe(one.key),
                str(one.calls),
                _tokens(one.prompt_tokens, one.completion_tokens),
                words(one.cost_micros),
            )
            for one in found
        ]
        output.write(output.table([(arguments.by.upper(), "CALLS", "TOKENS", "COST"), *rows]) + "\n")
        output.say(f"Together {words(sum(one.cost_micros for one in found))}.")
    return output.OK


def _worth(arguments: argparse.Namespace, workbench: Workbench, since: float | None) -> int:
    worth = workbench.ledger.worth(workbench.cloud.model(arguments.worth), since=since)
    if arguments.json:
        output.document(_worth_json(worth))
    else:
        output.write(output.safe(_worth_words(worth)) + "\n")
    return output.OK


def _csv(arguments: argparse.Namespace, workbench: Workbench) -> int:
    if arguments.since is not None:
        raise UsageError("The file holds all calls: --since goes with no --csv.", hint="Leave --since out.")
    count = workbench.ledger.export_csv(arguments.csv)
    return output.done(
        {"path": str(arguments.csv), "calls": count},
        f"{arguments.csv} holds {'one call' if count == 1 else f'{count} calls'}.",
        as_json=arguments.json,
    )


def entry_json(entry: Entry) -> dict[str, Any]:
    """A call, for scripts. Times are seconds since 1970, money millionths of the currency."""
    price = entry.price
    return {
        "id": entry.id,
        "at": entry.at,
        "ended_at": entry.ended_at,
        "provider": entry.provider,
        "model": entry.model,
        "purpose": entry.purpose.value,
        "state": entry.state.value,
        "prompt_tokens": entry.billed.prompt_tokens,
        "cached_tokens": entry.billed.cached_tokens,
        "completion_tokens": entry.billed.completion_tokens,
        "cost_micros": entry.cost_micros,
        "reserved_micros": entry.reserved_micros,
        "currency": entry.currency,
        "price_source": None if price is None else price.source,
        "price_date": None if price is None else price.date,
        "conversation": entry.conversation_id,
        "turn": entry.turn_id,
        "error": entry.error or None,
        "correction": cloud_corrections.correction_json(entry),
    }


def _call_row(entry: Entry) -> tuple[str, ...]:
    from workbench.cloud.spending.amounts import words

    model = f"{entry.provider}/{entry.model}" if entry.model else entry.provider
    told = entry.billed
    above = f" (more than the {words(entry.reserved_micros)} reserved)" if entry.passed_its_most else ""
    if entry.correction is not None:
        above = f", corrected (was {words(entry.correction.before_micros)})"
    return (
        entry.id[:8],
        datetime.fromtimestamp(entry.at, UTC).astimezone().strftime("%Y-%m-%d %H:%M"),
        output.safe(model),
        _tokens(told.prompt_tokens, told.completion_tokens),
        words(entry.cost_micros),
        f"{entry.state.value}{above}",
        (entry.conversation_id or "")[:8],
    )


def _tokens(prompt: int | None, completion: int | None) -> str:
    """Of the prompt, and of the answer."""
    if prompt is None and completion is None:
        return "?"
    return " + ".join("?" if count is None else str(count) for count in (prompt, completion))


def _total_json(total: Total, by: str) -> dict[str, Any]:
    return {
        by: total.key,
        "calls": total.calls,
        "prompt_tokens": total.prompt_tokens,
        "completion_tokens": total.completion_tokens,
        "cost_micros": total.cost_micros,
        "currency": _currency(),
    }


def _worth_json(worth: LocalWorth) -> dict[str, Any]:
    price = worth.model.price
    return {
        "model": worth.model.full_name,
        "answers": worth.answers,
        "unknown": worth.unknown,
        "prompt_tokens": worth.prompt_tokens,
        "completion_tokens": worth.completion_tokens,
        "cost_micros": worth.cost_micros,
        "currency": _currency(),
        "price_source": None if price is None else price.source,
        "price_date": None if price is None else price.date,
    }


def _worth_words(worth: LocalWorth) -> str:
    from workbench.cloud.spending.amounts import short

    answers = "One answer" if worth.answers == 1 else f"{worth.answers} answers"
    said = (
        f"{answers} of this machine ({worth.prompt_tokens} tokens read, {worth.completion_tokens} written)"
        f" would have cost {short(worth.cost_micros)} with {worth.model.full_name}."
    )
    price = worth.model.price
    if price is not None and price.source:
        said += f" Its price is from {price.source}{f', {price.date}' if price.date else ''}."
    if worth.unknown:
        more = "one more answer was" if worth.unknown == 1 else f"{worth.unknown} more answers were"
        said += f" The tokens of {more} not counted."
    return said


# The budget -----------------------------------------------------------------------------------------------------------


def _changes(arguments: argparse.Namespace, workbench: Workbench) -> list[tuple[CapKind, int | None, str]]:
    from workbench.cloud.spending.money import CapKind

    changes: list[tuple[CapKind, int | None, str]] = []
    for kind in KINDS:
        typed = getattr(arguments, kind)
        if typed is not None:
            changes.append((CapKind(kind), _amount(typed), ""))
    for kind in NAMED:
        for typed in getattr(arguments, kind):
            name, equals, dollars = typed.rpartition("=")
            if not equals or not name.strip():
                raise UsageError(
                    f"{typed!r} names no {kind} and amount.", hint=f"Give both: --{kind} {_example(kind)}=5"
                )
            micros = _amount(dollars)
            changes.append((CapKind(kind), micros, _known(kind, name.strip(), workbench, goes=micros is None)))
    return changes


def _amount(typed: str) -> int | None:
    from workbench.cloud.spending.amounts import micros_of

    return None if typed.strip().lower() in (USUAL, "none") else micros_of(typed)


def _known(kind: str, name: str, workbench: Workbench, *, goes: bool) -> str:
    """A cap that nobody meets helps nobody; one of what is gone may go."""
    if goes and any(cap.name == name for cap in workbench.ledger.caps()):
        return name
    if kind == "provider":
        return workbench.cloud.provider(name).id
    return workbench.chat.find(name.encode("utf-8", "replace").decode("utf-8"))


def _cap_words(state: CapState) -> str:
    from workbench.cloud.spending.budget import cap_words

    said = cap_words(state.cap)
    return f"chat {state.cap.name[:8]}" if state.cap.kind.value == "chat" else output.safe(said)


def _spent_words(state: CapState) -> tuple[str, str]:
    from workbench.cloud.spending.amounts import words

    if state.cap.kind.value == "request":
        return "", ""
    return words(state.spent_micros), words(state.left_micros)


def _cap_json(state: CapState) -> dict[str, Any]:
    return {
        "kind": state.cap.kind.value,
        "name": state.cap.name or None,
        "micros": state.cap.micros,
        "spent_micros": state.spent_micros,
        "left_micros": state.left_micros,
        "usual": state.usual,
    }


def _example(kind: str) -> str:
    return "openai" if kind == "provider" else "3f2a"


def _currency() -> str:
    from workbench.cloud.provider import CURRENCY

    return CURRENCY
