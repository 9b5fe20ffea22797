"""`chat --when-full`: what is done when a chat no longer fits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.app import Workbench
from workbench.chat.asking.options import AS_SET
from workbench.chat.context.room import WhenFull
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.cli import output
from workbench.cli.chat import Asking, _turn
from workbench.cli.chat_json import JsonFace
from workbench.cli.chat_terminal import TerminalFace
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.events import Bus
from workbench.jobs import quiet_job

LONG = "word " * 150


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[ChatService]:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
    backend = ScriptedBackend("A long answer. " + LONG, "Room was made.", context_tokens=512)
    yield ChatService(ConversationStore(database, SystemClock()), ScriptedRoute(backend), Bus(), SystemClock())
    database.close()


def ask(chat: ChatService, how: WhenFull, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]]]:
    chat.send(None, "First. " + LONG, quiet_job())
    workbench = cast(Workbench, SimpleNamespace(chat=chat))
    code, _ = _turn(Asking(workbench, AS_SET, how, JsonFace()), chat.list()[0].id, "And now? " + LONG)
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("how", [WhenFull.DROP, WhenFull.SUMMARISE])
def test_room_is_made_and_the_answer_comes(
    chat: ChatService, how: WhenFull, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = ask(chat, how, capsys)
    assert code == output.OK
    assert [line["event"] for line in lines].count("start") == 1
    assert (lines[-1]["event"], lines[-1]["text"]) == ("end", "Room was made.")
    assert bool(chat.open(chat.list()[0].id).seen.summary) is (how is WhenFull.SUMMARISE)


def test_it_is_refused_unless_it_was_asked_for(chat: ChatService, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = ask(chat, WhenFull.REFUSE, capsys)
    assert code == output.ENGINE
    assert [line["event"] for line in lines] == ["start", "error", "end"]
    assert lines[1]["kind"] == "context_full"
    assert "--when-full summarise" in lines[1]["hint"]


def test_a_broken_format_is_told_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    for face in (JsonFace(), TerminalFace()):
        face.unparsed("<|channel|>")
        face.unparsed("weather")
    written = capsys.readouterr()
    assert '{"event": "unparsed", "text": "<|channel|>"}' in written.out
    assert written.out.endswith("<|channel|>weather")
    assert written.err.count("broke its own format") == 1
