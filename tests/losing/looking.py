"""What of what a process said is there after it was killed."""

from __future__ import annotations

import json
from pathlib import Path

from workbench import migrations
from workbench.cancel import CancelToken
from workbench.chat.feedback.service import FeedbackService
from workbench.chat.feedback.store import FeedbackStore
from workbench.chat.searching.service import SearchService
from workbench.chat.searching.store import SearchStore
from workbench.chat.store import ConversationStore
from workbench.chat.tree import TurnState
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.events import Bus


def lost(home: Path, said: bytes) -> list[str]:
    """What was said to be done and is not, or is no longer whole; empty when all is well. ``said``: as far as it got."""
    values = _said(said)
    database = Database(home / "workbench.db", migrations.workbench, backups=home / "backups")
    try:
        if (told := database.check()) != "ok":
            return [told]
        return [*_wrong(database, values), *_not_searched(database)]
    finally:
        database.close()


def _said(said: bytes) -> dict[str, str]:
    """What has which value; without what was being changed when a process was killed: it may be so or so."""
    values: dict[str, str] = {}
    trying = ""
    for line in [*said.decode().splitlines(), '{"try": ""}']:
        told = json.loads(line)
        if "try" in told:
            values.pop(trying, None)
            trying = told["try"]
        else:
            values[told["done"]] = told["value"]
            trying = "" if trying == told["done"] else trying
    return values


def _wrong(database: Database, values: dict[str, str]) -> list[str]:
    clock = SystemClock()
    store = ConversationStore(database, clock)
    store.interrupt_orphans()
    drafts, found = store.drafts.all(), []
    feedback = FeedbackService(FeedbackStore(database, clock), Bus())
    titles = {chat.id: chat.title for chat in store.summaries()}
    nodes = {node.id: node for chat in titles for node in store.load(chat).nodes}
    for key, value in values.items():
        kind, _, name = key.partition(":")
        match kind:
            case "message":
                now = nodes[name].message.text if name in nodes else None
            case "title":
                now = titles.get(name)
            case "draft":
                now = drafts[name].text if name in drafts else None
            case _:
                judged = feedback.get(name)
                now = judged.verdict.value if judged else None
        if now != value:
            found.append(f"{key}: {value!r} was said, {now!r} is there")
    found += [
        f"{node.id} is still running" for node in nodes.values() if node.turn and node.turn.state is TurnState.RUNNING
    ]
    return found


def _not_searched(database: Database) -> list[str]:
    """Each text that is there is found by its last word, which it has alone."""
    search = SearchService(SearchStore(database), SystemClock())
    search.catch_up(CancelToken())
    rows = database.rows(
        """SELECT m.id, p.text FROM messages m JOIN parts p ON p.message_id = m.id JOIN conversations c ON c.id =
           m.conversation_id WHERE m.role = 'user' AND m.deleted_at IS NULL AND c.deleted_at IS NULL
           ORDER BY m.id DESC LIMIT 12"""
    )
    found = []
    for row in rows:
        word = row["text"].split()[-1]
        if row["id"] not in {hit.message for hit in search.find(word, 20)}:
            found.append(f"{word} is not found")
    return found
