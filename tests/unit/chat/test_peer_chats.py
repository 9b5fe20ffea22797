"""What the benchmark beside Open WebUI gives both sides."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench.bench_peer import fill_ours, lines
from tests.bench.peer_rows import document
from workbench import migrations
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.paths import Paths


def test_both_sides_get_the_same_chats(tmp_path: Path) -> None:
    chats = 2
    fill_ours(Paths(tmp_path), chats)
    database = Database(Paths(tmp_path).database, migrations.workbench, backups=tmp_path)
    store = ConversationStore(database, SystemClock())
    try:
        ours = [store.load(f"{number:032x}") for number in range(chats)]
    finally:
        database.close()
    theirs = [document(json.loads(line), number, "someone") for number, line in enumerate(lines(chats))]
    for mine, other in zip(ours, theirs, strict=True):
        messages = list(other["history"]["messages"].values())
        assert mine.title == other["title"]
        assert [node.message.text for node in mine.nodes] == [one["content"] for one in messages]
        assert [str(node.message.role) for node in mine.nodes] == [one["role"] for one in messages]
    assert ours[0].nodes != ours[1].nodes


def test_the_peer_gets_one_branch_that_ends_in_its_newest_message() -> None:
    chat = document({"title": "T", "texts": ["one", "two", "three"], "at": 5.5}, 0, "someone")
    messages = chat["history"]["messages"]
    tip, texts = chat["history"]["currentId"], []
    while tip is not None:
        texts.append(messages[tip]["content"])
        parent = messages[tip]["parentId"]
        assert parent is None or messages[parent]["childrenIds"] == [tip]
        tip = parent
    assert texts == ["three", "two", "one"]
