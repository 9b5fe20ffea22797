"""`workbench chats search`, `pin` and `unpin`, over a real database."""

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
from workbench.chat.searching.service import SearchService
from workbench.chat.searching.store import SearchStore
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.cli import output
from workbench.cli.main import parser
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import UsageError
from workbench.events import Bus
from workbench.jobs import quiet_job
from workbench.messages import ReasoningDelta, TextDelta


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
    clock, backend = SystemClock(), ScriptedBackend([ReasoningDelta("Tides?"), TextDelta("The deep sea is dark.")])
    chat = ChatService(ConversationStore(database, clock), ScriptedRoute(backend), Bus(), clock)
    chat.send(None, "Tell me about the sea.", quiet_job())
    yield cast(Workbench, SimpleNamespace(chat=chat, searching=SearchService(SearchStore(database), clock)))
    database.close()


def run(workbench: Workbench, *arguments: str) -> int:
    parsed = parser().parse_args(["chats", *arguments])
    return int(parsed.run(parsed, workbench))


def hits(workbench: Workbench, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert run(workbench, "search", *arguments, "--json") == output.OK
    return list(json.loads(capsys.readouterr().out))


def test_hits_have_the_keys_that_scripts_rely_on(workbench: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    (hit,) = hits(workbench, capsys, '"deep sea"')
    (chat,) = workbench.chat.list()
    answer = workbench.chat.open(chat.id).nodes[1]
    assert (hit["conversation"], hit["message"], hit["title"]) == (chat.id, answer.id, "Tell me about the sea.")
    assert hit["snippet"] == "The deep sea is dark."


def test_options_narrow_and_widen(workbench: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(hits(workbench, capsys, "sea")) == 2
    assert len(hits(workbench, capsys, "sea", "--limit", "1")) == 1
    assert len(hits(workbench, capsys, "sea", "--model", "fake")) == 2
    assert hits(workbench, capsys, "sea", "--model", "other") == []
    assert hits(workbench, capsys, "sea", "--before", "2020") == []
    assert len(hits(workbench, capsys, "sea", "--after", "yesterday")) == 2
    assert hits(workbench, capsys, "sea", "--project", "Thesis") == []
    assert hits(workbench, capsys, "sea", "--attachment") == []
    assert hits(workbench, capsys, "tides") == []
    assert len(hits(workbench, capsys, "tides", "--reasoning")) == 1


def test_people_read_title_and_snippet(workbench: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workbench, "search", "deep", "sea") == output.OK
    head, snippet = capsys.readouterr().out.splitlines()
    assert head.endswith("Tell me about the sea.")
    assert snippet == "    The deep sea is dark."
    assert run(workbench, "search", "mountain") == output.OK
    assert capsys.readouterr().err == "Nothing was found.\n"


def test_what_is_no_day_is_told(workbench: Workbench) -> None:
    with pytest.raises(UsageError, match="'soon' is not a day"):
        run(workbench, "search", "sea", "--before", "soon")


def test_a_chat_is_pinned_and_unpinned(workbench: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    (before,) = workbench.chat.list()
    assert run(workbench, "pin", before.id[:8], "--json") == output.OK
    assert json.loads(capsys.readouterr().out) == {"pinned": before.id}
    (pinned,) = workbench.chat.list()
    assert pinned.pinned_at is not None
    assert pinned.updated_at == before.updated_at
    assert run(workbench, "unpin", before.id[:8]) == output.OK
    assert workbench.chat.list() == (before,)
