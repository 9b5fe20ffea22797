"""Versions of the texts of answers: kept with their message, copied with it, gone with its chat, out and in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.keeping import Home, full_chat, new_home
from tests.unit.chat.test_service import ScriptedRoute
from workbench.chat.exporting.service import ExportFormat
from workbench.chat.exporting.values import Reworked
from workbench.chat.service import ChatService
from workbench.chat.versions.service import VersionService
from workbench.chat.versions.store import VersionStore
from workbench.clock import SystemClock
from workbench.errors import UsageError
from workbench.events import Bus
from workbench.jobs import quiet_job

PLACE = "0:12"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with new_home(tmp_path / "home") as made:
        yield made


@pytest.fixture
def versions(home: Home) -> VersionService:
    return VersionService(VersionStore(home.database, SystemClock()))


@pytest.fixture
def chat(home: Home) -> ChatService:
    return ChatService(home.chats, ScriptedRoute(ScriptedBackend("```py\n1\n```")), Bus(), SystemClock())


def texts(versions: VersionService, message: str, place: str = PLACE) -> list[tuple[int, str]]:
    return [(one.number, one.text) for one in versions.of(message, place)]


def test_versions_are_numbered_by_place_and_the_same_again_is_none(chat: ChatService, versions: VersionService) -> None:
    answer = chat.send(None, "Write", quiet_job()).id
    assert versions.of(answer, PLACE) == ()
    for text in ("2", "3", "3", "2"):
        versions.keep(answer, PLACE, text)
    versions.keep(answer, "", "whole \ud800")
    assert texts(versions, answer) == [(1, "2"), (2, "3"), (3, "2")]
    assert texts(versions, answer, "") == [(1, "whole ?")]
    assert len(versions.of_message(answer)) == 4
    assert versions.remove(answer, PLACE) == 3
    with pytest.raises(UsageError, match="no versions"):
        versions.remove(answer, PLACE)


def test_versions_go_into_a_fork_and_away_with_their_chat(
    home: Home, chat: ChatService, versions: VersionService
) -> None:
    answer = chat.send(None, "Write", quiet_job()).id
    versions.keep(answer, PLACE, "2")
    copy = home.chats.load(chat.fork(answer)).nodes[-1].id
    assert texts(versions, copy) == [(1, "2")]
    with home.database.write() as tx:
        tx.execute("UPDATE conversations SET tip_id = NULL")
        tx.execute("DELETE FROM conversations WHERE id = ?", (home.chats.conversation_of(answer),))
    assert texts(versions, answer) == []
    assert texts(versions, copy) == [(1, "2")]
    with pytest.raises(UsageError, match="not there any more"):
        versions.keep(answer, PLACE, "3")


def test_versions_of_a_file_are_numbered_anew_and_what_is_none_is_left_out(home: Home, tmp_path: Path) -> None:
    chat = full_chat(home)
    told = json.loads(home.exports.text(chat, ExportFormat.JSON))
    message = next(one for one in told["messages"] if one["versions"])
    message["versions"] = [
        {"place": "2:70", "number": 9, "text": "a", "at": 1.0},
        {"place": "../x", "number": 1, "text": "b", "at": 1.0},
        {"place": "2:70", "number": -4, "text": "c\ud800"},
    ]
    (tmp_path / "one.json").write_text(json.dumps(told), encoding="utf-8")
    with new_home(tmp_path / "other") as other:
        other.bring_in(tmp_path / "one.json")
        kept = next(one for one in other.read(chat).messages if one.versions)
        assert kept.versions == (Reworked("2:70", 1, "a", 1.0), Reworked("2:70", 2, "c?", 0.0))
