"""`workbench chats search`, `pin` and `unpin`: finding chats again."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import output
from workbench.cli.commands import add_action, positive
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.chat.searching.search import Hit, Query

PAGE = 20
SHORT_ID = 8
DAY_HINT = "Give a day as 2026-03-31, a month as 2026-03, a year as 2026, or `today` or `yesterday`."


def register(actions: Any) -> None:
    """Add the commands to `workbench chats`."""
    search = add_action(
        actions, "search", "find what was said in any chat", 'workbench chats search "deep sea" --json', run_search
    )
    search.add_argument(
        "query", metavar="QUERY", nargs="+", help='words, "a phrase", begin*, model:NAME, has:attachment'
    )
    search.add_argument("--limit", type=positive, default=PAGE, help=f"at most this many hits ({PAGE})")
    search.add_argument("--model", help="only what this model answered, and what it was asked")
    search.add_argument("--after", metavar="DAY", help="not before this day, month or year")
    search.add_argument("--before", metavar="DAY", help="before this day, month or year")
    search.add_argument("--project", help="only chats of this project")
    search.add_argument("--attachment", action="store_true", help="only messages with an attachment")
    search.add_argument("--reasoning", action="store_true", help="search what models thought, too")
    pin = add_action(actions, "pin", "keep a chat on top of the list", "workbench chats pin 3f2a", run_pin)
    unpin = add_action(actions, "unpin", "let a chat go with its day again", "workbench chats unpin 3f2a", run_unpin)
    for action in (pin, unpin):
        action.add_argument("id", metavar="ID", help="the beginning of its id")


def run_search(arguments: argparse.Namespace, workbench: Workbench) -> int:
    searching = workbench.searching
    today = searching.today()
    after, before = (_day(given, today) for given in (arguments.after, arguments.before))

    def narrow(query: Query) -> Query:
        return replace(
            query,
            models=(*query.models, *_given(arguments.model)),
            projects=(*query.projects, *_given(arguments.project)),
            after=query.after if after is None else after,
            before=query.before if before is None else before,
            has_attachment=query.has_attachment or arguments.attachment,
            reasoning=query.reasoning or arguments.reasoning,
        )

    searching.catch_up(CancelToken(), _tell_left)
    hits = searching.find(" ".join(arguments.query), arguments.limit, narrow=narrow)
    if arguments.json:
        output.document([asdict(hit) for hit in hits])
    elif not hits:
        output.say("Nothing was found.")
    else:
        output.write("".join(map(_as_text, hits)))
    return output.OK


def run_pin(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _pin(arguments, workbench, pinned=True)


def run_unpin(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _pin(arguments, workbench, pinned=False)


def _pin(arguments: argparse.Namespace, workbench: Workbench, *, pinned: bool) -> int:
    conversation = workbench.chat.find(arguments.id)
    workbench.chat.pin(conversation, pinned=pinned)
    return output.done(
        {"pinned" if pinned else "unpinned": conversation},
        "Pinned." if pinned else "No longer pinned.",
        as_json=arguments.json,
    )


def _given(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _day(text: str | None, today: Any) -> float | None:
    if text is None:
        return None
    from workbench.chat.searching.search import day  # when it is asked for: `--help` is quick

    then = day(text, today)
    if then is None:
        raise UsageError(f"{text!r} is not a day.", hint=DAY_HINT)
    return then


def _tell_left(left: int) -> None:
    """Told only where it takes a while: after an import, or with a database of an older version."""
    if left > 1000 and sys.stderr.isatty():
        output.say(f"Reading {left:,} messages that were not searched before…")


def _as_text(hit: Hit) -> str:
    when = datetime.fromtimestamp(hit.at).astimezone().strftime("%Y-%m-%d %H:%M")
    head = f"{hit.conversation[:SHORT_ID]}  {when}  {output.safe(hit.title)}\n"
    return head + (f"    {output.safe(hit.snippet)}\n" if hit.snippet else "")
